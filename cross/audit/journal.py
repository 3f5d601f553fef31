"""The one way into the journal. Never content: a reference, a reason, never what it says."""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from cross.audit.models import Entry
from cross.audit.wording import VERBS

_purpose: ContextVar[str] = ContextVar("purpose", default="")


@dataclass(frozen=True)
class Identity:
    """Who acts, as text: the journal never points at a live row."""

    number: int | None = None
    name: str = "système"
    unit: str = ""
    role: str = ""
    department: str = ""


SYSTEM = Identity()


@contextmanager
def purpose(text):
    """The reason of whatever is recorded inside, unless a line brings its own."""
    token = _purpose.set(text)
    try:
        yield
    finally:
        _purpose.reset(token)


def record(by, verb, target, *, why="", recipients="", department=""):
    """Write one line, in the caller's transaction.

    `by` is a member, or None for the system; `target` a row that gives its `journal_reference`, or
    a text. An unknown verb is a KeyError: the table of wordings is the list of what is journalled.
    """
    entry = line_of(by, verb, target, why=why, recipients=recipients, department=department)
    entry.save(force_insert=True)
    return entry


def last_done_to(verb, target):
    """The last line that says that it was done to this row, or None."""
    lines = Entry.objects.filter(verb=verb, target=target.journal_reference)
    return lines.order_by("-at", "-id").first()


def record_each(by, verb, targets, *, why=""):
    """One line a target, written at once: for what is done to many in one go."""
    return Entry.objects.bulk_create(
        [line_of(by, verb, target, why=why) for target in targets], batch_size=1000
    )


def line_of(by, verb, target, *, why="", recipients="", department=""):
    """The line that `record` writes, not written yet."""
    identity = by.journal_identity() if by is not None else SYSTEM
    return Entry(
        operation=VERBS[verb].operation,
        verb=verb,
        member_id=identity.number,
        who=identity.name,
        unit=identity.unit,
        role=identity.role,
        department=department or getattr(target, "journal_department", "") or identity.department,
        target=str(getattr(target, "journal_reference", target))[:120],
        why=(why or _purpose.get())[:300],
        recipients=recipients[:300],
    )

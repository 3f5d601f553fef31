"""What still names a report that was erased, by its reference: where, and never in which words.

Erasing takes away what hangs on a report. Minutes, decisions, notes and other reports are texts of
their own, that may quote it: whoever keeps the terms is told where, and has them corrected.
"""

from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db import models
from django.db.models import F, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils.text import capfirst

from cross.guard import GuardedQuerySet
from cross.outbox.models import Job
from cross.sealed.fields import SealedTextField
from intel.models import Summary, Tombstone

ROOMS = ("protocols", "intel")
SHORTEST = 100  # characters that a column takes: shorter ones hold names and codes
MOST = 200  # rows of one table
JOB = "find_citations"
# What says that it was erased, or was counted: not a text that quotes it.
LEFT_OUT = (Tombstone, Summary)
# From a row to what people call it by: the first that has a name in the journal.
PATHS = (
    (), ("report",), ("meeting",), ("item", "meeting"), ("action",), ("axis", "strategy"),
    ("strategy",), ("edition",), ("summary",), ("place",), ("protocol",), ("tasking", "report"),
    ("unit",), ("owner",), ("check",), ("event",),
)  # fmt: skip
WRITTEN_AT = ("at", "created_at", "asked_at", "updated_at", "given_at")
BETWEEN = Value(" ", output_field=TextField())
BECAUSE = "where an erased reference is still written, told without the words"


@dataclass(frozen=True)
class Citation:
    """A text that names it: what it is, what it belongs to, when it was written."""

    kind: str
    where: str
    at: datetime | None


def citations_of(tombstone):
    """Every text of its department that names the report, however its number is written.

    For the worker: a page is not shown what stands behind the second fence.
    """
    year, figures = tombstone.reference.split("-")[2:]
    # Said over the phone « 88-2026-48213 » or « 2026-48213 ».
    pattern = rf"\m{year}[-/ ]{figures}\M"
    found = []
    for model, columns in _texts():
        rows = _unguarded(model).annotate(said_anywhere=Concat(*columns))
        for row in rows.filter(said_anywhere__regex=pattern).order_by("pk")[:MOST]:
            owner, department = _owner(row)
            if owner is not None and department == tombstone.department.code:
                kind = capfirst(model._meta.verbose_name)
                found.append(Citation(kind, owner.journal_reference, _written(row)))
    return sorted(found, key=lambda each: (each.kind, each.where))


def _texts():
    """(model, its texts) of each table that people write in."""
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            columns = [
                Cast(F(field.name), TextField())
                for field in model._meta.concrete_fields
                if _is_written(field)
            ]
            if columns and model not in LEFT_OUT:
                yield model, [part for column in columns for part in (column, BETWEEN)]


def _is_written(field):
    if isinstance(field, SealedTextField) or field.choices:
        return False
    if isinstance(field, models.TextField | models.JSONField):
        return True
    is_file = isinstance(field, models.FileField)
    return isinstance(field, models.CharField) and not is_file and field.max_length >= SHORTEST


def _unguarded(model):
    rows = model.objects.all()
    return rows.unguarded(because=BECAUSE) if isinstance(rows, GuardedQuerySet) else rows


def _owner(row):
    """The first along `PATHS` that has a name in the journal, and the first department there."""
    owner, department = None, ""
    for path in PATHS:
        found = row
        for name in path:
            found = getattr(found, name, None)
        if owner is None and hasattr(found, "journal_reference"):
            owner = found
        department = department or _department(found)
    return owner, department


def _department(row):
    """The code, as the journal or the row itself says it."""
    said = getattr(row, "journal_department", "")
    return said or getattr(getattr(row, "department", None), "code", "")


def _written(row):
    return next((at for name in WRITTEN_AT if (at := getattr(row, name, None))), None)


# --- For a page ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sought:
    """What the worker found last; `at` is None as long as it has not looked."""

    found: tuple[Citation, ...] = ()
    at: datetime | None = None
    is_waiting: bool = False


def sought(tombstone):
    jobs = list(Job.objects.filter(kind=JOB, args__tombstone=tombstone.pk).order_by("-created_at"))
    done = next((job for job in jobs if job.state == Job.State.DONE), None)
    waits = any(job.is_live for job in jobs)
    if done is None:
        return Sought(is_waiting=waits)
    told = done.result["found"]
    found = tuple(Citation(k, where, at and datetime.fromisoformat(at)) for k, where, at in told)
    return Sought(found, done.finished_at, waits)


def as_result(found):
    """For the row of the job: places and days, no words."""
    return {"found": [(each.kind, each.where, each.at and each.at.isoformat()) for each in found]}

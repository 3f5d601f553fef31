"""Many reports of the queue at once: those that were ticked, what a decision makes of each."""

from dataclasses import dataclass
from uuid import UUID

from intel import access
from intel.actions import life
from intel.actions.bulk import MALICIOUS, MOST, why_left
from intel.bundles import bundles_of
from intel.models import Report
from intel.reading import triage
from intel.states import State


def chosen(member, references):
    """The reports of these references, in order of arrival; None when one is not his to decide."""
    rows = list(
        access.gradable_reports(member)
        .filter(reference__in=references)
        .select_related("commune", "owner", "docket__opened_by")
        .with_opening()
        .order_by("received_at", "pk")
    )
    return rows if len(rows) == len(set(references)) else None


def bundle(member, asked, reference):
    """The references of the bundle that this report is the first of, itself included."""
    queue = triage.waiting(member, asked)
    first = queue.filter(reference=reference).values_list("pk", flat=True).first()
    keys = bundles_of(queue).others.get(first, [])
    found = queue.filter(pk__in=[first, *keys])
    return list(found.values_list("reference", flat=True)[:MOST])


def are_held(member, rows):
    return any(triage.holder_of(row, member) for row in rows)


@dataclass(frozen=True)
class Line:
    """One report of the preview: what becomes of it, or why it is left alone."""

    report: Report
    becomes: str = ""
    left: str = ""


def found(member, reference):
    """The original is of the department of the cell: elsewhere, it is as good as absent."""
    readable = access.readable_reports(member).filter(department=member.unit.department_id)
    return readable.filter(reference=reference.replace("\0", "")).first()


def preview(member, rows, *, target, takes_over=False, **said):
    """A line for each: what `actions.bulk.decide` would do of it, as things stand."""
    ours = access.forgettable_reports(member).filter(pk__in=[row.pk for row in rows])
    forgettable = set(ours.values_list("pk", flat=True)) if target == MALICIOUS else set()
    becomes = ERASED if target == MALICIOUS else State(target).label
    lines = []
    for row in rows:
        left = why_left(
            row, by=member, target=target, forgettable=forgettable, takes_over=takes_over, **said
        )
        lines.append(Line(row, left=left) if left else Line(row, becomes=becomes))
    return lines


ERASED = "Hors champ, contenu effacé"


@dataclass(frozen=True)
class Done:
    """What a member has just decided of many: how many still stand so, and whether he may undo."""

    batch: UUID
    label: str
    count: int
    can_undo: bool
    is_fresh: bool  # still taken back by a single key


def just_decided(member, batch):
    """None when nothing of it is left, or when somebody else decided it."""
    try:
        named = UUID(batch)
    except ValueError:
        return None
    steps = access.bulk_steps(member).filter(batch=named, by=member.pk, undone_at=None)
    found = list(steps.values_list("target", "report__docket__malice", "at"))
    if not found:
        return None
    target, malice, at = found[0]
    label = State(target).label
    return Done(named, label, len(found), not malice, is_fresh=life.is_fresh(at))

"""What a member does with the reports he reads; the buttons of a page come from here too."""

from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When

from intel.access.contributions import hands_in, unfinished_contributions
from intel.access.handling import leaving
from intel.access.rule import followed_reports, readable_reports
from intel.access.seats import standing
from intel.models import Audience, Handover, Report, Revision, Step, Tasking
from intel.states import NOT_COMPLETED, State
from services.roles import Right, may


def own_reports(member, *, for_page=False):
    """Those of our unit, archived ones too: to whom else they are open stays ours to answer.

    With their unit and commune, which every form about a report names.
    """
    if not may(Right.WRITE)(member):
        return Report.objects.none().answered()
    ours = readable_reports(member, for_page=for_page).filter(owner=member.unit_id)
    return ours.select_related("owner", "commune")


def editable_reports(member, *, for_page=False):
    """Ours, as long as the report is alive: the contributing unit alone changes what it wrote."""
    return own_reports(member, for_page=for_page).exclude(state=State.ARCHIVED)


def discardable_reports(member):
    """Drafts of ours that never left: the only reports thrown away without asking the cell.

    One that was called back has been read by others, and its step says so.
    """
    left = Step.objects.filter(report=OuterRef("pk"))
    return editable_reports(member).filter(~Exists(left), state=State.DRAFT)


def restricted_reports_of(member):
    """Ours, and restricted: reviewed, renewed and opened again by us alone."""
    return editable_reports(member).filter(audience=Audience.RESTRICTED)


def shareable_reports(member):
    """Ours, open, and out of draft: what another department may be shown."""
    ours = editable_reports(member).exclude(state=State.DRAFT)
    return ours.filter(audience=Audience.PROTOCOL)


def invitable_reports(member):
    """Ours, once transmitted: nobody is invited to a draft."""
    return editable_reports(member).exclude(state=State.DRAFT)


def transferable_reports(member):
    """Ours, out of draft, and proposed to nobody yet."""
    proposed = Handover.objects.filter(report=OuterRef("pk"), decision="")
    return editable_reports(member).exclude(state=State.DRAFT).filter(~Exists(proposed))


def completable_reports(member):
    """Where a reader adds what he knows: where his unit contributes, or as a guest who may."""
    stands = standing(member)
    where = Q(pk__in=stands.completes)
    if may(Right.WRITE)(member):
        where |= Q(department__in=stands.contributes_in)
    return readable_reports(member).filter(where).exclude(state__in=NOT_COMPLETED)


def commentable_reports(member):
    """The analyst comments whatever he reads in his own department."""
    return _of_the_cell(member, Right.TRIAGE)


def triable_reports(member, *, for_page=False):
    return _of_the_cell(member, Right.TRIAGE, for_page=for_page).awaiting_triage()


def gradable_reports(member, *, for_page=False):
    return _of_the_cell(member, Right.TRIAGE, for_page=for_page).exclude(state=State.ARCHIVED)


def directable_reports(member):
    return _of_the_cell(member, Right.DIRECT)


def erasable_reports(member):
    return _of_the_cell(member, Right.ERASE)


def answerable_reports(member, *, for_page=False):
    """Directed to my unit, and mine to answer."""
    if not may(Right.ANSWER)(member):
        return Report.objects.none().answered()
    reports = readable_reports(member, for_page=for_page)
    return reports.filter(Exists(_latest_tasking().filter(unit=member.unit_id)))


def _latest_tasking():
    latest = Tasking.objects.latest_of(OuterRef("report"))
    return Tasking.objects.filter(report=OuterRef("pk"), pk=Subquery(latest.values("pk")))


def _of_the_cell(member, right, *, for_page=False):
    if not may(right)(member):
        return Report.objects.none().answered()
    reports = readable_reports(member, for_page=for_page)
    return reports.filter(department=member.unit.department_id)


# The rows on which a move needing this right may be made by this member.
MOVABLE = {
    Right.WRITE: editable_reports,
    Right.TRIAGE: commentable_reports,
    Right.DIRECT: directable_reports,
    Right.ERASE: erasable_reports,
    Right.ANSWER: answerable_reports,
}


def may_make(member, report, move):
    """May this member make this move on this report, as it stands in the database?"""
    rows = MOVABLE[move.right](member)
    completes = (move.origin, move.target) == (State.TO_COMPLETE, State.RECEIVED)
    if completes and hands_in(member):
        rows = unfinished_contributions(member)
    return rows.filter(pk=report.pk).exists()


def evaluable_reports(member):
    """Where a grade is given: by the cell, and by the contributing unit until the cell has."""
    letters = ["source_grade", "information_grade"]
    by_the_cell = Revision.objects.filter(
        report=OuterRef("pk"), by__unit__is_cell=True, before__has_any_keys=letters
    )
    ours = editable_reports(member).filter(~Exists(by_the_cell))
    cells = gradable_reports(member)
    either = Q(pk__in=ours.values("pk")) | Q(pk__in=cells.values("pk"))
    return readable_reports(member).filter(either)


def enrichable_reports(member):
    """Where identifiers are confirmed or removed: ours, and those that the cell works on."""
    ours = Q(pk__in=editable_reports(member).values("pk"))
    cells = Q(pk__in=gradable_reports(member).values("pk"))
    return readable_reports(member).filter(ours | cells)


def with_abilities(reports, member):
    """Tell the page which buttons to draw, from the very same rules.

    Each row gets `may_write`, `may_triage`, `may_direct`, `may_erase`, `may_answer` (the moves of
    that right), `may_grade`, `may_enrich`, `may_complete`, `may_follow` (who reads it and what is
    done about it), and `may_leave` (printed or exported, given its code).
    """
    abilities = {right.value: rows for right, rows in MOVABLE.items()}
    abilities |= {
        "grade": evaluable_reports,
        "enrich": enrichable_reports,
        "complete": completable_reports,
        "follow": followed_reports,
    }
    return reports.annotate(
        **{
            f"may_{name}": Exists(rows(member).filter(pk=OuterRef("pk")))
            for name, rows in abilities.items()
        },
        may_leave=Case(When(leaving(member), then=Value(True)), default=Value(False)),
    )

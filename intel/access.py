"""Who may see and change what: the only answer.

Everything else asks here and derives: list, page, count, facet, search, export, map, PDF, mail and
button. django-guardian holds the grants, at three levels: the seat of a unit under a protocol
(`protocols.Participation`), a restricted report named to a unit (`ReportGroupGrant`), a report
opened to a guest (`ReportMemberGrant`). The report only says which level speaks, and forgetting
hides.

The shapes of the queries are measured: always AND-ed with the department; a scalar subquery per
restricted row for pages, a hashed IN for sets; permission and group keys sent as constants.
"""

from dataclasses import dataclass
from functools import cache

from django.contrib.auth.models import Permission
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from cross import gate
from cross.outbox.models import Job
from intel.models import (
    Attachment,
    Audience,
    Edition,
    Identifier,
    Report,
    ReportGroupGrant,
    ReportMemberGrant,
    Step,
    Summary,
    SummaryAudience,
    Tasking,
    TipImport,
)
from intel.states import State
from protocols.models import Participation, Protocol
from services.models import Unit
from services.roles import Right, Role, may


@cache
def permission_id(model, codename):
    """The key of a permission, as a constant: a join by codename misleads the planner."""
    return Permission.objects.get(
        content_type__app_label=model._meta.app_label,
        content_type__model=model._meta.model_name,
        codename=codename,
    ).pk


@dataclass(frozen=True)
class Standing:
    """Where a member stands at this instant: what his grants say, before any report is read."""

    group: int
    unit: int
    departments: tuple[int, ...]  # those whose open reports the unit reads today
    invited: tuple[int, ...]  # reports opened to the member alone, still running
    invited_elsewhere: tuple[int, ...]  # those of them in none of these departments
    court: int | None  # a prosecutor sees the area of this court only


NOWHERE = Standing(0, 0, (), (), (), None)


def standing(member):
    """Two queries, asked once a request and never kept longer."""
    if not member.is_authenticated or not member.is_in_duty() or not may(Right.READ)(member):
        return NOWHERE
    return gate.once(("standing", member.pk), lambda: _standing(member))


def _standing(member):
    if member.unit.closed_on:
        return NOWHERE
    in_force = Protocol.objects.in_force()
    seats = Participation.objects.running().filter(
        group_id=member.unit.group_id,
        permission_id=permission_id(Protocol, "read_reports"),
        content_object__in=in_force,
    )
    now = timezone.now()
    invited = ReportMemberGrant.objects.filter(
        user=member,
        permission_id=permission_id(Report, "read_report"),
        starts_at__lte=now,
        expires_at__gt=now,
        content_object__department__in=in_force.values("department"),
    )
    is_prosecutor = member.role == Role.PROSECUTOR
    if is_prosecutor and member.unit.court_id is None:
        return NOWHERE  # no court, no area
    departments: tuple[int, ...] = ()
    if member.role != Role.GUEST:
        departments = tuple(seats.values_list("content_object__department", flat=True).distinct())
    reports = dict(invited.values_list("content_object_id", "content_object__department"))
    return Standing(
        group=member.unit.group_id,
        unit=member.unit_id,
        departments=departments,
        invited=tuple(reports),
        invited_elsewhere=tuple(pk for pk, where in reports.items() if where not in departments),
        court=member.unit.court_id if is_prosecutor else None,
    )


def readable_reports(member, *, for_page=False):
    """The reports this member may read, whatever is done with them afterwards.

    `for_page` chooses the shape of the same answer: one probe per restricted row, right for a page
    taken in index order; the other, one hash of the grants, is right for counts, facets and sets.
    """
    stands = standing(member)
    if stands is NOWHERE:
        return Report.objects.none().answered()
    grants = ReportGroupGrant.objects.filter(
        permission_id=permission_id(Report, "read_report"), group_id=stands.group
    )
    reports = Report.objects.all()
    if for_page:
        probe = grants.filter(content_object=OuterRef("pk")).values("permission_id")[:1]
        reports = reports.alias(granted=Subquery(probe))
        named = Q(granted__isnull=False)
    else:
        named = Q(pk__in=grants.values("content_object_id"))
    left_draft = ~Q(state=State.DRAFT) | Q(owner_id=stands.unit)
    seen = (Q(audience=Audience.PROTOCOL) | named) & left_draft
    if stands.court is not None:
        seen &= Q(commune__court_id=stands.court)
    out_of_draft = ~Q(state=State.DRAFT)
    if stands.invited:
        seen |= Q(pk__in=stands.invited) & out_of_draft
    rule = Q(department_id__in=stands.departments) & seen
    # An OR beside the department costs its index: only for invitations that need one.
    elsewhere = Q(pk__in=stands.invited_elsewhere) & out_of_draft
    if not stands.departments:
        rule = elsewhere
    elif stands.invited_elsewhere:
        rule |= elsewhere
    return reports.filter(rule).answered()


def countable_reports(member):
    """The reports a figure shown to this member may rest on; used by `reading/` for figures alone.

    A reader counts what he reads. The prefecture reads none: its figures rest on the reports open
    to the whole protocol, as the cell's do, so that no subtraction gives a restricted one away.
    """
    if may(Right.READ)(member):
        return readable_reports(member)
    if not (member.is_in_duty() and may(Right.READ_MASKED_SUMMARIES)(member)):
        return Report.objects.none().answered()
    return open_reports(summary_departments(member)).answered()


def contributes(member, department):
    """Does the unit hold a seat of that department today? Without one nothing comes in either."""
    return department.pk in standing(member).departments


def open_reports(departments):
    """Out of draft and open to every contributing unit: what a summary rests on."""
    return Report.objects.filter(department__in=departments, audience=Audience.PROTOCOL).exclude(
        state=State.DRAFT
    )


def editable_reports(member):
    """Ours, as long as the report is alive: the contributing unit alone changes what it wrote."""
    if not may(Right.WRITE)(member):
        return Report.objects.none().answered()
    return readable_reports(member).filter(owner=member.unit_id).exclude(state=State.ARCHIVED)


def discardable_reports(member):
    """Drafts of ours that never left: the only reports thrown away without asking the cell.

    One that was called back has been read by others, and its step says so.
    """
    left = Step.objects.filter(report=OuterRef("pk"))
    return editable_reports(member).filter(~Exists(left), state=State.DRAFT)


def releasable_reports(member):
    """Ours, and restricted: opened again by us alone."""
    return editable_reports(member).filter(audience=Audience.RESTRICTED)


def commentable_reports(member):
    """The analyst comments whatever he reads in his own department."""
    return _of_the_cell(member, Right.TRIAGE)


def triable_reports(member):
    return _of_the_cell(member, Right.TRIAGE).awaiting_triage()


def gradable_reports(member):
    return _of_the_cell(member, Right.TRIAGE).exclude(state=State.ARCHIVED)


def directable_reports(member):
    return _of_the_cell(member, Right.DIRECT)


def answerable_reports(member):
    """Directed to my unit, and mine to answer."""
    if not may(Right.ANSWER)(member):
        return Report.objects.none().answered()
    return readable_reports(member).filter(Exists(_latest_tasking().filter(unit=member.unit_id)))


def _latest_tasking():
    latest = Tasking.objects.filter(report=OuterRef("report")).order_by("-at", "-pk")
    return Tasking.objects.filter(report=OuterRef("pk"), pk=Subquery(latest.values("pk")[:1]))


def _of_the_cell(member, right):
    if not may(right)(member):
        return Report.objects.none().answered()
    return readable_reports(member).filter(department=member.unit.department_id)


# The rows on which a move needing this right may be made by this member.
MOVABLE = {
    Right.WRITE: editable_reports,
    Right.TRIAGE: commentable_reports,
    Right.DIRECT: directable_reports,
    Right.ANSWER: answerable_reports,
}


def may_make(member, report, move):
    """May this member make this move on this report, as it stands in the database?"""
    return MOVABLE[move.right](member).filter(pk=report.pk).exists()


def enrichable_reports(member):
    """Where identifiers are confirmed or removed: ours, and those that the cell works on."""
    ours = Q(pk__in=editable_reports(member).values("pk"))
    cells = Q(pk__in=gradable_reports(member).values("pk"))
    return readable_reports(member).filter(ours | cells)


def with_abilities(reports, member):
    """Tell the page which buttons to draw, from the very same rules.

    Each row gets `may_write`, `may_triage`, `may_direct`, `may_answer` (the moves of that right),
    `may_grade` and `may_enrich`.
    """
    abilities = {right.value: rows for right, rows in MOVABLE.items()}
    abilities |= {"grade": gradable_reports, "enrich": enrichable_reports}
    return reports.annotate(
        **{
            f"may_{name}": Exists(rows(member).filter(pk=OuterRef("pk")))
            for name, rows in abilities.items()
        }
    )


def removable_identifiers(member):
    return Identifier.objects.filter(report__in=enrichable_reports(member)).answered()


def readable_attachments(member):
    return Attachment.objects.filter(report__in=readable_reports(member)).answered()


def removable_attachments(member):
    return Attachment.objects.filter(report__in=editable_reports(member)).answered()


def _seated_units(department):
    """Open units that read the reports of this department today; `department` is its key."""
    seats = Participation.objects.running().filter(
        permission_id=permission_id(Protocol, "read_reports"),
        content_object__in=Protocol.objects.in_force().filter(department=department),
    )
    return Unit.objects.filter(group__in=seats.values("group"), closed_on=None)


def nameable_units(member):
    """Units to which a report of this department may be named."""
    return _seated_units(member.unit.department_id)


def audience_of(report):
    """The units that can open this report today: those of the seats, or those named."""
    units = _seated_units(report.department_id)
    if report.is_restricted:
        named = ReportGroupGrant.objects.filter(content_object=report.pk)
        units = units.filter(group__in=named.values("group"))
    return units.order_by("sort_key", "pk")


def summary_departments(member):
    """The departments whose summaries the unit consults today: any seat under the protocol."""
    if not member.is_in_duty():
        return []
    return gate.once(
        ("summary_departments", member.pk),
        lambda: list(
            Participation.objects.running()
            .filter(
                group_id=member.unit.group_id,
                content_object__in=Protocol.objects.in_force(),
            )
            .values_list("content_object__department", flat=True)
            .distinct()
        ),
    )


# Which audience of summaries a right opens.
AUDIENCES = {
    Right.READ_CELL_SUMMARIES: SummaryAudience.CELL,
    Right.READ_MASKED_SUMMARIES: SummaryAudience.PREFECTURE,
}


def readable_summaries(member):
    """Built summaries of the audiences this member belongs to, where his unit has a seat."""
    audiences = [audience for right, audience in AUDIENCES.items() if may(right)(member)]
    if not audiences:
        return Summary.objects.none()
    # Two versions of masked tables differ by what came between: the last one alone is told.
    later = Summary.objects.filter(
        stage=Summary.Stage.DONE,
        department=OuterRef("department"),
        audience=OuterRef("audience"),
        period=OuterRef("period"),
        version__gt=OuterRef("version"),
    )
    return Summary.objects.filter(
        Q(audience=SummaryAudience.CELL) | ~Exists(later),
        stage=Summary.Stage.DONE,
        audience__in=audiences,
        department__in=summary_departments(member),
    )


def buildable_departments(member):
    """Departments for which this member may ask a summary: his cell's own."""
    if not may(Right.BUILD_SUMMARIES)(member):
        return []
    own = member.unit.department_id
    return [own] if own in summary_departments(member) else []


def readable_editions(member):
    """Validated editions for whoever consults them; drafts only for those who write them."""
    if not may(Right.READ_EDITIONS)(member):
        return Edition.objects.none()
    editions = Edition.objects.filter(department__in=summary_departments(member))
    if may(Right.WRITE_EDITIONS)(member):
        return editions
    return editions.filter(state=Edition.State.VALIDATED)


def writable_editions(member):
    if not may(Right.WRITE_EDITIONS)(member):
        return Edition.objects.none()
    return readable_editions(member)


def printable_editions(member):
    if not may(Right.PRINT_EDITIONS)(member):
        return Edition.objects.none()
    return readable_editions(member)


def readable_imports(member):
    """The imports of one's own unit: their faults quote nothing, their tips are its reports."""
    if not may(Right.IMPORT)(member):
        return TipImport.objects.none()
    departments = standing(member).departments
    return TipImport.objects.filter(unit=member.unit_id, department__in=departments)


def own_jobs(member):
    """The long works that this member asked for: their state and result, no content."""
    return Job.objects.filter(requested_by_id=member.pk)

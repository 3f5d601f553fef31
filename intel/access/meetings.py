"""Who sees a meeting, what of its agenda, and who keeps it.

Everybody whose unit holds a permanent seat is called, the prefecture included: day, place, titles
of the items, decisions that name no report. What names a report is read by the readers of that
report; a guest sees the items that he is called for, and nothing of the others.
"""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from intel.access.figures import summary_departments
from intel.access.rule import followed_reports, readable_reports
from intel.access.seats import permission_id
from intel.models import (
    AccessRequest,
    AgendaItem,
    Audience,
    ItemGuest,
    ItemReport,
    MeetingDecision,
    Report,
    ReportMemberGrant,
)
from intel.states import State
from protocols.access import writable_axes
from protocols.meeting_states import AHEAD, OPEN, OVER, TOLD, MeetingState
from protocols.models import (
    HAND_IN,
    Attendance,
    Meeting,
    MinutesSignature,
    Participation,
    Protocol,
)
from services.models import Member, Unit
from services.roles import Right, Role, may, may_any, roles_with

takes_part = may_any(Right.READ, Right.READ_MASKED_SUMMARIES)
# Who answers for a unit; a reader and a guest write nothing.
ANSWERING = (*roles_with(Right.WRITE), Role.PREFECTURE, Role.PROSECUTOR)


def _live_guests(**about):
    """Those called for an item that stands, of a meeting that stands, until their last day."""
    return ItemGuest.objects.filter(
        ended_at=None, ends_on__gte=timezone.localdate(), item__removed_at=None, **about
    ).exclude(item__meeting__state=MeetingState.CANCELLED)


def _called(member, **about):
    """Those that call this member, while what was agreed in that department is in force."""
    running = Protocol.objects.in_force().values("department")
    return _live_guests(member=member.pk, item__meeting__protocol__department__in=running, **about)


def sits_in(member, meeting):
    """Does he sit there for good, and not for a point alone? Of one that he reads."""
    return member.role != Role.GUEST and meeting.protocol.department_id in summary_departments(
        member
    )


def readable_meetings(member):
    """Those of the cells where the unit sits for good; and those that a guest is called to.

    What is being prepared is the cell's own, until it is called.
    """
    meetings = Meeting.objects.select_related("protocol__department", "chair__service")
    if not (takes_part(member) and member.is_in_duty()) or member.unit.closed_on:
        return meetings.none()
    invited = _called(member, item__meeting=OuterRef("pk"))
    told = Q(state__in=TOLD, called_at__isnull=False)
    if member.role == Role.GUEST:
        return meetings.filter(Exists(invited), told)
    seated = Q(protocol__department__in=summary_departments(member))
    own = Q(protocol__department=member.unit.department_id)
    if may(Right.DIRECT)(member) and member.unit.is_cell:
        told |= own
    return meetings.filter(told).filter(seated | Exists(invited))


def keepable_meetings(member):
    """Those that the cell prepares and runs: its own, whoever directs there."""
    own = member.unit.department_id
    if not _keeps_in(member, own):
        return Meeting.objects.none()
    return readable_meetings(member).filter(protocol__department=own)


def keeps_meeting(member, meeting):
    """The same of one that he reads, asked of no table."""
    return _keeps_in(member, meeting.protocol.department_id)


def _keeps_in(member, department):
    may_keep = may(Right.DIRECT)(member) and member.unit.is_cell
    return (
        may_keep
        and department == member.unit.department_id
        and department in summary_departments(member)
    )


def plannable_protocols(member):
    """Under which a new one is called: that of his own cell, in force."""
    own = member.unit.department_id
    if not _keeps_in(member, own):
        return Protocol.objects.none()
    return Protocol.objects.in_force().filter(department=own).select_related("department")


def movable_meetings(member):
    return keepable_meetings(member).filter(state__in=AHEAD)


def cancelled_meetings(member):
    return keepable_meetings(member).filter(state=MeetingState.CANCELLED)


def sitting_meetings(member):
    """Called or sitting: whoever projects it opens it."""
    return keepable_meetings(member).filter(state=MeetingState.SITTING)


def open_meetings(member):
    """Those whose agenda is still written."""
    return keepable_meetings(member).filter(state__in=OPEN)


def calendar_meetings(member):
    """Those that go into somebody's calendar: called, or cancelled since."""
    return readable_meetings(member).filter(called_at__isnull=False)


# --- The agenda -------------------------------------------------------------------------------


def readable_items(member):
    """Items that stand, of the meetings that he sees; of a guest, those he is called for."""
    items = AgendaItem.objects.filter(meeting__in=readable_meetings(member), removed_at=None)
    invited = _called(member, item=OuterRef("pk"))
    if member.role == Role.GUEST:
        return items.filter(Exists(invited))
    seated = Q(meeting__protocol__department__in=summary_departments(member))
    return items.filter(seated | Exists(invited))


def _items_of_open(member):
    return AgendaItem.objects.filter(meeting__in=open_meetings(member)).select_related(
        "meeting__protocol__department"
    )


def editable_items(member):
    return _items_of_open(member).filter(removed_at=None)


def sitting_items(member):
    """Under these, decisions are typed."""
    return editable_items(member).filter(meeting__state=MeetingState.SITTING)


def removed_items(member):
    return _items_of_open(member).exclude(removed_at=None)


def named_reports(member):
    """What the items name, as far as he reads it: everything else is not there."""
    return ItemReport.objects.filter(
        removed_at=None,
        item__in=readable_items(member),
        report__in=readable_reports(member),
    ).answered()


def projected_reports(member):
    """Of these, what every permanent seat reads: a wall has no reader of its own."""
    return named_reports(member).filter(report__audience=Audience.PROTOCOL)


def removable_named(member):
    return ItemReport.objects.filter(
        removed_at=None, item__in=editable_items(member), report__in=readable_reports(member)
    ).answered()


def addable_reports(member):
    """What an item may name: reports of his own department that he reads, out of draft."""
    return (
        readable_reports(member)
        .filter(department=member.unit.department_id)
        .exclude(state__in=[State.DRAFT, State.ERASED])
    )


# --- Guests -----------------------------------------------------------------------------------


def live_item_guests(member):
    """Those of the meetings that he keeps."""
    return _live_guests(item__meeting__in=keepable_meetings(member)).select_related(
        "member__unit", "item__meeting__protocol__department"
    )


def endable_item_guests(member):
    return live_item_guests(member).filter(item__meeting__state__in=OPEN)


def guests_for(report):
    """Who is called for an item that names this report, of whoever calls: for the actions."""
    named = ItemReport.objects.filter(item=OuterRef("item"), report=report.pk, removed_at=None)
    return _live_guests().filter(Exists(named))


def grants_for_items(**about):
    """What runs of what was opened for an item: one row an access."""
    return ReportMemberGrant.objects.filter(
        permission_id=permission_id(Report, "read_report"),
        item_guest__isnull=False,
        expires_at__gt=timezone.now(),
        **about,
    )


def asked_for_items(**about):
    """What waits for an owner, asked for a guest."""
    return AccessRequest.objects.filter(item_guest__isnull=False, decision="", **about).answered()


# --- Presence, decisions, minutes -------------------------------------------------------------


def called_units(protocol, *, on):
    """Open units with a permanent seat that day, whatever it reads: they are called."""
    seats = (
        Participation.objects.running(on)
        .filter(content_object=protocol, standing=Participation.Standing.PERMANENT)
        .exclude(permission_id=permission_id(Protocol, HAND_IN))
    )
    return Unit.objects.filter(group__in=seats.values("group"), closed_on=None).order_by(
        "-is_cell", "sort_key", "pk"
    )


def called_members(meeting):
    """Whom its mails reach: those of the units called, and those called for a point, who see it,
    in duty, with an address."""
    units = meeting.attendances.values("unit")
    guests = _live_guests(item__meeting=meeting).values("member")
    found = Member.objects.in_duty().filter(Q(unit__in=units) | Q(pk__in=guests))
    found = found.exclude(email="")
    return [
        member
        for member in found.select_related("unit__department").order_by("pk")
        if readable_meetings(member).filter(pk=meeting.pk).exists()
    ]


def answerable_attendances(member):
    """That of one's own unit, until the meeting sits."""
    if member.role not in ANSWERING:
        return Attendance.objects.none()
    return Attendance.objects.filter(
        unit=member.unit_id,
        meeting__in=readable_meetings(member),
        meeting__state=MeetingState.CALLED,
    ).select_related("meeting__protocol__department")


def answers_for(member, attendance):
    """The same of one of a meeting that he reads, asked of no table."""
    return (
        member.role in ANSWERING
        and attendance.unit_id == member.unit_id
        and attendance.meeting.state == MeetingState.CALLED
    )


def follows_decision(member, decision, meeting):
    """Of one that he reads, does he say what became of it? As `followable_decisions`."""
    ours = decision.unit_id == member.unit_id or keeps_meeting(member, meeting)
    on_its_own = decision.report_id is None and decision.action_id is None
    return member.role in ANSWERING and ours and on_its_own and meeting.state in OVER


def readable_decisions(member):
    """What was decided and stands: about a report, to whoever follows that report."""
    seated = Q(item__meeting__protocol__department__in=summary_departments(member))
    about = Q(report=None) | Q(report__in=followed_reports(member))
    if not takes_part(member) or member.role == Role.GUEST:
        return MeetingDecision.objects.none().answered()
    return MeetingDecision.objects.filter(
        seated, about, item__meeting__in=readable_meetings(member), undone_at=None
    ).answered()


def projected_decisions(member):
    """Of these, those that a wall may show."""
    about = Q(report=None) | Q(report__audience=Audience.PROTOCOL)
    return readable_decisions(member).filter(about)


def undoable_decisions(member):
    """Of a meeting that sits."""
    return readable_decisions(member).filter(item__meeting__in=sitting_meetings(member))


def followable_decisions(member):
    """What became of it is said by the cell, or by the unit in charge; a report says its own."""
    if member.role not in ANSWERING:
        return MeetingDecision.objects.none().answered()
    ours = Q(unit=member.unit_id) | Q(item__meeting__in=keepable_meetings(member))
    return readable_decisions(member).filter(
        ours,
        report=None,
        action=None,
        item__meeting__state__in=OVER,
    )


def actionable_decisions(member):
    """Those that a writer of the strategy makes an action of: given to a unit, about no report."""
    return readable_decisions(member).filter(
        report=None,
        action=None,
        unit__isnull=False,
        item__meeting__protocol__department__in=writable_axes(member).values(
            "strategy__department"
        ),
    )


def minuted_meetings(member):
    """Those whose minutes can be read: once the meeting has risen."""
    over = readable_meetings(member).filter(state__in=OVER)
    if member.role == Role.GUEST:
        return over.none()
    return over.filter(protocol__department__in=summary_departments(member))


def signable_meetings(member):
    """By the animator of the cell first; then by one of another service that sat there."""
    waiting = minuted_meetings(member).filter(state=MeetingState.TO_SIGN)
    if may(Right.ADMIT)(member) and member.unit.is_cell:
        return waiting.filter(
            ~Exists(MinutesSignature.objects.filter(meeting=OuterRef("pk"))),
            protocol__department=member.unit.department_id,
        )
    if member.role not in ANSWERING:
        return waiting.none()
    signed = MinutesSignature.objects.filter(meeting=OuterRef("pk"), digest=OuterRef("digest"))
    came = Attendance.objects.filter(
        meeting=OuterRef("pk"),
        unit=member.unit_id,
        noted__in=[Attendance.Answer.PRESENT, Attendance.Answer.REPRESENTED],
    )
    of_ours = signed.filter(unit__service=member.unit.service_id)
    return waiting.filter(Exists(signed), Exists(came), ~Exists(of_ours))

"""To whom a report is open besides the units that read it, and what waits about it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.functions import Concat, TruncDate
from django.utils import timezone

from intel import access
from intel.models import AccessRequest, HandlingAccord, Report, ReportMemberGrant, ReportShare
from services.roles import Right, may

COMPLETES = "complete"
COLUMNS = ("row_kind", "key", "row_who", "row_detail", "row_state", "row_since", "row_until")


@dataclass(frozen=True)
class Opening:
    """One line: a guest, a share, an access asked for, an accord."""

    kind: str  # guest, share, access or accord
    key: UUID
    who: str
    detail: str
    state: str  # of a guest COMPLETES or ""; of an accord its decision
    since: datetime
    until: date | None

    @property
    def completes(self):
        return self.state == COMPLETES

    @property
    def is_to_come(self):
        return self.since > timezone.now()


@dataclass(frozen=True)
class Openings:
    is_ours: bool  # may the member answer, prolong, end?
    guests: list
    shares: list
    access: list
    accords: list

    @property
    def is_empty(self):
        return not (self.guests or self.shares or self.access or self.accords)

    @property
    def waiting(self):
        return [*self.access, *(each for each in self.accords if not each.state)]

    @property
    def accord_waits(self):
        return any(not each.state for each in self.accords)

    @property
    def given(self):
        return [each for each in self.accords if each.state]


# Annotates a row of the sheet: is there, or was there, anything to be asked for?
ARE_THERE = ExpressionWrapper(
    Q(Exists(ReportMemberGrant.objects.filter(content_object=OuterRef("pk"))))
    | Q(Exists(ReportShare.objects.filter(report=OuterRef("pk"))))
    | Q(Exists(AccessRequest.objects.filter(report=OuterRef("pk"))))
    | Q(Exists(HandlingAccord.objects.filter(report=OuterRef("pk")))),
    output_field=BooleanField(),
)


def openings_of(report, member):
    """What of it this member is told: one query, and none when `has_openings` says so.

    The owner unit is told everything; the cell, the guests; any other unit, its own accords.
    """
    is_owner = report.owner_id == member.unit_id and report.may_follow
    is_cell = member.unit.is_cell and member.unit.department_id == report.department_id
    is_ours = is_owner and may(Right.WRITE)(member)
    if not report.has_openings:
        return Openings(is_ours, [], [], [], [])
    parts = [_accords(report, member, every_unit=is_owner)]
    if is_owner or is_cell:
        parts.append(_guests(report))
    if is_owner:
        parts += [_shares(report), _access_requests(report)]
    first, *others = parts
    found = [Opening(*row) for row in first.union(*others, all=True).order_by("row_since")]
    return Openings(
        is_ours,
        *([each for each in found if each.kind == kind] for kind in KINDS),
    )


KINDS = ("guest", "share", "access", "accord")


def _text(value):
    return Value(value, output_field=CharField())


def full_name(of):
    first, last, unit = f"{of}__first_name", f"{of}__last_name", f"{of}__unit__short_name"
    return Concat(first, _text(" "), last, _text(", "), unit, output_field=CharField())


NO_DAY = Value(None, output_field=DateField())


def _rows(queryset, **columns):
    return queryset.order_by().annotate(**columns).values_list(*COLUMNS)


def _guests(report):
    completes = ReportMemberGrant.objects.filter(
        content_object=report.pk,
        user=OuterRef("user"),
        permission_id=access.permission_id(Report, "complete_report"),
    )
    return _rows(
        access.invitations_of(report).order_by(),
        row_kind=_text("guest"),
        row_who=full_name("user"),
        row_detail=F("reason"),
        row_state=Case(When(Exists(completes), then=_text(COMPLETES)), default=_text("")),
        row_since=F("starts_at"),
        row_until=TruncDate("expires_at"),
    )


def _shares(report):
    return _rows(
        ReportShare.objects.running().of(report),
        row_kind=_text("share"),
        row_who=F("protocol__department__name"),
        row_detail=F("why"),
        row_state=_text(""),
        row_since=F("at"),
        row_until=F("ends_on"),
    )


def _access_requests(report):
    return _rows(
        AccessRequest.objects.filter(decision="").of(report),
        row_kind=_text("access"),
        row_who=full_name("asked_by"),
        row_detail=F("why"),
        row_state=_text(""),
        row_since=F("asked_at"),
        row_until=NO_DAY,
    )


def _accords(report, member, *, every_unit):
    """Those that wait and those that run, of all units or of one's own."""
    asked = HandlingAccord.objects.of(report)
    if not every_unit:
        asked = asked.filter(unit=member.unit_id)
    waiting = asked.filter(decision="")
    running = asked.filter(
        decision=HandlingAccord.Decision.ACCEPTED, until__gte=timezone.localdate()
    )
    return _rows(
        waiting | running,
        row_kind=_text("accord"),
        row_who=Concat(
            "unit__short_name", _text(", pour "), "recipient", output_field=CharField()
        ),
        row_detail=F("why"),
        row_state=F("decision"),
        row_since=F("asked_at"),
        row_until=F("until"),
    )

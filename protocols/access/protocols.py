"""Who reads a protocol, and who keeps it: its state, and the seats of the units under it."""

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from cross import gate
from protocols.models import Participation, Protocol
from services.models import Commune, Member, Unit
from services.roles import ROLES_WITHOUT_CONTENT, Right, may


def readable_protocols(member):
    """Those of one's own department, whatever their state: they say whom one works with, which
    is not for who reads nothing. A draft is read by who writes it alone."""
    return _of_the_department(member) if writes_drafts(member) else signed_protocols(member)


def signed_protocols(member):
    """Those of them that are more than a draft."""
    protocols = _of_the_department(member).signed()
    return protocols.none() if may(Right.CONTRIBUTE)(member) else protocols


def _of_the_department(member):
    protocols = Protocol.objects.filter(department=member.unit.department_id)
    return protocols.select_related("department", "lead_service").defer("department__outline")


def writable_drafts(member):
    """The protocol of one's own department that nobody has signed yet."""
    drafts = _of_the_department(member).filter(signed_on=None)
    return drafts if writes_drafts(member) else drafts.none()


def writes_drafts(member):
    """May he write the protocol of his department before it is signed?

    A draft gives no right: no seat stands under it, and nothing is in force before it is signed.
    But whoever records the signature seats his own cell, so that the cell must hold its place from
    somebody else. The first protocol of a department: those who keep the accounts, and open no
    content, have said which unit is its cell and who animates it; nobody does both
    (`services.roles.APART`). Any other: the cell sits under the last one that was signed, or sat
    there to its last day. A cell that has lost its seat writes no protocol to give it back to
    itself.
    """
    unit = member.unit
    if not may(Right.ADMIT)(member) or not unit.is_cell or unit.closed_on:
        return False
    return gate.once(("writes drafts", member.pk), lambda: _holds_its_place(unit))


def _holds_its_place(unit):
    """In one query: the page of a protocol has others to ask."""
    today = timezone.localdate()
    last_day = Least(Coalesce(OuterRef("ends_on"), today), today)
    seats = _own_seats(unit, last_day).filter(content_object=OuterRef("pk"))
    last = _by_latest(unit.department_id).annotate(has_seat=Exists(seats))
    # No protocol was ever signed there: nothing was lost.
    return last.values_list("has_seat", flat=True).first() is not False


def last_signed(department):
    """The protocol of a department, given by its key, that was signed last; or None."""
    return _by_latest(department).first()


def _by_latest(department):
    signed = Protocol.objects.signed().filter(department=department)
    return signed.order_by("-starts_on", "-pk")


def _own_seats(unit, on=None):
    return Participation.objects.running(on).filter(
        group=unit.group_id, standing=Participation.Standing.PERMANENT
    )


def keepable_protocols(member):
    """Those that the animator of the cell keeps: he suspends, resumes, ends, amends, and seats.

    Nobody else does, and nobody by his role alone: his unit is the cell of the department, open,
    and its own permanent seat under that protocol runs today. The state of the protocol does not
    count: a suspension closes the reports, not the page from which it is lifted. A cell that has
    lost its seat does not give it back to itself.
    """
    unit = member.unit
    if not may(Right.ADMIT)(member) or not unit.is_cell or unit.closed_on:
        return Protocol.objects.none()
    seated = _own_seats(unit).values("content_object")
    return _of_the_department(member).signed().filter(pk__in=seated)


def keepable_seats(member):
    """Running seats and seats to come of the units, but that of one's own: see the actions."""
    return (
        Participation.objects.running_or_to_come()
        .filter(content_object__in=keepable_protocols(member))
        .exclude(group=member.unit.group_id)
        .select_related("group__unit__service", "content_object__department", "permission")
    )


def admissible_units(protocol):
    """Open units of its department, those without a seat (`is_seated`) first; not one where
    everybody controls or keeps accounts, to whom a seat opens nothing."""
    members = Member.objects.filter(unit=OuterRef("pk"))
    without_content = Q(role__in=ROLES_WITHOUT_CONTENT)
    seats = protocol.participations.running_or_to_come().filter(group=OuterRef("group"))
    return (
        Unit.objects.filter(department=protocol.department_id, closed_on=None)
        .exclude(
            Exists(members.filter(without_content)) & ~Exists(members.exclude(without_content))
        )
        .annotate(is_seated=Exists(seats))
        .order_by("is_seated", "sort_key", "pk")
    )


def seatable_communes(protocol):
    """What a seat may be about: communes of the protocol's own department."""
    return Commune.objects.in_force().filter(department=protocol.department_id)

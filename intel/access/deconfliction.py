"""Who asks whether somebody else works on the same thing, and what he is told.

A check looks where its unit does not read: it tells the kind of identifier, the unit and whom to
call, and nothing more. It is the one exception to the secret of existence, and its owner may close
it. Only a permanent seat that contributes asks: such a unit reads whatever is open, so that every
pointer leads to a report that its owner restricted, and about which it chose.
"""

from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils import timezone

from intel.access.abilities import own_reports, restricted_reports_of
from intel.access.rule import readable_reports
from intel.access.seats import standing
from intel.models import (
    Audience,
    CheckedTarget,
    DeconflictionCheck,
    DeconflictionHit,
    Identifier,
    PlannedEvent,
    SilentMode,
)
from intel.states import NOT_COMPLETED, State
from services.models import Unit
from services.roles import Right, may

# What is in nobody's hands: a draft has not left its unit, the rest is put away or is not ours.
NOT_CHECKED = NOT_COMPLETED | {State.OUT_OF_SCOPE}


def checked_departments(member):
    """Where this member checks and declares: the keys of departments."""
    if not may(Right.WRITE)(member):
        return ()
    return checked_in(standing(member))


def checked_in(stands):
    """The same for who stands so."""
    return tuple(key for key in stands.contributes_in if key in stands.departments)


def pointed_identifiers(member):
    """Those that a check answers by a pointer: of restricted reports that the member cannot read.

    Whoever asks this tells the kind, the unit and its contact, and nothing else of the row.
    """
    return Identifier.objects.filter(
        ~Exists(readable_reports(member, for_page=True).filter(pk=OuterRef("report"))),
        ~Q(report__state__in=NOT_CHECKED),
        report__department__in=checked_departments(member),
        report__audience=Audience.RESTRICTED,
    ).answered()


def cited_identifiers(member):
    """Those of the reports that he reads, to be shown as links like anywhere else."""
    readable = readable_reports(member, for_page=True).filter(pk=OuterRef("report"))
    return Identifier.objects.filter(
        Exists(readable), ~Q(report__state__in=NOT_CHECKED)
    ).answered()


def readable_checks(member):
    """Those of one's own unit."""
    return _of_ours(DeconflictionCheck, member)


def targets_of(checks):
    """What these checks, answered to somebody, were asked."""
    return CheckedTarget.objects.of_all(checks)


def readable_events(member):
    """Those of one's own unit; no other reads one, the cell included."""
    return _of_ours(PlannedEvent, member)


def editable_events(member):
    """Neither cancelled nor over."""
    return readable_events(member).filter(cancelled_at=None, ends_at__gt=timezone.now())


def _of_ours(model, member):
    rows = model.objects.filter(unit=member.unit_id, department__in=checked_departments(member))
    return rows.answered()


def told_hits(member):
    """Those that the member's unit is told of, as the one that asked or the one concerned."""
    departments = checked_departments(member)
    told = DeconflictionHit.objects.filter(is_told(member.unit_id), department__in=departments)
    return told.answered()


def is_told(unit):
    """Of a hit: that it is for this unit to know, as the one that asked or the one concerned."""
    return Q(asker=unit, tells_asker=True) | Q(holder=unit, tells_holder=True)


def waiting_hits(member):
    """Those of them that wait for somebody to say what was decided."""
    return told_hits(member).filter(lapsed_at=None, outcome="")


def units_to_call(member):
    """The other unit of each of them, once."""
    waiting, own = waiting_hits(member), member.unit_id
    return Unit.objects.filter(
        Q(pk__in=waiting.filter(asker=own).values("holder"))
        | Q(pk__in=waiting.filter(holder=own).values("asker"))
    )


def coordinated_hits(member):
    """Operations that meet and of which both units are told: whoever animates the cell puts them
    in touch, and reads no more than their names."""
    departments = checked_departments(member)
    if not may(Right.ADMIT)(member):
        departments = ()
    hits = DeconflictionHit.objects.filter(
        tells_asker=True,
        tells_holder=True,
        target=None,
        lapsed_at=None,
        outcome="",
        department__in=[key for key in departments if key == member.unit.department_id],
    )
    return hits.exclude(Q(asker=member.unit_id) | Q(holder=member.unit_id)).answered()


def counted_hits(member):
    """What his figures of conflicts count: those that his unit is told of and, for whoever
    animates the cell, the operations that he was asked to put in touch. Of the others, not even
    how many."""
    ours = known = is_told(member.unit_id)
    if may(Right.ADMIT)(member):
        known |= Q(tells_asker=True, tells_holder=True, target=None)
    own = member.unit.department_id
    departments = [key for key in checked_departments(member) if key == own]
    hits = DeconflictionHit.objects.filter(known, department__in=departments)
    is_ours = Case(When(ours, then=Value(True)), default=Value(False))
    return hits.annotate(is_ours=is_ours).answered()


def own_silences(member):
    """The silences that our unit keeps about its reports."""
    return SilentMode.objects.of_all(restricted_reports_of(member))


def own_identifiers(member):
    """Identifiers of our own reports: which of them a hit is about is for us alone to see."""
    return Identifier.objects.of_all(own_reports(member).exclude(state__in=NOT_CHECKED))

"""What is asked about a report, shown or opened for a time: who sees it, who decides, who ends it.

An asking hangs on a report: whoever cannot read the report sees nothing of it, but for what he
asked himself. Whoever decides is also told, that another has just done so: of each
kind, the rows of a person are said first, then those of them that wait.
"""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from intel.access.abilities import completable_reports, editable_reports, own_reports
from intel.access.audience import audience_of
from intel.access.rule import readable_reports
from intel.access.seats import permission_id, running_seats
from intel.models import (
    AccessRequest,
    Audience,
    Correction,
    HandlingAccord,
    Handover,
    ReleaseRequest,
    Report,
    ReportMemberGrant,
    ReportShare,
)
from protocols.models import Participation, Protocol
from services.models import Member
from services.models.member import person_behind
from services.roles import Right, Role, may, roles_with


def _of_ours(asking, member):
    """What was asked about the reports of ours, answered or not."""
    return asking.objects.filter(report__in=editable_reports(member)).answered()


def releases_of_ours(member):
    """Asked by another, for a report of ours."""
    return _of_ours(ReleaseRequest, member).exclude(asked_by=member.pk)


def decidable_releases(member):
    return releases_of_ours(member).filter(decision="")


def releases_by_a_first_person(member):
    """Asked by another of our unit: nobody opens a restricted report alone.

    Whoever has left the unit since, or whose authorisation has ended, is no first person any more;
    a head and the accounts whose password he gave are one person, whichever of them asks.
    """
    asked = releases_of_ours(member).alias(first=person_behind("asked_by"))
    colleagues = Member.objects.in_duty().filter(unit=member.unit_id)
    return asked.exclude(first=member.counts_as).filter(asked_by__in=colleagues)


def confirmable_releases(member):
    asked = releases_by_a_first_person(member)
    return asked.filter(decision="", report__audience=Audience.RESTRICTED)


def own_releases(member):
    """Those that this member asked for, of the reports that he still reads."""
    asked = ReleaseRequest.objects.filter(asked_by=member.pk)
    return asked.filter(report__in=readable_reports(member)).answered()


def withdrawable_releases(member):
    return own_releases(member).filter(decision="", report__in=editable_reports(member))


def access_requests_of_ours(member):
    return AccessRequest.objects.filter(report__in=own_reports(member)).answered()


def decidable_access_requests(member):
    return access_requests_of_ours(member).filter(decision="")


def own_access_requests(member):
    """What this member asked for: nothing in it tells hidden from absent."""
    if not may(Right.READ)(member):
        return AccessRequest.objects.none().answered()
    # What a cell asks for a guest of its meeting is not his own doing: he learns of it if granted.
    return AccessRequest.objects.filter(asked_by=member.pk, item_guest=None).answered()


def withdrawable_access_requests(member):
    """Those that he sees waiting: a refusal looks like waiting, and is taken back like it."""
    waiting = ("", AccessRequest.Decision.DECLINED)
    return own_access_requests(member).filter(decision__in=waiting)


READING, WRITING = roles_with(Right.READ), roles_with(Right.WRITE)


def invitable_members(member):
    """Guests of the department, and members of the units that sit there on a subject.

    His own colleagues read what his unit writes; a guest that it lodges does not.
    """
    if not may(Right.WRITE)(member):
        return Member.objects.none()
    department = member.unit.department_id
    seats = running_seats().filter(
        standing=Participation.Standing.CASE_BY_CASE, content_object__department=department
    )
    others = Q(role__in=READING, unit__group__in=seats.values("group"))
    return Member.objects.in_duty().filter(
        Q(role=Role.GUEST, unit__department=department) | (others & ~Q(unit=member.unit_id)),
        unit__closed_on=None,
    )


def invitations_to(member):
    """What somebody is invited to, today."""
    now = timezone.now()
    return _invitations().filter(
        user=member.pk,
        starts_at__lte=now,
        expires_at__gt=now,
        content_object__in=readable_reports(member),
    )


def endable_invitations(member):
    """Invitations to our reports, running or to come."""
    ours = own_reports(member)
    return _invitations().filter(content_object__in=ours, expires_at__gt=timezone.now())


def _invitations():
    """One row for each: the grant to complete goes with the grant to read."""
    return ReportMemberGrant.objects.filter(permission_id=permission_id(Report, "read_report"))


def endable_shares(member):
    running = ReportShare.objects.running()
    return running.filter(report__in=own_reports(member)).answered()


def takers_of(report):
    """Protocols in force in other departments: to which a report may be shown, as long as the
    protocol of its own lets it."""
    takers = Protocol.objects.in_force().exclude(department=report.department_id)
    return takers if may_be_shown_elsewhere(report) else takers.none()


def may_be_shown_elsewhere(report):
    """Does the protocol of its department let its reports be shown to another one?"""
    showing = Protocol.objects.in_force().filter(shares_elsewhere=True)
    return showing.filter(department=report.department_id).exists()


def accords_of_ours(member):
    """Those that others asked for, of our reports."""
    return HandlingAccord.objects.filter(report__in=own_reports(member)).answered()


def decidable_accords(member):
    return accords_of_ours(member).filter(decision="")


def own_accords(member):
    """Those that our unit asked for, of the reports that we read."""
    asked = HandlingAccord.objects.filter(unit=member.unit_id)
    return asked.filter(report__in=readable_reports(member)).answered()


def asked_accords(member):
    """Those of them that this member asked for himself."""
    return own_accords(member).filter(asked_by=member.pk)


def withdrawable_accords(member):
    return asked_accords(member).filter(decision="")


# The owner alone changes its words: of a unit that only hands in, nobody reads what is proposed,
# and what another unit knows better is said in a complement.
def _answering(unit):
    """Who writes for that unit today; asked again each time: an authorisation ends."""
    writers = Member.objects.in_duty().filter(role__in=WRITING, unit__closed_on=None)
    return writers.filter(unit=unit)


def owner_answers(report):
    """Is there anybody to read what would be proposed?"""
    return _answering(report.owner_id).exists()


def correctable_reports(member):
    """Where another unit that contributes proposes a correction, to one that can answer."""
    if not may(Right.WRITE)(member):
        return Report.objects.none().answered()
    others = completable_reports(member).exclude(owner=member.unit_id)
    return others.filter(Exists(_answering(OuterRef("owner"))))


def corrections_of_ours(member):
    """Those that other units proposed of our reports, as long as these are alive."""
    return _of_ours(Correction, member)


def decidable_corrections(member):
    return corrections_of_ours(member).filter(decision="")


def own_corrections(member):
    """Those that our unit proposed, of the reports that we still read."""
    if not may(Right.WRITE)(member):
        return Correction.objects.none().answered()
    proposed = Correction.objects.filter(unit=member.unit_id)
    return proposed.filter(report__in=readable_reports(member)).answered()


def readable_corrections(member):
    """By the two units that each is between."""
    ours = Q(pk__in=corrections_of_ours(member).values("pk"))
    return Correction.objects.filter(
        ours | Q(pk__in=own_corrections(member).values("pk"))
    ).answered()


def withdrawable_corrections(member):
    return own_corrections(member).filter(decision="")


def handovers_to_us(member):
    """Reports that another unit proposes to ours; accepting takes no right but that of writing."""
    return _handovers(member, target=member.unit_id)


def decidable_handovers(member):
    return handovers_to_us(member).filter(decision="")


def handovers_by_us(member):
    return _handovers(member, origin=member.unit_id)


def _handovers(member, **ends):
    if not may(Right.WRITE)(member):
        return Handover.objects.none().answered()
    proposed = Handover.objects.filter(**ends)
    return proposed.filter(report__in=readable_reports(member)).answered()


def withdrawable_handovers(member):
    return handovers_by_us(member).filter(decision="", report__in=editable_reports(member))


def handover_targets(report):
    """Units that already read the report and may write: handing it over widens nothing."""
    writers = running_seats().filter(content_object__department=report.department_id)
    groups = writers.filter(contributes=True).values("group")
    return audience_of(report).filter(group__in=groups, court=None).exclude(pk=report.owner_id)

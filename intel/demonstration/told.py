"""What members are told: a report that is followed, corrected and completed by others."""

from django.utils import timezone

from intel import access
from intel.actions import complements, notices, reports
from intel.models import Following, Report
from intel.states import State
from services.models import Member
from services.roles import Role

COMPLEMENT = "Même véhicule vu deux fois cette semaine au même endroit, vers 22 h."
CORRECTION = "L’heure et le côté de la rue, précisés par l’équipe"
SEEN_AFTERWARDS = "le soir, côté impair"


def tell_around(department):
    """One example of each, between the first two liaisons that read a report of the other's."""
    liaisons = list(
        Member.objects.in_duty()
        .filter(unit__department=department, role=Role.LIAISON)
        .select_related("unit__department")
        .order_by("pk")
    )
    for owner in liaisons:
        for reader in liaisons:
            if reader.unit_id != owner.unit_id and (report := _shared(owner, reader)):
                if not Following.objects.of(report).exists():
                    _follow(report, owner, reader)
                return


def _shared(owner, reader):
    """The oldest live report of `owner` that `reader` reads, always the same."""
    live = access.editable_reports(owner).exclude(state__in=[State.DRAFT, State.FED_BACK])
    read = live.filter(pk__in=access.completable_reports(reader), days_and_hours="")
    followed = Following.objects.filter(follows=True, by=reader).values("report")
    known = Report.objects.filter(pk__in=followed).unguarded(because="the demonstration looks")
    return known.first() or read.order_by("received_at", "pk").first()


def _follow(report, owner, reader):
    notices.follow(report, by=reader, mine=True, ours=True)
    reports.change(
        report,
        by=owner,
        fields={"days_and_hours": SEEN_AFTERWARDS},
        version=report.version,
        why=CORRECTION,
    )
    complements.add(report, by=reader, text=COMPLEMENT)
    # What the owner has read already, to tell the two apart.
    unseen = access.unseen_notifications(owner).filter(at__lte=timezone.now())
    if first := unseen.order_by("at").first():
        notices.mark_seen(access.unseen_notifications(owner).filter(pk=first.pk))

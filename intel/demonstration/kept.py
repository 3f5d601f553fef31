"""What the delegate for data protection finds: a report frozen, and a few that are gone."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from intel.actions import keeping
from intel.models import LegalHold, Report, Tombstone
from intel.models.choices import Origin
from intel.retention import TERMS, Rule, later
from services.models import Member
from services.roles import Role

# By which rule, and how many days ago it came to its term.
GONE = (
    (Rule.UNUSED_TIP, Origin.CITIZEN, 12),
    (Rule.UNUSED_TIP, Origin.CITIZEN, 9),
    (Rule.REPORT, Origin.SERVICE, 2),
)
REVIEW_DAYS = 75
NIGHT = time(2, 5)


def keep_for_a_time(department):
    """Once a department, when it has its delegate."""
    keepers = Member.objects.filter(unit__department=department, role=Role.DPO)
    keeper = keepers.select_related("unit__department").first()
    if keeper is None or LegalHold.objects.filter(department=department).exists():
        return
    reports = Report.objects.filter(department=department, referrals__decision="ouverte")
    held = reports.unguarded(because="inventing the demonstration").order_by("pk").first()
    today = timezone.localdate()
    if held:
        review_on = today + timedelta(days=REVIEW_DAYS)
        keeping.place_hold(
            by=keeper, reference=held.reference, reason="justice", review_on=review_on
        )
    for rank, (rule, origin, days) in enumerate(GONE, start=1):
        due_on = today - timedelta(days=days)
        received_on = later(due_on, -(TERMS[rule].many or 0))
        Tombstone.objects.create(
            department=department,
            reference=_free(department, received_on.year, rank),
            origin=origin,
            received_on=received_on,
            due_on=due_on,
            erased_at=timezone.make_aware(datetime.combine(due_on, NIGHT)),
            rule=rule.label,
            who="système",
        )


def _free(department, year, rank):
    """A number that no report of that year has: theirs follow one another from the first."""
    series = f"CROSS-{department.code}-{year}-"
    given = Report.objects.filter(reference__startswith=series)
    count = given.unguarded(because="inventing the demonstration").count()
    return f"{series}{count + rank:04}"

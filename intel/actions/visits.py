"""When a member came last: written once a sign-in, read by his session alone."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from intel.models import Visit

SINCE = "since"  # in the session: the instant of the visit before this one
ONE_VISIT = timedelta(hours=4)  # two sign-ins closer than that are one visit
FIRST_VISIT = timedelta(days=7)  # for somebody who had never come, what is new goes back so far


def note_sign_in(sender, request, user, **kwargs):
    """On each sign-in: the session keeps since when things are new."""
    request.session[SINCE] = came(user).isoformat()


@transaction.atomic
def came(member, now=None):
    """Write the visit down; the instant of the one before."""
    now = now or timezone.now()
    visit, _ = Visit.objects.select_for_update().get_or_create(
        member=member, defaults={"at": now, "before": None}
    )
    if now - visit.at > ONE_VISIT:
        visit.at, visit.before = now, visit.at
        visit.save(update_fields=["at", "before"])
    return visit.before or visit.at - FIRST_VISIT

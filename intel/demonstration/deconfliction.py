"""Services that should speak: operations that meet, a plate that another unit keeps apart."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from intel import access
from intel.actions import operations, targets
from intel.actions.targets import Wanted
from intel.models import Identifier, PlannedEvent
from intel.models.choices import IdentifierKind
from intel.states import State
from services.models import Commune, Member
from services.roles import Role

DAYS_AHEAD = 3
APART_METRES = 200
# Who plans what, at what hour, how far east of the centre of the town.
PLANS = (
    (PlannedEvent.Kind.SURVEILLANCE, time(20), 4, 0),
    (PlannedEvent.Kind.CONTROLLED_DELIVERY, time(21, 30), 3, APART_METRES),
)


def deconflict(department):
    """One example of each, between the liaisons of the department; made once."""
    liaisons = list(
        Member.objects.in_duty()
        .filter(unit__department=department, role=Role.LIAISON)
        .select_related("unit__department")
        .order_by("pk")
    )
    if any(access.readable_events(liaison).exists() for liaison in liaisons):
        return
    if len({liaison.unit_id for liaison in liaisons}) >= len(PLANS):
        plan_nearby(department, liaisons)
    look_for_a_hidden_plate(liaisons)


def plan_nearby(department, liaisons):
    town = Commune.objects.select_related("department").get(code=department.seat_code)
    day = timezone.localdate() + timedelta(days=DAYS_AHEAD)
    for liaison, (kind, hour, hours, east) in zip(liaisons, PLANS, strict=False):
        start = timezone.make_aware(datetime.combine(day, hour))
        operations.declare(
            operations.Plan(
                kind=kind,
                commune=town,
                starts_at=start,
                ends_at=start + timedelta(hours=hours),
                contact=f"{liaison.get_full_name()}, {liaison.unit.phone}",
                point=_beside(town, east),
            ),
            by=liaison,
        )


def _beside(town, east):
    """So many metres east of its centre; the whole town when nobody knows it."""
    if town.centre_x is None or town.centre_y is None:
        return None
    return town.centre_x + east, town.centre_y


def look_for_a_hidden_plate(liaisons):
    """The first liaison who does not read a report that names a plate asks about it."""
    for asker in liaisons:
        for owner in liaisons:
            hidden = access.restricted_reports_of(owner).exclude(state=State.DRAFT)
            hidden = hidden.exclude(pk__in=access.readable_reports(asker))
            plates = Identifier.objects.of_all(hidden).filter(kind=IdentifierKind.PLATE)
            if found := plates.order_by("-report__received_at", "pk").first():
                targets.check([Wanted(found.kind, found.raw, found.value)], by=asker)
                return

"""Places that come back in the invented reports: cited by them, with a history and operations."""

from datetime import timedelta

from django.db.models import Count, OuterRef, Subquery

from intel import access
from intel.actions import places
from intel.models import Audience, Place, PlaceObservation, PlaceOperation, Report
from intel.models.choices import Mode
from intel.place_states import PlaceState
from intel.states import NOT_COUNTED
from services.models import Member
from services.roles import Role

APART_METRES = 350
WHY = "inventing the demonstration"
S = PlaceState
# One a place: the states that its reports say, from the earliest to the latest.
HISTORIES = (
    (S.SIGNALLED, S.CONFIRMED, S.ACTIVE, S.UNDER_PRESSURE, S.DISMANTLED, S.REBUILT),
    (S.SIGNALLED, S.CONFIRMED, S.ACTIVE),
    (S.SIGNALLED, S.ACTIVE, S.UNDER_PRESSURE),
    (S.CONFIRMED, S.ACTIVE, S.DISMANTLED),
    (S.SIGNALLED, S.CONFIRMED),
    (S.SIGNALLED,),
    (S.SIGNALLED, S.ACTIVE, S.DISMANTLED, S.REBUILT),
    (S.CONFIRMED, S.ACTIVE, S.MOVED),
)
del S
HOURS = ("de 14 h à 2 h", "le soir, de 18 h à minuit", "l’après-midi, plus tard le week-end")
LOOKOUTS = ("deux, aux deux entrées", "un, à vélo", "un, au coin de la rue")
STASH = ("un appartement du dernier étage", "une cave", "un véhicule stationné")
OPERATIONS = (
    (PlaceOperation.Kind.POUNDING, "Trois contrôles, une interpellation"),
    (PlaceOperation.Kind.FINES, "Six amendes forfaitaires"),
    (PlaceOperation.Kind.CONTROL, "Sans résultat"),
    (PlaceOperation.Kind.CLOSURE, "Fermeture de trois semaines"),
)


def know_places(department):
    """About eight, kept by the analyst of the cell; made once."""
    analyst = _members(department, Role.ANALYST).first()
    if analyst is None or access.listed_places(analyst).exists():
        return
    made: list[Place] = []
    for rank, (states, reports) in enumerate(zip(HISTORIES, _told(analyst), strict=False)):
        place = _make(rank, reports[0], by=analyst)
        _say(place, rank, states, reports, made, by=analyst)
        made.append(place)
    # As if each had been cited when its report came in: the figures of that time hold it.
    cited = PlaceObservation.objects.filter(place__in=made)
    entered = Report.objects.filter(pk=OuterRef("report")).unguarded(because=WHY)
    cited.update(at=Subquery(entered.values("created_at")))
    for rank, liaison in enumerate(_members(department, Role.LIAISON)[: len(OPERATIONS)]):
        _work(rank, liaison)


def _members(department, role):
    members = Member.objects.in_duty().filter(unit__department=department, role=role)
    return members.select_related("unit__department").order_by("pk")


def _told(analyst):
    """Reports of each place that comes back most, the earliest first."""
    sold = access.enrichable_reports(analyst).filter(
        audience=Audience.PROTOCOL,
        occurred_on__isnull=False,
        modes__overlap=[Mode.DEALING_POINT, Mode.DEALING_PLACE],
    )
    sold = sold.exclude(place="").exclude(state__in=NOT_COUNTED)
    often = sold.values("commune", "place").annotate(reports=Count("pk"))
    for row in often.order_by("-reports", "commune", "place")[: len(HISTORIES)]:
        told = sold.filter(commune=row["commune"], place=row["place"])
        yield list(told.select_related("commune__department").order_by("occurred_on", "pk"))


def _make(rank, report, *, by):
    # A hall is no public way, whatever people call it.
    is_point = Mode.DEALING_POINT in report.modes and "hall" not in report.place.lower()
    commune = report.commune
    point = None
    if commune.centre_x is not None and rank != 5:  # one is known without its coordinates
        east, north = (rank % 3 - 1) * APART_METRES, (rank // 3 - 1) * APART_METRES
        point = (commune.centre_x + east, commune.centre_y + north)
    described = places.Described(
        name=report.place[:1].upper() + report.place[1:120],
        kind="point" if is_point else "lieu",
        commune=commune,
        on_public_way=is_point,
        is_daily=is_point,
        point=point,
    )
    return places.create(described, by=by)


def _say(place, rank, states, reports, made, *, by):
    """Each report says one state; those that are left over cite the place."""
    for step, report in enumerate(reports[: len(states)]):
        state = states[step]
        moved_to = made[0] if state == PlaceState.MOVED else None
        turn = (rank + step) % len(HOURS)
        said = places.Said(
            seen_on=report.occurred_on,
            state=state,
            moved_to=moved_to,
            hours=HOURS[turn] if step else "",
            products=tuple(report.products[:2]),
            lookouts=LOOKOUTS[turn] if step % 2 else "",
            stash=STASH[turn] if step == 1 else "",
        )
        places.cite(place, report, said, by=by)
    for report in reports[len(states) : len(states) + 2]:
        places.cite(place, report, places.Said(seen_on=report.occurred_on), by=by)


def _work(rank, liaison):
    """What the unit of a liaison did at one of the places, some days after it was last seen."""
    kind, result = OPERATIONS[rank]
    seen = access.readable_observations(liaison).exclude(state="").latest_first()
    found = list(seen.select_related("place")[: 4 * len(OPERATIONS)])
    if found:
        said = found[rank * len(found) // len(OPERATIONS)]
        day = said.seen_on - timedelta(days=1)
        places.note_operation(said.place, by=liaison, kind=kind, day=day, result=result)

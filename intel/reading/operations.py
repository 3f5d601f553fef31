"""One planned event, as its own unit reads it."""

from dataclasses import dataclass
from functools import partial

from django.db.models import Q

from cross.ui.circle_maps import Circle, Name, circle_map
from intel import access
from intel.reading.communes import label
from intel.reading.deconfliction import SMALL_MAP, HitLine, by_unit, hit_lines, with_all
from intel.reading.ground import areas_around
from intel.reading.places import KEY
from services.territory.points import show_degrees

AROUND_METRES = 1_500
PLACES_SHOWN = 200  # of one commune


@dataclass(frozen=True)
class EventSheet:
    conflicts: list[HitLine]
    former: list[HitLine]  # those that a change or a cancellation ended
    map: str
    small_map: str
    degrees: str  # of its point, when it has one
    may_change: bool

    @property
    def waiting(self):
        return [line for line in self.conflicts if line.is_waiting]

    @property
    def to_call(self):
        return by_unit(self.conflicts)

    @property
    def no_more(self):
        return by_unit(self.former)


def sheet_of(event, member):
    hits = access.told_hits(member).filter(Q(asked_event=event) | Q(held_event=event))
    lines = hit_lines(member, with_all(hits).order_by("-at", "-pk"))
    draw = partial(_map_of, event, has_conflict=any(line.is_waiting for line in lines))
    return EventSheet(
        conflicts=[line for line in lines if line.hit.lapsed_at is None],
        former=[line for line in lines if line.hit.lapsed_at],
        map=draw(),
        small_map=draw(width=SMALL_MAP),
        degrees=_degrees(event) if event.has_point else "",
        may_change=not (event.is_over or event.is_cancelled),
    )


def _degrees(event):
    return show_degrees(event.x, event.y, event.department.srid)


def _map_of(event, *, has_conflict, **options):
    """The ground about the circle alone, with the communes that it touches and their names."""
    half = max(AROUND_METRES, 1.6 * event.radius)
    areas = list(areas_around(event.department, event.x, event.y, half))
    circle = Circle(event.x, event.y, event.radius, event.commune.name, has_conflict)
    return circle_map(
        [area.outline for area in areas],
        [circle],
        title=f"Le lieu de l’opération {event.number}",
        description=f"Un cercle de {event.radius} m de rayon, à {event.commune.name}.",
        around=half,
        names=[
            Name(*area.centre, area.name)
            for area in areas
            if area.centre and area.code != event.commune.code  # which the circle bears
        ],
        **options,
    )


@dataclass(frozen=True)
class KnownPlaces:
    """Places whose point may be taken: those of one commune, as the form asks for them."""

    commune: object = None  # None while it is not known which
    rows: tuple = ()
    is_cut: bool = False  # there are more in that commune

    def __bool__(self):
        return bool(self.rows)


def places_to_choose(member, department, commune, wanted=""):
    """Those of `commune` that the member reads and that have a point, by name.

    `wanted` is the key of one that was chosen, which may be of another commune.
    """
    places = access.listed_places(member).filter(department=department, x__isnull=False)
    places = places.select_related("commune").defer("commune__outline")
    rows = []
    if commune:
        rows = list(places.filter(commune=commune).order_by("name", "pk")[: PLACES_SHOWN + 1])
    is_cut, rows = len(rows) > PLACES_SHOWN, rows[:PLACES_SHOWN]
    if KEY.fullmatch(wanted) and wanted not in {str(place.key) for place in rows}:
        rows += places.filter(key=wanted)
    return KnownPlaces(commune, tuple(rows), is_cut)


def present(event):
    """What the form that changes an event starts from."""
    return {
        "kind": event.kind,
        "commune": label(event.commune),
        "place": event.place,
        "point": _degrees(event) if event.has_point else "",
        "radius": event.radius if event.has_point else None,
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "contact": event.contact,
        "is_silent": event.is_silent,
        "silence_reason": event.silence_reason,
        "silence_review_on": event.silence_review_on,
    }

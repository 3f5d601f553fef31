"""Places on the ground: the map of a list, that of one place, that of what a report cites.

Places that would hide each other are one mark, at the first of them, and a list says which.
"""

from dataclasses import dataclass
from string import ascii_uppercase

from cross.ui.circle_maps import Circle, Mark, circle_map, gathered
from cross.ui.templatetags.words import counted
from intel.reading.ground import outlines_around
from services.models import Commune

AROUND_METRES = 4_000
SHEET = 640  # width of the map that stands on the sheet of a report
BESIDE = 320  # width of the map that stands beside the sheet
# A name stands beside its place: two lines of words hide each other sooner than two points.
NAMED = 14


@dataclass(frozen=True)
class Together:
    """Places under one mark: its letter, and they in the order of the list."""

    letter: str
    places: list


@dataclass(frozen=True)
class Marked:
    """A map, and the places that share a mark on it."""

    drawn: str
    together: list[Together]


def of_listed(member, places, communes):
    """The places of the page that have a point, numbered as its rows; others are not drawn.

    None without any.
    """
    department = member.unit.department
    spots = _with_a_point(places, department)
    if not spots:
        return None
    outlines = [department.outline]
    if communes:
        asked = Commune.objects.filter(pk__in=[commune.pk for commune in communes])
        outlines = asked.values_list("outline", flat=True)
    outlines = [outline for outline in outlines if outline]
    groups = _groups(outlines, spots)
    several = [group for group in groups if len(group) > 1]
    together = [Together(ascii_uppercase[n], group) for n, group in enumerate(several)]
    marks = [_alone(group[0]) for group in groups if len(group) == 1]
    return Marked(
        circle_map(
            outlines,
            [],
            marks=[*marks, *map(_several, together)],
            title="Les lieux de cette page",
            description=f"{counted(len(spots), 'lieu,lieux')}, numérotés comme dans le tableau.",
        ),
        together,
    )


def _with_a_point(places, department):
    return [place for place in places if place.has_point and place.department_id == department.pk]


def _groups(outlines, places, **options):
    spots = [Circle(place.x, place.y, 0) for place in places]
    return [[places[rank] for rank in group] for group in gathered(outlines, spots, **options)]


def _alone(place):
    title = f"{place.rank}. {place.name}, {place.commune.name}"
    return Mark(place.x, place.y, str(place.rank), title, place.get_absolute_url())


def _several(together):
    first, count = together.places[0], counted(len(together.places), "lieu,lieux")
    names = ", ".join(place.name for place in together.places)
    title = f"{together.letter}. {count}\u00a0: {names}"
    return Mark(first.x, first.y, together.letter, title, f"#lieux-{together.letter}", count)


def around(place):
    """Where one place is; nothing without a point."""
    if not place.has_point:
        return ""
    return circle_map(
        outlines_around(place.department, place.x, place.y, AROUND_METRES),
        [Circle(place.x, place.y, 0)],
        title=f"Où se trouve {place.name}",
        description=f"Un point, à {place.commune.name}.",
        width=BESIDE,
        around=AROUND_METRES,
    )


def of_cited(lines, department):
    """Those of `lines`, of `places.cited_by`, that have a point; nothing without any."""
    cited = {line.said.place_id: line.said.place for line in lines}
    drawn = _with_a_point(cited.values(), department)
    if not drawn:
        return ""
    xs, ys = [place.x for place in drawn], [place.y for place in drawn]
    x, y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    half = max(max(xs) - min(xs), max(ys) - min(ys)) / 2 + AROUND_METRES
    ground = {"width": SHEET, "around": AROUND_METRES}
    return circle_map(
        outlines_around(department, x, y, half),
        [
            Circle(group[0].x, group[0].y, 0, _named(group))
            for group in _groups([], drawn, near=NAMED, **ground)
        ],
        title="Les lieux que cite cette fiche",
        description=f"{counted(len(drawn), 'lieu,lieux')}, chacun avec son nom.",
        **ground,
    )


def _named(group):
    first, *others = group
    return f"{first.name} et {counted(len(others), 'autre')}" if others else first.name

"""The outlines of one department, put together from the published list for `load_territory`."""

from dataclasses import dataclass, field

import numpy as np
import shapely

from services.territory import geometry
from services.territory.official import CommuneRecord
from services.territory.units import unit_codes

# Degrees around a department within which the first vertex of any commune that touches it lies
# (the largest commune, Arles, spans 0.6).
MARGIN = 0.6
# A town hall further outside its commune than this is a wrong address, not a rounded border.
TOWN_HALL_TOLERANCE_M = 500


@dataclass(frozen=True)
class Drawing:
    """By Insee code; coordinates are whole metres in the projection `srid`."""

    srid: int
    outlines: dict[str, list] = field(default_factory=dict)
    centres: dict[str, tuple[int, int]] = field(default_factory=dict)
    links: set[tuple[str, str]] = field(default_factory=set)  # codes in alphabetical order
    # Of a commune of this department, then of the one of another department that it touches.
    links_across: set[tuple[str, str]] = field(default_factory=set)
    department: list | None = None


def draw(france, department):
    """A `Drawing` of every line of the department.

    Communes are the coverage; municipal arrondissements (Paris, Lyon, Marseille) take the place of
    their city in it, and the city is their union. Delegated and associated communes lie inside
    their parent and are kept as published.
    """
    srid = geometry.srid_of(department)
    lines = france.of(department)
    parts = parts_by_parent(france.communes)
    own = [line for line in lines if is_bordered(line)]
    around = own + nearby(france.communes, department, own, parts)
    published = shapes_of(around, parts)
    within, across = links(around, published, len(own))

    units = unit_codes(france.communes)
    is_piece = np.array([line.code in units for line in around])
    pieces = [line for line, chosen in zip(around, is_piece, strict=True) if chosen]
    tiles = [line for line in pieces if line.department == department]
    shapes = geometry.projected(published[is_piece], srid)
    present = ~shapely.is_missing(shapes)
    claims = np.array([claim(line, parts) for line in pieces])
    shapes[present] = geometry.without_holes(
        shapes[present], claims[present], abroad=geometry.abroad(department)
    )
    clean = geometry.cleaned(shapes[: len(tiles)])

    by_code = {
        line.code: shape for line, shape in zip(tiles, clean, strict=True) if shape is not None
    }
    by_code |= cities(lines, by_code)
    by_code |= inner_parts(lines, by_code, srid)
    return Drawing(
        srid=srid,
        outlines={code: geometry.to_json(shape) for code, shape in by_code.items()},
        centres=centres(lines, by_code, srid),
        links=within,
        links_across=across,
        department=geometry.to_json(shapely.coverage_union_all(clean)),
    )


def parts_by_parent(communes):
    parts: dict[str, list[CommuneRecord]] = {}
    for line in communes:
        if line.parent:
            parts.setdefault(line.parent, []).append(line)
    return parts


def is_bordered(line):
    """Does it have neighbours: a commune, cut up or not, or a municipal arrondissement?"""
    return line.kind in ("COM", "ARM")


def nearby(communes, department, own, parts):
    """Lines of other departments that may touch `own`, those of this one."""
    starts = np.array([start for line in own if (start := start_of(line, parts))])
    west, south = starts.min(axis=0) - MARGIN
    east, north = starts.max(axis=0) + MARGIN
    found = []
    for line in communes:
        if line.department == department or not is_bordered(line):
            continue
        start = start_of(line, parts)
        if start and west < start[0] < east and south < start[1] < north:
            found.append(line)
    return found


def start_of(line, parts):
    """A point of its outline in degrees, or of a part of it; None when neither is published."""
    for each in (line, *parts.get(line.code, ())):
        if each.outline:
            return geometry.first_vertex(each.outline)
    return None


def shapes_of(lines, parts):
    """Published outlines in degrees; where one is missing, the union of its parts', or None."""
    shapes = geometry.parsed([line.outline for line in lines])
    for at in np.flatnonzero(shapely.is_missing(shapes)):
        known = [part.outline for part in parts.get(lines[at].code, ()) if part.outline]
        shapes[at] = shapely.union_all(geometry.parsed(known)) if known else None
    return shapes


def claim(line, parts):
    """How strongly a commune may own a hole, see `geometry.without_holes`."""
    if line.outline and any(not part.outline for part in parts.get(line.code, ())):
        return 2
    return 1 if line.former_codes else 0


def cities(lines, by_code):
    """The cities cut up in arrondissements, as the union of their pieces."""
    pieces: dict[str, list[shapely.Geometry]] = {}
    for line in lines:
        if line.kind == "ARM":
            pieces.setdefault(line.parent, []).append(by_code[line.code])
    return {code: shapely.union_all(shapes) for code, shapes in pieces.items()}


def inner_parts(lines, by_code, srid):
    """Delegated and associated communes that have a code and an outline of their own."""
    inner = [
        line
        for line in lines
        if line.kind in ("COMD", "COMA") and line.outline and line.code not in by_code
    ]
    shapes = geometry.projected(geometry.parsed([line.outline for line in inner]), srid)
    return dict(zip((line.code for line in inner), geometry.whole_metres(shapes), strict=True))


def centres(lines, by_code, srid):
    """The town hall when it is where it should be, else a point well inside the outline."""
    halls = geometry.projected(geometry.parsed([line.town_hall for line in lines]), srid)
    found: dict[str, tuple[int, int]] = {}
    for line, hall in zip(lines, halls, strict=True):
        point = centre(by_code.get(line.code), hall)
        if point is not None:
            found.setdefault(line.code, (round(point.x), round(point.y)))
    return found


def centre(shape, hall):
    if shape is None:
        return hall
    if hall is None or shapely.distance(shape, hall) > TOWN_HALL_TOLERANCE_M:
        return shapely.point_on_surface(shape)
    return hall


def links(lines, shapes, own):
    """Neighbours among communes and municipal arrondissements, as pairs of codes.

    The first `own` lines are those of the department. Returns the links between them, and those
    across its border; both departments find the same ones there, whichever is drawn.

    Read on the published outlines, not on the cleaned ones: that is the definition the statistics
    are checked against. The four communes that only touch Neufchâteau through Rollainville, which
    it absorbed, are thus not counted as its neighbours until the shapes are published anew.
    """
    within, across = set(), set()
    for i, j in geometry.touching(shapes, among=own):
        one, other = lines[i], lines[j]
        if j >= own:
            across.add((one.code, other.code))
        elif one.parent != other.code and other.parent != one.code:
            within.add(tuple(sorted((one.code, other.code))))
    return within, across

"""Outlines: from the published shapes to ones that can be drawn, stored and measured.

Everything here works on arrays of shapely geometries and plain lists. Published shapes are in
degrees (WGS 84); ours are in whole metres of the department's legal projection, so that areas,
distances and the scale bar are true.

What is wrong in the source, measured on the 101 departments of the 2026 list:

* codes are newer than shapes: a commune merged since leaves a hole of 1 to 50 km² (58 of them);
* eight communes have no shape at all, four of which can be rebuilt from their delegated communes;
* a few borders do not match: slivers of 1 or 2 m², neighbours that touch without a common vertex.
"""

import struct

import numpy as np
import shapely

from services.territory.points import DEGREES, transformer

LAMBERT_93 = 2154
OVERSEAS = {"971": 5490, "972": 5490, "973": 2972, "974": 2975, "976": 4471}

# Beyond this a hole may be a lake or an estuary: it is filled only when a commune that absorbed
# another lies on its edge.
SLIVER_M2 = 100_000
# Spanish Llívia, a true hole of 13 km² inside the Pyrénées-Orientales: longitude, latitude.
LLIVIA = shapely.Point(1.98, 42.465)
# Two borders that should be one lie less than this apart.
GAP_M = 10
MAX_PASSES = 6


class NotACoverage(Exception):
    """The outlines still overlap or gape after cleaning."""


def srid_of(department):
    """EPSG code of the legal projection, by department code."""
    return OVERSEAS.get(department, LAMBERT_93)


def abroad(department):
    """Points, in metres, of what lies inside the outline of a department and is not France."""
    return () if department in OVERSEAS else (projected(LLIVIA, LAMBERT_93),)


def first_vertex(hexadecimal):
    """Longitude and latitude of the first point of a multipolygon in WKB; the rest stays unread.

    Byte order, type and count of the collection, then of the polygon, of its ring: 22 bytes.
    """
    return struct.unpack("<dd", bytes.fromhex(hexadecimal[44:76]))


def parsed(hexadecimal):
    """WKB texts, or None, to an array of shapes; what is empty is None too."""
    shapes = shapely.from_wkb(np.array(hexadecimal, dtype=object))
    shapes[shapely.is_empty(shapes)] = None  # two town halls are published at "not a number"
    return shapes


def projected(shapes, srid):
    """Degrees to metres."""
    to_metres = transformer(DEGREES, srid).transform
    return shapely.transform(shapes, lambda xy: np.column_stack(to_metres(*xy.T)))


def touching(shapes, among=None):
    """Pairs (i, j), i < j, of shapes that have at least one point in common; None touches nothing.

    `among`: only the pairs that have one of the first so many shapes.

    Contact by a vertex both share would miss 13 pairs in France, Épinal and Longchamp among them.
    """
    i, j = shapely.STRtree(shapes).query(shapes[:among], predicate="intersects")
    return np.column_stack((i, j))[i < j]


def holes(shapes):
    """The gaps that a set of shapes encloses, as polygons."""
    union = shapely.get_parts(shapely.union_all(shapes))
    rings = [ring for part in union for ring in shapely.get_rings(part)[1:]]
    return shapely.polygons(rings) if rings else np.array([], dtype=object)


def without_holes(shapes, claims, *, abroad=()):
    """The shapes, each hole between them given to the one it belongs to.

    `claims` says how strongly each may have left a hole: 2 for a commune one of whose parts has no
    shape, 1 for one that absorbed another at some time, 0 for the others. Among equals the longest
    common border wins. A hole that holds one of the points `abroad` stays.

    Give the communes of the next departments too: a merged commune may lie on the border, and the
    hole only shows with both sides in place.
    """
    filled = shapes.copy()
    tree = shapely.STRtree(shapes)
    for hole in holes(shapes):
        if any(hole.contains(point) for point in abroad):
            continue
        near = tree.query(hole, predicate="intersects")
        borders = shapely.length(shapely.intersection(shapes[near], hole.exterior))
        claim, _, owner = max(zip(claims[near], borders, near, strict=True))
        if claim > 0 or hole.area < SLIVER_M2:
            filled[owner] = shapely.union(filled[owner], hole)
    return filled


def cleaned(shapes):
    """The same shapes in whole metres, borders shared exactly, no overlap, no sliver.

    Rounding may push a vertex off the straight border of a neighbour, which the next pass mends.
    """
    present = ~shapely.is_missing(shapes)
    coverage = shapes[present]
    for _ in range(MAX_PASSES):
        coverage = np.asarray(shapely.coverage_clean(coverage, gap_width=GAP_M))
        coverage = whole_metres(coverage)
        if shapely.coverage_is_valid(coverage):
            break
    else:
        raise NotACoverage(f"Borders still differ after {MAX_PASSES} passes.")
    result = shapes.copy()
    result[present] = coverage
    return result


def whole_metres(shapes):
    """Coordinates rounded to the metre, each shape kept valid."""
    # coverage_clean leaves the mark "already on this grid" on shapes it has moved off the grid,
    # and set_precision believes it: the mark has to be taken off first.
    return shapely.set_precision(shapely.set_precision(shapes, grid_size=0), grid_size=1)


def to_json(shape):
    """Polygons > rings (outside first) > flat [x0, y0, x1, y1, …] of integers, ring left open."""
    if shape is None or shape.is_empty:
        return None
    polygons = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return [
        [shapely.get_coordinates(ring)[:-1].astype(int).ravel().tolist() for ring in
         shapely.get_rings(polygon)]
        for polygon in polygons
    ]  # fmt: skip


def from_json(outline):
    """The inverse of `to_json`: a multipolygon, or None."""
    if outline is None:
        return None
    rings = [
        [shapely.linearrings(np.reshape(ring, (-1, 2)).astype(float)) for ring in polygon]
        for polygon in outline
    ]
    return shapely.multipolygons([shapely.Polygon(first, rest) for first, *rest in rings])

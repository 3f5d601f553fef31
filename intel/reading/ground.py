"""The ground about a point: the communes that a small map shows around it."""

from intel.reading.summaries import communes_of


def outlines_around(department, x, y, half):
    """Outlines that come near the square of that half side, in metres, about a point."""
    return (area.outline for area in areas_around(department, x, y, half))


def areas_around(department, x, y, half):
    """The same with the name and the centre of each commune."""
    return (
        area
        for area in communes_of(department.pk, department.geography_year)
        if area.outline and _is_near(area.outline, x, y, half)
    )


def _is_near(outline, x, y, half):
    return any(
        max(ring[::2]) >= x - half
        and min(ring[::2]) <= x + half
        and max(ring[1::2]) >= y - half
        and min(ring[1::2]) <= y + half
        for polygon in outline
        for ring in polygon
    )

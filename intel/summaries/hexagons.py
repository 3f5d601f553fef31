"""Cells of equal size, where the facts of twelve months lie: those that everybody numbers as H3.

Only what a report points at with a place is in a cell. What is known by its commune alone is never
spread over it: the row "pointe" holds the facts of which a place is pointed at, without which an
empty cell would read as a quiet one. Counts and no test: most cells are empty. A fact of two
places lies in both, and the cells of towns lie within wider ones: they sum to nothing.
"""

import h3
import numpy as np

from cross.ui.templatetags.words import number
from intel.models import TerritoryScore
from intel.summaries.parameters import PARAMETERS
from intel.summaries.places import Overlapping
from services.territory.points import degrees_of

POINTED = "pointe"
POINTED_NAME = "Au moins un lieu est pointé"
DIGITS = 3  # decimals of a degree: a hundred metres


def level(cited, told, units, of_place, srid):
    """The cells that the places of `cited` lie in; None when none of them has a point.

    `of_place`, (p,): the unit of each place among `units`, -1 in none; `srid`: of their points.
    """
    pointed = np.flatnonzero(np.isfinite(cited.points[:, 0]))
    if not pointed.size:
        return None
    # The last one stands for a place in no unit.
    communes = [units.names[unit] if unit >= 0 else "" for unit in of_place[pointed].tolist()]
    towns = np.append(units.population, np.nan)[of_place[pointed]] >= PARAMETERS.town_inhabitants
    east, north = cited.points[pointed].T
    latitudes, longitudes = degrees_of(east, north, srid)
    cells_of_place: dict[int, list[str]] = {}
    names: dict[str, str] = {}
    where = zip(
        pointed.tolist(), latitudes.tolist(), longitudes.tolist(), communes, towns.tolist(),
        strict=True,
    )  # fmt: skip
    for place, latitude, longitude, commune, is_town in where:
        wide = h3.latlng_to_cell(latitude, longitude, PARAMETERS.hexagon_resolution)
        cells = cells_of_place[place] = [wide]
        names.setdefault(wide, _named(wide, commune))
        if is_town:
            fine = h3.latlng_to_cell(latitude, longitude, PARAMETERS.hexagon_resolution_in_towns)
            cells.append(fine)
            names.setdefault(fine, f"{_named(fine, commune)} (maille fine)")
    codes = (*sorted(names), POINTED)
    rank = {code: row for row, code in enumerate(codes)}
    pairs = {
        (report, rank[code])
        for report, place in cited.pairs.tolist()
        if place in cells_of_place
        for code in (*cells_of_place[place], POINTED)
    }
    return Overlapping.of(
        TerritoryScore.Dimension.HEXAGON,
        codes,
        (*(names[code] for code in codes[:-1]), POINTED_NAME),
        np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2),
        told=told,
    )


def _named(cell, commune):
    """« Épinal, autour de 48,174 ; 6,450 »: the commune of one of its places, and its middle."""
    latitude, longitude = (number(each, DIGITS) for each in h3.cell_to_latlng(cell))
    return f"{commune or 'Hors commune'}, autour de {latitude}\u00a0; {longitude}"


def is_wide(code):
    """Is it one of the cells of the department? Those of towns lie within them."""
    return code != POINTED and h3.get_resolution(code) == PARAMETERS.hexagon_resolution


def size_of(code):
    """What one row of this level is: cells of two sizes are never added up."""
    if code == POINTED:
        return "Ensemble des mailles"
    return "Maille de 5 km² environ" if is_wide(code) else "Maille de moins de 1 km²"


def corners_of(code):
    """[(latitude, longitude)] around a cell, the last one not repeated."""
    return h3.cell_to_boundary(code)

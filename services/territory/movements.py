"""From the code that a place had, to the unit that holds it in the list of a year.

A report keeps the commune it named when it was written. Communes merge and split afterwards, and a
figure is told by the units of one list: the months it is compared with are read by that same list,
or a merger would look like a rise.

The lists date no movement; they say what is left of it. A delegated or associated commune is a row
of its own under its commune, and a commune names the codes it absorbed.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple


class Place(NamedTuple):
    """What movements are read from: a line of the list, or a row kept since it left the list."""

    code: str
    kind: str  # COM, COMD, COMA, ARM
    parent: str | None = None  # code of the commune it is a part of
    former_codes: tuple[str, ...] = ()
    is_listed: bool = True


def units_by_code(places: Iterable[Place], units: Collection[str]) -> dict[str, str]:
    """{code: code of the unit it counts in}, for every code that the places tell of.

    `units` are the codes of today's, see `services.territory.units`. A unit is itself, even where
    another had absorbed it for a time: what was then written of the whole stays with the commune
    that kept the code, for nobody can tell the parts apart. A code that leads to no unit is left
    out (Paris as a whole, a commune that vanished without heir): it counts at the levels above.
    """
    # Rows that left the list first: what the list says of today is said last, and holds.
    places = sorted(places, key=lambda place: place.is_listed)
    holder = {old: place.code for place in places for old in place.former_codes}
    # The two sources disagree on two codes in France: the row of a part is the newer word.
    holder |= {
        place.code: place.parent
        for place in places
        if place.kind in ("COMD", "COMA") and place.parent not in (None, place.code)
    }
    codes = {place.code for place in places} | holder.keys()
    return {code: unit for code in codes if (unit := _followed(code, holder, units))}


def _followed(code, holder, units):
    """The unit at the end of the chain of holders, or None."""
    met = set()
    while code not in units:
        if code in met or code not in holder:
            return None
        met.add(code)
        code = holder[code]
    return code

"""What a unit sees of what the animator reads: a filter on his own reports, never more of them."""

from dataclasses import dataclass

from intel import access
from intel.forms.filters import LOOKS
from services.roles import Right, may

OTHER = {"vu_par": "non_vu_par", "non_vu_par": "vu_par"}


@dataclass(frozen=True)
class Look:
    """A unit through whose eyes the list is read; `sees`, or what it does not see.

    `other` and `leave` are the same address with the contrary look, and with none.
    """

    unit: str
    sees: bool
    other: str
    leave: str


def looks_of(asked):
    """The looks in force in what is asked of the list."""
    form = asked.form
    return [
        Look(
            unit=dict(form.fields[name].choices)[asked.wanted[name]],
            sees=name == "vu_par",
            other=_address(form.data, name, to=OTHER[name]),
            leave=_address(form.data, name),
        )
        for name in LOOKS
        if name in asked.wanted
    ]


def _address(query, name, *, to=None):
    kept = query.copy()
    values = kept.pop(name, [])
    if to:
        kept.setlist(to, values[-1:])
    return f"?{kept.urlencode()}"


@dataclass(frozen=True)
class SheetLook:
    """On a sheet: the units to choose from, the one chosen or None, whether it sees the sheet."""

    units: list
    unit: object = None
    sees: bool = False


def look_at(report, member, asked):
    """What the animator asks of one sheet; None for whoever may not.

    `asked` is the key of a unit, as typed; None when nothing is asked yet, and nothing is read.
    """
    if not may(Right.LOOK_AS)(member):
        return None
    if asked is None:
        return SheetLook([])
    units = list(access.lookable_units(member).order_by("sort_key", "pk"))
    unit = next((unit for unit in units if str(unit.pk) == asked), None)
    if unit is None:
        return SheetLook(units)
    among = access.readable_reports(member).filter(pk=report.pk)
    return SheetLook(units, unit, access.read_by_unit(unit, among=among).exists())

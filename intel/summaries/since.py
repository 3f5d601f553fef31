"""What moved between two summaries of who opens the reports: foyers, changes, places.

Each is said from the codes of the two, never from reports. Those who open none are told nothing of
the kind: what left their tables may have been masked as well as gone.
"""

from dataclasses import dataclass

from cross.ui.templatetags.words import counted, listed, of
from intel.models import TerritoryScore
from intel.place_states import PlaceState
from intel.statistics import ChangeLabel, HotSpotLabel
from intel.summaries.words.changes import emerges

Dimension = TerritoryScore.Dimension
COMPARED = (Dimension.DEPARTMENT, Dimension.ARRONDISSEMENT, Dimension.EPCI, Dimension.COMMUNE)
NEEDED = (*COMPARED, Dimension.PLACE)
EMERGING = "territoire émergent"
# What is worth a line; the others say that nothing clear is seen, each in its way.
CLEAR = {
    ChangeLabel.CLEAR_RISE: "hausse nette",
    ChangeLabel.POSSIBLE_RISE: "hausse à confirmer",
    ChangeLabel.POSSIBLE_FALL: "baisse à confirmer",
    ChangeLabel.CLEAR_FALL: "baisse nette",
}
NOTHING_CLEAR = "rien de net"
MOST = 8  # lines of one kind
MOST_NAMES = 20  # territories that changed in one way


@dataclass(frozen=True)
class Moved:
    """Sentences by kind; `others` says how many of a kind are left out."""

    foyers: tuple
    changes: tuple
    places: tuple

    def __bool__(self):
        return bool(self.foyers or self.changes or self.places)


def moved_since(now, then, *, foyers_now=None, foyers_then=None):
    """From the rows of two summaries; those of foyers are of twelve months, None where a summary
    of them is missing: then nothing is said of foyers."""
    is_told = foyers_now is not None and foyers_then is not None
    return Moved(
        tuple(_foyers(foyers_now, foyers_then)) if is_told else (),
        _first(_changes(now, then)),
        _first(_places(now, then)),
    )


def _first(lines):
    lines = list(lines)
    left = len(lines) - MOST
    return (*lines[:MOST], *([f"Et {left} de plus."] if left > 0 else []))


def _foyers(now, then):
    """Communes that entered or left the zone of a foyer: those on its edge, without a fact, left
    aside. A zone may change its name, or its heart, and still be there."""
    here, before = (
        {row.code: row for row in rows if row.hot_zone or row.hot == HotSpotLabel.FOYER}
        for rows in (now, then)
    )
    for title, these, others in (
        ("Entrées dans un foyer", here, before),
        ("Sorties de tout foyer", before, here),
    ):
        names = [row.label for code, row in these.items() if row.facts and code not in others]
        if names:
            yield f"{title} : {_some(names, MOST)}."


def _some(names, most):
    left = len(names) - most
    return listed([*names[:most], *([counted(left, "autre,autres")] if left > 0 else [])])


def _changes(now, then):
    """One line a kind of change, with all that changed in that way."""
    named: dict[tuple, list] = {}
    for row, is_now, was in _changed(now, then):
        named.setdefault((is_now, was), []).append(_named(row))
    for (is_now, was), names in named.items():
        before = f"{was} auparavant" if was == NOTHING_CLEAR else f"après {was}"
        yield f"{is_now.capitalize()}, {before} : {_some(names, MOST_NAMES)}."


def _changed(now, then):
    before = {(row.dimension, row.code): _label(row) for row in then}
    for row in now:
        if row.dimension not in COMPARED:
            continue
        was, is_now = before.pop((row.dimension, row.code), NOTHING_CLEAR), _label(row)
        if was != is_now:
            yield row, is_now, was
    for row in then:
        key = row.dimension, row.code
        if row.dimension in COMPARED and before.get(key, NOTHING_CLEAR) != NOTHING_CLEAR:
            yield row, NOTHING_CLEAR, before[key]


def _named(row):
    """Within a sentence; an arrondissement has the name of its town."""
    if row.dimension == Dimension.ARRONDISSEMENT:
        return f"arrondissement {of(row.label)}"
    if row.dimension == Dimension.EPCI:
        return f"{row.label[0].lower()}{row.label[1:]}"
    return row.label


def _label(row):
    return EMERGING if emerges(row) else CLEAR.get(row.change, NOTHING_CLEAR)


def _places(now, then):
    """Where both say a state."""
    before = {row.code: row.state for row in then if row.dimension == Dimension.PLACE}
    for row in now:
        was = before.get(row.code, "") if row.dimension == Dimension.PLACE else ""
        if was and row.state and was != row.state:
            yield f"{row.label} : {_state(row.state)}, après {_state(was)}."


def _state(code):
    return PlaceState(code).label.lower()

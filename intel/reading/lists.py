"""Distribution lists, opened: the units that each names, through the lists it holds too."""

from intel import access

NOBODY = "aucune unité que vous puissiez nommer"


def lists_of(member, *, among=None):
    """The lists of the member's unit, by name, each with `opened`: its units, in order, once; and
    `in_words`, what is said under its box.

    `among` keeps the units of that sequence alone: a report is named to none but these.
    """
    lists = list(
        access.own_lists(member).prefetch_related("units", "lists").order_by("name", "pk")
    )
    by_key = {each.pk: each for each in lists}
    kept = None if among is None else {unit.pk for unit in among}
    for each in lists:
        units = {
            unit.pk: unit
            for key in _held(each, by_key)
            for unit in by_key[key].units.all()
            if kept is None or unit.pk in kept
        }
        each.opened = sorted(units.values(), key=lambda unit: (unit.sort_key, unit.pk))
        each.in_words = " · ".join(str(unit) for unit in each.opened) or NOBODY
    return lists


def _held(start, by_key):
    """The keys of a list and of all those it holds; each once, however they are entangled."""
    seen, waiting = set(), [start.pk]
    while waiting:
        key = waiting.pop()
        if key not in seen:
            seen.add(key)
            waiting += [inner.pk for inner in by_key[key].lists.all() if inner.pk in by_key]
    return seen

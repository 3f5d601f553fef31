"""The distribution lists of a unit: units that it often names together."""

from django.core.exceptions import ValidationError
from django.db import transaction

from cross.audit import journal
from intel import access
from intel.models import DistributionList

OTHER_UNITS = "Choisissez des unités qui participent au protocole."


@transaction.atomic
def save(group, *, by, name, units, lists):
    """Make a list, when `group` is None, or change one. A list never holds itself, even through
    others: two people changing two lists at once are taken one after the other."""
    ours = DistributionList.objects.select_for_update().filter(unit=by.unit_id).order_by("pk")
    known = {each.pk: each for each in ours}
    allowed = set(access.nameable_units(by).values_list("pk", flat=True))
    if any(unit.pk not in allowed for unit in units):
        raise ValidationError({"units": OTHER_UNITS})
    if not units and not lists:
        raise ValidationError({"units": "Cochez au moins une unité ou une liste."})
    if any(each.name == name and each != group for each in known.values()):
        raise ValidationError({"name": "Votre unité a déjà une liste de ce nom."})
    if group is not None:
        _check_cycles(group, lists)
    is_new = group is None
    group = group or DistributionList(unit=by.unit)
    group.name = name
    group.save()
    group.units.set(units)
    group.lists.set(lists)
    journal.record(by, "list.created" if is_new else "list.changed", group)
    return group


def _check_cycles(group, lists):
    """Refuse, in words, a list that would hold `group`, at whatever depth."""
    for chosen in lists:
        if path := _path(chosen, group.pk):
            through = " → ".join(f"« {each.name} »" for each in path)
            raise ValidationError(
                {
                    "lists": f"« {group.name} » se contiendrait elle-même : {through}. "
                    f"Décochez « {chosen.name} »."
                }
            )


def _path(start, target):
    """The lists from `start` down to the one of key `target`, or None; no list is read twice."""
    seen, waiting = {start.pk}, [[start]]
    while waiting:
        path = waiting.pop()
        if path[-1].pk == target:
            return path
        for inner in path[-1].lists.order_by("name"):
            if inner.pk not in seen:
                seen.add(inner.pk)
                waiting.append([*path, inner])
    return None


@transaction.atomic
def remove(group, *, by):
    """Forget a list; the reports that were named through it stay as they are."""
    journal.record(by, "list.removed", group)
    group.delete()


def units_named(units, lists):
    """`units` and those of the opened `lists` (see `reading.lists`), each once."""
    found = {unit.pk: unit for unit in units}
    for each in lists:
        found.update({unit.pk: unit for unit in each.opened})
    return tuple(found.values())

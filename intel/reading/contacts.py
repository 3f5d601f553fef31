"""Whom to call of a unit: its telephone, then its head; nobody else is named."""

from collections import defaultdict
from dataclasses import dataclass

from services.models import Member, Unit
from services.roles import Role


@dataclass(frozen=True)
class Contact:
    """A unit and whom to call there; `said` was given for the occasion."""

    unit: str
    service: str
    phone: str
    people: tuple = ()  # (name, telephone)
    said: str = ""

    @property
    def is_reachable(self):
        return bool(self.said or self.phone or self.people)


def contacts_of(keys):
    """{key of a unit: Contact}; two queries, whatever the number of units."""
    units = Unit.objects.filter(pk__in=keys).select_related("service")
    heads = defaultdict(list)
    in_duty = Member.objects.in_duty().filter(unit__in=keys, role=Role.HEAD)
    for head in in_duty.order_by("last_name", "first_name", "pk"):
        heads[head.unit_id].append((f"{head.get_full_name()}, chef d’unité", head.phone))
    return {
        unit.pk: Contact(str(unit), unit.service.name, unit.phone, tuple(heads[unit.pk]))
        for unit in units
    }

"""What the pages of services gather."""

from django.db.models import F, Prefetch, Q
from django.db.models.functions import Lower

from services import access
from services.models import Commune, Court, Member
from services.models.territory import Unaccented

# By full name, whatever the collation of the database.
FRENCH_ORDER = Lower(Unaccented("name"))


def directory(member):
    """Services with their units and the members of each that are in duty, in three queries."""
    in_duty = Member.objects.in_duty().order_by("last_name", "first_name", "pk")
    units = (
        access.listed_units(member)
        .prefetch_related(Prefetch("members", queryset=in_duty, to_attr="in_duty"))
        .order_by("-is_cell", FRENCH_ORDER, "pk")
    )
    return (
        access.listed_services(member)
        .prefetch_related(Prefetch("units", queryset=units, to_attr="listed"))
        .order_by("kind", FRENCH_ORDER, "pk")
    )


def withdrawals_to_confirm(member):
    """How many lost factors wait for him as a second person."""
    return access.waiting_withdrawals(member).count()


def second_persons(asked):
    """Members who may confirm this withdrawal, by name, to be called; one query for each who keeps
    accounts or directs, none for the others."""
    near = Member.objects.in_duty().filter(unit__department=asked.member.unit.department_id)
    return [
        each
        for each in near.select_related("unit__department").order_by("last_name", "pk")
        if access.waiting_withdrawals(each).filter(pk=asked.pk).exists()
    ]


def unit_members(head):
    """The members of his unit, those in duty first; `is_kept`: the account is his to keep."""
    kept = access.keepable_members(head).values("pk")
    members = list(
        access.own_unit_members(head)
        .annotate(is_kept=Q(pk__in=kept))
        .order_by("last_name", "first_name", "pk")
    )
    return sorted(members, key=lambda member: not member.is_in_duty())


def courts_around(commune):
    return Court.objects.filter(department=commune.department_id).order_by("name", "pk")


def corrected_communes(member):
    found = access.correctable_communes(member)
    return (
        found.exclude(zone_override=None, court_override=None)
        .select_related("court")
        .order_by("sort_key", "code")
    )


def neighbourhoods(member):
    """Those in force first; each with its communes, the one with most of it first."""
    return (
        access.listed_neighbourhoods(member)
        .select_related("commune")
        .prefetch_related(
            Prefetch("other_communes", queryset=Commune.objects.only("name", "sort_key"))
        )
        .defer("outline", "commune__outline")
        .order_by(F("retired_in").desc(nulls_first=True), "kind", "sort_key", "pk")
    )

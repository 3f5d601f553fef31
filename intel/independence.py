"""When two reports are two origins: the one rule, for the grade 1 and for what the sheet counts.

Another service and another origin. Whoever carries it does not matter: a report that was handed
over speaks for the unit that brought it. What was said to be a duplicate tells again what another
report told: two carriers of one source count once.

Rows are reports of one fact, annotated with `brought_by=BROUGHT_BY`.
"""

from django.db.models.functions import Coalesce

from intel.states import NOT_COUNTED

BROUGHT_BY = Coalesce("first_owner__service", "owner__service")


def tellings(rows):
    """Those of `rows` that tell their fact by themselves."""
    return [row for row in rows if row.duplicate_of_id is None and row.state not in NOT_COUNTED]


def are_independent(one, another):
    return one.brought_by != another.brought_by and one.origin != another.origin


def is_seconded(report, rows):
    """Does one of `rows`, which hold `report`, tell its fact from another origin?"""
    known = {row.pk: row for row in rows}
    told = known[report.pk]
    while told.duplicate_of_id in known:
        told = known[told.duplicate_of_id]
    return any(are_independent(told, row) for row in tellings(rows))


def how_many(rows):
    """The most of `rows` that are independent two by two.

    A matching of services with origins, by augmenting paths: neither comes twice.
    """
    origins_of: dict = {}
    for row in tellings(rows):
        origins_of.setdefault(row.brought_by, set()).add(row.origin)
    taken: dict = {}

    def place(service, tried):
        for origin in sorted(origins_of[service] - tried):
            tried.add(origin)
            if origin not in taken or place(taken[origin], tried):
                taken[origin] = service
                return True
        return False

    return sum(place(service, set()) for service in origins_of)

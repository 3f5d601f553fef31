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
    """The most of `rows` that are independent two by two."""
    return len(_matched(tellings(rows)))


def origins_of(rows):
    """The origin of each of `rows`, as the number in them of the first that stands for it.

    As many origins as `how_many`. A row that is independent of none of those that stand goes with
    the one that shares its service or its origin, the first in order; what tells by no means of
    its own goes with the report that it repeats, or is its own origin where that one is not here.
    """
    place = {row.pk: number for number, row in enumerate(rows)}
    telling = tellings(rows)
    matched = _matched(telling)
    standing: list = []
    numbers = {}
    for row in telling:
        if matched.get(row.origin) == row.brought_by:
            del matched[row.origin]
            standing.append(row)
            numbers[row.pk] = place[row.pk]
    for row in telling:
        if row.pk not in numbers:
            numbers[row.pk] = place[
                next(each.pk for each in standing if not are_independent(row, each))
            ]
    return [_root_of(row, rows, place, numbers) for row in rows]


def _root_of(row, rows, place, numbers):
    met = set()
    while row.pk not in numbers and row.duplicate_of_id in place and row.pk not in met:
        met.add(row.pk)
        row = rows[place[row.duplicate_of_id]]
    return numbers.get(row.pk, place[row.pk])


def _matched(telling):
    """{origin: service}: a matching of services with origins, by augmenting paths.

    Neither comes twice, and no matching has more pairs.
    """
    by_service: dict = {}
    for row in telling:
        by_service.setdefault(row.brought_by, set()).add(row.origin)
    taken: dict = {}

    def find(service, tried):
        for origin in sorted(by_service[service] - tried):
            tried.add(origin)
            if origin not in taken or find(taken[origin], tried):
                taken[origin] = service
                return True
        return False

    for service in by_service:
        find(service, set())
    return taken

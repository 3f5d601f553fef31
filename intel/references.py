"""References that people quote over the phone.

Those of reports are drawn at random: one's own says neither how many others there are nor which
numbers are theirs. Those of editions follow one another: everybody who reads one may read all.
"""

import re
import secrets
from random import Random

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cross.audit.models import Entry, Operation
from intel.models import Report

REPORT = "CROSS-{department}-{year}-{number}"
SERIES = {
    "antenna": "ANT-{department}-{year}-{number:03}",
    "edition": "NSL-{department}-{year}-{number:03}",
}
# In a text that who opens no report reads.
NAMES_A_REPORT = re.compile(r"\b(CROSS|DEC|OPS)-\w+-\d{4}", re.IGNORECASE)
CHECK, EVENT = "DEC-{department}-{year}-{number}", "OPS-{department}-{year}-{number}"
SHORTEST = 5  # digits of a number, none of them a leading zero
# More candidates than needed: how many of them are free says how full their length is.
SAMPLE = 30
TRIES = 5


def draw(department, *, count=1, year=None, chance: Random | None = None):
    """`count` references of reports that nothing bears, in no order.

    A number has five digits until more than half of these are taken, then six, then seven. One
    that the journal has named is not given again: its lines would speak of two reports. `chance`
    is for invented data alone; a real number cannot be foretold.
    """
    year = year or timezone.localdate().year
    chance = chance or secrets.SystemRandom()
    digits = SHORTEST
    while True:
        numbers = range(10 ** (digits - 1), 10**digits)
        if 2 * count <= len(numbers):
            drawn = chance.sample(numbers, min(len(numbers), 2 * count + SAMPLE))
            free = _free([
                REPORT.format(department=department.code, year=year, number=number)
                for number in drawn
            ])  # fmt: skip
            if 2 * len(free) >= len(drawn):
                return free[:count]
        digits += 1


def _free(references: list[str]) -> list[str]:
    borne = Report.objects.filter(reference__in=references).unguarded(
        because="a reference is given once, whoever may read its report"
    )
    named = Entry.objects.filter(target__in=references).exclude(operation=Operation.REFUSAL)
    taken = {*borne.values_list("reference", flat=True), *named.values_list("target", flat=True)}
    return [reference for reference in references if reference not in taken]


def give(department, write, *, count=1):
    """`write(references)` under `count` drawn ones, and under others when somebody takes one
    meanwhile: the unique constraint is the judge. Returns what `write` does."""
    for _ in range(TRIES - 1):
        drawn = draw(department, count=count)
        try:
            with transaction.atomic():
                return write(drawn)
        except IntegrityError as fault:
            if not _is_taken(fault):
                raise
    return write(draw(department, count=count))


def _is_taken(fault):
    diagnosis = getattr(fault.__cause__, "diag", None)
    return (getattr(diagnosis, "constraint_name", "") or "").startswith("intel_report_reference_")


def draw_number(pattern, department):
    """A number of six digits, said by chance, that no line of the journal names.

    Whatever bears one is journalled in the transaction that writes it.
    """
    year = timezone.localdate().year
    while True:
        said = 10**5 + secrets.randbelow(9 * 10**5)
        number = pattern.format(department=department.code, year=year, number=said)
        if not Entry.objects.filter(target=number).exists():
            return number


def next_in_series(department, *, kind, year=None):
    """The reference after the last one; the row of its counter is held until the end."""
    year = year or timezone.localdate().year
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO intel_referencecounter (department_id, year, kind, last)
            VALUES (%s, %s, %s, 1)
            ON CONFLICT ON CONSTRAINT one_counter
            DO UPDATE SET last = intel_referencecounter.last + 1
            RETURNING last
            """,
            [department.pk, year, kind],
        )
        [last] = cursor.fetchone()
    return SERIES[kind].format(department=department.code, year=year, number=last)

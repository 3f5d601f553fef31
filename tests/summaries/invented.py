"""A department and its reports, invented, without a database: the real entrance of the figures."""

from datetime import date

import numpy as np
from django.utils import timezone

from intel import periods
from intel.summaries import told
from intel.summaries.figures import Figures
from intel.summaries.spans import consolidated_on
from intel.summaries.territories import Ground
from services.geography import Groups, Units
from services.models import Department

QUARTER = periods.read("2026-Q3")
TWELVE_MONTHS = periods.read("2026-Q3R12")
JULY = periods.read("2026-07")


def units(communes=12, groups=3, population=1000.0):
    """Communes in a row, each touching the next; intercommunalities of equal size."""
    of = np.arange(communes) * groups // communes
    names = tuple(f"Commune {number}" for number in range(communes))
    sirens = [f"2000000{each:02}" for each in of]
    return Units(
        year=2026,
        keys=np.arange(1, communes + 1),
        codes=tuple(f"88{number:03}" for number in range(1, communes + 1)),
        names=names,
        population=np.full(communes, population),
        without_outline=np.zeros(communes, bool),
        on_border=np.zeros(communes, bool),
        arrondissements=Groups.read(["881"] * communes, ["Épinal"] * communes),
        epci=Groups.read(sirens, [f"Interco {each}" for each in of]),
        i=np.arange(communes - 1),
        j=np.arange(1, communes),
        border_units=np.array([], np.int64),
        beyond=np.array([], np.int64),
    )


class Reports:
    """Rows in the order in which they are received; `tell` adds one, of a fact of its own."""

    def __init__(self):
        self.rows = []

    def tell(self, commune=1, day=date(2026, 7, 10), *, fact=None, entered=None, **fields):
        number = len(self.rows) + 1
        row = told.Row(
            pk=number,
            version=1,
            fact=fact or 1000 + number,
            duplicate_of_id=None,
            state="trie",
            brought_by=1,
            origin="service",
            source_code="",
            day=day,
            entered=entered or day,
            commune=commune,
            neighbourhood=None,
            source_grade="B",
            information_grade="2",
            products=(),
            modes=(),
        )
        self.rows.append(row._replace(**fields))
        return self.rows[-1]

    def tell_many(self, count, commune=1, day=date(2026, 7, 10), **fields):
        for _ in range(count):
            self.tell(commune, day, **fields)


def figures(reports, period=QUARTER, *, ground=None, as_of=None, repeats=()):
    """Figures of a department of `ground` (units), drawn up for good unless said; `repeats`: pairs
    of tips, by their numbers, of which the first says what the second said before."""
    ground = ground or units()
    known = as_of or consolidated_on(period)
    rows = [row for row in reports.rows if row.entered < timezone.localdate(known)]
    read = told.of_rows(rows, known)
    number = {key: place for place, key in enumerate(ground.keys.tolist())}
    department = Department(code="88", name="Vosges")
    made = Ground.of(read, department, ground, number, repeats=dict(repeats))
    return Figures(read, department, period, ground=made)

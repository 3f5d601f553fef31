"""Rights given and taken by thousands, in a department of a million reports.

What is written is checked as at the end of a transaction, then rolled back.
"""

import random
import statistics
from contextlib import contextmanager
from functools import partial

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from intel import access
from intel.importing.resource import keep
from intel.importing.writing import copy_rows
from intel.models import Audience, Report, ReportGroupGrant, Tip, TipImport
from intel.models.choices import Origin
from intel.states import State
from protocols.actions import admit, withdraw
from protocols.models import Protocol
from services.models import Commune, Unit
from tests.bench import world
from tests.bench.measure import least_row, limit_row, milliseconds, ratio_row

IMPORTED = 10_000 * world.REPORTS // 1_000_000
AT_ONCE = 1_000
TIMES = 7
SINCE = "2020-09-24"


def rows(reader):
    yield from imports(reader)
    yield from seats(reader)
    yield named_nowhere(reader)


@contextmanager
def taken_back():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# --- Reports that come with their rights ------------------------------------------------------


def imports(reader):
    """Reports written as an import writes them, a fifth of them named to 1–6 units, or none."""
    taken = {False: [], True: []}
    for _ in range(TIMES):
        for has_rights, times in taken.items():
            with taken_back():
                batch = empty_import(reader)
                drawn = drawn_reports(batch)
                times.append(milliseconds(partial(write, batch, drawn, has_rights)))
    without, took = (statistics.median(times) for times in taken.values())
    name = f"import of {IMPORTED:,} reports with their rights"
    yield least_row(name, IMPORTED / took * 1000, "rows/s", 2_000)
    yield ratio_row(name, took, without, 1.2, words="without")


def empty_import(reader):
    return TipImport.objects.create(
        department=reader.department,
        unit=reader.member.unit,
        by=reader.member,
        portal="banc",
        file_name="banc.csv",
        sha256="0" * 64,
    )


def drawn_reports(batch):
    """[(tip, its report, the groups to which it is named or none)], neither of them saved."""
    draw = random.Random(88)
    of_department = {"department": batch.department}
    communes = list(Commune.objects.filter(**of_department).values_list("pk", flat=True))
    units = Unit.objects.filter(**of_department).order_by("pk")
    groups = list(units.values_list("group_id", flat=True))
    own, now, drawn = groups.index(batch.unit.group_id), timezone.now(), []
    for number in range(IMPORTED):
        text = " ".join(draw.choices(world.WORDS, cum_weights=world.WEIGHTS, k=35))
        report = Report(
            department=batch.department,
            owner=batch.unit,
            author=batch.by,
            origin=Origin.CITIZEN.value,
            state=State.RECEIVED.value,
            audience=Audience.PROTOCOL.value,
            facts=text,
            commune_id=draw.choice(communes),
            received_at=now,
            products=draw.choice(world.PRODUCTS),
        )
        tip = Tip(
            report=report,
            department=batch.department,
            portal=batch.portal,
            portal_reference=f"SIG-{number}",
            raw_text=text,
            tip_import=batch,
            row=number,
        )
        ranks = world.recipients(draw, own) if draw.random() < 0.2 else ()
        drawn.append((tip, report, [groups[rank] for rank in ranks]))
    return drawn


def write(batch, drawn, has_rights):
    """Reports, facts, tips and grants, and whatever the end of the transaction checks."""
    reads = access.permission_id(Report, "read_report")
    for start in range(0, len(drawn), AT_ONCE):
        chunk = drawn[start : start + AT_ONCE]
        if has_rights:
            for _, report, groups in chunk:
                if groups:
                    report.audience = Audience.RESTRICTED.value
        keep([tip for tip, _, _ in chunk], batch)
        if has_rights:
            copy_rows([
                ReportGroupGrant(
                    content_object_id=report.pk, permission_id=reads, group_id=group
                )
                for _, report, groups in chunk
                for group in groups
            ])  # fmt: skip
    world.run("SET CONSTRAINTS ALL IMMEDIATE")


# --- Rights that end --------------------------------------------------------------------------


def seats(reader):
    """End the participation of a unit and admit it again: no report is read."""
    protocol = Protocol.objects.get(department=reader.department)
    unit = reader.member.unit

    def end():
        withdraw(unit, protocol, by=None, why="mesure")

    def begin():
        admit(unit, protocol, by=None, starts_on=SINCE, ends_on=None)

    with CaptureQueriesContext(connection) as asked:
        end()
        begin()
    assert not any("intel_report" in query["sql"] for query in asked.captured_queries)
    taken = {"ending a participation": [], "admitting a unit": []}
    for _ in range(TIMES):
        taken["ending a participation"].append(milliseconds(end))
        assert not reader.counted().exists()
        taken["admitting a unit"].append(milliseconds(begin))
        assert reader.counted().exists()
    for name, times in taken.items():
        yield limit_row(f"{name}, 1M reports", statistics.median(times), "ms", 50)


def named_nowhere(reader):
    """Withdraw a unit from every restricted report that names it, in one statement."""
    grants = ReportGroupGrant.objects.filter(
        group_id=reader.parameters["group"], permission_id=reader.parameters["permission"]
    )
    rows, times = grants.count(), []
    assert rows
    for _ in range(TIMES):
        with taken_back():
            times.append(milliseconds(grants.delete))
            assert not grants.exists()
    name = f"withdrawing a unit from its {rows:,} restricted reports"
    return limit_row(name, statistics.median(times), "ms", 50)

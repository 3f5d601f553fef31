"""What a check costs: identifiers over 100,000 reports, operations among 10,000.

Each figure is that of the whole action: what is looked for, what is written down, the line of the
journal. The reports of `world` are given one identifier each, names for one in ten; a tenth of
those restricted are silent. Operations are spread over a year and a square of 80 km.
"""

from datetime import timedelta
from functools import partial

from django.utils import timezone

from cross import gate
from intel import access
from intel.actions import operations, targets
from intel.actions.targets import Wanted
from intel.models import DeconflictionHit, Identifier
from services.models import Commune, Member
from tests.bench import world
from tests.bench.measure import Row, in_turn, limit_row

HERE = "D00"
REPORTS = world.REPORTS // 10
EVENTS = world.REPORTS // 100
MOST_MS = 50
SIDE = 80_000

GIVE_IDENTIFIERS = """
INSERT INTO intel_identifier (report_id, kind, raw, value, by_id, at)
SELECT id, kind, value, value, author_id, now()
FROM intel_report, LATERAL (
  SELECT CASE WHEN id %% 10 = 0 THEN 'name' ELSE 'plate' END AS kind,
    CASE WHEN id %% 10 = 0
      THEN 'durand p' || id / 20 || '|' || (date '1960-01-01' + (id %% 15000)::int)
      ELSE 'AB' || id / 3 || 'CD' END AS value
) AS given
"""
BE_SILENT = """
INSERT INTO intel_silentmode (report_id, reason, review_on, by_id, at)
SELECT id, 'x', current_date + 30, author_id, now() FROM intel_report
WHERE audience = 1 AND id %% 10 = 1
"""
PLAN_EVENTS = """
INSERT INTO intel_plannedevent (number, department_id, unit_id, by_id, at, kind, commune_id, place,
  has_point, x, y, radius, starts_at, ends_at, contact, is_silent, silence_reason, fnos_by,
  fnos_result)
SELECT 'OPS-' || n, d.id, m.unit_id, m.id, now(), 'search', c.id, '', true,
  %(side)s * random(), %(side)s * random(), 300 + 700 * (n %% 2), starts, starts + hours,
  'x', false, '', '', ''
FROM generate_series(1, %(events)s) n
CROSS JOIN LATERAL (SELECT now() + n %% 365 * interval '1 day' + random() * interval '1 day'
  AS starts, (1 + n %% 8) * interval '1 hour' AS hours) AS span
CROSS JOIN (SELECT id FROM services_department) d
CROSS JOIN (SELECT min(id) AS id FROM services_commune) c
JOIN services_member m ON m.id = (SELECT min(id) FROM services_member) + n %% 40
"""


def rows(say):
    with world.own_database():
        world.fill(say, {HERE: REPORTS})
        world.run(GIVE_IDENTIFIERS)
        world.run(BE_SILENT)
        world.run(PLAN_EVENTS, side=SIDE, events=EVENTS)
        world.run("VACUUM ANALYZE")
        yield from checks()
        yield from events()


def in_a_request(act, *args, **kwargs):
    """As a page does it: what the member's seats open is asked once."""
    with gate.one_request():
        return act(*args, **kwargs)


def checks():
    member = Member.objects.select_related("unit__department").earliest("pk")
    pointed = access.pointed_identifiers(member)
    open_ones = pointed.filter(report__silent_mode=None)
    silent = pointed.exclude(report__silent_mode=None)
    plate = open_ones.filter(kind="plate").first()
    kept = silent.filter(kind="plate").first()
    name = open_ones.filter(kind="name").first()
    read = access.cited_identifiers(member).filter(kind="plate")[: targets.MOST - 2]
    acts = {
        "a plate with a hit": [plate],
        "a plate kept silent": [kept],
        "a plate that nobody holds": [Identifier(kind="plate", value="ZZ999ZZ")],
        "a name": [name],
        f"{targets.MOST} identifiers": [plate, name, *read],
    }
    asked = {
        label: [Wanted(each.kind, "x", each.value) for each in wanted]
        for label, wanted in acts.items()
    }
    taken = in_turn({
        label: partial(in_a_request, targets.check, wanted, by=member)
        for label, wanted in asked.items()
    })  # fmt: skip
    for label, ms in taken.items():
        yield limit_row(f"{REPORTS:,} reports, check of {label}", ms, "ms", MOST_MS)
    silence, absence = taken["a plate kept silent"], taken["a plate that nobody holds"]
    yield Row(
        "check kept silent, against a true no hit", silence, "ms", absence, silence / absence
    )


def events():
    member = Member.objects.select_related("unit__department").earliest("pk")
    commune = Commune.objects.select_related("department").earliest("pk")
    start = timezone.now() + timedelta(days=100)

    def declare(days):
        plan = operations.Plan(
            "search", commune, start + timedelta(days=days), start + timedelta(days=days, hours=2),
            "x", point=(SIDE // 2, SIDE // 2), radius=5_000,
        )  # fmt: skip
        return in_a_request(operations.declare, plan, by=member)

    found = in_turn({"declared": partial(declare, 0)})["declared"]
    yield limit_row(f"{EVENTS:,} operations, one more declared", found, "ms", MOST_MS)
    event = declare(1)
    plan = operations.Plan(
        "search", commune, event.starts_at, event.ends_at, "x", point=(1_000, 1_000), radius=5_000
    )
    act = partial(in_a_request, operations.change, event, plan, by=member)
    changed = in_turn({"changed": act})["changed"]
    yield limit_row(f"{EVENTS:,} operations, one changed", changed, "ms", MOST_MS)
    hits = DeconflictionHit.objects.unguarded(because="counted by a benchmark")
    yield Row("hits written down meanwhile", hits.count(), "hits")

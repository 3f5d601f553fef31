"""How often the statistics are wrong where the truth is known, and how long each one takes.

Times are those of one department (the 506 communes of the Vosges) and of the whole country as one
field, in turn with the floor: one sum of the same counts over the same neighbours, in numpy. The
shortest of several is kept: these are too short for the other work of the machine to even out.
"""

from itertools import starmap

import numpy as np

from intel import statistics
from tests.bench.measure import Row, least_row, limit_row, times_in_turn
from tests.statistics import calibration
from tests.statistics.ground import ground

MONTHS, WEEKS, QUARTERS = 12, 55, 12
DEPARTMENT_MS = 10
SOME = 1_000  # facts in space and time, for what compares each with each
TABLE = 60  # rows of a masked table: the EPCI and the largest communes of a department


def rows(say):
    say("reading the communes and their outlines…")
    ground()
    yield from starmap(least_or_limit, rates())
    for where, land, facts in (
        ("506 communes", ground("88"), 200),
        (f"{ground().population.size:,} communes", ground(), 20_000),
    ):
        say(f"timing on {where}…")
        yield from times(where, land, facts)
    yield from apart(say)


def rates():
    """Name, value, unit, limit, and whether it is a least: of 100 runs with the seeds 0 to 99."""
    calm = "departments of 100 with a false foyer"
    yield f"{calm}, 200 facts", calibration.false_alarms(), "", 12, False
    yield f"{calm}, 1,000 facts", calibration.false_alarms(facts=1000), "", 12, False
    yield f"{calm}, unequal communes", calibration.false_alarms(shape=2), "", 12, False
    yield f"{calm}, very unequal", calibration.false_alarms(shape=0.3), "", 12, False
    cluster = "fourfold clusters of 100 found"
    yield f"{cluster}, 200 facts", calibration.clusters_found(), "", 50, True
    yield f"{cluster}, 1,000 facts", calibration.clusters_found(facts=1000), "", 90, True
    yield f"{cluster}, 50 facts", calibration.clusters_found(facts=50), "", None, True
    yield "values changed by copying each report three times", changed_by_copies(), "", 0, False
    surge = calibration.surge()
    yield "surge of patrols: rises announced", 100 * surge.rising, "%", None, False
    yield "surge of patrols: of these, flagged", 100 * surge.concomitant, "%", 80, True
    true = calibration.surge(truth=2.5)
    yield "surge and true rise: said independent", 100 * true.independent, "%", 90, True


def least_or_limit(name, value, unit, limit, is_least):
    if limit is None:
        return Row(f"statistics, {name}", value, unit)
    row = least_row if is_least else limit_row
    return row(f"statistics, {name}", value, unit, limit)


def changed_by_copies():
    draw = np.random.default_rng(0)
    told = calibration.reports(draw, 1_000)
    once, copied = calibration.said_of(told), calibration.said_of(told.copied(draw))
    return sum(
        int(
            np.sum(~np.isclose(value, copied[name]) if name == "weight" else value != copied[name])
        )
        for name, value in once.items()
    )


def times(where, land, facts):
    acts = over_communes(land, facts)
    taken = shortest({"floor": floor_of(land, facts), **acts})
    floor = taken.pop("floor")
    yield Row(f"statistics, {where}: floor, one sum over neighbours", floor, "ms")
    for name, value in taken.items():
        row = Row(f"statistics, {where}: {name}", value, "ms", floor, value / floor)
        if land.population.size < 1_000:
            row.target, row.met = f"≤ {DEPARTMENT_MS} ms", value <= DEPARTMENT_MS
        yield row


def shortest(acts):
    taken = times_in_turn(acts, seconds=0.4, most=21)
    return {name: min(each) for name, each in taken.items()}


def floor_of(land, facts):
    counts = land.facts(np.random.default_rng(0), facts).astype(float)
    starts, members = land.neighbours.starts, land.neighbours.members
    linked = np.flatnonzero(np.diff(starts))

    def act():
        found = np.zeros(counts.size)
        found[linked] = np.add.reduceat(counts[members], starts[linked])
        return found

    return act


def over_communes(land, facts):
    """What a summary asks about each commune: name to act."""
    draw = np.random.default_rng(0)
    population, neighbours = land.population, land.neighbours
    n = population.size
    counts = land.facts(draw, facts)
    before = land.facts(draw, 4 * facts)
    months = draw.poisson(np.maximum(counts, 0.1)[:, None], (n, MONTHS))
    hot = draw.random((n, QUARTERS)) < 0.3
    p = draw.random(n)
    weeks = draw.poisson(3, (n, WEEKS))
    changed = statistics.compare_counts(counts, 3, before, 12)
    found = statistics.hot_spots(counts, population, neighbours)
    is_hot = statistics.hot_spot_labels(found) == statistics.HotSpotLabel.FOYER
    effort = draw.random(n) * 2
    weight, day = draw.random(counts.sum()), draw.integers(0, 365, counts.sum())
    commune = np.repeat(np.arange(n), counts)
    return {
        "false discovery rate": lambda: statistics.false_discovery_rate(p),
        "smoothed rates": lambda: statistics.smoothed_rates(counts, population),
        "smoothed rates, local": lambda: statistics.smoothed_locally(
            counts, population, neighbours
        ),
        "Gi*": lambda: statistics.gi_star(counts, neighbours),
        "Moran, local": lambda: statistics.local_moran(counts, neighbours),
        "foyers": lambda: statistics.hot_spots(counts, population, neighbours),
        "zones of foyers": lambda: statistics.hot_spot_zones(is_hot, counts, neighbours),
        "change": lambda: statistics.compare_counts(counts, 3, before, 12),
        "change, overdispersed": lambda: statistics.compare_counts(
            counts, 3, before, 12, overdispersion=statistics.overdispersion_of(months)
        ),
        "labels of change": lambda: statistics.change_labels(
            changed, statistics.change_q_values(changed, counts, before), counts, before
        ),
        "effort": lambda: statistics.effort_status(changed, changed, effort),
        "trend": lambda: statistics.mann_kendall(months),
        "histories": lambda: statistics.history(hot),
        "weekly alarm": lambda: statistics.weekly_alarm(weeks),
        "smallest rise": lambda: statistics.smallest_visible_rise(before, 3, 12),
        "order of the list": lambda: statistics.rank_by_stock(
            commune, weight, day, reference_day=365, half_life=90, territories=n
        ),
    }


def apart(say):
    """What does not go by communes: facts, pairs of facts, tables."""
    say("timing weights, masking, pairs and the scan…")
    draw = np.random.default_rng(0)
    told = calibration.reports(draw, 10_000)
    delays = draw.integers(0, 40, 10_000)
    x, y, day = draw.random(SOME) * 80_000, draw.random(SOME) * 80_000, draw.integers(0, 365, SOME)
    facts = {f"{n:05}": int(count) for n, count in enumerate(draw.poisson(9, TABLE))}
    reports = {code: 2 * count for code, count in facts.items()}
    parents = {code: f"epci {int(code) % 12}" for code in facts}
    parents |= dict.fromkeys(set(parents.values()), "department")
    land = ground("88")
    rows, columns = draw.random((2, land.population.size)) * 80_000
    counts = land.facts(draw, 200)
    acts = {
        "weights of 10,000 facts": lambda: calibration.weighed(told),
        "delays of 10,000 facts": lambda: statistics.delay_curve(delays, delays + 5, longest=40),
        f"masking of {TABLE} rows": lambda: statistics.mask(facts),
        f"masking of {TABLE} rows, two columns": lambda: statistics.mask_together(
            [facts, reports]
        ),
        f"masking of {TABLE} rows in 12 EPCI": lambda: statistics.mask_levels(facts, parents),
        f"Knox, {SOME:,} facts": lambda: statistics.knox(x, y, day, distance=500, days=30),
        "Poisson scan, 506 communes, no simulation": lambda: statistics.poisson_scan(
            rows, columns, counts, land.population
        ),
    }
    for name, value in shortest(acts).items():
        yield Row(f"statistics, {name}", value, "ms")

"""`knox_burkitt.json`, `scan_ny.json` and `pai.json`: pairs, circles, the map a year later."""

import re
from functools import partial

import numpy as np

from intel.statistics import negative_binomial
from intel.statistics.accuracy import prediction_accuracy
from intel.statistics.near_repeat import knox
from intel.statistics.oracles.cases import (
    NOTES,
    Case,
    Malformed,
    Tolerance,
    cases_of,
    listed,
    numbers,
    tolerance_of,
)
from intel.statistics.scan import poisson_scan

SEED = 1997
SIMULATIONS = 999
# The parameters of the scan are said in the words of its definition, or as numbers beside it.
SHARE_IN_WORDS = re.compile(r"share\s*(?:<=|≤|<|at most)\s*(?P<percent>[\d.]+)\s*%")
FEWEST_IN_WORDS = re.compile(r"at least (?P<cases>\d+) cases?")
SHARE_NAMES = ("largest_share", "max_share", "max_population_share", "population_share", "ubpop")
FEWEST_NAMES = ("fewest_cases", "min_cases")
MONTE_CARLO = frozenset({"p", "p_value", "satscan_p"})


def read_knox(file):
    """One case a pair of distances, in place and in time, over the same points."""
    for entry in cases_of(file, "expected"):
        case = file | entry
        values = {key: entry[key] for key in entry if key not in NOTES | {"distance", "days"}}
        yield Case(
            name=f"{entry['distance']} and {entry['days']} days",
            expected=values,
            compute=partial(close_pairs, case),
            tolerance=tolerance_of(case),
        )


def close_pairs(case):
    x, y, day = (numbers(case[name]) for name in ("x", "y", "t"))
    found = knox(x, y, day, distance=case["distance"], days=case["days"])
    # pointpats publishes the chance of more pairs than observed, not of as many.
    more = negative_binomial.tail(found.both + 1, found.expected, found.expected)
    return {
        "close_both": found.both,
        "close_space": found.near,
        "close_time": found.soon,
        "pairs": found.pairs,
        "expected": found.expected,
        "p_poisson": more,
    }


def read_scan(file):
    """One case a cluster: the one that holds the first unit named, or the one of that rank."""
    expected = cases_of(file, "expected")
    clusters: list = []  # found once for all, when the first is asked for

    def cluster(number, entry):
        if not clusters:
            clusters.extend(found_clusters(file, expected))
        rank = int(entry.get("rank", number))
        for place, one in enumerate(clusters, 1):
            named = entry.get("ids_1based")
            if named[0] - 1 in one.members if named else place == rank:
                return described(one)
        raise Malformed("no such cluster was found")

    for number, entry in enumerate(expected, 1):
        values = {key: value for key, value in entry.items() if key not in NOTES | {"rank"}}
        if "ids_1based" in values:
            values["ids_1based"] = sorted(values["ids_1based"])
        yield Case(
            name=str(entry.get("name", f"cluster {number}")),
            expected=values,
            compute=partial(cluster, number, entry),
            tolerance=tolerance_of(file),
            tolerances=rounded(entry),
        )


def found_clusters(file, expected):
    x = numbers(file["lon"] if "lon" in file else file["x"])
    y = numbers(file["lat"] if "lat" in file else file["y"])
    has_p = any(MONTE_CARLO & set(entry) for entry in expected)
    return poisson_scan(
        x,
        y,
        numbers(file["cases"]),
        numbers(file["population"]),
        largest_share=parameter(file, SHARE_NAMES, SHARE_IN_WORDS, percent=True),
        fewest_cases=parameter(file, FEWEST_NAMES, FEWEST_IN_WORDS),
        generator=np.random.default_rng(SEED) if has_p else None,
        simulations=SIMULATIONS,
    )


def parameter(file, names, in_words, *, percent=False):
    for name in names:
        if name in file:
            return float(file[name])
    said = in_words.search(file["definition"])
    if said is None:
        raise Malformed(f"neither “{names[0]}” nor words for it in the definition")
    return float(said[1]) / (100 if percent else 1)


def described(cluster):
    return {
        "ids_1based": sorted(unit + 1 for unit in cluster.members),
        "cases": cluster.cases,
        "population": cluster.population,
        "expected": cluster.expected,
        "llr": cluster.log_likelihood_ratio,
        **dict.fromkeys(MONTE_CARLO, cluster.p),
    }


def rounded(entry):
    """What was published with fewer digits, or comes from simulations, on their side and ours."""
    tolerances = {}
    if "expected" in entry:
        decimals = len(repr(float(entry["expected"])).partition(".")[2])
        tolerances["expected"] = Tolerance(0.5 * 10**-decimals * (1 + 1e-9))
    for name in MONTE_CARLO & set(entry):
        p = float(entry[name])
        error = np.sqrt(2 * p * (1 - p) / SIMULATIONS)
        tolerances[name] = Tolerance(4 * error + 2 / SIMULATIONS)
    return tolerances


def a_year_later(case):
    area = numbers(case["area"])
    selected = np.zeros(area.shape, dtype=bool)
    selected[case["selected"]] = True
    found = prediction_accuracy(selected, area, numbers(case["future"]))
    return {
        "hit_rate": found.hit_rate,
        "area_share": found.area_share,
        "pai": found.index,
        "pei": found.efficiency,
    }


read_accuracy = listed(a_year_later, inputs=("selected", "area", "future"))

"""`rate_change.json` and `mann_kendall.json`: two periods, and many."""

import re

from intel.statistics.change import compare_counts
from intel.statistics.oracles.cases import listed, numbers
from intel.statistics.trend import mann_kendall

INTERVAL = re.compile(r"rr_ci(?P<percent>\d\d)")


def two_periods(case):
    counts = [float(case[name]) for name in ("c1", "e1", "c0", "e0")]
    phi = float(case.get("phi") or 1)
    found = compare_counts(*counts, overdispersion=phi)
    intervals = {}
    for key in case:
        if asked := INTERVAL.fullmatch(key):
            confidence = int(asked["percent"]) / 100
            bounds = compare_counts(*counts, overdispersion=phi, confidence=confidence)
            intervals[key] = [bounds.low, bounds.high]
    return {
        "rr": found.ratio,
        "p_exact": found.p_exact,
        "p_mid": found.p_mid,
        "p": found.p,
        **intervals,
    }


def many_periods(case):
    found = mann_kendall(numbers(case["y"]))
    return {
        "S": found.s,
        "varS": found.variance,
        "var": found.variance,
        "z": found.z,
        "p": found.p,
        "trend": found.direction(case.get("alpha", 0.05)),
    }


read_change = listed(two_periods, inputs=("c1", "e1", "c0", "e0", "phi"))
read_trend = listed(many_periods, inputs=("y", "alpha"))

"""`fdr.json`: p-values, and the same adjusted."""

import re

import numpy as np

from intel.statistics.false_discovery import false_discovery_rate
from intel.statistics.oracles.cases import listed, numbers

INPUTS = ("p", "alpha")
COUNT = re.compile(r"n_sig_q(?P<percent>\d\d)")


def adjusted(case):
    q = false_discovery_rate(numbers(case["p"]))
    below = int(np.sum(q <= case.get("alpha", 0.05)))
    return {"q": q, "rejections": below, **counts_below(q, case)}


def counts_below(q, case):
    """How many q-values are at most 5 %, as `n_sig_q05`; any other percentage likewise."""
    asked = {key: COUNT.fullmatch(key) for key in case}
    return {
        key: int(np.sum(q <= int(match["percent"]) / 100)) for key, match in asked.items() if match
    }


read = listed(adjusted, inputs=INPUTS)

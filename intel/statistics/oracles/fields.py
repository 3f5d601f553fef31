"""`gi_star.json` and `moran.json`: values of units that have neighbours."""

from intel.statistics import normal
from intel.statistics.autocorrelation import gi_star, local_moran, moran
from intel.statistics.false_discovery import false_discovery_rate
from intel.statistics.neighbours import Neighbours
from intel.statistics.oracles.cases import listed, numbers
from intel.statistics.oracles.false_discovery import counts_below


def clusters(case):
    z = gi_star(numbers(case["x"]), Neighbours.from_lists(case["neighbours"]))
    p = normal.two_sided_p(z)
    q = false_discovery_rate(p)
    return {"z": z, "p_two_sided": p, "q_bh": q, **counts_below(q, case)}


def likeness(case):
    x, neighbours = numbers(case["x"]), Neighbours.from_lists(case["neighbours"])
    return {"I": moran(x, neighbours), "local_I": local_moran(x, neighbours)}


read_gi_star = listed(clusters, inputs=("x", "neighbours"))
read_moran = listed(likeness, inputs=("x", "neighbours"))

"""`rates_eb.json`: empirical-Bayes rates, towards the mean of all and of the neighbours."""

from intel.statistics.neighbours import Neighbours
from intel.statistics.oracles.cases import listed, numbers
from intel.statistics.rates import raw_rates, smoothed_locally, smoothed_rates


def smoothed(case):
    events, population = numbers(case["events"]), numbers(case["population"])
    towards_all = smoothed_rates(events, population)
    found = {
        "raw": raw_rates(events, population),
        "m": towards_all.mean,
        "A": towards_all.variance,
        "eb_global": towards_all.rates,
    }
    if "neighbours" in case:
        neighbours = Neighbours.from_lists(case["neighbours"])
        found["eb_spatial"] = smoothed_locally(events, population, neighbours).rates
    return found


read = listed(smoothed, inputs=("events", "population", "neighbours"))

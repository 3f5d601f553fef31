"""`emerging_categories.json`: what kind of history a series of foyers makes."""

from intel.statistics import emerging
from intel.statistics.oracles.cases import listed, numbers
from intel.statistics.trend import mann_kendall

INPUTS = ("hot", "cold", "trend", "z", "share", "alpha", "T")


def category(case):
    if "z" in case and "trend" not in case:
        trend = mann_kendall(numbers(case["z"])).direction(case.get("alpha", 0.05))
    else:
        trend = case["trend"]
    named = emerging.history(
        case["hot"],
        case.get("cold"),
        trend,
        lasting_share=case.get("share", emerging.LASTING_SHARE),
        few_periods=0,  # the cases say every category, however short the series
    )
    return {"category": named}


read = listed(category, inputs=INPUTS)

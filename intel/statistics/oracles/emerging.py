"""`emerging_categories.json`: what kind of history a series of foyers makes."""

from intel.statistics import emerging
from intel.statistics.oracles.cases import listed

INPUTS = ("hot", "cold", "trend", "share", "alpha", "T")


def category(case):
    named = emerging.history(
        case["hot"],
        case.get("cold"),
        case["trend"],
        lasting_share=case.get("share", emerging.LASTING_SHARE),
        few_periods=0,  # the cases say every category, however short the series
    )
    return {"category": named}


read = listed(category, inputs=INPUTS)

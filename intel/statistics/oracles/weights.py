"""`fact_weights.json`: the weight, the tier and the age of one fact, by its reports."""

import numpy as np

from intel.statistics import weights
from intel.statistics.oracles.cases import Malformed, listed

INPUTS = ("fact_status", "reports", "R", "K", "reference_day", "half_life_days")
SET_ASIDE, STANDING = {"infirme", "retire", "ecarte"}, {"actif", "confirme"}
VALID, WITHDRAWN = {"valide"}, {"retire", "infirme", "ecarte"}


def weighed(case):
    reports = case["reports"]
    usual = weights.Scale()
    scale = weights.Scale(
        reliability=case.get("R", usual.reliability),
        credibility={int(grade): worth for grade, worth in case["K"].items()}
        if "K" in case
        else usual.credibility,
    )
    found = weights.weigh(
        fact=np.zeros(len(reports)),
        origin=[_origin(report) for report in reports],
        service=[str(report.get("service")) for report in reports],
        reliability=[report["rel"] for report in reports],
        credibility=[int(report["cred"]) for report in reports],
        day=[report["day"] for report in reports],
        is_tip=[report.get("citizen", False) for report in reports],
        is_valid=[_is(report.get("status", "valide"), VALID, WITHDRAWN) for report in reports],
        is_disproved=[_is(case.get("fact_status", "actif"), SET_ASIDE, STANDING)],
        facts=1,
        scale=scale,
    )
    values = {key: value[0] for key, value in vars(found).items()}
    left = weights.decayed(
        found.weight, found.last_day, case["reference_day"], case["half_life_days"]
    )
    return values | {"decayed": left[0]}


def _origin(report):
    """Of an unknown source, the service is the origin: the cautious reading."""
    source = report.get("origin")
    return f"source {source}" if source is not None else f"service {report['service']}"


def _is(word, yes, no):
    if word not in yes | no:
        raise Malformed(f"“{word}” is not a state we know")
    return word in yes


read = listed(weighed, inputs=INPUTS)

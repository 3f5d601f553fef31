"""`secret.json`: which counts of a table may be shown, and what an attacker is left with."""

from intel.statistics import masking
from intel.statistics.oracles.cases import listed

INPUTS = ("children", "k", "min_range", "withheld")
WORDS = {
    masking.EXACT: "exact",
    masking.PRIMARY: "masque_primaire",
    masking.SECONDARY: "masque_secondaire",
    masking.WITHHELD: "masque_secondaire",
}


def masked(case):
    found = masking.mask(
        case["children"],
        withheld=case.get("withheld", ()),
        threshold=case.get("k", masking.THRESHOLD),
        narrowest=case.get("min_range", masking.NARROWEST),
    )
    return {
        "status": {code: WORDS[status] for code, status in found.status.items()},
        "total": "exact" if found.total_shown else "masque",
        "attacker_ranges": found.ranges,
    }


read = listed(masked, inputs=INPUTS)

"""`nb_neighbourhood.json`: foyers by the negative binomial of a unit and its neighbours."""

import re
from functools import partial

import numpy as np

from intel.statistics import hotspots
from intel.statistics.neighbours import Neighbours
from intel.statistics.oracles.cases import (
    Case,
    Tolerance,
    cases_of,
    expected_of,
    number_or_none,
    numbers,
)

INPUTS = frozenset({"neighbours", "counts", "population", "least_count"})
FOLLOWING = ("neighbourhood_variance", "p_upper", "q_bh")  # from the dispersion
HOT = re.compile(r"hot_q(?P<percent>\d\d)")
WRITTEN = Tolerance(1e-6, 1e-6)
# What follows from a dispersion that is written with six digits.
GIVEN = Tolerance(relative=1e-5)


def read(file):
    """Each case twice: with the dispersion estimated, and with the one that the file gives."""
    told = file.get("tolerance_rel", {})
    told = told if isinstance(told, dict) else {"dispersion_a": told, "p": told}
    of_dispersion = Tolerance(relative=number_or_none(told.get("dispersion_a")) or 1e-3)
    of_p = Tolerance(relative=number_or_none(told.get("p")) or 1e-3)
    for number, case in enumerate(cases_of(file, "cases"), 1):
        name = str(case.get("name", f"case {number}"))
        expected = expected_of(case, INPUTS)
        estimated = {"dispersion_a": of_dispersion, **dict.fromkeys(FOLLOWING, of_p)}
        yield Case(name, expected, partial(values, case), WRITTEN, estimated)
        given = number_or_none(case.get("dispersion_a"))
        if given is not None:
            rest = {key: value for key, value in expected.items() if key != "dispersion_a"}
            yield Case(
                f"{name}, dispersion given",
                rest,
                partial(values, case, given),
                WRITTEN,
                dict.fromkeys(FOLLOWING, GIVEN),
            )


def values(case, dispersion=None):
    found = hotspots.hot_spots(
        numbers(case["counts"]),
        numbers(case["population"]),
        Neighbours.from_lists(case["neighbours"]),
        dispersion=dispersion,
    )
    return {
        "dispersion_a": found.dispersion,
        "neighbourhood_count": found.count,
        "neighbourhood_expected": found.expected,
        "neighbourhood_variance": found.variance,
        "p_upper": found.p,
        "q_bh": found.q,
        **_hot(found, case),
    }


def _hot(found, case):
    """The numbers of the foyers at 5 %, as `hot_q05`; any other percentage likewise."""
    least = case.get("least_count", 3)
    asked = {key: HOT.fullmatch(key) for key in case}
    return {
        key: np.flatnonzero((found.q <= int(match["percent"]) / 100) & (found.count >= least))
        for key, match in asked.items()
        if match
    }

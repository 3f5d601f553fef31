"""`surveillance.json`: bounds of weekly counts and tails; three kinds of cases in one file."""

import numpy as np

from intel.statistics import alarm, negative_binomial
from intel.statistics.oracles.cases import (
    NOTES,
    TOLERANCES,
    Case,
    Malformed,
    Tolerance,
    cases_of,
    number_or_none,
    numbers,
    tolerance_of,
)


def read(file):
    """Each kind is one case or a list of them, under its own name, or `cases` that name it."""
    known = READERS.keys() | {f"{kind}_tolerance_rel" for kind in READERS} | {"cases"}
    for kind in sorted(file.keys() - known - NOTES - TOLERANCES):
        yield _unknown(kind)
    shared = {key: file[key] for key in ("tolerance",) if key in file}
    for kind, one in _kinds_and_cases(file):
        if kind in READERS:
            yield from READERS[kind](shared | one, _relative(file, kind))
        else:
            yield _unknown(kind)


def _unknown(kind):
    """A case that fails, and lets the others be read."""

    def fail():
        raise Malformed("no kind of case has that name")

    return Case(str(kind), {}, fail)


def _kinds_and_cases(file):
    for kind in READERS:
        held = file.get(kind, [])
        for one in held if isinstance(held, list) else [held]:
            if not isinstance(one, dict):
                raise Malformed(f"“{kind}” does not hold cases")
            yield kind, one
    for one in cases_of(file, "cases") if "cases" in file else []:
        yield one.get("kind"), one


def _relative(file, kind):
    return number_or_none(file.get(f"{kind}_tolerance_rel"))


def _ears(case, _):
    first = case.get("first_tested_index", case.get("baseline", 7))

    def values():
        bounds = alarm.ears_bound(
            numbers(case["weeks"]), alpha=case["alpha"], baseline=case.get("baseline", 7)
        )
        return {"upper": bounds[first:]}

    yield Case(
        str(case.get("name", "ears_c1")), {"upper": case["upper"]}, values, tolerance_of(case)
    )


def _farrington(case, _):
    columns = case.get("columns", ["lower", "upper", "score"])
    for transform, expected in case["expected"].items():

        def values(transform=transform):
            found = alarm.farrington_bound(
                case["y"],
                case["mu"],
                case["se"],
                case["phi"],
                alpha=case["alpha"],
                transform=transform,
            )
            known = vars(found) | {"alarm": found.is_alarm(case.get("weeks", [case["y"]]))}
            return {transform: [np.asarray(known[column]).item() for column in columns]}

        name = f"{case.get('name', 'farrington_threshold')} {transform}"
        yield Case(name, {transform: expected}, values, tolerance_of(case))


def _tail(case, relative):
    def values():
        return {"p_ge": negative_binomial.tail(case["k"], case["mu"], case["var"])}

    tolerance = tolerance_of(case) if relative is None else Tolerance(relative=relative)
    name = case.get("name", f"nb_tail k={case['k']} mu={case['mu']} var={case['var']}")
    yield Case(str(name), {"p_ge": case["p_ge"]}, values, tolerance)


READERS = {"ears_c1": _ears, "farrington_threshold": _farrington, "nb_tail": _tail}

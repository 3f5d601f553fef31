"""What the readers of oracles make of other parameters, and of kinds they do not know."""

import json
from pathlib import Path

import pytest

from intel.statistics.oracles.runner import run

ORACLES = Path(__file__).parent / "oracles"


def content_of(stem):
    return json.loads((ORACLES / f"{stem}.json").read_text())


def told(folder, name, content):
    (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    lines = []
    run(folder, say=lines.append)
    return lines


WRONG = {
    "emerging_categories": (("cases", 3, "category"), "sporadique", 1),
    "fact_weights": (("cases", 2, "expected", "weight"), 0.9141, 1),
    "nb_neighbourhood": (("cases", 1, "p_upper", 7), 0.6350, 2),  # estimated, and given
    "secret": (("cases", 1, "attacker_ranges", "88002"), [7, 12], 1),
    "surveillance": (("nb_tail", 1, "p_ge"), 0.05468751, 1),
}


@pytest.mark.parametrize(("stem", "wrong"), WRONG.items(), ids=WRONG)
def test_one_value_that_is_wrong_fails_its_case_alone(stem, wrong, tmp_path):
    (*before, last), value, failing = wrong
    content = holder = content_of(stem)
    for key in before:
        holder = holder[key]
    holder[last] = value
    lines = told(tmp_path, stem, content)
    assert len(lines) == failing + 1
    assert lines[-1].endswith(f" passed, {failing} failed")


def test_a_kind_that_is_unknown_fails_and_the_others_are_read(tmp_path):
    content = content_of("surveillance")
    lines = told(tmp_path, "surveillance", content | {"cusum": {"weeks": [1]}})
    assert lines == [
        "surveillance.json, cusum: no kind of case has that name",
        "9 passed, 1 failed",
    ]
    lines = told(tmp_path, "surveillance", {"cases": [{"kind": "cusum"}]})
    assert lines[-1] == "0 passed, 1 failed"


def test_kinds_of_weekly_alarms_in_a_list_or_with_their_name(tmp_path):
    content = content_of("surveillance")
    ears = content["ears_c1"]
    named = [{"kind": "nb_tail", **case} for case in content["nb_tail"]]
    assert told(tmp_path, "surveillance", {"ears_c1": [ears, ears], "cases": named}) == [
        "7 passed, 0 failed"
    ]


def test_another_baseline_and_another_level_of_the_ears_bound(tmp_path):
    weeks = [2, 4, 6, 5]
    case = {"weeks": weeks, "baseline": 3, "first_tested_index": 3, "alpha": 0.5, "upper": [4]}
    assert told(tmp_path, "surveillance", {"ears_c1": case}) == ["1 passed, 0 failed"]


def test_a_farrington_bound_says_its_alarm(tmp_path):
    case = content_of("surveillance")["farrington_threshold"]
    case |= {"y": 12, "weeks": [0, 0, 0, 12], "columns": ["alarm"], "expected": {"2/3": [True]}}
    assert told(tmp_path, "surveillance", {"farrington_threshold": case}) == ["1 passed, 0 failed"]


def test_another_scale_of_grades(tmp_path):
    content = content_of("fact_weights")
    case = content["cases"][0] | {"half_life_days": 50, "reference_day": 150}
    case["expected"] = {"weight": 0.7, "decayed": 0.35}
    content |= {"R": content["R"] | {"B": 0.55}, "cases": [case]}
    assert told(tmp_path, "fact_weights", content) == ["1 passed, 0 failed"]


def test_without_a_source_the_service_is_the_origin(tmp_path):
    content = content_of("fact_weights")
    case = content["cases"][2]
    for report in case["reports"]:
        report |= {"origin": None, "service": "GN"}
    case["expected"] = {"origins": 1, "tier": "probable"}
    assert told(tmp_path, "fact_weights", content | {"cases": [case]}) == ["1 passed, 0 failed"]


def test_a_state_that_is_unknown_fails(tmp_path):
    content = content_of("fact_weights")
    content["cases"] = content["cases"][:1]
    content["cases"][0]["fact_status"] = "peut-être"
    lines = told(tmp_path, "fact_weights", content)
    assert "“peut-être” is not a state we know" in lines[0]


def test_another_threshold_of_masking(tmp_path):
    case = {
        "children": {"a": 8, "b": 12, "c": 40},
        "status": {"a": "masque_primaire", "b": "masque_secondaire", "c": "exact"},
        "total": "exact",
        "attacker_ranges": {"a": [0, 10], "b": [10, 20]},
    }
    assert told(tmp_path, "secret", {"k": 11, "min_range": 3, "cases": [case]})[-1] != (
        "1 passed, 0 failed"
    )
    case["attacker_ranges"] = {"a": [0, 9], "b": [11, 20]}
    assert told(tmp_path, "secret", {"k": 11, "min_range": 3, "cases": [case]}) == [
        "1 passed, 0 failed"
    ]


def test_a_trend_may_be_told_by_the_values_it_comes_from(tmp_path):
    case = {"hot": [1] * 12, "cold": [0] * 12, "z": list(range(12)), "category": "intensification"}
    steady = case | {"z": [2, 1] * 6, "category": "persistant"}
    assert told(tmp_path, "emerging_categories", {"cases": [case, steady]}) == [
        "2 passed, 0 failed"
    ]


def test_foyers_at_another_level(tmp_path):
    content = content_of("nb_neighbourhood")
    content["cases"] = content["cases"][:1]
    case = content["cases"][0]
    q = case["q_bh"]
    case["hot_q09"] = [unit for unit, value in enumerate(q) if value <= 0.09]
    assert len(case["hot_q09"]) > len(case["hot_q05"])
    assert told(tmp_path, "nb_neighbourhood", content) == ["2 passed, 0 failed"]

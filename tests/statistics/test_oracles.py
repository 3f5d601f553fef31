"""The oracles all hold, and the command that runs them says so when they do not."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from intel.statistics.oracles.cases import Either, Tolerance, difference_between
from intel.statistics.oracles.runner import problems_of, run

HOUSE = Path(__file__).parents[2]
ORACLES = Path(__file__).parent / "oracles"
FILES = sorted(ORACLES.glob("*.json"))


def told(folder):
    """What the command says, line by line, and its exit code."""
    lines = []
    return lines, run(folder, say=lines.append)


def write(folder, name, content):
    (folder / name).write_text(
        content if isinstance(content, str) else json.dumps(content), encoding="utf-8"
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_oracle(path):
    assert [problem for problem in problems_of(path) if problem] == []


def test_the_oracles_are_reached_without_django():
    reach = "import sys, intel.statistics.oracles.kinds; print('django' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", reach],
        cwd=HOUSE, env={}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "False\n"


def test_the_command_says_how_many_hold():
    done = subprocess.run(
        [sys.executable, "-m", "intel.statistics.oracles", str(ORACLES)],
        cwd=HOUSE, env={}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    last = done.stdout.splitlines()[-1]
    assert last.endswith(" passed, 0 failed")
    assert int(last.split()[0]) > len(FILES)
    assert done.returncode == 0


EXPECTED = {
    "adjacency": ("departments", 0, "links"),
    "fdr": ("cases", 0, "q", 3),
    "gi_star": ("cases", 2, "q_bh", 17),
    "knox_burkitt": ("expected", 0, "expected"),
    "mann_kendall": ("cases", 4, "p"),
    "moran": ("cases", 0, "local_I", 99),
    "pai": ("cases", 0, "expected", "pai"),
    "rate_change": ("cases", 7, "rr_ci95", 1),
    "rates_eb": ("cases", 1, "eb_spatial", 40),
    "scan_ny": ("expected", 1, "llr"),
}


@pytest.mark.parametrize(("stem", "where"), EXPECTED.items(), ids=EXPECTED)
def test_one_number_that_is_wrong_fails_one_case(stem, where, tmp_path):
    content = json.loads((ORACLES / f"{stem}.json").read_text())
    *before, last = where
    holder = content
    for key in before:
        holder = holder[key]
    holder[last] = holder[last] * 1.00001 + (1 if stem == "adjacency" else 0)
    write(tmp_path, f"{stem}.json", content)
    lines, code = told(tmp_path)
    assert len(lines) == 2
    assert lines[0].startswith(f"{stem}.json, ")
    assert " expected" in lines[0]
    assert lines[1].endswith(" passed, 1 failed")
    assert code == 1


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("horoscope.json", {"cases": [{"p": [0.1], "q": [0.1]}]}, "no oracle has that name"),
        ("fdr.txt", "{}", "no oracle has that name"),
        ("fdr.json", "{", "cannot be read as JSON"),
        ("fdr.json", "[]", "one JSON object"),
        ("fdr.json", {"definition": "…"}, "is not a list of cases"),
        ("fdr.json", {"cases": [3]}, "is not a list of cases"),
        ("fdr.json", {"cases": []}, "there is no case"),
        ("fdr.json", {"cases": [{"q": [0.1]}]}, "“p” is missing"),
        ("fdr.json", {"cases": [{"p": [0.1]}]}, "nothing is expected"),
        ("fdr.json", {"cases": [{"p": [0.1], "q": [0.1], "r": 2}]}, "“r” is not a value we know"),
        ("fdr.json", {"cases": [{"p": [7], "q": [7]}]}, "cannot be computed"),
        ("fdr.json", {"cases": [{"p": "many", "q": [7]}]}, "cannot be computed"),
        ("fdr.json", {"cases": [{"p": [0.1], "q": [0.1, 0.2]}]}, "1 values found, 2 expected"),
        ("fdr.json", {"cases": [{"p": [0.1], "q": [None]}]}, "nothing expected"),
        (
            "moran.json",
            {"cases": [{"x": [1, 2], "neighbours": [[5], [0]], "I": 0}]},
            "A neighbour is outside 0 .. 1",
        ),
        ("adjacency.json", {"departments": [{"dep": "99", "units": 1}]}, "no department “99”"),
        (
            "scan_here.json",
            {"definition": "A scan.", "lon": [0], "lat": [0], "cases": [1], "population": [1],
             "expected": [{"ids_1based": [1], "llr": 1}]},
            "neither “largest_share” nor words",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_is_a_failure_with_a_sentence(name, content, sentence, tmp_path):
    shutil.copy(ORACLES / "pai.json", tmp_path)  # the others are run all the same
    write(tmp_path, name, content)
    lines, code = told(tmp_path)
    assert len(lines) == 2
    assert lines[0].startswith(name)
    assert sentence in lines[0]
    assert lines[-1] == "2 passed, 1 failed"
    assert code == 1


def test_a_folder_without_oracles_or_that_does_not_exist_is_a_failure(tmp_path):
    (tmp_path / "README.md").write_text("Numbers.")
    lines, code = told(tmp_path)
    assert (lines[-1], code) == ("0 passed, 1 failed", 1)
    lines, code = told(tmp_path / "elsewhere")
    assert (lines[-1], code) == ("0 passed, 1 failed", 1)
    assert "No such file" in lines[0]


def test_a_file_of_other_data_is_known_by_the_words_of_its_name(tmp_path):
    shutil.copy(ORACLES / "fdr.json", tmp_path / "other_fdr_2.json")
    lines, code = told(tmp_path)
    assert (lines, code) == (["3 passed, 0 failed"], 0)


def test_parameters_of_the_file_hold_for_its_cases_and_those_of_a_case_come_first(tmp_path):
    p = [0.01, 0.04, 0.04, 0.5]
    write(
        tmp_path,
        "fdr.json",
        {
            "alpha": 0.06,
            "cases": [{"p": p, "rejections": 3}, {"p": p, "alpha": 0.05, "rejections": 1}],
        },
    )
    assert told(tmp_path) == (["2 passed, 0 failed"], 0)


def test_the_scan_reads_its_parameters_in_words_or_as_numbers(tmp_path):
    content = json.loads((ORACLES / "scan_ny.json").read_text())
    content["expected"] = content["expected"][:1]
    in_words = content | {"definition": "population share <=2 %, at least 2 cases"}
    write(tmp_path, "scan_in_words.json", in_words)
    write(tmp_path, "scan_as_a_number.json", content | {"max_share": 0.02})
    lines, _ = told(tmp_path)
    assert len(lines) == 3
    assert lines[0].split(":", 1)[1] == lines[1].split(":", 1)[1]  # the same smaller cluster


def test_excerpts_of_a_list(tmp_path):
    case = {"p": [0.03, 0.01, None], "q_first2": [0.03, 0.02], "q_max": 0.03, "q_argmin0": 1}
    write(tmp_path, "fdr.json", {"cases": [case]})
    assert told(tmp_path) == (["1 passed, 0 failed"], 0)


@pytest.mark.parametrize(
    ("found", "expected", "same"),
    [
        (float("nan"), None, True),
        (0.0, None, False),
        (None, 0.0, False),
        (np.float64(1.0000001), 1, True),
        (1.00001, 1, False),
        (1e9 + 10, 1e9, True),  # as many digits, not as many decimals
        ("foyer", "foyer", True),
        ("foyer", 1, False),
        (np.array([1, 2]), [1, 2], True),
        ([1, [2, None]], [1, [2, float("nan")]], True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ({"a": 1, "b": 2}, {"a": 1}, False),
        (1, [1], False),
        (Either((2, 3)), 3, True),
        (Either((2, 3)), 4, False),
    ],
)
def test_what_is_the_same(found, expected, same):
    assert (difference_between(found, expected, Tolerance(1e-6, 1e-6)) == "") is same

"""The benchmark runs, on a country of 2,000 reports; how fast is for `./run bench` to say.

The benchmark itself refuses to time two answers that differ: a floor that answers less than the
pages do, or more, fails here.
"""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
SMALL = {"CROSS_BENCH_REPORTS": "2000", "CROSS_BENCH_SECONDS": "0"}


def bench(home, name):
    """The figures of one benchmark, as written in the data folder."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.bench", name],
        cwd=PROJECT,
        env=os.environ | SMALL | {"CROSS_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads((home / "bench.json").read_text(encoding="utf-8"))


def test_who_sees_what_is_measured_against_the_same_answers(tmp_path):
    rows = bench(tmp_path, "permissions")
    assert {"name", "value", "unit", "floor", "ratio", "target", "met"} == set(rows[0])
    for row in rows:
        numbers = [row[key] for key in ("value", "floor", "ratio") if row[key] is not None]
        assert all(math.isfinite(number) for number in numbers), row
        assert (row["met"] is None) == (not row["target"]), row
    names = " ".join(row["name"] for row in rows)
    for figure in ("list page", "deep page", "exact count", "facets", "per commune", "full text",
                   "growth", "grant rows", "ending a participation", "import of",
                   "restricted reports", "guardian, generic", "guardian, direct",
                   "behind the fence", "response"):  # fmt: skip
        assert figure in names


def test_a_name_that_is_no_benchmark_is_told(tmp_path):
    with pytest.raises(AssertionError, match="unknown: visibilities; known: brief"):
        bench(tmp_path, "visibilities")

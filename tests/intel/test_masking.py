"""The masking rule, held to the numbers of its specification and to an attacker who enumerates."""

import itertools
import json
import random
from pathlib import Path

import pytest

from intel.statistics.masking import EXACT, PRIMARY, SECONDARY, mask, mask_together

CASES = json.loads((Path(__file__).parent / "oracles" / "secret.json").read_text())["cases"]
WORDS = {"exact": EXACT, "masque_primaire": PRIMARY, "masque_secondaire": SECONDARY}


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_the_specified_cases(case):
    done = mask(case["children"])
    assert done.status == {code: WORDS[word] for code, word in case["status"].items()}
    assert done.total_shown == (case["total"] == "exact")
    if case["attacker_ranges"] is not None:
        assert done.ranges == {c: tuple(r) for c, r in case["attacker_ranges"].items()}


def test_no_table_lets_a_masked_count_be_guessed():
    """Enumerate every table that fits what is shown: a masked count keeps three values or more."""
    draw = random.Random(20)
    audited = 0
    for _ in range(300):
        children = {f"c{i}": draw.choice([0, 1, 2, 4, 5, 6, 9]) for i in range(draw.randint(1, 4))}
        done = mask(children)
        if not done.total_shown:
            assert (
                all(status != EXACT for status in done.status.values())
                or sum(children.values()) >= 5
            )
            continue
        masked = [code for code, status in done.status.items() if status != EXACT]
        to_share = sum(children[code] for code in masked)
        allowed = [
            range(5) if done.status[c] == PRIMARY else range(5, to_share + 1) for c in masked
        ]
        fits = [t for t in itertools.product(*allowed) if sum(t) == to_share]
        for rank, _code in enumerate(masked):
            assert len({table[rank] for table in fits}) >= 3
            audited += 1
    assert audited > 100


def test_a_code_masked_in_one_column_is_masked_in_all():
    reports = {"a": 12, "b": 6, "c": 30}
    facts = {"a": 4, "b": 6, "c": 20}
    status, total_shown = mask_together([reports, facts])
    assert status["a"] == PRIMARY
    assert status["b"] == SECONDARY
    assert status["c"] == EXACT
    assert total_shown

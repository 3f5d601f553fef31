"""Faults in a row while people work: what was lost or doubled, and how soon everything was back.

`--faults N` says how many (one of each first, then in an order drawn by a seed), or which, by name
and with commas. What CROSS said meanwhile is in `faults.log` of the data folder. See tests/faults.
"""

import itertools
import os
import random
import statistics

from django.conf import settings

from tests.bench.measure import Row, limit_row
from tests.faults.kinds import FAULTS
from tests.faults.runner import run

ASKED = os.environ.get("CROSS_BENCH_FAULTS", "100")


def rows(say):
    outcome = run(some(int(ASKED)) if ASKED.isdecimal() else ASKED.split(","), say=say)
    (settings.HOME / "faults.log").write_text(outcome.said, encoding="utf-8")
    if outcome.left_out:
        say(f"left out: {outcome.left_out}")
    for each in outcome.findings:
        say(str(each))
        for name in [*each.lost, *each.doubled][:5]:
            say(f"  {name}")
    told = f"{len(outcome.faults)} faults"
    for each in outcome.findings:
        yield limit_row(f"{told}, {each.name}: lost of {each.acknowledged}", len(each.lost), "", 0)
        yield limit_row(f"{told}, {each.name}: doubled", len(each.doubled), "", 0)
    yield limit_row(f"{told}: not back within two minutes", len(outcome.not_back), "", 0)
    yield from recoveries(outcome)
    yield limit_row("longest time from a job asked for to its end", outcome.longest_job, "s", 600)
    answers = sum(outcome.statuses.values())
    for status, count in sorted(outcome.statuses.items(), key=str):
        yield Row(f"answers to people, of {answers:,}: {status}", count, "")
    yield limit_row("answers to people: 500", outcome.statuses.get(500, 0), "", 0)


def some(count):
    """One of each, then drawn."""
    draw = random.Random(88)
    names = list(FAULTS)
    rounds = itertools.chain(names, iter(lambda: draw.choice(names), None))
    return list(itertools.islice(rounds, count))


def recoveries(outcome):
    for told, by_fault in (("a form is taken", outcome.served), ("all is", outcome.whole)):
        everything = [seconds for taken in by_fault.values() for seconds in taken]
        if not everything:
            continue
        yield Row(f"until {told} again, p50", statistics.median(everything), "s")
        yield limit_row(f"until {told} again, longest", max(everything), "s", 90)
        for name, taken in by_fault.items():
            yield Row(f"until {told} again, {name}, longest", max(taken), "s")

"""So many faults in a row while people work, then the counts."""

import random
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field

import psycopg

from tests.faults.counts import count_all
from tests.faults.kinds import FAULTS, NEEDS_A_VOLUME
from tests.faults.people import Ledger, at_work, stop
from tests.faults.stack import Stack, own_home, prepared

BACK_WITHIN_SECONDS = 120
QUIET_WITHIN_SECONDS = 400
WARM_UP_SECONDS = 4
LAST_WORDS = 8000  # characters of what CROSS had said when a run cannot go on
BETWEEN_SECONDS = (0.5, 2.5)
REPORTS = 120


@dataclass
class Outcome:
    """What a run of faults showed. Seconds are counted from the end of each fault."""

    faults: list = field(default_factory=list)  # names, in their order
    served: dict = field(default_factory=lambda: defaultdict(list))  # a form taken again
    whole: dict = field(default_factory=lambda: defaultdict(list))  # worker and beat as well
    not_back: list = field(default_factory=list)
    findings: list = field(default_factory=list)
    statuses: dict = field(default_factory=dict)
    longest_job: float = 0
    left_out: str = ""
    ended_well: bool = False
    said: str = ""

    @property
    def lost(self):
        return [(each.name, name) for each in self.findings for name in each.lost]

    @property
    def doubled(self):
        return [(each.name, name) for each in self.findings for name in each.doubled]


def run(names, *, say, with_prints=True):
    """Break what `names` say, in that order, on a stack of our own."""
    outcome = Outcome()
    with own_home() as (home, is_volume):
        say("making a cell and starting CROSS…")
        prepared(home, REPORTS)
        stack = Stack(home, fillable=is_volume)
        people = []
        try:
            stack.wait_until_healthy()
            # A clock that goes back would date a report before lines of the demonstration.
            [(last,)] = stack.ask("SELECT max(id) FROM audit_entry")
            ledger = Ledger(lines_before=last)
            people = at_work(stack.url, ledger, note=printable(stack) if with_prints else None)
            for person in people:
                person.start()
            time.sleep(WARM_UP_SECONDS)
            for rank, name in enumerate(names, 1):
                if name in NEEDS_A_VOLUME and not stack.fillable:
                    outcome.left_out = f"{name}: only root may mount a small volume"
                    continue
                undergo(stack, name, ledger, outcome)
                check(people)
                say(f"{rank:>3} {name}: served again after {outcome.served[name][-1]:.1f} s")
                time.sleep(random.uniform(*BETWEEN_SECONDS))
            stop(people)
            check(people)
            say("waiting for the last jobs…")
            wait_until_quiet(stack)
            outcome.findings = count_all(stack, ledger)
            outcome.statuses = dict(ledger.statuses())
            [(longest,)] = stack.ask(
                "SELECT coalesce(max(extract(epoch FROM finished_at - created_at)), 0) "
                "FROM outbox_job WHERE finished_at < now() AND finished_at >= created_at"
            )
            outcome.longest_job = float(longest)
        except Exception:
            say(stack.run.said()[-LAST_WORDS:])
            raise
        finally:
            stop(people)
            outcome.ended_well = stack.end()
            outcome.said = stack.run.said()
            stack.run.output.close()
    return outcome


def printable(stack):
    """The number of the note in force, in the address of its page."""
    [(number,)] = stack.ask(
        "SELECT number FROM intel_edition WHERE state = 'publiee' ORDER BY id LIMIT 1"
    )
    return number


def undergo(stack, name, ledger, outcome):
    with FAULTS[name](stack):
        over = time.monotonic()
        now = time.time()
    outcome.faults.append(name)
    served = whole = None
    while served is None or whole is None:
        if served is None:
            served = ledger.acknowledged_after(over)
        if whole is None and is_whole(stack, now):
            whole = time.monotonic()
        if time.monotonic() > over + BACK_WITHIN_SECONDS:
            outcome.not_back.append(name)
            break
        time.sleep(0.1)
    outcome.served[name].append((served or time.monotonic()) - over)
    outcome.whole[name].append((whole or time.monotonic()) - over)


def is_whole(stack, since):
    """Worker and beat have given a sign of life since, and a job asked for since is done."""
    with suppress(psycopg.Error):
        alive = stack.ask(
            "SELECT count(*) FROM outbox_pulse WHERE at BETWEEN to_timestamp(%s) AND now()", since
        )
        done = stack.ask(
            "SELECT count(*) FROM outbox_job "
            "WHERE created_at > to_timestamp(%s) AND state = 'done'",
            since,
        )
        return alive[0][0] == 2 and done[0][0] > 0 and stack.run.is_healthy()
    return False


def check(people):
    for person in people:
        if person.fault is not None:
            raise person.fault


def wait_until_quiet(stack):
    """No job is left, nor a letter whose time to leave has come: a round takes those, see
    `intel.tasks.post_letters`."""
    end = time.monotonic() + QUIET_WITHIN_SECONDS
    while True:
        with suppress(psycopg.Error):
            left = stack.ask(
                "SELECT 1 FROM outbox_job WHERE state IN ('queued', 'running') UNION ALL "
                "SELECT 1 FROM intel_letter WHERE next_at < now() AND sent_at IS NULL"
                " AND given_up_at IS NULL AND dropped_at IS NULL"
            )
            if not left:
                return
        if time.monotonic() > end:
            return  # what is still to be done is counted as lost
        time.sleep(0.3)

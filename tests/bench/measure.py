"""Time one thing against another, in turn: a machine whose speed drifts changes no ratio."""

import os
import statistics
import time
from dataclasses import asdict, dataclass
from pathlib import Path

# Given to each act of a comparison, unless it has been run often enough before.
SECONDS = float(os.environ.get("CROSS_BENCH_SECONDS", "1.5"))


@dataclass
class Row:
    """One figure. `ratio` is value / floor when there is a floor; `met` compares with `target`."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    ratio: float | None = None
    target: str = ""
    met: bool | None = None

    def as_json(self):
        return asdict(self)

    def __str__(self):
        ratio = f"× {self.ratio:.3g}" if self.ratio is not None else ""
        floor = f"(floor {self.floor:.2f})" if self.floor is not None else ""
        verdict = {True: "met", False: "NOT MET", None: ""}[self.met]
        return (
            f"{self.name:<62} {self.value:>11.2f} {self.unit:<8} {ratio:>9} {floor:<18} "
            f"{self.target:<22} {verdict}"
        ).rstrip()


def milliseconds(act):
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def times_in_turn(acts, *, seconds=SECONDS, least=5, most=51):
    """Milliseconds of each act, all of them run in turn: {name: [ms]}. One warm-up each."""
    for act in acts.values():
        act()
    taken = {name: [] for name in acts}
    until = time.perf_counter() + seconds * len(acts)
    rounds = 0
    while rounds < least or (rounds < most and time.perf_counter() < until):
        for name, act in acts.items():
            taken[name].append(milliseconds(act))
        rounds += 1
    return taken


def in_turn(acts, **patience):
    """The median of each: {name: ms}."""
    taken = times_in_turn(acts, **patience)
    return {name: statistics.median(times) for name, times in taken.items()}


def ratio_row(name, value, floor, at_most, *, words="floor", unit="ms"):
    ratio = value / floor
    return Row(name, value, unit, floor, ratio, f"≤ {at_most:g} × {words}", ratio <= at_most)


def limit_row(name, value, unit, at_most):
    return Row(name, value, unit, target=f"≤ {at_most:g} {unit}", met=value <= at_most)


def least_row(name, value, unit, at_least):
    return Row(name, value, unit, target=f"≥ {at_least:g} {unit}", met=value >= at_least)


def peak_megabytes(pid="self"):
    """The most memory that a process has held; nothing for one that has just ended.

    Of its own life alone: what getrusage tells begins with the process that started it.
    """
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    held = [line for line in lines if line.startswith("VmHWM:")]
    return int(held[0].split()[1]) / 1024 if held else 0

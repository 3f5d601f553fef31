"""The memory of each process and the sessions of the database, while others work."""

import statistics
import threading
import time
from pathlib import Path

from tests.running import PARTS

EVERY_SECONDS = 2


class Watch(threading.Thread):
    """Looks until told to stop: {process: [(seconds, megabytes)]}, and the most sessions."""

    def __init__(self, stack):
        super().__init__(daemon=True)
        self.stack = stack
        self.stopped = threading.Event()
        self.memory = {}
        self.most_sessions = 0

    def run(self):
        began = time.monotonic()
        while not self.stopped.wait(EVERY_SECONDS):
            for name, megabytes in weights(self.stack).items():
                told = self.memory.setdefault(name, [])
                told.append((time.monotonic() - began, megabytes))
            self.most_sessions = max(self.most_sessions, len(sessions(self.stack)))

    def growth(self):
        """{part: (megabytes in the middle, megabytes at the end)}: the beginning warms up."""
        for name, told in sorted(self.memory.items()):
            third = len(told) // 3
            if third:
                middle = [megabytes for _, megabytes in told[third : 2 * third]]
                end = [megabytes for _, megabytes in told[-third:]]
                yield name, statistics.median(middle), statistics.median(end)


def weights(stack):
    """{part: megabytes} that its processes have for themselves alone: what they share (a fork, the
    buffers of the database) fills up once and is no leak."""
    return {
        part: sum(map(own_megabytes, [main, *stack.children_of(part)]))
        for part in PARTS
        if (main := stack.main_of(part))
    }


def own_megabytes(pid):
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024


def sessions(stack):
    """(state, seconds in it) of the sessions of the application in the database."""
    return stack.ask(
        "SELECT state, extract(epoch FROM now() - state_change) FROM pg_stat_activity "
        "WHERE datname = 'cross' AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )

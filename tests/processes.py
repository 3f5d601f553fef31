"""What /proc says of the processes that a test started (a bare machine has no `ps`)."""

import os
import time
from pathlib import Path


def status(pid):
    """(parent, state, birth) of a process; None when there is none."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, parent, *rest = text.rpartition(")")[2].split()
    return int(parent), state, int(rest[17])


def command_line(pid):
    """Its words, separated by spaces; nothing for one that has just ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def descendants(pid):
    """{pid: birth} of everything below `pid`; the birth tells a process from a later namesake."""
    known = {int(name): status(name) for name in os.listdir("/proc") if name.isdecimal()}
    below, wave = {}, {pid}
    while wave:
        wave = {each for each, said in known.items() if said and said[0] in wave}
        below |= {each: known[each][2] for each in wave}
    return below


def alive(processes):
    """Those of {pid: birth} that still run; a zombie holds nothing and waits for its parent."""
    return [
        pid
        for pid, birth in processes.items()
        if (said := status(pid)) and said[1] != "Z" and said[2] == birth
    ]


def gone(processes, within):
    """Whether all of them end within so many seconds."""
    end = time.monotonic() + within
    while alive(processes):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True

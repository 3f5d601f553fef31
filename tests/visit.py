"""`python -m tests.visit`: ./run from nothing to /healthz, Ctrl-C, and again on the same data.

/healthz is 200 only when the worker has said that it lives and beat has ticked since this start.
Prints a line per step; exit 1 at the first one that fails.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.processes import alive, descendants, gone

PROJECT = Path(__file__).resolve().parents[1]
FIRST_START_SECONDS = 120
LATER_START_SECONDS = 60
STOP_SECONDS = 30


def visit():
    with tempfile.TemporaryDirectory(prefix="visite-") as folder:
        Path(folder).chmod(0o711)  # as root, the servers' account walks through it
        start_and_stop(Path(folder) / "home", FIRST_START_SECONDS, "first start")
        start_and_stop(Path(folder) / "home", LATER_START_SECONDS, "start on existing data")


def start_and_stop(home, patience, name, *, output=None):
    """Seconds to /healthz 200; what ./run says goes to `output`."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings = {"CROSS_HOME": str(home), "CROSS_PORT": str(port)}
    given = ("DATABASE_URL", "BROKER_URL", "CROSS_TESTING")
    kept = {name: value for name, value in os.environ.items() if name not in given}
    began = time.monotonic()
    run = subprocess.Popen(
        [PROJECT / "run"],
        env=kept | settings,
        stdout=output,
        stderr=output,
        start_new_session=True,
    )
    processes = {}
    try:
        wait_until_healthy(run, port, began + patience)
        healthy = time.monotonic() - began
        say(f"{name}: /healthz 200 after {healthy:.1f} s")
        processes = descendants(run.pid)
        began = time.monotonic()
        run.send_signal(signal.SIGINT)
        code = run.wait(STOP_SECONDS)
        left = alive(processes)
        say(f"Ctrl-C: exit {code} after {time.monotonic() - began:.1f} s, {len(left)} left")
        if code or left:
            sys.exit(1)
        return healthy
    finally:
        run.kill()
        gone(processes, within=5)


def wait_until_healthy(run, port, end):
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
            return
        except (urllib.error.HTTPError, OSError) as error:
            if run.poll() is not None:
                sys.exit(f"./run ended by itself with {run.returncode}")
            if time.monotonic() > end:
                sys.exit(f"/healthz still says: {error}")
        time.sleep(0.1)


def say(line):
    sys.stdout.write(f"visit      | {line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    visit()

"""`./run` under a test: started as a terminal does, looked at, ended with all that it started."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from tests.processes import command_line, descendants, gone

PROJECT = Path(__file__).resolve().parents[1]
GIVEN = ("DATABASE_URL", "WEB_DATABASE_URL", "BROKER_URL", "CROSS_HOME", "CROSS_TESTING",
         "CROSS_PORT")  # fmt: skip
READY_WITHIN_SECONDS = 120
# What a supervisor keeps alive, by the name that it gives it: words of its command line.
PARTS = {
    "web": "-m gunicorn cross.wsgi",
    "worker": "-m celery -q -A cross worker",
    "beat": "-m celery -q -A cross beat",
    "Valkey": "/valkey-server ",
    "PostgreSQL": "/postgres -D",
}


def bare_environment(**more):
    """Ours without what the test run added: a launcher must start its own servers."""
    kept = {name: value for name, value in os.environ.items() if name not in GIVEN}
    return kept | more


def until(condition, within=20):
    """The first true answer of `condition`, asked again and again."""
    end = time.monotonic() + within
    while not (answer := condition()):
        assert time.monotonic() < end, f"still not true after {within} s"
        time.sleep(0.02)
    return answer


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Run:
    """One `./run` (what the file executes once the packages are there), and what it printed."""

    def __init__(self, home, port=None, *, action=("run",), **environment):
        self.port = port or free_port()
        self.output = tempfile.NamedTemporaryFile()  # noqa: SIM115 - closed by started()
        settings = {
            "CROSS_DEMONSTRATION": "0", "CROSS_HOME": str(home), "CROSS_PORT": str(self.port)
        }  # fmt: skip
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cross.embedded", *action],
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=subprocess.STDOUT,
            cwd=PROJECT,
            env=bare_environment(**settings | environment),
            start_new_session=True,
        )

    def wait_until_healthy(self):
        end = time.monotonic() + READY_WITHIN_SECONDS
        while not ("CROSS est prêt" in self.said() and self.is_healthy()):
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < end, self.said()
            time.sleep(0.1)
        return self

    def is_healthy(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5):
                return True
        except (urllib.error.HTTPError, OSError):
            return False

    def ended(self, within=20):
        """(exit code, lines it printed)."""
        return self.process.wait(within), self.said().splitlines()

    def said(self):
        return Path(self.output.name).read_text()

    def named(self, words):
        """The pid of the process of ours whose command line holds these words; None when none."""
        for pid in descendants(self.process.pid):
            if words in command_line(pid):
                return pid
        return None

    def signs_in(self, words):
        """The role that this process of ours is told to sign in as."""
        told = Path(f"/proc/{self.named(words)}/environ").read_text().split("\0")
        [url] = [line for line in told if line.startswith("DATABASE_URL=")]
        return url.partition("user=")[2]


@contextmanager
def started(home, **options):
    run = Run(home, **options)
    try:
        yield run
    finally:
        left = descendants(run.process.pid)
        run.process.kill()
        run.process.wait()
        run.output.close()
        assert gone(left, within=5)

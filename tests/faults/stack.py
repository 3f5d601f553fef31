"""A whole CROSS under fault: its home, its processes by the name of their part, its database."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from celery import Celery

from cross.embedded.postgres import DATABASE
from tests.processes import command_line, descendants, gone
from tests.running import PARTS, PROJECT, Run, bare_environment, until

CLOCK = Path(__file__).parent / "clock"
# Room for the demonstration and an hour of work; small enough to be filled in a second.
VOLUME_MEGABYTES = 1024


@contextmanager
def own_home():
    """(folder, whether it is a small volume of its own that can be filled: only root mounts)."""
    # Not « cross-… »: launchers sweep what those of a killed one have left.
    with tempfile.TemporaryDirectory(prefix="essai-pannes-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # as root, the account of the servers walks through it
        home = folder / "home"
        home.mkdir(mode=0o711)
        options = ["-t", "tmpfs", "-o", f"size={VOLUME_MEGABYTES}m,mode=711", "cross-faults"]
        mounted = (
            os.geteuid() == 0
            and subprocess.run(
                ["mount", *options, str(home)], check=False, capture_output=True
            ).returncode
            == 0
        )
        try:
            yield home, mounted
        finally:
            if mounted:
                subprocess.run(["umount", "--lazy", str(home)], check=True)


def prepared(home, reports):
    """The tables, the Vosges and an invented cell in `home`, before anything is started."""
    done = subprocess.run(
        [
            sys.executable, "-m", "cross.embedded", "around", str(PROJECT),
            sys.executable, "-W", "ignore", "-m", "tests.faults.world", str(reports),
        ],
        cwd=PROJECT,
        env=bare_environment(CROSS_HOME=str(home), CROSS_DEMONSTRATION="1"),
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(f"the world was not made: {done.stderr[-2000:]}")


class Stack:
    """One `./run` on a prepared home."""

    def __init__(self, home, *, fillable):
        self.home = home
        self.fillable = fillable
        self.run = Run(home, CROSS_DEMONSTRATION="1", PYTHONPATH=str(CLOCK))

    @property
    def url(self):
        return f"http://127.0.0.1:{self.run.port}"

    def wait_until_healthy(self):
        self.run.wait_until_healthy()
        said = json.loads((self.home / "running.json").read_text())
        self.database = said["DATABASE_URL"]
        # Never the current one: what the tests of this process ask for goes to their own broker.
        self.broker = Celery("faults", broker=said["BROKER_URL"], set_as_current=False)
        self.addresses = {
            name: said[name] for name in ("DATABASE_URL", "WEB_DATABASE_URL", "BROKER_URL")
        }

    # --- Processes ------------------------------------------------------------------------------

    def main_of(self, part):
        """The process that the supervisor started; None while there is none."""
        return self.run.named(PARTS[part])

    def present(self, part):
        """The same, waited for: a fault that finds nothing to harm would prove nothing."""
        return until(lambda: self.main_of(part), within=60)

    def children_of(self, part):
        main = self.main_of(part)
        return [] if main is None else list(descendants(main))

    def kill(self, pid):
        """SIGKILL one process that descends from the run of ours; nothing when it has ended."""
        self.signal([pid], signal.SIGKILL)

    def signal(self, pids, number):
        ours = descendants(self.run.process.pid)
        for pid in pids:
            if pid in ours:
                with suppress(ProcessLookupError):
                    os.kill(pid, number)

    def backends(self):
        """The processes of PostgreSQL that serve a client now."""
        found = self.children_of("PostgreSQL")
        return [pid for pid in found if f" {DATABASE} " in command_line(pid)]

    def start_beside(self, line):
        """One more process of the application on the same servers, as by a mistaken hand."""
        return subprocess.Popen(
            [sys.executable, "-m", *line.split()],
            cwd=PROJECT,
            env=bare_environment(
                CROSS_HOME=str(self.home), CROSS_DEMONSTRATION="1", **self.addresses
            ),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    # --- What it holds --------------------------------------------------------------------------

    def ask(self, query, *values):
        """The rows that the database answers; psycopg.Error while it is away."""
        with psycopg.connect(self.database, connect_timeout=3, autocommit=True) as connection:
            return connection.execute(query, values).fetchall()

    def send(self, job):
        """The message of a job, once more."""
        self.broker.send_task("outbox.work", args=[str(job)])

    def end(self):
        """Ctrl-C; whether it ended by itself with nothing left."""
        left = descendants(self.run.process.pid)
        self.run.process.send_signal(signal.SIGINT)
        try:
            code, _ = self.run.ended(within=40)
        except subprocess.TimeoutExpired:
            code = None
        self.run.process.kill()
        self.run.process.wait()
        return code == 0 and gone(left, within=5)

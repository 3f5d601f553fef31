"""`./run` as somebody at a terminal meets it: started twice, stopped, killed, started again.

Without the demonstration data, which have their own tests; everything else is what `./run` does.
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
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.embedded.conftest import PROJECT, bare_environment
from tests.processes import alive, descendants, gone

READY_WITHIN_SECONDS = 120
# Five starts of everything, on a machine that may be busy.
pytestmark = pytest.mark.timeout(300)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Run:
    """One `./run` (what the file executes once the packages are there), and what it printed."""

    def __init__(self, home, port=None, *, action=("run",), **environment):
        self.port = port or free_port()
        self.output = tempfile.NamedTemporaryFile()  # noqa: SIM115 - closed by started()
        settings = {"CROSS_HOME": str(home), "CROSS_PORT": str(self.port)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cross.embedded", *action],
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=subprocess.STDOUT,
            cwd=PROJECT,
            env=bare_environment(CROSS_DEMONSTRATION="0", **settings, **environment),
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
        """The pid of the process of ours whose command line holds these words."""
        for pid in descendants(self.process.pid):
            line = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
            if words in line:
                return pid
        raise LookupError(words)

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


@pytest.fixture(scope="module")
def home():
    """One home for the tests of this module: its tables are made by the first of them."""
    with tempfile.TemporaryDirectory(prefix="essai à part ") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "données"


def test_a_first_start_that_is_cut_short_starts_again(home):
    with started(home) as run:
        while not (home / "servers" / "postgresql" / "postmaster.pid").exists():
            time.sleep(0.01)
        left = descendants(run.process.pid)
        run.process.send_signal(signal.SIGINT)
        code, lines = run.ended()
        assert code == 0, lines
        assert gone(left, within=0)
    with started(home) as run:
        run.wait_until_healthy()
        left = descendants(run.process.pid)
        os.kill(run.process.pid, signal.SIGINT)
        code, lines = run.ended()
        assert code == 0
        assert gone(left, within=0)
        assert any(f"http://127.0.0.1:{run.port}/" in line for line in lines)
        assert not [line for line in lines if "Traceback" in line or "ERROR" in line]


def test_started_twice_then_killed_leaves_nothing_and_starts_again(home, tmp_path):
    with started(home) as run:
        run.wait_until_healthy()

        with started(home) as second:
            code, lines = second.ended()
        assert (code, len(lines)) == (1, 1)
        assert f"déjà en marche sur ce dossier de données (processus {run.process.pid}" in lines[0]

        with started(tmp_path / "other", port=run.port) as third:
            code, lines = third.ended()
        assert (code, len(lines)) == (1, 1)
        assert f"le port {run.port} de 127.0.0.1 est déjà pris" in lines[0]

        # Only the web process works under the role that row security binds, and it is healthy so.
        assert run.signs_in("gunicorn cross.wsgi") == "cross_web"
        assert run.signs_in("celery -q -A cross worker") == "cross"

        told = [sys.executable, "-c", "import os; print(os.environ['DATABASE_URL'])"]
        with started(home, action=("around", str(tmp_path), *told)) as beside:
            assert beside.ended() == (0, [beside.said().strip()])
            assert "/sockets&user=cross" in beside.said()

        left = descendants(run.process.pid)
        assert len(left) >= 8
        run.process.kill()
        run.process.wait()
        assert gone(left, within=2), alive(left)

    with started(home) as run:
        run.wait_until_healthy()
        left = descendants(run.process.pid)
        # A worker that does not stop: the second Ctrl-C does not wait for it.
        os.kill(run.named("celery -q -A cross worker"), signal.SIGSTOP)
        run.process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        assert run.process.poll() is None
        run.process.send_signal(signal.SIGINT)
        assert run.ended(within=5)[0] == 0
        assert gone(left, within=0)


def test_a_process_that_dies_stops_everything_by_its_name(home):
    with started(home) as run:
        run.wait_until_healthy()
        left = descendants(run.process.pid)
        os.kill(run.named("celery -q -A cross worker"), signal.SIGKILL)
        code, lines = run.ended()
        assert code == 1
        assert any("« worker » s’est arrêté (signal 9)" in line for line in lines)
        assert gone(left, within=0)


def test_a_command_has_servers_of_its_own_when_none_run(home, tmp_path):
    asked = "import os, psycopg; c = psycopg.connect(os.environ['DATABASE_URL']);"
    asked += "print(os.getcwd(), c.execute('SHOW jit').fetchone()[0]); raise SystemExit(7)"
    action = ("around", str(tmp_path), sys.executable, "-c", asked)
    with started(home, action=action) as run:
        assert run.ended() == (7, [f"{tmp_path} off"])


@pytest.mark.parametrize("port", ["http", "-1", "70000"])
def test_a_port_that_is_none_is_refused(tmp_path, port):
    with started(tmp_path / "home", port=port) as run:
        code, lines = run.ended()
    assert (code, len(lines)) == (1, 1)
    assert port in lines[0]


def test_a_home_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with started(tmp_path / "file" / "home") as run:
        code, lines = run.ended()
    assert (code, len(lines)) == (1, 1)
    assert str(tmp_path / "file") in lines[0]

"""`./run` as somebody at a terminal meets it: started twice, stopped, killed, started again.

Without the demonstration data, which have their own tests; everything else is what `./run` does.
"""

import os
import signal
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.processes import alive, descendants, gone
from tests.running import PARTS, READY_WITHIN_SECONDS, started, until

# Six starts of everything, on a machine that may be busy.
pytestmark = pytest.mark.timeout(300)


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


def test_a_process_that_dies_before_all_is_ready_stops_everything_by_its_name(home):
    with started(home) as run:
        worker = until(lambda: run.named(PARTS["worker"]), READY_WITHIN_SECONDS)
        os.kill(worker, signal.SIGKILL)
        code, lines = run.ended()
        assert code == 1
        assert any("« worker » s’est arrêté (signal 9)" in line for line in lines)


def test_what_dies_once_all_is_ready_is_started_again(home):
    with started(home) as run:
        run.wait_until_healthy()
        for name, words in PARTS.items():
            os.kill(run.named(words), signal.SIGKILL)
            said = f"« {name} » s’est arrêté (signal 9) : il est relancé aussitôt."
            until(lambda said=said: said in run.said())
            until(lambda words=words: run.named(words))
        run.wait_until_healthy()
        left = descendants(run.process.pid)
        run.process.send_signal(signal.SIGINT)
        assert run.ended()[0] == 0
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

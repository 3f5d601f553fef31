"""`./run`: everything in the foreground, and nothing left behind.

Each child has its own session: Ctrl-C reaches this process alone, which ends them in order (web,
beat and worker, then the servers). If this process is killed, the kernel ends each child. What
ends by itself once everything was ready is started again, server or child.
"""

import errno
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import defaultdict
from contextlib import contextmanager, suppress

from cross.embedded import CannotStart, bound
from cross.embedded.home import PROJECT, claimed, data_folder
from cross.embedded.stack import servers

HOST = "127.0.0.1"
LOOK_SECONDS = 0.1
READY_WITHIN_SECONDS = 120
# Before each new start of what keeps ending; what has stayed up for a minute begins anew.
AGAIN_AFTER_SECONDS = (0, 1, 2, 5, 10)
STEADY_SECONDS = 60

# --preload: Django is loaded once for both workers; nothing is connected before the fork.
WEB = (
    "gunicorn cross.wsgi --preload --workers 2 --threads 4"
    " --graceful-timeout 5 --no-control-socket --log-level warning --bind fd://{listener}"
    " --config python:cross.embedded.web"
)
# What the three --without are for: two seconds less before the first job; we have one worker.
WORKER = (
    "celery -q -A cross worker --concurrency 2 --loglevel WARNING"
    " --without-gossip --without-mingle --without-heartbeat"
)
BEAT = "celery -q -A cross beat --loglevel WARNING --pidfile="


class Stopped(Exception):
    """The end of a run: asked for when it has no text, else the French reason."""


class Orders:
    """Ctrl-C, a closed terminal, a TERM: stop; once more: do not wait for the running job."""

    def __init__(self):
        self.stop = threading.Event()
        self.hurry = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.receive)

    def receive(self, _number, _frame):
        (self.hurry if self.stop.is_set() else self.stop).set()


class Child:
    """One process of ours, its lines prefixed by its name; `grace` seconds to end, then killed."""

    process: subprocess.Popen

    def __init__(self, name, line, environment, *, grace, keep=()):
        self.name = name
        self.line = line
        self.environment = environment
        self.grace = grace
        self.keep = keep

    def start(self):
        self.process = subprocess.Popen(
            bound.command(
                [sys.executable, "-m", *shlex.split(self.line)], at_death=signal.SIGKILL
            ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=PROJECT,
            env=self.environment,
            start_new_session=True,
            pass_fds=self.keep,
        )
        self.reader = threading.Thread(target=self.repeat_output, daemon=True)
        self.reader.start()

    def repeat_output(self):
        for line in self.process.stdout or ():
            say(line.decode(errors="replace").rstrip("\n"), prefix=self.name)

    def see_off(self, asked_at, hurry):
        """Wait until the end, the end of the grace, or `hurry`; whatever is left is killed."""
        while self.process.poll() is None and not hurry.is_set():
            if time.monotonic() > asked_at + self.grace:
                break
            time.sleep(0.05)
        self.clear()

    def clear(self):
        """Nothing is left of it, nor of what it had started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.reader.join(1)


class Falls:
    """When to start again what ended: at once the first time, then later and later."""

    def __init__(self):
        self.in_a_row = 0
        self.last_at = float("-inf")
        self.due = None

    def note(self, now):
        """One more; the seconds to wait before the next start."""
        if now - self.last_at > STEADY_SECONDS:
            self.in_a_row = 0
        self.last_at = now
        wait = AGAIN_AFTER_SECONDS[min(self.in_a_row, len(AGAIN_AFTER_SECONDS) - 1)]
        self.in_a_row += 1
        self.due = now + wait
        return wait


class Supervisor:
    """Starts the children, watches them and the servers, ends them."""

    def __init__(self, embedded, environment, orders):
        self.embedded = embedded
        self.environment = environment
        self.orders = orders
        self.children = []
        self.falls = defaultdict(Falls)

    def start(self, name, line, **options):
        child = Child(name, line, self.environment | options.pop("extra", {}), **options)
        child.start()
        self.children.append(child)
        return child

    def look(self, watched):
        """Raise Stopped when it is time to stop."""
        if self.orders.stop.wait(LOOK_SECONDS):
            raise Stopped
        for each in watched:
            code = each.process.poll()
            if code is not None:
                raise Stopped(f"« {each.name} » s’est arrêté ({ended(code)}) : tout s’arrête.")

    def prepare(self):
        """Tables, static files, demonstration data: see cross.embedded.prepare."""
        child = self.start("préparation", "cross.embedded.prepare", grace=1)
        while child.process.poll() is None:
            self.look(self.embedded)
        if child.process.returncode != 0:
            raise Stopped(f"la préparation a échoué ({ended(child.process.returncode)}).")
        child.reader.join()  # its last lines come before ours
        self.children.remove(child)

    def serve(self, listener):
        """The three processes; at our death requests are given up, jobs are taken again."""
        line = WEB.format(listener=listener.fileno())
        as_web = {}
        if "WEB_DATABASE_URL" in self.environment:
            as_web["DATABASE_URL"] = self.environment["WEB_DATABASE_URL"]
        else:
            say("sans WEB_DATABASE_URL, la seconde barrière de la base reste ouverte (README).")
        keep = (listener.fileno(),)
        self.start("web", line, extra=as_web | {"CROSS_DB_POOL": "1"}, grace=6, keep=keep)
        # Celery's advice against root takes ten lines; README says it in one.
        quiet = {"PYTHONWARNINGS": "ignore:You're running the worker"}
        self.start("worker", WORKER, extra=quiet, grace=10)
        self.start("beat", BEAT, grace=5)
        if self.environment.get("CROSS_METRICS_PORT", "0") != "0":
            self.start("mesures", "cross.watching", extra=as_web, grace=2)

    def wait_until_healthy(self, url):
        end = time.monotonic() + READY_WITHIN_SECONDS
        while down := what_is_down(url):
            self.look([*self.embedded, *self.children])
            if time.monotonic() > end:
                raise Stopped(f"pas prêt après {READY_WITHIN_SECONDS} s ({down}).")

    def watch(self):
        """Until the end is asked for. What is not up again yet does not keep the rest waiting."""
        while True:
            self.look([])
            for each in [*self.embedded, *self.children]:
                if each.process.poll() is not None:
                    self.raise_again(each, time.monotonic())

    def raise_again(self, fallen, now):
        falls = self.falls[fallen.name]
        if falls.due is None:
            self.announce(fallen, falls.note(now))
        if now < falls.due:
            return
        falls.due = None
        if isinstance(fallen, Child):
            fallen.clear()
        try:
            fallen.start()
        except (CannotStart, OSError) as error:
            say(str(error))

    @staticmethod
    def announce(fallen, wait):
        how = ended(fallen.process.returncode)
        when = f"dans {wait} s" if wait else "aussitôt"
        say(f"« {fallen.name} » s’est arrêté ({how}) : il est relancé {when}.")

    def end(self):
        asked_at = time.monotonic()
        for child in self.children:
            child.process.terminate()
        for child in self.children:
            child.see_off(asked_at, self.orders.hurry)


def run():
    """The exit code: 0 when the end was asked for, 1 when something ended by itself."""
    orders = Orders()
    home = data_folder()
    with claimed(home) as claim, listening() as listener, servers(home) as (embedded, addresses):
        url = f"http://{HOST}:{listener.getsockname()[1]}/"
        claim.write(pid=os.getpid(), url=url, **addresses)
        supervisor = Supervisor(embedded, environment_of(home, addresses), orders)
        try:
            supervisor.prepare()
            supervisor.serve(listener)
            supervisor.wait_until_healthy(url)
            say(f"CROSS est prêt : {url} (Ctrl-C pour tout arrêter)")
            supervisor.watch()
        except Stopped as reason:
            say(
                str(reason)
                or "arrêt demandé (Ctrl-C de nouveau : sans attendre le travail en cours)"
            )
            return 1 if str(reason) else 0
        finally:
            supervisor.end()


@contextmanager
def listening():
    """The port, taken before anything starts and handed to the web server."""
    asked = os.environ.get("CROSS_PORT") or "8000"
    if not asked.isdecimal() or int(asked) > 65535:
        raise CannotStart(f"CROSS_PORT doit être un numéro de port, pas « {asked} ».")
    try:
        listener = socket.create_server((HOST, int(asked)))
    except OSError as error:
        reason = "est déjà pris" if error.errno == errno.EADDRINUSE else f": {error.strerror}"
        raise CannotStart(
            f"le port {asked} de {HOST} {reason} ; choisissez-en un autre, par exemple "
            "CROSS_PORT=8001 ./run"
        ) from error
    with listener:
        yield listener


def environment_of(home, addresses):
    """What the children and the commands see."""
    return {
        "CROSS_DEMONSTRATION": "1",
        **os.environ,
        **addresses,
        "CROSS_HOME": str(home),
        "PYTHONUNBUFFERED": "1",
    }


def what_is_down(url):
    """A few words on what /healthz reports as down; an empty string when all is up."""
    try:
        with urllib.request.urlopen(f"{url}healthz", timeout=3) as answer:
            answer.read()
            return ""
    except urllib.error.HTTPError as error:
        with error:
            state = error.read()
        try:
            report = json.loads(state)
        except ValueError:
            return f"réponse {error.code}"
        return ", ".join(f"{name} : {value}" for name, value in report.items())
    except OSError as error:  # refused, reset, too slow
        return str(error)


def ended(code):
    return f"code {code}" if code >= 0 else f"signal {-code}"


def say(line, *, prefix="cross"):
    with suppress(OSError):  # a terminal that was closed is no reason to leave anything behind
        print(f"{prefix:11}| {line}", flush=True)

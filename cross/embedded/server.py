"""What the two servers have in common: a bound process, its log, its end."""

import signal
import subprocess
import time

from cross.embedded import CannotStart, bound

LOG_LIMIT_BYTES = 5_000_000
POLL_SECONDS = 0.02


class Server:
    """A program that serves on a socket. Sub-classes say how it starts and when it is ready.

    `name` as told to the user; `at_death` and `stop_signal` end it without loss.
    """

    name: str
    at_death: signal.Signals
    stop_signal: signal.Signals
    process: subprocess.Popen
    ready_within_seconds = 60
    stop_within_seconds = 20

    def __init__(self, data, socket_folder, *, account=None, durable=True):
        self.data = data
        self.sockets = socket_folder
        self.account = account
        self.durable = durable

    @property
    def url(self):
        raise NotImplementedError

    def start(self):
        raise NotImplementedError

    def launch(self, args):
        """Start the program, wait until it serves; CannotStart with its last words otherwise."""
        log = self.data.with_name(f"{self.data.name}.log")
        if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
            log.replace(f"{log}.1")
        with log.open("ab") as sink:
            written_before = sink.tell()
            self.process = subprocess.Popen(
                bound.command(args, at_death=self.at_death, account=self.account),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                cwd="/",
                env={"PATH": "/usr/bin:/bin", "TZ": "UTC", "LC_ALL": "C"},
                start_new_session=True,
            )
        end = time.monotonic() + self.ready_within_seconds
        while not self.is_ready():
            if self.process.poll() is not None:
                raise CannotStart(
                    f"{self.name} ne démarre pas : {last_words(log, written_before)}"
                )
            if time.monotonic() > end:
                self.stop()
                raise CannotStart(f"{self.name} ne répond pas ; voyez {log}.")
            time.sleep(POLL_SECONDS)

    def is_ready(self):
        raise NotImplementedError

    def is_running(self):
        return hasattr(self, "process") and self.process.poll() is None

    def stop(self):
        if not self.is_running():
            return
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(self.stop_within_seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def last_words(log, written_before):
    """What the program wrote in its log since we started it, on one line."""
    with log.open("rb") as file:
        file.seek(written_before)
        lines = file.read().decode(errors="replace").split("\n")
    said = " / ".join(line.strip() for line in lines[-4:] if line.strip())
    return f"{said} ({log})" if said else f"voyez {log}"

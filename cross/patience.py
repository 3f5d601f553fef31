"""gunicorn's settings and hooks, of the containers and of `./run` alike: a slow client takes no
thread, and the folder of figures knows which processes are still there.

A thread is given to a request once its head is there whole; its body then comes at a pace, or the
connection ends. Eight threads serve a department: nobody holds one by saying little.
"""

import errno
import gc
import os
import selectors
import socket
import time
from functools import partial
from pathlib import Path

from gunicorn.workers.gthread import ThreadWorker

worker_class = "cross.patience.PatientWorker"
# Longer than whoever asks keeps an idle connection (the proxy: a minute): one that we close while
# a request is on its way is a form lost. Idle, it holds no thread.
keepalive = 75
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190

HEAD_SECONDS = 5
HEAD_MOST_BYTES = 65_536  # beyond, the parser says which of its limits is passed
LOOK_AGAIN_SECONDS = 0.1
BODY_GRACE_SECONDS = 10
BODY_LEAST_BYTES_A_SECOND = 8_000
SEND_SECONDS = 300

# Until Django says how lines are written; no line quotes an address (cross.log).
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"generic": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "generic"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "gunicorn.error": {"handlers": [], "level": "WARNING", "propagate": True},
        "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}


def on_starting(server):
    """What the processes of an earlier start had counted is over."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    for path in Path(folder).glob("*.db") if folder else ():
        path.unlink(missing_ok=True)


def when_ready(server):
    """Before the fork, where the application is loaded once for all processes: what is there for
    good is set apart, so that no request looks through it again for something to free. Looking
    took a tenth of the processor time of a page on average, and takes a third of that."""
    if server.cfg.preload_app:
        # Not at the top: these settings are read before there is an application.
        from django.urls import get_resolver  # noqa: PLC0415

        # The views too, which the first request of each process would have loaded.
        get_resolver().url_patterns  # noqa: B018
        gc.collect()
        gc.freeze()


def child_exit(server, worker):
    """What a process that has ended used of the pool is used no more."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        # Not at the top: the library decides how it counts when it is loaded, from the settings.
        from prometheus_client import multiprocess  # noqa: PLC0415

        multiprocess.mark_process_dead(worker.pid)


class PatientWorker(ThreadWorker):
    """gthread, which otherwise gives a thread to whoever has sent one byte."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.begun = []  # connections whose head has begun, and is not whole

    def enqueue_req(self, conn):
        held = conn.parser is not None and conn.parser.unreader.buf.getvalue()
        head = b"" if held else peeked(conn.sock)
        if held or head == b"" or b"\r\n\r\n" in (head or b"") or _is_long(head):
            conn.data_ready = True
            conn.head_until = None
            if conn.parser is not None:
                conn.parser.unreader.sock = conn.sock  # the pace of the last body is over
            super().enqueue_req(conn)
            return
        now = time.monotonic()
        if getattr(conn, "head_until", None) is None:
            conn.head_until = now + HEAD_SECONDS
        if head is None:
            conn.sock.setblocking(False)
            conn.timeout = conn.head_until
            self.pending_conns.append(conn)
            readable = partial(self.on_pending_socket_readable, conn)
            self.poller.register(conn.sock, selectors.EVENT_READ, readable)
        elif conn not in self.begun:
            # Not in the poller: it would be told at once of the bytes that are there already.
            self.begun.append(conn)

    def wait_for_and_dispatch_events(self, timeout):
        super().wait_for_and_dispatch_events(
            min(timeout, LOOK_AGAIN_SECONDS) if self.begun else timeout
        )

    def murder_pending(self):
        super().murder_pending()
        begun, self.begun = self.begun, []
        for conn in begun:
            if time.monotonic() < conn.head_until:
                self.enqueue_req(conn)
            else:
                self.nr_conns -= 1
                conn.close()

    def handle_request(self, req, conn):
        conn.sock.settimeout(SEND_SECONDS)
        conn.parser.unreader.sock = Paced(conn.sock)
        return super().handle_request(req, conn)


def peeked(sock):
    """What has come and is not read yet: b"" from who has left, None when nothing has come."""
    try:
        return sock.recv(HEAD_MOST_BYTES, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def _is_long(head):
    return head is not None and len(head) >= HEAD_MOST_BYTES


class Paced:
    """The reading side of a connection: ten seconds, and one more for each 8 kB that come."""

    def __init__(self, sock):
        self.sock = sock
        self.until = time.monotonic() + BODY_GRACE_SECONDS

    def recv(self, size):
        self.sock.settimeout(max(self.until - time.monotonic(), 0.001))
        try:
            data = self.sock.recv(size)
        except TimeoutError:
            raise ConnectionResetError(errno.ECONNRESET, "too slow") from None
        finally:
            self.sock.settimeout(SEND_SECONDS)
        self.until += len(data) / BODY_LEAST_BYTES_A_SECOND
        return data

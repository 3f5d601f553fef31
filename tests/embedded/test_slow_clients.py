"""gunicorn as the containers run it, and clients that mean no good: slow, endless, ambiguous."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from gunicorn.config import KNOWN_SETTINGS
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from cross import patience
from cross.embedded import web

PROJECT = Path(__file__).resolve().parents[2]
# Answers 405 to GET without asking the database anything.
ASK = b"GET /navigateur/refus/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def port(home):
    """One process, two threads: fewer than in life, so that a few slow clients would be enough."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number = listener.getsockname()[1]
        environment = os.environ | {
            "CROSS_HOME": str(home),
            "CROSS_METRICS_PORT": "9464",
            "PYTHONWARNINGS": "ignore",
        }
        words = "-m gunicorn cross.wsgi --config python:cross.patience --workers 1 --threads 2"
        server = subprocess.Popen(
            [sys.executable, *words.split(), "--no-control-socket", "--bind",
             f"fd://{listener.fileno()}"],
            cwd=PROJECT,
            env=environment,
            pass_fds=[listener.fileno()],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            assert status(number, ASK + b"\r\n", patience=60) == 405
            yield number
        finally:
            server.terminate()
            server.wait(20)


def opened(port, patience=15):
    return socket.create_connection(("127.0.0.1", port), timeout=patience)


def status(port, sent, patience=15):
    """The status of the answer; 0 when the connection is closed without one."""
    with opened(port, patience) as line:
        line.sendall(sent)
        said = b""
        while b"\r\n" not in said:
            part = line.recv(4096)
            if not part:
                return 0
            said += part
    return int(re.match(rb"HTTP/1\.1 (\d{3})", said)[1])


def test_each_process_counts_in_a_file_that_another_one_reads(port, home):
    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(home / "figures"))
    text = generate_latest(registry).decode()
    found = 'cross_requests_total{method="GET",route="browser_refusals",status="405"} 1.0'
    assert found in text


def test_heads_that_never_end_take_no_thread(port):
    with contextlib.ExitStack() as lines:
        slow = [lines.enter_context(opened(port)) for _ in range(60)]
        for line in slow:
            line.sendall(ASK[:30])
        assert [status(port, ASK + b"\r\n") for _ in range(5)] == [405] * 5
        for line in slow:  # each is closed, without an answer
            with contextlib.suppress(ConnectionResetError):
                assert line.recv(10) == b""


def test_a_head_that_comes_in_pieces_is_answered(port):
    with opened(port) as line:
        for part in (ASK[:7], ASK[7:50], ASK[50:], b"\r\n"):
            line.sendall(part)
            time.sleep(0.05)
        assert line.recv(4096).startswith(b"HTTP/1.1 405")


def test_a_connection_is_kept_for_a_second_request(port):
    ask = ASK.replace(b"Connection: close\r\n", b"") + b"\r\n"
    with opened(port) as line:
        for _ in range(3):
            line.sendall(ask)
            said = b""
            while not said.endswith(b"\r\n\r\n"):
                said += line.recv(4096)
            assert said.startswith(b"HTTP/1.1 405")


def test_bodies_that_come_too_slowly_give_their_thread_back(port):
    """As many as there are threads, one byte of each: the honest one is answered after them."""
    post = ASK.replace(b"GET", b"POST") + b"Content-Length: 9000\r\n\r\n{"
    with contextlib.ExitStack() as lines:
        for _ in range(2):
            lines.enter_context(opened(port)).sendall(post)
        assert status(port, ASK + b"\r\n", patience=25) == 405


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"GET /" + b"a" * 5_000 + b" HTTP/1.1\r\nHost: localhost\r\n", {400, 414}),
        (ASK + b"X-Long: " + b"a" * 9_000 + b"\r\n", {400, 431}),
        (ASK + b"".join(b"X-%d: 1\r\n" % rank for rank in range(70)), {400, 431}),
        (ASK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", {400}),
        (ASK + b"Content-Length: 3\r\nContent-Length: 4\r\n", {400}),
        (ASK + b"Transfer-Encoding: cow\r\n", {400, 501}),
        (ASK + b"X Bad: 1\r\n", {400}),
        (ASK.replace(b"localhost", b"autre.exemple.invalid"), {400}),
        (ASK.replace(b"GET", b"TRACE"), {405}),
        (ASK.replace(b"GET", b"BOGUS"), {405}),
        (b"\x16\x03\x01\x02\x00\r\n", {400, 0}),
    ],
)
def test_a_head_that_is_too_long_or_means_two_things_is_refused(port, head, expected):
    assert status(port, head + b"\r\n") in expected


def test_what_is_refused_is_not_read(port):
    """Sixty-five megabytes are announced, none is sent, and the answer is there."""
    ask = ASK.replace(b"GET", b"POST") + b"Content-Length: 65000000\r\n\r\n"
    assert status(port, ask) in {204, 413}


def test_the_run_on_one_machine_has_every_setting_of_the_containers():
    """gunicorn reads one module: what is not imported there would be its own default."""
    said = {each.name for each in KNOWN_SETTINGS if hasattr(patience, each.name)}
    assert {"keepalive", "worker_class", "limit_request_line"} <= said
    assert {name for name in said if getattr(web, name, None) != getattr(patience, name)} == set()

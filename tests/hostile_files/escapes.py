"""What a library taken over by a hostile file would try, from the inside of the jail.

Each gives back OUT when it got out; the kernel refuses, or ends it.
"""

import os
import socket

OUT, IN = b"out", b"in"


def _tried(act):
    try:
        act()
    except (OSError, MemoryError):
        return IN
    return OUT


def connect(given):
    host, _, port = given.decode().rpartition(":")
    yield _tried(lambda: socket.create_connection((host, int(port)), timeout=5))


def start(given):
    yield _tried(lambda: os.execv("/bin/true", ["true"]))  # noqa: S606


def fork(given):
    def act():
        if os.fork() == 0:
            os._exit(0)

    yield _tried(act)


def write(given):
    yield _tried(lambda: os.open(given, os.O_WRONLY | os.O_CREAT))


def remove(given):
    yield _tried(lambda: os.unlink(given))


def kill(given):
    yield _tried(lambda: os.kill(int(given), 0))


def grow(given):
    yield _tried(lambda: bytearray(2_000_000_000))


def last(given):
    yield b"first"
    while True:
        pass


def environment(given):
    yield repr(sorted(os.environ)).encode()

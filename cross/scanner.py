"""Ask clamd whether a file is safe. Its protocol is a few lines: no library for that.

CROSS_SCANNER names it: `tcp://clamav:3310` or `unix:///run/clamav/clamd.ctl`; `off` when an
installation has chosen to do without; nothing when nobody has thought of it yet.
"""

import logging
import socket
import struct
from enum import Enum
from urllib.parse import urlsplit

from django.conf import settings

logger = logging.getLogger(__name__)

OFF = "off"
SECONDS = 30
PIECE = 64 * 1024


class Verdict(Enum):
    CLEAN = "clean"
    INFECTED = "infected"
    ABSENT = "absent"  # not there, or has not answered


def scan(data):
    """What the scanner says of these bytes. One that does not answer is absent."""
    if not settings.SCANNER or settings.SCANNER == OFF:
        return Verdict.ABSENT
    try:
        said = _ask(data)
    except OSError as error:
        logger.warning("the scanner does not answer: %s", error)
        return Verdict.ABSENT
    if said.endswith("FOUND"):
        return Verdict.INFECTED
    if said.endswith("OK"):
        return Verdict.CLEAN
    logger.warning("the scanner has not looked: %s", said)
    return Verdict.ABSENT


def _ask(data):
    with _line() as line:
        line.settimeout(SECONDS)
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), PIECE):
            piece = data[start : start + PIECE]
            line.sendall(struct.pack("!I", len(piece)) + piece)
        line.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0") and (more := line.recv(4096)):
            answer += more
    return answer.strip(b"\0 \n").decode(errors="replace")


def _line():
    where = urlsplit(settings.SCANNER)
    if where.scheme == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(SECONDS)
            line.connect(where.path)
        except OSError:
            line.close()
            raise
        return line
    return socket.create_connection((where.hostname, where.port or 3310), timeout=SECONDS)

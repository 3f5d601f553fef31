"""What is kept of the seals outside the database: a file to which lines are only added.

One line a seal, a removal or a key. The same lines leave for another host by syslog, when one is
named (CROSS_ANCHOR_SYSLOG): whoever can rewrite this machine does not rewrite that one.
"""

import base64
import fcntl
import logging
import os
import socket
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from cross.audit import keys
from cross.audit.verifier import FORMAT, NOTHING_BEFORE, Anchor, canonical, key_id

logger = logging.getLogger(__name__)

NAME = "ancres-*.jsonl"
SENT = "envoyees"  # how many lines have left by syslog
SYSLOG_PORT = 514
# Facility « log audit », severity « notice ».
PRIORITY = 13 * 8 + 5


class Broken(RuntimeError):
    """The database and the anchors do not say the same: nothing is sealed on top of that."""


def folder():
    return Path(settings.ANCHORS)


def read_all(where=None):
    """Every anchor, in the order in which they were written."""
    return [
        Anchor.read(line)
        for path in sorted((where or folder()).glob(NAME))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


@dataclass(frozen=True)
class Tail:
    """Where the anchors end: the last one, the batch it leaves as the last, the key from there."""

    anchor: Anchor | None = None
    number: int = 0
    head: str = NOTHING_BEFORE

    @property
    def key(self):
        if self.anchor is None:
            return ""
        record = self.anchor.record
        is_change = record["kind"] == "key"
        return key_id(base64.b64decode(record["public"])) if is_change else record["key"]


def tail():
    """Read from the end: the file of a year holds as many lines as there were seals."""
    last = None
    for path in sorted(folder().glob(NAME), reverse=True):
        for line in _from_the_end(path):
            anchor = Anchor.read(line)
            last = last or anchor
            record = anchor.record
            if record["kind"] == "seal":
                return Tail(last, record["number"], anchor.head)
            if record["kind"] == "restored":
                return Tail(last, record["number"], record["head"])
    return Tail(last)


def _from_the_end(path, size=64 * 1024):
    """The whole lines of a file, the last one first."""
    with path.open("rb") as file:
        left, rest = file.seek(0, os.SEEK_END), b""
        while left:
            begin = max(0, left - size)
            file.seek(begin)
            first, *others = (file.read(left - begin) + rest).split(b"\n")
            yield from (line for line in reversed(others) if line)
            left, rest = begin, first
        if rest:
            yield rest


def naming(key, previous=None, after=0):
    """The record of a key: signed by the one before it, or by itself when it is the first."""
    record = {
        "kind": "key",
        "public": base64.b64encode(keys.public_of(key)).decode(),
        "after": after,
        "at": timezone.now().isoformat(timespec="microseconds"),
    }
    signed = sign(record, previous or key)
    if previous is None:
        return signed
    return replace(signed, countersignature=base64.b64encode(key.sign(signed.text)).decode())


def sign(record, key):
    """The anchor of a record, which is given its format and the name of its key."""
    text = canonical({"format": FORMAT, **record, "key": keys.name_of(key)})
    return Anchor(text, base64.b64encode(key.sign(text)).decode())


def append(*anchors):
    """Write them down for good before anything else is done, then send them on."""
    with _held() as place:
        path = place / f"ancres-{timezone.localdate():%Y}.jsonl"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
        with os.fdopen(descriptor, "ab") as file:
            for anchor in anchors:
                file.write(anchor.as_line().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())


@contextmanager
def _held():
    """The folder, with nobody else writing in it."""
    place = folder()
    place.mkdir(mode=0o750, parents=True, exist_ok=True)
    descriptor = os.open(place, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield place
    finally:
        os.close(descriptor)


# --- Away from here -----------------------------------------------------------------------------


def carry():
    """Send the lines that have not left yet; how many. A host that is down gets them later."""
    if not settings.ANCHOR_SYSLOG:
        return 0
    with _held() as place:
        kept = place / SENT
        done = int(kept.read_text()) if kept.exists() else 0
        left = read_all(place)[done:]
        try:
            _send([anchor.as_line() for anchor in left])
        except OSError as error:
            logger.error(
                "anchors stay here, %s does not answer: %s", settings.ANCHOR_SYSLOG, error
            )
            return 0
        kept.write_text(str(done + len(left)))
    return len(left)


def _send(lines):
    if not lines:
        return
    parts = urlsplit(settings.ANCHOR_SYSLOG)
    where = (parts.hostname or "", parts.port or SYSLOG_PORT)
    if parts.scheme == "tcp":
        with socket.create_connection(where, timeout=5) as line:
            for message in map(_message, lines):
                line.sendall(b"%d %s" % (len(message), message))  # RFC 6587, octet counting
        return
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        for message in map(_message, lines):
            line.sendto(message, where)


def _message(line):
    """RFC 5424."""
    at = timezone.now().isoformat(timespec="milliseconds")
    return (
        f"<{PRIORITY}>1 {at} {socket.gethostname()} cross {os.getpid()} anchor - {line}".encode()
    )

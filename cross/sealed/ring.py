"""The ring: files `1.key`, `2.key`… of one folder. The highest seals, all of them open.

The folder is looked at before each use, so that a key put there or taken away is known to every
process at once. AES-256-GCM-SIV: a nonce drawn twice by bad luck betrays nothing more.
"""

import base64
import binascii
import os
import re
import secrets
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES, NONCE_BYTES = 32, 12
NAME = re.compile(r"([1-9]\d{0,3})\.key")
# The first byte of what is sealed: under a key of the ring, or under a key of its own.
BY_THE_RING, BY_ITS_OWN = b"\x01", b"\x02"
MARK_BYTES = len(BY_THE_RING)
NUMBER_BYTES = 2


class NoKeys(ImproperlyConfigured):
    """The folder of keys is not there, empty, or open to others."""


class Unopenable(Exception):
    """Wrong key, changed, or not where it was sealed; the text says where, never what."""


@dataclass(frozen=True)
class Ring:
    """What one look at the folder found."""

    looked_at: tuple
    keys: dict[int, AESGCMSIV]

    @property
    def current(self):
        return max(self.keys)


_last: dict[Path, Ring] = {}


def ring():
    """The keys as the folder holds them now. Raises `NoKeys`."""
    folder = Path(settings.KEYS)
    try:
        state = folder.stat()
    except FileNotFoundError:
        return _begun(folder)
    # The names too: the clock of a disk is too slow to tell two changes of one instant apart.
    looked_at = (state.st_ino, state.st_mtime_ns, *sorted(os.listdir(folder)))
    known = _last.get(folder)
    if known is None or known.looked_at != looked_at:
        keys = {number: AESGCMSIV(_read(path)) for number, path in files(folder)}
        if not keys:
            return _begun(folder)
        known = _last[folder] = Ring(looked_at, keys)
    return known


def _begun(folder):
    """The demonstration and the tests draw a first key; an installation is given its own."""
    if not (settings.DEMONSTRATION or settings.TESTING):
        raise NoKeys(f"No key in {folder}: set CROSS_KEYS to the folder of the keys.")
    add_key(folder)
    return ring()


def has_keys():
    folder = Path(settings.KEYS)
    return folder.exists() and bool(files(folder))


def files(folder):
    """(number, path) of each key, in order."""
    found = ((NAME.fullmatch(path.name), path) for path in folder.iterdir())
    return sorted((int(name[1]), path) for name, path in found if name)


def _read(path):
    state = path.stat()
    if state.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise NoKeys(f"{path} is open to others: chmod 0600.")
    try:
        key = base64.b64decode(path.read_bytes().strip(), validate=True)
    except binascii.Error as error:
        raise NoKeys(f"{path} is no key.") from error
    if len(key) != KEY_BYTES:
        raise NoKeys(f"{path} holds {len(key)} bytes instead of {KEY_BYTES}.")
    return key


def add_key(folder=None):
    """Draw the next key; returns its number. Seen whole or not at all, by two at once too."""
    folder = Path(folder or settings.KEYS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = max((number for number, _ in files(folder)), default=0) + 1
    drawn = folder / f".{secrets.token_hex(8)}"
    descriptor = os.open(drawn, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        # Another process may have begun at the same time: its key is as good.
        with suppress(FileExistsError):
            (folder / f"{number}.key").hardlink_to(drawn)
    finally:
        drawn.unlink()
    return number


def seal(text, where):
    """`text` sealed under the ring, as text for a column of somebody else's table."""
    return base64.b64encode(seal_bytes(text.encode(), where)).decode()


def unseal(sealed, where):
    """What `seal` was given. Raises `Unopenable`."""
    try:
        blob = base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unopenable(where) from error
    return unseal_bytes(blob, where).decode()


def is_current(sealed):
    """Is it under the key that seals now? What is not, a rotation seals again."""
    return number_of(base64.b64decode(sealed)) == ring().current


def seal_bytes(clear, where):
    keys = ring()
    nonce = secrets.token_bytes(NONCE_BYTES)
    head = BY_THE_RING + keys.current.to_bytes(NUMBER_BYTES)
    return head + nonce + keys.keys[keys.current].encrypt(nonce, clear, where.encode())


def unseal_bytes(blob, where):
    number, rest = number_of(blob), blob[MARK_BYTES + NUMBER_BYTES :]
    key = ring().keys.get(number)
    if key is None:
        raise Unopenable(f"{where}: there is no key {number}")
    return opened(key, rest, where)


def number_of(blob):
    """Which key of the ring sealed it."""
    if blob[:MARK_BYTES] != BY_THE_RING:
        raise Unopenable("not sealed by the ring")
    return int.from_bytes(blob[MARK_BYTES : MARK_BYTES + NUMBER_BYTES])


def opened(key, rest, where):
    """`rest` is a nonce and what was sealed with it."""
    try:
        return key.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], where.encode())
    except (InvalidTag, ValueError) as error:
        raise Unopenable(where) from error


# --- What else is sealed by the ring -------------------------------------------------------------

_others: dict[str, Callable[[], int]] = {}


def seals_too(name, seal_again):
    """Let a room tell what it seals by `seal`, so that a key can be taken away some day.

    `seal_again()` seals some of what is not under the current key; returns how many, 0 at last.
    """
    _others[name] = seal_again


def forget_too(name):
    del _others[name]


def others():
    return dict(_others)

"""Bytes of any length, sealed in chunks: what is changed, cut, reordered or of another key shows.

The STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizár, 2015) over AES-256-GCM: each chunk
has its number in its nonce, and the last one says that it is the last. Each part has a key of its
own, drawn by HKDF from the key of backups, a salt and the name of the part: a chunk of one opens
in no other.
"""

import base64
import binascii
import os
import secrets
import stat
import struct
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cross.backup import CannotBackUp

MAGIC = b"CROSS-SAUVEGARDE-1\n"
KEY_BYTES, SALT_BYTES, PREFIX_BYTES, TAG_BYTES = 32, 16, 7, 16
CHUNK_BYTES = 1 << 20
SEALED_BYTES = CHUNK_BYTES + TAG_BYTES


def make_key(path):
    """A new key in a new file that its owner alone reads; an existing file is left alone."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise CannotBackUp(f"{path} existe déjà : une clé n’est jamais écrasée.") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")


def read_key(path):
    """The key of a file; a file that others may read is refused."""
    try:
        state = Path(path).stat()
        text = Path(path).read_bytes()
    except OSError as error:
        raise CannotBackUp(f"la clé {path} ne se lit pas : {error.strerror}.") from error
    if state.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise CannotBackUp(f"la clé {path} est lisible par d’autres : chmod 600.")
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error as error:
        raise CannotBackUp(f"{path} n’est pas une clé de sauvegarde.") from error
    if len(key) != KEY_BYTES:
        raise CannotBackUp(f"{path} n’est pas une clé de sauvegarde.")
    return key


def _cipher(key, salt, name):
    derived = HKDF(SHA256(), KEY_BYTES, salt, b"cross backup " + name.encode()).derive(key)
    return AESGCM(derived)


def _nonce(prefix, number, *, last):
    return prefix + struct.pack(">IB", number, last)


class Sealer:
    """A file that is written in clear and lies sealed. Closed by `with`; an error leaves it
    without its last chunk, and it opens no more."""

    def __init__(self, file, key, name):
        self.file = file
        salt = secrets.token_bytes(SALT_BYTES)
        self.prefix = secrets.token_bytes(PREFIX_BYTES)
        self.header = MAGIC + salt + self.prefix
        self.cipher = _cipher(key, salt, name)
        self.number = 0
        self.kept = bytearray()
        file.write(self.header)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is None:
            self._seal(bytes(self.kept), last=True)

    def write(self, data):
        self.kept += data
        # One chunk stays in hand: the last one is not known before the end.
        while len(self.kept) > CHUNK_BYTES:
            self._seal(bytes(self.kept[:CHUNK_BYTES]), last=False)
            del self.kept[:CHUNK_BYTES]
        return len(data)

    def _seal(self, chunk, *, last):
        nonce = _nonce(self.prefix, self.number, last=last)
        self.file.write(self.cipher.encrypt(nonce, chunk, self.header))
        self.number += 1


def opened(file, key, name, where):
    """The clear chunks of a sealed file, in order; CannotBackUp at the first that does not hold.

    `where` is how the file is called in the refusal.
    """
    header = file.read(len(MAGIC) + SALT_BYTES + PREFIX_BYTES)
    if not header.startswith(MAGIC) or len(header) != len(MAGIC) + SALT_BYTES + PREFIX_BYTES:
        raise CannotBackUp(f"{where} n’est pas une partie de sauvegarde, ou elle est tronquée.")
    salt = header[len(MAGIC) : len(MAGIC) + SALT_BYTES]
    prefix = header[len(MAGIC) + SALT_BYTES :]
    cipher = _cipher(key, salt, name)
    number, chunk = 0, file.read(SEALED_BYTES)
    while True:
        following = file.read(SEALED_BYTES)
        last = not following
        try:
            yield cipher.decrypt(_nonce(prefix, number, last=last), chunk, header)
        except InvalidTag as error:
            raise CannotBackUp(_refusal(where, number, last)) from error
        if last:
            return
        number, chunk = number + 1, following


def _refusal(where, number, last):
    if number == 0:
        return f"{where} ne s’ouvre pas : ce n’est pas la bonne clé, ou le fichier a été modifié."
    if last:
        return f"{where} est tronqué, ou sa fin a été modifiée."
    return f"{where} a été modifié après sa création."

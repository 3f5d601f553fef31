"""The key that signs the seals, in a file of the worker alone: never in the database.

Its public half stands in the file of anchors, and so does each change of key.
"""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from cross.audit.verifier import key_id


def signing_key():
    """The private key. The demonstration and the tests make theirs; in production it is given."""
    path = Path(settings.JOURNAL_KEY)
    if not path.exists():
        if not (settings.DEMONSTRATION or settings.TESTING):
            raise ImproperlyConfigured(
                f"No key to seal the journal with: {path} is missing. Make one "
                "(manage.py journal_key --make FILE) and name it in CROSS_JOURNAL_KEY."
            )
        make(path)
    return read(path)


def read(path):
    key = load_pem_private_key(Path(path).read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ImproperlyConfigured(f"{path} holds no Ed25519 key.")
    return key


def make(path):
    """A new key in a new file that its owner alone reads; an existing file is left alone."""
    key = Ed25519PrivateKey.generate()
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = Path(path)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text)
    return key


def public_of(key):
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def name_of(key):
    return key_id(public_of(key))

"""A form sent twice makes one row: the key it was drawn with is kept with what it said."""

import json
import secrets
from hashlib import blake2b

from django.db import IntegrityError, transaction


def draw():
    """The key of a form about to be shown."""
    return secrets.token_hex(16)


def key_of(drawn, said):
    """32 characters for one form and what it said; changed after going back, it says another.

    `said` is anything that JSON writes.
    """
    return blake2b(json.dumps([drawn, said]).encode(), digest_size=16).hexdigest()


def record(make, sent_before):
    """What `make()` writes, or `sent_before()`: the row that the same form has just made."""
    try:
        with transaction.atomic():
            return make()
    except IntegrityError:
        first = sent_before()
        if first is None:
            raise
        return first

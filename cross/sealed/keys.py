"""The keys of values: drawn, kept, opened, by as many as are asked for at once."""

import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from django.db import connection

from cross.sealed.models import ValueKey
from cross.sealed.ring import (
    BY_ITS_OWN,
    KEY_BYTES,
    MARK_BYTES,
    NONCE_BYTES,
    Unopenable,
    number_of,
    opened,
    seal_bytes,
    unseal_bytes,
)

TABLE = ValueKey._meta.db_table
WRITE_AGAIN = f"""
UPDATE {TABLE} AS kept SET key = said.key, number = said.number
FROM unnest(%s::bigint[], %s::bytea[], %s::smallint[]) AS said (id, key, number)
WHERE kept.id = said.id
"""  # noqa: S608 - the table's own name


def where(place, row):
    return f"{place}:{row}"


def found(row, places):
    """{place: key} of the values of one row, in one query."""
    kept = ValueKey.objects.filter(row=row, place__in=places)
    return {each.place: _opened(each) for each in kept}


def found_of(rows, places):
    """{(place, row): key} of many rows of one table, in one query."""
    kept = ValueKey.objects.filter(row__in=rows, place__in=places)
    return {(each.place, each.row): _opened(each) for each in kept}


def drawn(wanted, *, unless_there=False):
    """{(place, row): key}, new, for values that have none: an IntegrityError when one has.

    `unless_there` keeps the one that another process drew: ask for it then by `found`.
    """
    fresh = {each: secrets.token_bytes(KEY_BYTES) for each in wanted}
    made = [_sealed(ValueKey(place=place, row=row), key) for (place, row), key in fresh.items()]
    ValueKey.objects.bulk_create(made, batch_size=1000, ignore_conflicts=unless_there)
    return {each: AESGCMSIV(key) for each, key in fresh.items()}


def _sealed(kept, key):
    kept.key = seal_bytes(key, where(f"{TABLE}/{kept.place}", kept.row))
    kept.number = number_of(kept.key)
    return kept


def _bytes_of(kept):
    return unseal_bytes(bytes(kept.key), where(f"{TABLE}/{kept.place}", kept.row))


def _opened(kept):
    return AESGCMSIV(_bytes_of(kept))


def seal_again(number, *, most):
    """Seal under the current key `most` keys that another one than `number` seals; how many."""
    old = ValueKey.objects.exclude(number=number).select_for_update(skip_locked=True)
    batch = [_sealed(each, _bytes_of(each)) for each in old.order_by("pk")[:most]]
    columns = zip(*((each.pk, bytes(each.key), each.number) for each in batch), strict=True)
    if batch:
        with connection.cursor() as cursor:
            cursor.execute(WRITE_AGAIN, list(map(list, columns)))
    return len(batch)


def left_but(number):
    """How many values hang on another key of the ring than this one."""
    return ValueKey.objects.exclude(number=number).count()


# --- Values --------------------------------------------------------------------------------------


def close(key, clear, place, row):
    nonce = secrets.token_bytes(NONCE_BYTES)
    return BY_ITS_OWN + nonce + key.encrypt(nonce, clear, where(place, row).encode())


def open_value(key, blob, place, row):
    """Raises `Unopenable`: wrong key, changed, or moved to another row or column."""
    if key is None or blob[:MARK_BYTES] != BY_ITS_OWN:
        raise Unopenable(where(place, row))
    return opened(key, blob[MARK_BYTES:], where(place, row))

"""Pages by cursor: the next page starts after the last row seen; page 8,000 costs what page 1
does.

A cursor is the key of a row, written in the address as `2026-09-02T18:42:00+00:00~3f0c…`. A cursor
that does not read is taken for the first page: an address typed by hand is not an error.

Rows are numbered one after the other, hidden ones too: the number of a row is veiled, or two
cursors would say how many others were written between the two.
"""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import F
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

AFTER, BEFORE = "apres", "avant"
SEPARATOR = "~"
NUMBERS = ("id", "pk")
HALF, MASK, ROUNDS = 32, 0xFFFFFFFF, 4
LARGEST = 1 << 40  # no table has so many rows: what unveils beyond was written by somebody else


@dataclass(frozen=True)
class Page:
    """Rows of one page and the cursors around it; `None` at either end."""

    rows: list
    previous: str | None
    next: str | None

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)


def page_of(queryset, query, *, keys, size, ascending=False):
    """The page of `queryset` that `query` (a QueryDict) asks for.

    `keys` name one or more columns or annotations without nulls, the last of which is unique; the
    rows come back in descending order of all of them (ascending if asked): one comparison of rows
    enters the index where one order on each would not. One query, of size + 1 rows.
    """
    columns = Tuple(*(F(key) for key in keys))
    fields = [_field(queryset, key) for key in keys]
    after = _read(query.get(AFTER), fields)
    before = _read(query.get(BEFORE), fields) if after is None else None
    upwards = [F(key).asc() for key in keys]
    downwards = [F(key).desc() for key in keys]
    forth, back = (upwards, downwards) if ascending else (downwards, upwards)
    beyond, short = (
        (TupleGreaterThan, TupleLessThan) if ascending else (TupleLessThan, TupleGreaterThan)
    )
    if before is not None:
        wanted = queryset.filter(short(columns, before)).order_by(*back)
        rows = list(wanted[: size + 1])
        more, rows = len(rows) > size, rows[:size][::-1]
        return Page(rows, cursor_of(rows[0], keys) if more else None, _last(rows, keys, True))
    wanted = queryset.order_by(*forth)
    if after is not None:
        wanted = wanted.filter(beyond(columns, after))
    rows = list(wanted[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    previous = cursor_of(rows[0], keys) if after is not None and rows else None
    return Page(rows, previous, _last(rows, keys, more))


def _last(rows, keys, more):
    return cursor_of(rows[-1], keys) if more and rows else None


def cursor_of(row, keys):
    """The cursor of a row: what follows it comes after."""
    return SEPARATOR.join(_written(key, getattr(row, key)) for key in keys)


def _written(key, value):
    if key in NUMBERS:
        return veil(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def veil(number):
    """A number of 64 bits as 16 hexadecimal digits that tell neither its size nor its neighbours.

    A permutation of four rounds, keyed by the secret of this house: nothing has to be kept.
    """
    left, right = number >> HALF, number & MASK
    for each in range(ROUNDS):
        left, right = right, left ^ _mix(each, right)
    return f"{left:08x}{right:08x}"


def unveil(text):
    """The number; ValueError when the text is none of ours."""
    if len(text) != 2 * HALF // 4:
        raise ValueError(text)
    left, right = int(text[:8], 16), int(text[8:], 16)
    for each in reversed(range(ROUNDS)):
        left, right = right ^ _mix(each, left), left
    number = left << HALF | right
    if number >= LARGEST:
        raise ValueError(text)
    return number


def _mix(each, half):
    said = f"{each} {half}".encode()
    secret = settings.SECRET_KEY.encode()[:64]
    return int.from_bytes(blake2b(said, key=secret, digest_size=4).digest())


def _field(queryset, key):
    annotation = queryset.query.annotations.get(key)
    if annotation is not None:
        return annotation.output_field
    return queryset.model._meta.get_field(key)


def _read(text, fields) -> tuple[Any, ...] | None:
    parts = text.split(SEPARATOR) if text else []
    if len(parts) != len(fields) or "\0" in text:
        return None
    try:
        return tuple(_value(field, part) for field, part in zip(fields, parts, strict=True))
    except (ValueError, TypeError, ArithmeticError, ValidationError):
        return None


def _value(field, part):
    value = field.to_python(unveil(part) if field.primary_key else part)
    field.run_validators(
        value
    )  # a number too large for the column would be an error of the server
    return value

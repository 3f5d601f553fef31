"""Pages by cursor: the next page starts after the last row seen; page 8,000 costs what page 1
does.

A cursor is the key of a row, written in the address as `2026-09-02T18:42:00+00:00~1234`. A cursor
that does not read is taken for the first page: an address typed by hand is not an error.
"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

AFTER, BEFORE = "apres", "avant"
SEPARATOR = "~"


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
        return Page(rows, _cursor(rows[0], keys) if more else None, _last(rows, keys, True))
    wanted = queryset.order_by(*forth)
    if after is not None:
        wanted = wanted.filter(beyond(columns, after))
    rows = list(wanted[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    previous = _cursor(rows[0], keys) if after is not None and rows else None
    return Page(rows, previous, _last(rows, keys, more))


def _last(rows, keys, more):
    return _cursor(rows[-1], keys) if more and rows else None


def _cursor(row, keys):
    values = (getattr(row, key) for key in keys)
    return SEPARATOR.join(
        value.isoformat() if hasattr(value, "isoformat") else str(value) for value in values
    )


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
    value = field.to_python(part)
    field.run_validators(
        value
    )  # a number too large for the column would be an error of the server
    return value

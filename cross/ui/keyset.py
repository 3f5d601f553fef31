"""Pages by cursor: the next page starts after the last row seen, so page 8,000 costs what page 1 does.

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
    start: int | None = None
    end: int | None = None
    total: int | None = None

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)


def page_of(queryset, query, *, keys, size):
    """The page of `queryset` that `query` (a QueryDict) asks for.

    `keys` name one or more columns, latest first, the last of which is unique; the rows come back in
    that descending order. One query, of size + 1 rows.
    """
    model = queryset.model
    columns = Tuple(*(F(key) for key in keys))
    after = _read(query.get(AFTER), model, keys)
    before = _read(query.get(BEFORE), model, keys) if after is None else None
    if before is not None:
        wanted = queryset.filter(TupleGreaterThan(columns, before)).order_by(*keys)
        rows = list(wanted[: size + 1])
        more, rows = len(rows) > size, rows[:size][::-1]
        return Page(rows, _cursor(rows[0], keys) if more else None, _last(rows, keys, True))
    wanted = queryset.order_by(*(F(key).desc() for key in keys))
    if after is not None:
        wanted = wanted.filter(TupleLessThan(columns, after))
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


def _read(text, model, keys) -> tuple[Any, ...] | None:
    parts = (text or "").split(SEPARATOR)
    if len(parts) != len(keys):
        return None
    try:
        return tuple(
            model._meta.get_field(key).to_python(part)
            for key, part in zip(keys, parts, strict=True)
        )
    except (ValueError, TypeError, ArithmeticError, ValidationError):
        return None

"""Fields whose column holds what they say under seal.

    raw_text = SealedTextField("texte d’origine", named_by="report_id")

A row read from the database carries the sealed bytes; they are opened when somebody looks, with a
key found in one query for the whole row. Nothing is searched, sorted or compared in the database
but « is it empty? ». A value is written with its row: `update()` refuses a text, it knows no row.
`named_by` gives what names the row: it is known before the row is written and never changes.
"""

import json
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from cross.sealed import keys

NOT_IN_THE_DATABASE = "a sealed value is written through its row, and looked at there"


@dataclass(frozen=True, repr=False)
class Closed:
    """What the column holds. It shows itself nowhere: what is read is the field of its row."""

    blob: bytes

    def __repr__(self):
        return "<sealed>"

    def __str__(self):
        raise TypeError(NOT_IN_THE_DATABASE)


class Opened(DeferredAttribute):
    """The value of a row, opened the first time that somebody looks at it."""

    field: Any

    def __get__(self, instance, cls=None):
        value = super().__get__(instance, cls)
        if isinstance(value, Closed):
            value = self.field.opened(instance, value)
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance, value):
        # Being there, it has the value asked for above and not taken from the row as it is.
        instance.__dict__[self.field.attname] = value


class SealedTextField(models.Field):
    """A text. When it is empty, so is its column."""

    descriptor_class = Opened
    nothing: Any = ""

    def __init__(self, *args, named_by, **options):
        self.named_by = (named_by,) if isinstance(named_by, str) else tuple(named_by)
        super().__init__(*args, **options)

    def deconstruct(self):
        name, path, args, options = super().deconstruct()
        return name, path, args, options | {"named_by": self.named_by}

    def get_internal_type(self):
        return "BinaryField"

    @property
    def place(self):
        return f"{self.model._meta.db_table}.{self.column}"

    def row_of(self, instance):
        names = [getattr(instance, name) for name in self.named_by]
        if None in names:
            raise ValueError(f"{self.place}: what names the row is not known yet")
        return "/".join(map(str, names))

    # --- Reading --------------------------------------------------------------------------------

    def from_db_value(self, value, expression, connection):
        if value is None:  # of a row that is not there, beside one that is
            return None
        return Closed(bytes(value)) if len(value) else self.nothing

    def opened(self, instance, value):
        row = self.row_of(instance)
        key = _keys_of(instance).get(self.place)
        return self.as_value(keys.open_value(key, value.blob, self.place, row))

    # --- Writing --------------------------------------------------------------------------------

    def pre_save(self, instance, add):
        """What goes into the column: as it was read, or sealed anew."""
        value = instance.__dict__[self.attname]
        if isinstance(value, Closed) or value == self.nothing:
            return value
        row, held = self.row_of(instance), _keys_of(instance)
        if self.place not in held:
            held |= _drawn(self.place, row)
        clear = self.as_bytes(value)
        return Closed(keys.close(held[self.place], clear, self.place, row))

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        if isinstance(value, Closed):
            return value.blob
        if value != self.nothing:
            raise TypeError(NOT_IN_THE_DATABASE)
        return b""

    def get_db_prep_value(self, value, connection, prepared=False):
        return connection.Database.Binary(value if prepared else self.get_prep_value(value))

    def as_bytes(self, value):
        return value.encode()

    def as_value(self, clear):
        return clear.decode()

    def get_lookup(self, lookup_name):
        return super().get_lookup(lookup_name) if lookup_name in {"exact", "isnull"} else None


class SealedJSONField(SealedTextField):
    """A dictionary or a list, empty or not."""

    nothing = None

    def as_bytes(self, value):
        return json.dumps(value, separators=(",", ":")).encode()

    def as_value(self, clear):
        return json.loads(clear)


# --- The keys of a row ---------------------------------------------------------------------------


def fields_of(model):
    return [field for field in model._meta.concrete_fields if isinstance(field, SealedTextField)]


def _keys_of(instance):
    """{place: key} of the sealed fields of a row, asked once and kept with it."""
    held = instance.__dict__.get("_keys_of_values")
    if held is None:
        fields = fields_of(type(instance))
        held = keys.found(fields[0].row_of(instance), [field.place for field in fields])
        instance.__dict__["_keys_of_values"] = held
    return held


def _drawn(place, row):
    """A key for a value that has none yet; the one that another process drew first, if any."""
    keys.drawn([(place, row)], unless_there=True)
    return keys.found(row, [place])


def open_together(rows):
    """Ask once for the keys of many rows of one table, that will be looked at one by one."""
    rows = list(rows)
    if rows and (fields := fields_of(type(rows[0]))):
        named = {fields[0].row_of(row): row for row in rows}
        for row in rows:
            row.__dict__["_keys_of_values"] = {}
        asked = keys.found_of(list(named), [field.place for field in fields])
        for (place, name), key in asked.items():
            named[name].__dict__["_keys_of_values"][place] = key
    return rows


def draw_together(rows):
    """Keys at once for many new rows of one table, before they are written."""
    rows = list(rows)
    if not rows:
        return rows
    wanted = {}
    for field in fields_of(type(rows[0])):
        for row in rows:
            if row.__dict__[field.attname] != field.nothing:
                wanted[field.place, field.row_of(row)] = row
            row.__dict__.setdefault("_keys_of_values", {})
    for (place, name), key in keys.drawn(wanted).items():
        wanted[place, name].__dict__["_keys_of_values"][place] = key
    return rows


def as_written(rows, field):
    """What COPY writes of a field of many rows: see `draw_together`."""
    if isinstance(field, SealedTextField):
        return [field.get_prep_value(field.pre_save(row, True)) for row in rows]
    return list(map(attrgetter(field.attname), rows))

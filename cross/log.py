"""How the technical log writes: what happened and where, never what a row says or somebody typed.

An exception is told by its class and the lines of code that it went through, not by its words: a
refusal of the database quotes the very row it refuses, a conversion quotes what it cannot read.
Of an address, the name of the route. Each line carries the number of the request it belongs to.
"""

import json
import logging
import traceback
from datetime import UTC, datetime

from django.db import Error as WrappedError
from psycopg import Error

from cross.watching import requests

OMITTED = "(texte omis)"
MOST_BEHIND, MOST_LINES = 4, 16  # of an exception: those behind it, the lines of each
QUOTING = {"exc", "traceback", "args", "kwargs", "return_value"}
# Django's own loggers, which put the address or what was wrong with it in their message.
OF_REQUESTS = ("django.request", "django.security")


class Line(logging.Formatter):
    """For people: one line, and the way of an exception under it."""

    def format(self, record):
        text = super().format(quiet(record))
        if watched := requests.behind(record):
            first, *rest = text.split("\n")
            text = "\n".join([f"{first} [{watched.number}]", *rest])
        return text

    def formatException(self, ei):
        return way_of(ei[1])


class JsonLine(logging.Formatter):
    """For machines (CROSS_LOG=json): one object a line."""

    def format(self, record):
        quietened = quiet(record)
        watched = requests.behind(record)
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": quietened.getMessage(),
            "request": watched and watched.number,
            "route": watched and watched.route,
            **getattr(record, "figures", {}),
        }
        if record.exc_info and record.exc_info[1]:
            told["exception"] = type(record.exc_info[1]).__name__
            told["way"] = way_of(record.exc_info[1])
        filled = {name: value for name, value in told.items() if value not in ("", None)}
        return json.dumps(filled, ensure_ascii=False)


def quiet(record):
    """The same record without what it may quote: other handlers still get theirs whole."""
    record = logging.makeLogRecord(record.__dict__)
    if record.name.startswith(OF_REQUESTS):
        watched = requests.behind(record)
        status = getattr(record, "status_code", "")
        record.msg, record.args = f"{status} on {watched.route if watched else 'nowhere'}", ()
        if record.name.startswith("django.security"):
            record.msg = f"{record.name.rpartition('.')[2]}: {record.msg}"
            record.exc_info = None
    elif isinstance(record.args, dict):  # Celery's, of a task: what it was given, what it raised
        record.args = record.args | dict.fromkeys(QUOTING & record.args.keys(), OMITTED)
    elif isinstance(record.args, tuple):
        record.args = tuple(
            in_short(each) if isinstance(each, BaseException) else each for each in record.args
        )
    record.exc_text = record.stack_info = None
    return record


def way_of(error):
    """The classes of an exception and of those behind it, with the code they went through."""
    told = []
    for each in reversed(_chain(error)[:MOST_BEHIND]):
        way = traceback.format_tb(each.__traceback__)
        told += way if len(way) <= MOST_LINES else [*way[:4], "  …\n", *way[4 - MOST_LINES :]]
        told.append(f"{in_short(each)}\n")
    return "".join(told).rstrip()


def _chain(error):
    """An exception and those behind it, each once."""
    met: list[BaseException] = []
    while error is not None and error not in met:
        met.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return met


def in_short(error):
    """The class; of the database, its code and the name of the constraint too."""
    named = type(error).__name__
    found = error if isinstance(error, Error) else error.__cause__
    if isinstance(error, Error | WrappedError) and isinstance(found, Error):
        named = " ".join(filter(None, [named, found.sqlstate, found.diag.constraint_name]))
    return f"{named} {OMITTED}" if str(error) else named

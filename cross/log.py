"""How the technical log writes: what happened and where, never what a row says."""

import logging

from django.db import Error as WrappedError
from psycopg import Error


class Line(logging.Formatter):
    """A refusal of the database quotes the very row it refuses: its code and the name of the
    constraint are told in place of its words."""

    def formatException(self, ei):
        text = super().formatException(ei)
        for error in _chain(ei[1]):
            if isinstance(error, Error | WrappedError) and str(error):
                text = text.replace(str(error), _in_short(error))
        return text


def _chain(error):
    """An exception and those behind it, each once."""
    met: list[BaseException] = []
    while error is not None and error not in met:
        met.append(error)
        error = error.__cause__ or error.__context__
    return met


def _in_short(error):
    found = error if isinstance(error, Error) else error.__cause__
    if not isinstance(found, Error):
        return "(texte omis)"
    return " ".join(filter(None, [found.sqlstate, found.diag.constraint_name, "(texte omis)"]))

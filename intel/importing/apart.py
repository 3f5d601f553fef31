"""A table that a stranger made, opened apart from the web process: see `cross.jail`.

What is asked for a page is asked here: its header, its first rows. The rows of an import are read
where the import is made.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from cross import jail
from intel.importing.tables import ACCEPTED, Row, TableError

SECONDS, MEGABYTES, GIVES = 5, 512, 8
TOO_LONG = (
    "Ce fichier demande trop de calcul ou de place pour être lu sans risque\u00a0: il est refusé. "
    f"{ACCEPTED}"
)


@dataclass(frozen=True, slots=True)
class Opened:
    """What `tables.Table` says, and its first rows."""

    header: tuple[str, ...]
    notes: tuple[str, ...]
    estimate: int
    rows: tuple[Row, ...]


def opened_apart(path: Path, *, rows: int = 0) -> Opened:
    """The table at `path` and as many of its first rows.

    Raises `TableError`, and `FileNotFoundError` when it is gone.
    """
    try:
        with path.open("rb") as file:
            told = jail.run(
                "intel/importing/inside.py:opened",
                file,
                str(rows),
                seconds=SECONDS,
                megabytes=MEGABYTES,
                gives=GIVES,
            )
        return _checked(told)
    except TableError:
        raise
    # Whatever comes back is a stranger's: too long, cut, or of another shape.
    except (jail.Broken, ValueError, LookupError, TypeError, RecursionError) as fault:
        raise TableError(TOO_LONG) from fault


def _checked(told):
    said = json.loads(told)
    if "refused" in said:
        raise TableError(said["refused"])
    return Opened(
        header=tuple(said["header"]),
        notes=tuple(said["notes"]),
        estimate=said["estimate"],
        rows=tuple(Row(number, tuple(cells), fault) for number, cells, fault in said["rows"]),
    )

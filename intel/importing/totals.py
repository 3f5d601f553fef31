"""A table of totals that others counted: one a row, read whole before anything is written."""

from datetime import datetime
from itertools import islice

from cross.contents import archives
from cross.ui.forms import AS_TYPED
from intel.extraction.letters import tokens
from intel.importing.cells import Cell
from intel.importing.tables import TableError, open_table
from protocols import subjects
from protocols.models import Nomenclature, OutsideTotal

# {column of the file: what it says}
COLUMNS = {
    "total": "kind",
    "produit": "product",
    "nomenclature": "nomenclature",
    "du": "starts_on",
    "au": "ends_on",
    "valeur": "value",
    "source": "source",
}
MAY_BE_MISSING = {"produit", "nomenclature"}
MOST_ROWS = 500
LINE = Cell(160)
# It is read within the request: a few hundred rows unpack into little.
BOUNDS = archives.Bounds(unpacked=20_000_000)


def _folded(text):
    return " ".join(tokens(text))


class RowsRefused(ValueError):
    """`faults`: pairs of the row's number and a French sentence."""

    def __init__(self, faults):
        super().__init__("rows")
        self.faults = faults


def rows_of(path):
    """What `protocols.actions.totals.take_in` takes. Raises `TableError` or `RowsRefused`."""
    table = open_table(path, BOUNDS)
    places = {_folded(title): rank for rank, title in enumerate(table.header)}
    if missing := [name for name in COLUMNS if name not in {*places, *MAY_BE_MISSING}]:
        raise TableError(
            f"Il manque une colonne : {', '.join(missing)}. La première ligne porte ces titres : "
            f"{', '.join(COLUMNS)}."
        )
    found, faults = [], []
    for row in islice(table.rows(), MOST_ROWS + 1):
        cells = {
            field: row.cells[places[name]] if name in places else ""
            for name, field in COLUMNS.items()
        }
        try:
            if row.fault:
                raise ValueError(row.fault)
            found.append((row.number, _read(cells)))
        except ValueError as fault:
            faults.append((row.number, str(fault)))
    if len(found) + len(faults) > MOST_ROWS:
        raise TableError(f"Ce tableau a plus de {MOST_ROWS} lignes : découpez-le.")
    if faults:
        raise RowsRefused(faults)
    return found


def _read(cells):
    cells = {field: LINE.clean(text) for field, text in cells.items()}
    if not cells["source"]:
        raise ValueError("La source est à remplir.")
    return {
        "kind": _one_of(OutsideTotal.Kind.choices, cells["kind"], "Ce total n’est pas connu"),
        "product": _one_of(subjects.products(), cells["product"], "Ce produit n’est pas connu"),
        "nomenclature": _one_of(
            Nomenclature.choices, cells["nomenclature"], "Cette nomenclature n’est pas connue"
        ),
        "starts_on": _day(cells["starts_on"]),
        "ends_on": _day(cells["ends_on"]),
        "value": _whole(cells["value"]),
        "source": cells["source"],
    }


def _one_of(choices, text, unknown):
    """The code, written as such or by its label; nothing for nothing."""
    asked = _folded(text)
    if not asked:
        return ""
    for code, label in choices:
        if asked in {_folded(code), _folded(label)}:
            return code
    raise ValueError(f"{unknown} : « {text[:40]} ».")


def _day(text):
    for way in AS_TYPED:
        try:
            return datetime.strptime(text, way).date()  # noqa: DTZ007
        except ValueError:
            continue
    raise ValueError(f"Cette date n’existe pas : « {text[:20]} ». Écrivez-la comme 03/09/2026.")


def _whole(text):
    digits = "".join(text.split()).replace("\u202f", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 12):
        raise ValueError(f"Écrivez un nombre entier : « {text[:20]} » n’en est pas un.")
    return int(digits)

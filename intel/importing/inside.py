"""What opens a table, in the jail: its header and its first rows, or why it is refused."""

import encodings.cp1252
import encodings.utf_8_sig
import encodings.utf_16
import json
from itertools import islice
from pathlib import Path

from intel.importing.tables import TableError, open_table

# Nothing is imported once the doors are closed.
READY = (encodings.cp1252, encodings.utf_8_sig, encodings.utf_16)


def opened(given):
    asked = json.loads(given)
    try:
        table = open_table(Path(asked["path"]))
        rows = [(row.number, row.cells, row.fault) for row in islice(table.rows(), asked["rows"])]
    except TableError as refused:
        yield json.dumps({"refused": str(refused)}).encode()
        return
    yield json.dumps(
        {
            "header": table.header,
            "notes": table.notes,
            "estimate": table.estimate,
            "rows": rows,
        }
    ).encode()

"""What opens a table, in the jail: its header and its first rows, or why it is refused."""

import encodings.cp437
import encodings.cp1252
import encodings.iso8859_15
import encodings.latin_1
import encodings.utf_8_sig
import encodings.utf_16
import json
from itertools import islice

from intel.importing.held import Held
from intel.importing.tables import TableError, open_table

# Nothing is imported once the doors are closed: what CSV is read in, what the names of the parts
# of an archive are written in, what an XML file may say that it is.
READY = (
    encodings.cp1252, encodings.utf_8_sig, encodings.utf_16,
    encodings.cp437,
    encodings.latin_1, encodings.iso8859_15,
)  # fmt: skip


def opened(given, rows):
    """The octets of a table, and how many of its rows are wanted."""
    try:
        table = open_table(Held(given))
        rows = [(row.number, row.cells, row.fault) for row in islice(table.rows(), int(rows))]
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

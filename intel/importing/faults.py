"""The list of faults as a file that a spreadsheet opens as it is."""

import csv

from django.http import StreamingHttpResponse

from intel.extraction.cleaning import guard_cell

HEADER = ("Ligne", "Colonne", "Motif")


class _Echo:
    """Where the writer writes: nowhere, each line is sent as it comes."""

    def write(self, value):
        return value


def as_csv(faults, *, name):
    """A CSV with its mark of UTF-8 and semicolons, as French spreadsheets expect it."""
    writer = csv.writer(_Echo(), delimiter=";")
    lines = ([str(fault.row), guard_cell(fault.column), guard_cell(fault.reason)]
             for fault in faults.iterator(chunk_size=1_000))  # fmt: skip

    def stream():
        yield "\ufeff"
        yield writer.writerow(HEADER)
        for line in lines:
            yield writer.writerow(line)

    return StreamingHttpResponse(
        stream(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )

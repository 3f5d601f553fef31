"""What the demonstration knows by name: services, units, people, roads, landmarks, chapters of the
story. One line a row.

In the first three, `*` stands for the departments that have no lines of their own, with `{code}`,
`{of}` (« des Vosges ») and `{key}` (the code in lower case) to be filled in.
"""

import csv
from functools import cache
from pathlib import Path

ANY = "*"


@cache
def table(name):
    path = Path(__file__).parent / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def lines(name, department):
    """The lines of a table for a department, filled in, without the column that chose them."""
    known = {line["department"] for line in table(name)}
    wanted = department.code if department.code in known else ANY
    words = {
        "code": department.code,
        "key": department.code.lower(),
        "of": department.of_name,
    }
    return [
        {column: value.format(**words) for column, value in line.items() if column != "department"}
        for line in table(name)
        if line["department"] == wanted
    ]

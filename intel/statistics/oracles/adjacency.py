"""`adjacency.json`: which communes touch, on the published outlines."""

from functools import cache, partial

import numpy as np

from intel.statistics.neighbours import Neighbours
from intel.statistics.oracles.cases import NOTES, Case, Either, Malformed, cases_of
from services.territory import geometry, official


def read(file):
    """One case a department; `france`, where the file has it, counts all at once."""
    if "france" in file:
        yield Case("france", file["france"], whole_country)
    for entry in cases_of(file, "departments"):
        expected = {
            key: value for key, value in entry.items() if key not in NOTES | {"dep", "type"}
        }
        yield Case(
            name=str(entry["dep"]),
            expected=expected,
            compute=partial(department, entry, entry.get("type", file.get("type", "COM"))),
        )


@cache
def communes(kind="COM"):
    """Those of the whole country, in the order of their codes; ARM are parts of three cities."""
    found = [row for row in official.read_france().communes if row.kind == kind]
    return sorted(found, key=lambda row: row.code)


def department(entry, kind):
    rows = [row for row in communes(kind) if row.department == str(entry["dep"]).zfill(2)]
    if not rows:
        raise Malformed(f"there is no department “{entry['dep']}”")
    outlined, touching = neighbours_of(rows)
    without = [row.code for row in rows if row not in outlined]
    codes = np.array([row.code for row in outlined])
    islands = codes[touching.islands].tolist()
    parts = len(set(touching.parts().tolist()))
    place = {code: number for number, code in enumerate(codes)}
    return {
        # The definition leaves open whether a commune without outline is a unit, then alone.
        "units": Either((len(rows), len(outlined))),
        "islands": Either((islands, sorted(islands + without))),
        "components": Either((parts, parts + len(without))),
        "links": int(touching.counts.sum()) // 2,
        "max_degree": int(touching.counts.max(initial=0)),
        "without_geometry": without,
        "neighbours": {
            code: codes[touching.of(place[code])].tolist() if code in place else []
            for code in entry.get("neighbours", ())
        },
    }


def whole_country():
    outlined, touching = neighbours_of(communes())
    return {
        "communes": len(communes()),
        "communes_with_geometry": len(outlined),
        "links": int(touching.counts.sum()) // 2,
        "islands": len(touching.islands),
    }


def neighbours_of(rows):
    """The rows that have an outline, and who touches whom among them."""
    shapes = geometry.parsed([row.outline for row in rows])
    outlined = [row for row, shape in zip(rows, shapes, strict=True) if shape is not None]
    i, j = geometry.touching(np.array([shape for shape in shapes if shape is not None])).T
    return outlined, Neighbours.from_pairs(i, j, len(outlined))

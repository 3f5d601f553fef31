"""An invented file of tips, for whoever wants to try an import: one row of each kind."""

import csv
from datetime import timedelta
from io import StringIO

from intel.importing.columns import TARGETS
from services.models import Commune

LABELS = {target.name: target.label for target in TARGETS}
COLUMNS = (
    "reference", "received", "occurred", "commune", "place", "description", "products",
    "days_and_hours", "contact",
)  # fmt: skip
TOLD = (
    {
        "place": "Rue des Exemples",
        "description": "Exemple : ventes devant l’entrée, trois ou quatre jeunes, tous les soirs.",
        "products": "Résine de cannabis",
        "days_and_hours": "Tous les soirs, de 18 h à 22 h",
        "contact": "riverain@exemple.invalid",
    },
    {
        "place": "Parking de la gare",
        "description": "Exemple : une voiture immatriculée WW-000-WW livre le vendredi.",
        "products": "Cocaïne",
        "days_and_hours": "Le vendredi",
    },
    {
        "description": "Exemple : odeur de cannabis dans la cage d’escalier depuis deux mois.",
        "products": "Cannabis",
    },
)
NOWHERE = "Commune inconnue"


def rows_of(department, today):
    """Tips of the largest communes, then the first one again, then one that cannot be placed."""
    communes = (
        Commune.objects.filter(department=department)
        .statistical_units()
        .order_by("-population", "code")
        .values_list("name", flat=True)[: len(TOLD)]
    )
    rows = [
        {
            "reference": f"EXEMPLE-{rank}",
            "received": f"{today - timedelta(days=rank):%d/%m/%Y}",
            "occurred": f"{today - timedelta(days=rank + 1):%d/%m/%Y}",
            "commune": commune,
            **told,
        }
        for rank, (commune, told) in enumerate(zip(communes, TOLD, strict=False), start=1)
    ]
    lost = rows[0] | {"reference": f"EXEMPLE-{len(rows) + 1}", "commune": NOWHERE}
    return [*rows, rows[0], lost]


def as_csv(department, today):
    """The same as French spreadsheets write it: semicolons, and the mark of UTF-8."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow([LABELS[name] for name in COLUMNS])
    writer.writerows(
        [[row.get(name, "") for name in COLUMNS] for row in rows_of(department, today)]
    )
    return "\ufeff" + text.getvalue()

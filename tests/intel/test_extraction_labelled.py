"""How well a text is read, on invented texts whose right answers are written beside them.

What is read of amounts, hours, places and neighbourhoods was made by looking at the errors of
every other text; the others, held out, say what it is worth on texts never looked at.
"""

import json
from datetime import date
from pathlib import Path

import pytest

from intel.extraction.communes import Gazetteer
from intel.extraction.letters import fold
from intel.extraction.neighbourhoods import Neighbourhoods
from intel.extraction.text import propose
from services.territory.official import read_france

LABELLED = json.loads((Path(__file__).parent / "samples" / "extraction.json").read_text("utf-8"))
WRITTEN_ON = date(2026, 9, 17)
KINDS = {
    "phones": "phone",
    "plates": "plate",
    "emails": "email",
    "accounts": "account",
    "aliases": "alias",
    "imeis": "imei",
    "products": "product",
    "communes": "commune",
    "dates": "date",
    "sums": "sum",
    "prices": "price",
    "quantities": "quantity",
    "hours": "hours",
    "places": "place",
    "neighbourhoods": "neighbourhood",
}
NEW_KINDS = ("sums", "prices", "quantities", "hours", "places", "neighbourhoods")
# kind: lowest precision, lowest recall
THRESHOLDS = {
    "phones": (0.95, 0.95),
    "plates": (0.95, 0.95),
    "communes": (0.90, 0.90),
    "emails": (0.95, 0.95),
    "accounts": (0.90, 0.90),
    "aliases": (0.90, 0.90),
    "imeis": (0.95, 0.95),
    "products": (0.90, 0.90),
    "dates": (0.90, 0.90),
    **dict.fromkeys(NEW_KINDS, (0.90, 0.90)),
}
NEIGHBOURHOODS = Neighbourhoods(
    [
        (1, "La Vierge", "Épinal"),
        (2, "Bitola – Champbeauvert", "Épinal"),
        (3, "Saut-le-Cerf", "Épinal"),
        (4, "La Justice", "Épinal"),
        (5, "Kellermann", "Saint-Dié-des-Vosges"),
        (6, "L’Orme", "Saint-Dié-des-Vosges"),
        (7, "Haut-du-Lièvre", "Nancy"),
        (8, "Les Provinces", "Vandœuvre-lès-Nancy"),
    ]
)


def gazetteer_of(communes, departments):
    """The communes of some departments, former ones under today's codes."""
    rows = [row for row in communes if row.department in departments]
    rows.sort(key=lambda row: row.kind != "COM")
    return Gazetteer(
        (number, row.parent or row.code, row.name, row.population)
        for number, row in enumerate(rows)
    )


def read_all(gazetteer):
    """For each text and kind: what was to be found, what was found."""
    return [
        (sample, {
            kind: (_expected(sample, kind), _found(proposals, kind))
            for kind in KINDS
        })
        for sample in LABELLED
        for proposals in [read(sample["text"], gazetteer)]
    ]  # fmt: skip


def read(text, gazetteer):
    return propose(text, gazetteer=gazetteer, today=WRITTEN_ON, neighbourhoods=NEIGHBOURHOODS)


def held_out(readings):
    """Every other text: those whose errors nobody looked at while the reading was made."""
    return readings[1::2]


@pytest.fixture(scope="module")
def gazetteer():
    """Two departments, so that homonyms and neighbours are there."""
    return gazetteer_of(read_france().communes, {"88", "54"})


@pytest.fixture(scope="module")
def readings(gazetteer):
    return read_all(gazetteer)


def _expected(sample, kind):
    expected = sample.get(kind, [])
    return {fold(words) for words in expected} if kind in {"hours", "places"} else set(expected)


def _found(proposals, kind):
    found = proposals.of(KINDS[kind])
    if kind == "communes":
        return {item.label.replace("’", "'") for item in found}
    if kind == "neighbourhoods":
        return {item.label.replace("’", "'").rpartition(" (")[0] for item in found}
    return {item.value for item in found}


def score(readings, kind):
    """Precision, recall, and what was wrong, over all the texts."""
    right = missed = wrong = 0
    told = []
    for sample, kinds in readings:
        expected, found = kinds[kind]
        right += len(expected & found)
        missed += len(expected - found)
        wrong += len(found - expected)
        if expected != found:
            told.append(f"{sample['text'][:70]!r}: -{expected - found} +{found - expected}")
    return right / max(right + wrong, 1), right / max(right + missed, 1), told


def test_the_set_is_large_enough_to_mean_something():
    assert len(LABELLED) >= 300
    assert sum(len(sample.get("plates", [])) for sample in LABELLED) >= 40
    assert sum(len(sample.get("phones", [])) for sample in LABELLED) >= 30
    assert sum(len(sample.get("communes", [])) for sample in LABELLED) >= 90
    for kind, least in {
        "sums": 45,
        "prices": 25,
        "quantities": 45,
        "hours": 60,
        "places": 110,
    }.items():
        assert sum(len(sample.get(kind, [])) for sample in LABELLED) >= least
    assert sum(not any(sample.get(kind) for kind in KINDS) for sample in LABELLED) >= 15


@pytest.mark.parametrize("kind", KINDS)
def test_precision_and_recall(readings, kind):
    precision, recall, told = score(readings, kind)
    print(f"{kind}: precision {precision:.3f}, recall {recall:.3f}")
    lowest_precision, lowest_recall = THRESHOLDS[kind]
    assert precision >= lowest_precision, told
    assert recall >= lowest_recall, told


@pytest.mark.parametrize("kind", NEW_KINDS)
def test_texts_never_looked_at_are_read_as_well(readings, kind):
    precision, recall, _told = score(held_out(readings), kind)
    print(f"{kind}, held out: precision {precision:.3f}, recall {recall:.3f}")
    assert min(precision, recall) >= 0.90


def test_every_finding_stands_where_it_says(gazetteer):
    for sample in LABELLED:
        proposals = read(sample["text"], gazetteer)
        assert "".join(piece for piece, _ in proposals.segments()) == sample["text"]
        for found in proposals:
            assert sample["text"][found.start : found.end] == found.raw

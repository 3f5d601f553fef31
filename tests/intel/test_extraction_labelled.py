"""How well a text is read, on invented texts whose right answers are written beside them."""

import json
from datetime import date
from pathlib import Path

import pytest

from intel.extraction.communes import Gazetteer
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
}
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
}


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
            kind: (set(sample.get(kind, [])), _found(sample["text"], kind, gazetteer))
            for kind in KINDS
        })
        for sample in LABELLED
    ]  # fmt: skip


@pytest.fixture(scope="module")
def gazetteer():
    """Two departments, so that homonyms and neighbours are there."""
    return gazetteer_of(read_france().communes, {"88", "54"})


@pytest.fixture(scope="module")
def readings(gazetteer):
    return read_all(gazetteer)


def _found(text, kind, gazetteer):
    found = propose(text, gazetteer=gazetteer, today=WRITTEN_ON).of(KINDS[kind])
    if kind == "communes":
        return {item.label.replace("’", "'") for item in found}
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
    assert len(LABELLED) >= 200
    assert sum(len(sample.get("plates", [])) for sample in LABELLED) >= 40
    assert sum(len(sample.get("phones", [])) for sample in LABELLED) >= 30
    assert sum(len(sample.get("communes", [])) for sample in LABELLED) >= 90
    assert sum(not any(sample.get(kind) for kind in KINDS) for sample in LABELLED) >= 15


@pytest.mark.parametrize("kind", KINDS)
def test_precision_and_recall(readings, kind):
    precision, recall, told = score(readings, kind)
    print(f"{kind}: precision {precision:.3f}, recall {recall:.3f}")
    lowest_precision, lowest_recall = THRESHOLDS[kind]
    assert precision >= lowest_precision, told
    assert recall >= lowest_recall, told


def test_every_finding_stands_where_it_says(gazetteer):
    for sample in LABELLED:
        proposals = propose(sample["text"], gazetteer=gazetteer, today=WRITTEN_ON)
        assert "".join(piece for piece, _ in proposals.segments()) == sample["text"]
        for found in proposals:
            assert sample["text"][found.start : found.end] == found.raw

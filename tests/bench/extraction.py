"""How well and how fast a text is read: precision and recall on labelled texts, time of each."""

import statistics
import time

from intel.extraction.communes import Gazetteer
from services.territory.official import read_france
from tests.bench.measure import Row, least_row
from tests.intel import test_extraction_labelled as labelled

LONG = 3_000


def rows(say):
    say("reading the national list of communes…")
    france = read_france().communes
    gazetteer = labelled.gazetteer_of(france, {"88", "54"})
    readings = labelled.read_all(gazetteer)
    for kind, (precision, recall) in labelled.THRESHOLDS.items():
        found_precision, found_recall, _ = labelled.score(readings, kind)
        yield least_row(f"extraction, {kind}: precision", found_precision, "", precision)
        yield least_row(f"extraction, {kind}: recall", found_recall, "", recall)
    for kind in labelled.NEW_KINDS:
        precision, recall, _ = labelled.score(labelled.held_out(readings), kind)
        yield least_row(f"extraction, {kind}, held out: precision", precision, "", 0.90)
        yield least_row(f"extraction, {kind}, held out: recall", recall, "", 0.90)
    yield Row("extraction, labelled texts", len(labelled.LABELLED), "texts")
    yield _time("two departments", gazetteer)
    yield _long_text(gazetteer)
    whole = Gazetteer(
        (number, row.code, row.name, row.population)
        for number, row in enumerate(france)
        if row.kind == "COM"
    )
    yield _time("the whole country", whole)


def _long_text(gazetteer):
    """A page of 3,000 characters: about ten of the texts, one after the other."""
    everything = "\n".join(sample["text"] for sample in labelled.LABELLED)
    taken = []
    for start in range(0, len(everything) - LONG, LONG):
        started = time.process_time()
        labelled.read(everything[start : start + LONG], gazetteer)
        taken.append((time.process_time() - started) * 1000)
    return Row(
        "extraction, a text of 3,000 characters, processor time", statistics.median(taken), "ms"
    )


def _time(where, gazetteer):
    taken = []
    for sample in labelled.LABELLED:
        started = time.perf_counter()
        labelled.read(sample["text"], gazetteer)
        taken.append((time.perf_counter() - started) * 1000)
    return Row(f"extraction, one text, communes of {where}", statistics.median(taken), "ms")

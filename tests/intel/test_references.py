"""One's own reference says nothing of the others: neither how many they are, nor which."""

import re
from random import Random
from statistics import correlation
from threading import Barrier, Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from intel import references
from intel.actions import discarded, imports
from intel.models import Report
from tests import factories


def told():
    return list(
        Report.objects.unguarded(because="test").order_by("pk").values_list("reference", flat=True)
    )


def number_of(reference):
    return int(reference.rpartition("-")[2])


@pytest.fixture
def few(monkeypatch):
    """Numbers of one digit first: nine of them."""
    monkeypatch.setattr(references, "SHORTEST", 1)


@pytest.fixture
def written(cast, vosges):
    return lambda **fields: factories.report(cast.diane, vosges["Épinal"], **fields)


def test_a_reference_has_five_digits_and_no_leading_zero(written):
    assert re.fullmatch(r"CROSS-88-20\d\d-[1-9]\d{4}", written().reference)


def test_a_thousand_references_say_nothing_of_their_order(cast, vosges, monkeypatch):
    # One vector in nine goes beyond the limit by chance alone: this one is always the same.
    monkeypatch.setattr(references.secrets, "SystemRandom", lambda: Random(2026))
    rows = "".join(f"SIG-{rank};Vente n° {rank} devant la gare.;Épinal\n" for rank in range(1000))
    file = SimpleUploadedFile("t.csv", f"reference;description;commune\n{rows}".encode())
    batch = imports.receive(file, portal="Ma Sécurité", by=cast.anna)
    imports.choose_columns(batch, batch.mapping, by=cast.anna, at_once=True)
    imports.start(batch, by=cast.anna, at_once=True)
    numbers = [number_of(reference) for reference in told()]
    assert len(set(numbers)) == 1000
    assert abs(correlation(range(1000), numbers)) < 0.05


def test_numbers_get_longer_once_half_of_them_are_taken(few, written):
    lengths = [len(str(number_of(written().reference))) for _ in range(6)]
    assert lengths == [1, 1, 1, 1, 1, 2]


def test_a_long_vector_is_of_a_length_that_holds_it(few, vosges):
    drawn = references.draw(vosges.department, count=40)
    assert len(set(drawn)) == 40
    assert {len(str(number_of(reference))) for reference in drawn} == {2}


def test_the_reference_of_an_erased_report_is_not_given_again(cast, few, written):
    gone = set()
    for _ in range(4):
        draft = written(draft=True)
        gone.add(draft.reference)
        discarded.discard(draft, by=cast.diane)
    assert not told()
    assert len(gone) == 4
    assert not gone & set(references.draw(cast.diane.unit.department, count=4))


def test_another_number_is_drawn_when_somebody_takes_it_first(written, monkeypatch):
    other, draw, drawn = written(), references.draw, []

    def overtaken(*args, **kwargs):
        drawn.append(draw(*args, **kwargs))
        if len(drawn) == 1:
            Report.objects.filter(pk=other.pk).unguarded(because="test").update(
                reference=drawn[0][0]
            )
        return drawn[-1]

    monkeypatch.setattr(references, "draw", overtaken)
    report = written()
    assert [report.reference] == drawn[1] != drawn[0]
    assert told() == [drawn[0][0], drawn[1][0]]


@pytest.mark.django_db(transaction=True)
def test_four_agents_at_once_get_four_references(monkeypatch, cast, vosges):
    monkeypatch.setattr(references, "SHORTEST", 2)
    together, faults = Barrier(4), []

    def write():
        try:
            for _ in range(10):
                together.wait()
                factories.report(cast.diane, vosges["Épinal"])
        except Exception as fault:  # noqa: BLE001 - told to the test, which fails
            together.abort()
            faults.append(fault)
        finally:
            connection.close()

    agents = [Thread(target=write) for _ in range(4)]
    for agent in agents:
        agent.start()
    for agent in agents:
        agent.join()
    assert not faults
    assert len(set(told())) == 40

"""One decision for many reports: previewed, each judged by itself, taken back in one go."""

import re
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection

from cross.audit.models import Entry
from intel import access
from intel.actions import bulk, desk, life, matching
from intel.models import Match, Step
from intel.states import State
from tests import factories
from tests.intel.test_desk import COPIED
from tests.intel.test_entry import words
from tests.intel.test_triage import QUEUE, state_of

LOT = "/tri/lot/"


@pytest.fixture
def three(cast, vosges):
    return [
        factories.report(cast.diane, vosges["Épinal"], origin="citizen", subject=f"Fiche {rank}")
        for rank in range(3)
    ]


def references(reports):
    return [report.reference for report in reports]


def preview(client, reports, target, **said):
    sent = {"etape": "apercu", "fiche": references(reports), "target": target} | said
    return client.post(LOT, sent)


def apply(client, previewed, **said):
    """Send the preview as the page would; the answer, not followed."""
    html = previewed.content.decode()
    fields: dict = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html):
        fields.setdefault(name, []).append(value)
    return client.post(LOT, fields | said)


def batch_of(answer):
    return re.search(r"lot=([0-9a-f-]{36})", answer["Location"])[1]


def focused(response):
    """The kinds of what the page opens with the keyboard on: one at most."""
    tags = re.findall(r"<(?:input|button)[^>]*\sautofocus\b[^>]*>", response.content.decode())
    return [re.search(r'type="(\w+)"', tag)[1] for tag in tags]


def decided(by, reports, target=State.SORTED, **said):
    versions = {report.reference: report.version for report in reports}
    return bulk.decide(reports, by=by, target=target, versions=versions, batch=uuid4(), **said)


# --- Chosen, previewed, decided ----------------------------------------------------------------


def test_chosen_previewed_then_decided_each_with_its_line(cast, enter, three):
    client = enter(cast.anna)
    chosen = client.post(LOT, {"fiche": references(three[:2])})
    assert "Décider pour 2 fiches" in words(chosen)
    assert focused(chosen) == ["radio"]
    seen = preview(client, three[:2], State.OUT_OF_SCOPE, why="Sans rapport")
    assert "2 fiches sur 2 changeront d’état" in words(seen)
    assert focused(seen) == ["submit"]
    assert [state_of(report) for report in three] == [State.RECEIVED] * 3, "nothing is done yet"
    answer = apply(client, seen)
    assert [state_of(report) for report in three] == [
        State.OUT_OF_SCOPE, State.OUT_OF_SCOPE, State.RECEIVED,
    ]  # fmt: skip
    assert {step.why for step in Step.objects.of(three[0])} == {"Sans rapport"}
    lines = Entry.objects.filter(verb="report.moved").values_list("target", flat=True)
    assert sorted(lines) == sorted(references(three[:2]))
    page = words(client.get(answer["Location"], follow=True))
    assert "2 fiches passées à « Hors champ »" in page
    assert "Tout annuler" in page


def test_one_undo_for_the_whole(cast, enter, three):
    client = enter(cast.anna)
    batch = batch_of(apply(client, preview(client, three, State.SORTED)))
    life.move(three[2], by=cast.marc, target=State.OUT_OF_SCOPE, why="Vu")
    page = words(client.post(f"{LOT}{batch}/annuler/", follow=True))
    assert "2 décisions annulées" in page
    assert f"{three[2].reference} : Cette fiche est passée à « Hors champ »" in page
    assert [state_of(report) for report in three] == [
        State.RECEIVED, State.RECEIVED, State.OUT_OF_SCOPE,
    ]  # fmt: skip
    assert Entry.objects.filter(verb="report.move_undone").count() == 2
    client.post(f"{LOT}{batch}/annuler/", follow=True)
    assert state_of(three[0]) == State.RECEIVED, "undone once"


def test_sent_twice_it_is_decided_once(cast, enter, three):
    client = enter(cast.anna)
    seen = preview(client, three, State.SORTED)
    first, second = apply(client, seen), apply(client, seen)
    assert batch_of(first) == batch_of(second)
    assert Step.objects.of_all(access.readable_reports(cast.anna)).count() == 3
    assert "laissée" not in words(client.get(second["Location"], follow=True))


def test_each_is_judged_by_itself_and_says_why_it_is_left(cast, enter, three, vosges):
    life.move(three[0], by=cast.marc, target=State.SORTED)
    desk.take_over(three[1], by=cast.marc)
    client = enter(cast.anna)
    seen = preview(client, three, State.URGENT, why="Arme")
    page = words(seen)
    assert "1 fiche sur 3 changera d’état" in page
    assert "« Trié » ne peut pas devenir « Urgent »" in page
    assert "Inchangée. Marc Essai l’a ouverte" in page
    page = words(client.get(apply(client, seen)["Location"], follow=True))
    assert "2 fiches inchangées" in page
    assert [state_of(report) for report in three] == [
        State.SORTED, State.RECEIVED, State.URGENT,
    ]  # fmt: skip


def test_what_another_has_open_is_taken_when_one_says_so(cast, enter, three):
    desk.take_over(three[1], by=cast.marc)
    client = enter(cast.anna)
    apply(client, preview(client, three, State.SORTED, takes_over="on"))
    assert {state_of(report) for report in three} == {State.SORTED}


def test_what_changed_since_the_preview_is_left_alone(cast, enter, three):
    client = enter(cast.anna)
    seen = preview(client, three, State.OUT_OF_SCOPE, why="Vague")
    life.move(three[0], by=cast.marc, target=State.URGENT, why="Arme")
    page = words(client.get(apply(client, seen)["Location"], follow=True))
    assert f"{three[0].reference} : Elle a changé depuis l’aperçu" in page
    assert state_of(three[0]) == State.URGENT
    assert state_of(three[1]) == State.OUT_OF_SCOPE


def test_duplicates_of_one_join_its_fact_and_part_again(cast, enter, three):
    client = enter(cast.anna)
    seen = preview(client, three, State.DUPLICATE, original=three[0].reference)
    assert "n’est pas le doublon d’elle-même" in words(seen)
    batch = batch_of(apply(client, seen))
    for report in three:
        report.refresh_from_db()
    assert {report.fact_id for report in three} == {three[0].fact_id}
    assert Match.objects.live().about(three[0]).unguarded(because="test").count() == 2
    client.post(f"{LOT}{batch}/annuler/")
    for report in three:
        report.refresh_from_db()
    assert len({report.fact_id for report in three}) == 3


def test_the_preview_refuses_what_the_decision_refuses(cast, enter, three, vosges):
    """In the same words: already said of the two, or an original that is a duplicate itself."""
    client = enter(cast.anna)
    matching.decide(three[1], three[0], by=cast.anna, kind="corrobore", why="Même véhicule")
    seen = preview(client, three[1:], State.DUPLICATE, original=three[0].reference)
    assert "1 fiche sur 2 changera d’état" in words(seen)
    assert "déjà rapprochées" in words(seen)
    page = words(client.get(apply(client, seen)["Location"], follow=True))
    assert f"{three[1].reference} : Ces deux fiches sont déjà rapprochées" in page
    assert [state_of(report) for report in three[1:]] == [State.RECEIVED, State.DUPLICATE]
    seen = preview(client, three[:1], State.DUPLICATE, original=three[2].reference)
    assert "aucune des fiches choisies" in words(seen)
    assert "est elle-même un doublon" in words(seen)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Choisissez la décision"),
        ({"target": "hors_champ"}, "Indiquez le motif"),
        ({"target": "doublon"}, "Indiquez la fiche"),
        ({"target": "doublon", "original": "CROSS-88-2026-99999"}, "ne porte"),
        ({"target": "malveillant"}, "Choisissez le motif de la malveillance"),
        ({"target": "oriente"}, "oriente"),
    ],
)
def test_a_decision_says_what_it_wants(cast, enter, three, said, sentence):
    sent = {"etape": "apercu", "fiche": references(three)} | said
    answer = enter(cast.anna).post(LOT, sent)
    assert answer.status_code == 422
    assert sentence in words(answer)


def test_a_bundle_is_decided_as_a_whole(cast, enter, vosges):
    copies = [
        factories.report(cast.diane, vosges["Épinal"], origin="citizen", facts=COPIED)
        for _ in range(4)
    ]
    client = enter(cast.anna)
    page = words(client.post(LOT, {"groupe": copies[0].reference}))
    assert "Décider pour 4 fiches" in page
    assert all(reference in page for reference in references(copies))


@pytest.mark.parametrize(
    ("how_many", "told"),
    [(0, "Cochez au moins une fiche"), (bulk.MOST + 1, f"{bulk.MOST} fiches au plus")],
)
def test_neither_none_nor_too_many(cast, enter, how_many, told):
    named = [f"CROSS-88-2026-{number}" for number in range(10_000, 10_000 + how_many)]
    answer = enter(cast.anna).post(LOT, {"fiche": named}, follow=True)
    assert told in words(answer)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_decide_each_report_once(cast, three):
    """Anna sorts them while Marc puts them out of scope: one of the two does each, not both."""

    def decide(by, target, **said):
        try:
            return decided(by, three, target, **said)
        finally:
            connection.close()

    with ThreadPoolExecutor() as people:
        anna = people.submit(decide, cast.anna, State.SORTED)
        marc = people.submit(decide, cast.marc, State.OUT_OF_SCOPE, why="Vague")
    outcomes = [anna.result(), marc.result()]
    assert sorted(len(outcome.done) for outcome in outcomes) == [0, 3]
    assert sorted(len(outcome.left) for outcome in outcomes) == [0, 3]


# --- Who --------------------------------------------------------------------------------------


@pytest.mark.parametrize("forged", ["hidden", "elsewhere", "archived", "absent", "nul"])
def test_one_that_is_not_his_and_the_whole_is_absent(cast, enter, three, vosges, meurthe, forged):
    if forged == "hidden":
        other = factories.report(cast.diane, vosges["Golbey"], units=[cast.louise.unit]).reference
    elif forged == "elsewhere":
        other = factories.report(cast.paul, meurthe["Nancy"]).reference
    elif forged == "archived":
        put_away = factories.report(cast.diane, vosges["Golbey"])
        type(put_away).objects.filter(pk=put_away.pk).update(state=State.ARCHIVED)
        other = put_away.reference
    else:
        other = "CROSS-88-2026-99999" if forged == "absent" else "\0"
    for stage in ("choisir", "apercu", "appliquer"):
        sent = {
            "etape": stage, "fiche": [*references(three), other], "target": State.SORTED,
            "vu": [f"{report.reference}~1" for report in three], "lot": str(uuid4()),
        }  # fmt: skip
        assert enter(cast.anna).post(LOT, sent).status_code == 404
    assert {state_of(report) for report in three} == {State.RECEIVED}
    assert Entry.objects.filter(verb="access.refused", target="décision groupée").count() == 3


def test_a_bundle_named_by_a_hidden_report_is_none(cast, enter, vosges):
    hidden = [
        factories.report(
            cast.diane, vosges["Épinal"], origin="citizen", facts=COPIED, units=[cast.louise.unit]
        )
        for _ in range(2)
    ]
    answer = enter(cast.anna).post(LOT, {"groupe": hidden[0].reference}, follow=True)
    assert "Cochez au moins une fiche" in words(answer)


@pytest.mark.parametrize("who", ["diane", "louise", "gilles", "claire", "rose", "tom"])
def test_the_cell_alone_decides_of_many(cast, enter, three, who):
    client = enter(cast[who])
    assert preview(client, three, State.SORTED).status_code == 403
    batch = decided(cast.anna, three).batch
    assert client.post(f"{LOT}{batch}/annuler/").status_code == 404
    assert {state_of(report) for report in three} == {State.SORTED}


def test_paul_of_another_cell_decides_nothing_of_ours(cast, enter, three):
    cast.paul.role = "analyste"
    cast.paul.save()
    client = enter(cast.paul)
    assert preview(client, three, State.SORTED).status_code == 404
    batch = decided(cast.anna, three).batch
    assert client.post(f"{LOT}{batch}/annuler/").status_code == 404
    assert "fiches passées" not in words(client.get(f"{QUEUE}?lot={batch}"))
    assert {state_of(report) for report in three} == {State.SORTED}

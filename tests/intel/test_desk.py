"""The desk of the cell: who has an item open or to do, what is put aside, what is folded."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from cross.audit.models import Entry
from cross.ui.templatetags.words import day as spoken
from intel.actions import desk, life
from intel.bundles import bundled, bundles_of
from intel.models import Docket, Step
from intel.reading import triage
from intel.states import State
from tests import factories
from tests.intel.test_entry import words
from tests.intel.test_triage import QUEUE, decide, item, opened, queued, state_of

COPIED = "Vente de résine devant le bureau de tabac, chaque soir vers dix-neuf heures, par deux."


def docket_of(report):
    return Docket.objects.of(report).first()


@pytest.fixture
def report(cast, vosges):
    return factories.report(cast.diane, vosges["Épinal"], origin="citizen", subject="Vente")


@pytest.fixture
def lise(cast):
    """A second analyst of the cell."""
    return factories.member("lise", cast.anna.unit, "analyste")


def days_from_now(days):
    return timezone.localdate() + timedelta(days=days)


# --- Open -------------------------------------------------------------------------------------


def test_opening_takes_softly_and_the_others_are_told(cast, enter, report):
    enter(cast.marc).get(item(report))
    assert docket_of(report).opened_by == cast.marc
    page = words(enter(cast.anna).get(item(report)))
    assert "Ouverte par Marc Essai à l’instant" in page
    assert "ouverte par Marc Essai" in page  # in the queue too
    assert docket_of(report).opened_by == cast.marc, "looking takes nothing from him"
    assert "Ouverte par" not in words(enter(cast.marc).get(item(report)))


def test_opening_another_lets_the_former_go(cast, enter, report, vosges):
    other = factories.report(cast.diane, vosges["Golbey"])
    client = enter(cast.marc)
    client.get(item(report))
    client.get(item(other))
    assert docket_of(report).opened_by is None
    assert docket_of(other).opened_by == cast.marc


def test_what_was_opened_long_ago_is_open_no_more(cast, enter, report, settings):
    enter(cast.marc).get(item(report))
    past = timezone.now() - timedelta(minutes=settings.TRIAGE_HELD_MINUTES, seconds=1)
    Docket.objects.filter(report=report).update(opened_at=past)
    enter(cast.anna).get(item(report))
    assert docket_of(report).opened_by == cast.anna


def test_what_waits_no_more_is_not_taken(cast, enter, report):
    life.move(report, by=cast.anna, target=State.OUT_OF_SCOPE, why="Vague")
    enter(cast.marc).get(item(report))
    assert docket_of(report) is None


def test_a_decision_on_what_another_has_open_says_that_it_takes_it_over(cast, enter, report):
    enter(cast.marc).get(item(report))
    anna = enter(cast.anna)
    sent = {"target": State.OUT_OF_SCOPE, "seen": State.RECEIVED, "why": "Vague"}
    asked = anna.post(f"{item(report)}decision/", sent)
    assert asked.status_code == 409
    assert "Prendre la main ? Marc Essai a ouvert cette fiche" in words(asked)
    assert 'name="why" value="Vague"' in asked.content.decode(), "nothing typed is lost"
    assert state_of(report) == State.RECEIVED
    anna.post(f"{item(report)}decision/", sent | {"main": "on"})
    assert state_of(report) == State.OUT_OF_SCOPE
    assert Entry.objects.filter(verb="triage.taken_over", member_id=cast.anna.pk).count() == 1


def test_a_grade_asks_it_too(cast, enter, report):
    enter(cast.marc).get(item(report))
    sent = {"seen": State.RECEIVED, "version": 1, "source_grade": "B", "information_grade": "3"}
    assert enter(cast.anna).post(f"{item(report)}cotation/", sent).status_code == 409
    report.refresh_from_db()
    assert not report.is_graded


def test_the_hand_is_taken_beforehand_and_then_nothing_is_asked(cast, enter, report):
    enter(cast.marc).get(item(report))
    anna = enter(cast.anna)
    anna.post(f"{item(report)}main/")
    assert docket_of(report).opened_by == cast.anna
    decide(anna, report, State.SORTED)
    assert state_of(report) == State.SORTED


# --- Given, and for when ----------------------------------------------------------------------


def test_given_to_one_analyst_for_a_day(cast, enter, report, lise, vosges):
    factories.report(cast.diane, vosges["Golbey"], subject="Autre")
    day = days_from_now(3)
    sent = {"to": lise.pk, "due_on": f"{day:%d/%m/%Y}"}
    enter(cast.marc).post(f"{item(report)}attribuer/", sent)
    assert (docket_of(report).assigned_to, docket_of(report).due_on) == (lise, day)
    for_her = enter(lise).get(f"{QUEUE}?voir=moi", follow=True)
    assert queued(for_her) == [report.reference]
    assert "pour Lise Essai" in words(for_her)
    assert queued(enter(cast.anna).get(f"{QUEUE}?voir=moi", follow=True)) == []
    [line] = Entry.objects.filter(verb="triage.assigned")
    assert (line.target, line.recipients) == (report.reference, "Lise Essai")
    desk.assign(report, by=cast.marc, to=lise, due_on=day)
    assert Entry.objects.filter(verb="triage.assigned").count() == 1, "the same says nothing new"


@pytest.mark.parametrize("who", ["diane", "gilles", "paul", "fanny"])
def test_it_is_given_to_nobody_but_the_cell(cast, enter, report, who):
    answer = enter(cast.marc).post(f"{item(report)}attribuer/", {"to": cast[who].pk})
    assert answer.status_code == 422
    with pytest.raises(ValidationError):
        desk.assign(report, by=cast.marc, to=cast[who])
    assert docket_of(report) is None or docket_of(report).assigned_to is None


def test_a_day_that_has_passed_is_red_and_comes_first(cast, enter, report, vosges, lise):
    older = factories.report(
        cast.diane, vosges["Golbey"], received_at=timezone.now() - timedelta(days=1)
    )
    desk.assign(report, by=cast.marc, to=lise, due_on=timezone.localdate())
    Docket.objects.filter(report=report).update(due_on=days_from_now(-1))
    response = enter(cast.anna).get(QUEUE, follow=True)
    assert queued(response) == [report.reference, older.reference]
    assert response.content.decode().count("data-late") == 1
    late = enter(cast.anna).get(f"{QUEUE}?voir=retard", follow=True)
    assert queued(late) == [report.reference]


def test_the_next_follows_the_days(cast, enter, report, vosges):
    others = [
        factories.report(cast.diane, vosges["Golbey"], subject=f"Fiche {rank}")
        for rank in range(3)
    ]
    desk.assign(others[2], by=cast.marc, to=None, due_on=timezone.localdate())
    client = enter(cast.anna)
    assert queued(client.get(QUEUE, follow=True))[0] == others[2].reference
    assert opened(decide(client, others[2], State.SORTED)) == report.reference
    assert opened(decide(client, report, State.SORTED)) == others[0].reference


# --- Aside ------------------------------------------------------------------------------------


def test_put_aside_until_a_day_then_back_by_itself(cast, enter, report):
    client, day = enter(cast.anna), days_from_now(2)
    client.post(f"{item(report)}cote/", {"until": f"{day:%d/%m/%Y}", "why": "La mairie rappelle"})
    assert "La file est vide" in words(client.get(QUEUE, follow=True))
    told = client.get(QUEUE, {"mise_de_cote": report.reference}, follow=True).content.decode()
    assert "est mise de côté jusqu’au" in told
    assert f'action="{item(report)}reprendre/"' in told
    for other in ("marc", "paul"):
        shown = enter(cast[other]).get(QUEUE, {"mise_de_cote": report.reference}, follow=True)
        assert "est mise de côté" not in shown.content.decode()
    aside = client.get(f"{QUEUE}?voir=cote", follow=True)
    assert queued(aside) == [report.reference]
    assert "par Anna Essai : La mairie rappelle" in words(aside)
    second = factories.report(cast.diane, report.commune)
    later = days_from_now(5)
    client.post(f"{item(second)}cote/", {"until": f"{later:%d/%m/%Y}", "why": "Le maire aussi"})
    told = words(client.get(QUEUE, follow=True))
    assert "2 fiches mises de côté, la première à revoir le" in told
    Docket.objects.filter(report=report).update(aside_until=timezone.localdate())
    assert queued(client.get(QUEUE, follow=True)) == [report.reference]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"why": "Attente"}, "Indiquez le jour où la fiche revient"),
        ({"until": "demain"}, "Indiquez ce que l’on attend"),
        ({"until": "01/01/2020", "why": "Attente"}, "Choisissez une date entre demain"),
        ({"until": "{far}", "why": "Attente"}, "Choisissez une date entre demain"),
    ],
)
def test_aside_wants_a_reason_and_a_day_that_is_near(cast, enter, report, said, sentence):
    far = f"{days_from_now(desk.LATEST_ASIDE_DAYS + 1):%d/%m/%Y}"
    sent = {name: value.format(far=far) for name, value in said.items()}
    answer = enter(cast.anna).post(f"{item(report)}cote/", sent)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert docket_of(report) is None or docket_of(report).aside_until is None


def test_nothing_late_is_hidden_from_who_animates(cast, enter, report):
    desk.put_aside(report, by=cast.anna, until=days_from_now(20), why="Attente")
    for who in (cast.anna, cast.marc):
        assert queued(enter(who).get(QUEUE, follow=True)) == []
    received = timezone.now() - timedelta(days=settings.TRIAGE_DAYS, hours=1)
    type(report).objects.filter(pk=report.pk).update(received_at=received)
    assert queued(enter(cast.anna).get(QUEUE, follow=True)) == []
    seen = enter(cast.marc).get(QUEUE, follow=True)
    assert queued(seen) == [report.reference]
    assert "en retard" in words(seen)
    home = enter(cast.marc).get("/").content.decode()
    assert re.search(r'data-tone="alert"><a href="/tri/[^"]*voir=retard', home)


def test_the_list_and_the_queue_say_why_they_do_not_count_the_same(cast, enter, report, vosges):
    factories.report(cast.diane, vosges["Golbey"])
    listed = "/renseignements/?etat=a_trier"
    for address in (QUEUE, listed):
        assert "de côté jusqu" not in enter(cast.anna).get(address, follow=True).content.decode()
    day = days_from_now(2)
    desk.put_aside(report, by=cast.anna, until=day, why="Attente")
    for address, count in ((QUEUE, 1), (listed, 2)):
        shown = enter(cast.anna).get(address, follow=True)
        assert shown.context["count"] == count
        told = re.search(r'<a href="([^"]*voir=cote)">([^<]*)</a>', shown.content.decode())
        assert told[2] == f"1&nbsp;fiche mise de côté jusqu’au {spoken(day)}"
        aside = enter(cast.anna).get(told[1].replace("&amp;", "&"), follow=True)
        assert queued(aside) == [report.reference]
        assert 'voir=cote">1' not in aside.content.decode()
    # What the cell has put aside is told to nobody else.
    assert "de côté" not in words(enter(cast.diane).get(listed))
    # Late, the animator has it in his queue: nothing to explain.
    received = timezone.now() - timedelta(days=settings.TRIAGE_DAYS, hours=1)
    type(report).objects.filter(pk=report.pk).update(received_at=received)
    assert "de côté jusqu" not in enter(cast.marc).get(listed).content.decode()


def test_brought_back_before_its_day(cast, enter, report):
    desk.put_aside(report, by=cast.anna, until=days_from_now(2), why="Attente")
    enter(cast.marc).post(f"{item(report)}reprendre/")
    assert queued(enter(cast.marc).get(QUEUE, follow=True)) == [report.reference]
    assert Entry.objects.filter(verb="triage.brought_back").count() == 1


def reprise(client, report):
    """The form that takes back what was just put aside, as the page draws it."""
    page = client.get(QUEUE, {"mise_de_cote": report.reference}, follow=True).content.decode()
    return re.search(rf'action="{item(report)}reprendre/".*?</form>', page, re.S)[0]


def test_an_open_tab_does_not_undo_what_a_colleague_has_decided_since(cast, enter, report):
    desk.put_aside(report, by=cast.anna, until=days_from_now(2), why="Attente")
    client = enter(cast.anna)
    [seen] = re.findall(r'name="seen" value="([^"]+)"', reprise(client, report))
    desk.put_aside(report, by=cast.marc, until=days_from_now(9), why="Le parquet rappelle")
    answer = client.post(f"{item(report)}reprendre/", {"seen": seen}, follow=True)
    assert "Marc Essai a mis cette fiche de côté jusqu’au" in words(answer)
    assert docket_of(report).aside_until == days_from_now(9)
    assert not Entry.objects.filter(verb="triage.brought_back").exists()
    [seen] = re.findall(
        r'name="seen" value="(\d{4}-[^"]+)"', client.get(item(report)).content.decode()
    )
    client.post(f"{item(report)}reprendre/", {"seen": seen})
    assert docket_of(report).aside_until is None


def test_what_was_put_aside_long_ago_has_no_key(cast, enter, report, settings):
    desk.put_aside(report, by=cast.anna, until=days_from_now(2), why="Attente")
    client = enter(cast.anna)
    assert 'data-shortcut="u"' in reprise(client, report)
    settings.UNDO_KEY_MINUTES = 0
    late = reprise(client, report)
    assert 'data-shortcut="u"' not in late
    assert "Annuler" in late


def test_what_waits_no_more_is_neither_given_nor_put_aside(cast, report):
    life.move(report, by=cast.anna, target=State.OUT_OF_SCOPE, why="Vague")
    with pytest.raises(ValidationError, match="n’attend plus"):
        desk.assign(report, by=cast.anna, to=cast.marc)
    with pytest.raises(ValidationError, match="n’attend plus"):
        desk.put_aside(report, by=cast.anna, until=days_from_now(2), why="Attente")


# --- Folded -----------------------------------------------------------------------------------


@pytest.fixture
def copies(cast, vosges):
    """Four that say the same, give or take a word, among others; the oldest first."""
    now = timezone.now()
    texts = [COPIED, f"{COPIED} Merci.", "Un scooter livre.", COPIED.upper(), COPIED]
    return [
        factories.report(
            cast.diane, vosges["Épinal"], origin="citizen", facts=facts,
            received_at=now - timedelta(hours=20 - rank),
        )
        for rank, facts in enumerate(texts)
    ]  # fmt: skip


def test_copies_are_one_line_with_their_count(cast, enter, copies):
    page = enter(cast.anna).get(QUEUE, follow=True)
    assert queued(page) == [copies[0].reference, copies[2].reference]
    assert "3 signalements semblables" in words(page)
    assert "5 renseignements" in words(page), "the count is that of the tips"
    unfolded = enter(cast.anna).get(f"{item(copies[0])}?deplie={copies[0].reference}")
    expected = [copies[rank].reference for rank in (0, 1, 3, 4, 2)]
    assert queued(unfolded) == expected
    assert queued(enter(cast.anna).get(item(copies[3]))) == expected, "the open one is in sight"


def test_the_next_of_a_bundle_takes_its_place(cast, enter, copies):
    client = enter(cast.anna)
    response = decide(client, copies[0], State.SORTED)
    assert opened(response) == copies[1].reference
    assert queued(response) == [copies[1].reference, copies[2].reference]


@pytest.mark.parametrize(
    ("facts", "place", "origin", "is_folded"),
    [
        (COPIED, "Épinal", "citizen", True),
        (COPIED, "Golbey", "citizen", False),
        (COPIED, "Épinal", "service", False),
        ("Vente de résine devant le collège, chaque midi, par deux jeunes.", "Épinal", "citizen",
         False),
    ],
)  # fmt: skip
def test_what_is_near_identical(cast, vosges, copies, facts, place, origin, is_folded):
    other = factories.report(cast.louise, vosges[place], origin=origin, facts=facts)
    queue = triage.waiting(cast.anna, triage.asked_by({}))
    assert (other.pk in bundles_of(queue).folded) == is_folded


def test_what_is_hidden_is_in_no_bundle(cast, enter, copies, vosges):
    before = words(enter(cast.anna).get(QUEUE, follow=True))
    factories.report(
        cast.diane, vosges["Épinal"], origin="citizen", facts=COPIED, units=[cast.louise.unit]
    )
    assert words(enter(cast.anna).get(QUEUE, follow=True)) == before


def test_every_pair_that_shares_enough_is_found():
    """Against comparing each with each: the rarest words lose nobody."""
    import random

    chance = random.Random(4)
    vocabulary = [f"mot{rank}" for rank in range(120)]
    rows = []
    for key in range(300):
        said = list(chance.choice(rows)[2]) if rows and chance.random() < 0.6 else []
        said = said[2:] + chance.sample(vocabulary, 2 if said else 14)
        rows.append((key, 1, said))
    found = bundled(rows).others
    plain: dict = {}
    firsts: list = []
    for key, said in [(key, frozenset(said)) for key, _, said in rows]:
        first = next(
            (one for one, other in firsts if len(said & other) >= 0.75 * len(said | other)), None
        )
        if first is None:
            firsts.append((key, said))
        else:
            plain.setdefault(first, []).append(key)
    assert {key for keys in found.values() for key in keys} == {
        key for keys in plain.values() for key in keys
    }
    assert len(plain) > 20


# --- Who --------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["diane", "louise", "gilles", "claire", "rose", "tom", "paul"])
@pytest.mark.parametrize("address", ["main/", "attribuer/", "cote/", "reprendre/", "malveillant/"])
def test_the_cell_alone_holds_the_desk(cast, enter, report, who, address):
    sent = {
        "to": cast.anna.pk, "until": f"{days_from_now(2):%d/%m/%Y}", "why": "Attente",
        "malice": "hoax", "sure": "on", "seen": State.RECEIVED,
    }  # fmt: skip
    client = enter(cast[who])
    assert client.get(f"{item(report)}{address}").status_code == 404
    assert client.post(f"{item(report)}{address}", sent).status_code == 404
    assert docket_of(report) is None
    assert not Step.objects.of(report).exists()


def test_paul_of_another_cell_holds_nothing_of_ours(cast, enter, report):
    cast.paul.role = "animateur"
    cast.paul.save()
    client = enter(cast.paul)
    for address in ("main/", "attribuer/", "cote/", "reprendre/", "malveillant/"):
        assert client.post(f"{item(report)}{address}", {"sure": "on"}).status_code == 404
    assert client.get(f"{QUEUE}?voir=cote", follow=True).status_code == 200
    assert docket_of(report) is None

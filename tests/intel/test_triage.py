"""The queue of the cell: order, one decision after another, nothing overwritten, all undone."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from cross.audit.models import Entry
from cross.ui import keyset
from intel import access
from intel.actions import life, reports
from intel.models import Identifier, Report, Step, Tasking, Tip
from intel.reading import triage
from intel.reading.nearby import MOST_NEARBY, nearby
from intel.reading.triage import PAGE, QUEUES
from intel.states import AWAITING_TRIAGE, IN_EVALUATION, MOVES, State
from protocols.actions import admit
from protocols.models import Participation
from services.models import Neighbourhood
from services.roles import Right
from tests import factories
from tests.intel.test_entry import words

QUEUE = "/tri/"
PHONE = [("phone", "06 39 98 12 34", "+33639981234")]
PLATE = [("plate", "AB-123-CD", "AB123CD")]


def item(report, query=""):
    return f"/tri/{report.reference}/{query}"


def state_of(report):
    return (
        Report.objects.unguarded(because="test").values_list("state", flat=True).get(pk=report.pk)
    )


def decide(client, report, target, *, query="", **fields):
    """Send the decision as the page does, and follow."""
    data = {"target": target, "seen": state_of(report)} | fields
    return client.post(f"{item(report)}decision/{query}", data, follow=True)


def queued(response):
    """References of the queue, in order."""
    return re.findall(r'cx-queue__item" href="/tri/(CROSS-[\w-]+)/', response.content.decode())


def opened(response):
    """The reference that is open on the right."""
    found = re.search(
        r'href="/tri/(CROSS-[\w-]+)/[^"]*" aria-current="true"', response.content.decode()
    )
    return found and found[1]


@pytest.fixture
def three(cast, vosges):
    """Three tips, oldest first, and a draft that is nobody's business."""
    now = timezone.now()
    factories.report(cast.diane, vosges["Épinal"], draft=True)
    return [
        factories.report(
            cast.diane, vosges[place], origin="citizen", subject=subject,
            received_at=now - timedelta(days=days),
        )
        for place, subject, days in [
            ("Épinal", "Vente en bas", 7), ("Golbey", "Scooter", 3), ("Le Thillot", "Serre", 1),
        ]
    ]  # fmt: skip


# --- The queue --------------------------------------------------------------------------------


def test_every_waiting_state_has_one_queue_and_every_key_its_move():
    waiting = [state for queue in QUEUES.values() for state in queue.states]
    assert len(waiting) == len(set(waiting))
    assert set(waiting) == AWAITING_TRIAGE | IN_EVALUATION | {State.TO_COMPLETE}
    for state in waiting:
        keys = [move.key for move in MOVES if move.origin == state and move.key]
        assert len(keys) == len(set(keys)), state


def test_the_first_item_opens_and_its_reading_is_journalled(cast, enter, three):
    response = enter(cast.anna).get(QUEUE, follow=True)
    assert queued(response) == [report.reference for report in three]
    assert opened(response) == three[0].reference
    assert "Deux hommes vendent dans le hall" in words(response)
    [line] = Entry.objects.filter(verb="report.read")
    assert (line.target, line.member_id) == (three[0].reference, cast.anna.pk)


def test_urgent_first_then_the_oldest_and_late_is_said(cast, enter, three):
    life.move(three[2], by=cast.marc, target=State.URGENT, why="Arme visible")
    response = enter(cast.anna).get(QUEUE, follow=True)
    assert queued(response) == [three[index].reference for index in (2, 0, 1)]
    html = response.content.decode()
    assert html.count("data-late") == 1
    assert "il y a 7 jours : en retard" in words(response)


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("?urgent=on", [1]),
        ("?origine=citizen", [1, 0, 2]),
        ("?origine=letter", []),
        ("?attente=5", [0]),
        ("?attente=n'importe", [1, 0, 2]),
        ("?apres=n'importe", [1, 0, 2]),
        ("?file=inconnue", [1, 0, 2]),
    ],
)
def test_filters(cast, enter, three, query, kept):
    life.move(three[1], by=cast.marc, target=State.URGENT, why="Arme visible")
    response = enter(cast.anna).get(QUEUE + query, follow=True)
    assert queued(response) == [three[index].reference for index in kept]
    if not kept:
        assert "Rien ne correspond à ce filtre" in words(response)


def near_of(cast, report):
    """The references that the sheet proposes, and the number that the queue announces."""
    sheet = nearby(report, cast.anna, list(Identifier.objects.of(report)))
    [row] = [row for row in triage.left_of(cast.anna, triage.asked_by({})).page if row == report]
    assert row.near == len(sheet)
    return {each.reference: each.reasons for each in sheet}


@pytest.mark.parametrize(
    ("ours", "theirs", "reason"),
    [
        ({}, {}, ""),
        ({"products": ["crack"]}, {"products": ["heroine"]}, ""),
        ({"products": ["unknown"]}, {"products": ["unknown"]}, ""),
        ({"place": "Hall du 3"}, {"place": ""}, ""),
        ({"products": ["crack", "mdma"]}, {"products": ["mdma"]}, ""),
        ({"place": "Rue de l’Église"}, {"place": "rue de l’eglise"}, "même lieu"),
        ({"neighbourhood": "Bitola"}, {"neighbourhood": "Bitola"}, "même quartier"),
        ({"identifiers": PHONE}, {"identifiers": PHONE}, "06 39 98 12 34 en commun"),
        ({"identifiers": PHONE}, {"identifiers": PLATE}, ""),
    ],
)
def test_a_commune_alone_brings_nothing_near(cast, enter, vosges, ours, theirs, reason):
    bitola = Neighbourhood.objects.create(commune=vosges["Épinal"], name="Bitola")
    if ours == theirs == {"neighbourhood": "Bitola"}:
        ours = theirs = {"neighbourhood": bitola}
    report = factories.report(cast.diane, vosges["Épinal"], **ours)
    other = factories.report(cast.louise, vosges["Épinal"], **theirs)
    found = near_of(cast, report)
    assert (other.reference in found) == bool(reason)
    if reason:
        assert reason in found[other.reference]
        assert "1 proche" in words(enter(cast.anna).get(QUEUE, follow=True))


def test_what_is_hidden_or_long_ago_is_near_nothing(cast, enter, vosges):
    here = {"place": "Le port"}
    report = factories.report(cast.diane, vosges["Épinal"], **here)
    factories.report(cast.diane, vosges["Épinal"], **here, units=[cast.louise.unit])
    old = timezone.now() - timedelta(days=100)
    factories.report(cast.diane, vosges["Épinal"], **here, received_at=old)
    factories.report(cast.diane, vosges["Golbey"], **here, identifiers=PHONE)
    factories.report(cast.louise, vosges["Épinal"], identifiers=PHONE)
    assert near_of(cast, report) == {}
    for _ in range(MOST_NEARBY + 2):
        factories.report(cast.louise, vosges["Épinal"], **here)
    assert len(near_of(cast, report)) == MOST_NEARBY


def test_a_long_queue_comes_by_pages(cast, enter, vosges):
    now = timezone.now()
    made = [
        factories.report(cast.diane, vosges["Épinal"], received_at=now - timedelta(minutes=minute))
        for minute in range(PAGE + 5, 0, -1)
    ]
    client = enter(cast.anna)
    response = client.get(QUEUE, follow=True)
    assert queued(response) == [report.reference for report in made[:PAGE]]
    assert f"{PAGE + 5} renseignements" in words(response)
    after = re.search(r'href="(\?[^"]*apres=[^"]+)"', response.content.decode())[1]
    response = client.get(item(made[0], after.replace("&amp;", "&")))
    assert queued(response) == [report.reference for report in made[PAGE:]]


def test_past_the_end_the_queue_starts_again(cast, enter, three):
    beyond = f"?apres=1~{timezone.now():%Y-%m-%dT%H:%M:%S}%2B00:00~{keyset.veil(999_999)}"
    assert len(queued(enter(cast.anna).get(item(three[0], beyond)))) == 3


def test_the_page_costs_the_same_with_one_and_with_fifty(
    cast, enter, vosges, django_assert_max_num_queries, django_assert_num_queries
):
    first = factories.report(
        cast.diane, vosges["Épinal"], identifiers=[("phone", "06 39 98 12 34", "+33639981234")]
    )
    client = enter(cast.anna)
    client.get(item(first))
    with django_assert_max_num_queries(15) as one:
        client.get(item(first))
    count = len(one)
    for _ in range(49):
        factories.report(cast.diane, vosges["Épinal"])
    with django_assert_num_queries(count):
        client.get(item(first))


# --- Decisions --------------------------------------------------------------------------------


def test_a_decision_opens_the_next_and_can_be_taken_back(cast, enter, three):
    client = enter(cast.anna)
    response = decide(client, three[0], State.SORTED)
    assert state_of(three[0]) == State.SORTED
    assert opened(response) == three[1].reference
    assert f"{three[0].reference} : Trié" in words(response)

    step = Step.objects.of(three[0]).get()
    response = client.post(f"{item(three[0])}annuler/", {"step": str(step.key)}, follow=True)
    assert state_of(three[0]) == State.RECEIVED
    assert opened(response) == three[0].reference
    assert "Décision annulée" in words(response)
    assert Entry.objects.filter(verb="report.move_undone").count() == 1


def test_after_the_last_of_the_queue_the_first_left_opens(cast, enter, three):
    response = decide(enter(cast.anna), three[2], State.SORTED)
    assert opened(response) == three[0].reference


def test_the_next_follows_the_filter(cast, enter, three, vosges):
    letter = factories.report(cast.diane, vosges["Golbey"], origin="letter")
    response = decide(enter(cast.anna), letter, State.SORTED, query="?origine=letter")
    assert "Rien ne correspond à ce filtre" in words(response)
    assert f"{letter.reference} : Trié" in words(response), "it can still be taken back"


def test_what_stays_in_the_queue_stays_open(cast, enter, three):
    response = decide(enter(cast.anna), three[1], State.URGENT, why="Arme visible, 17 prévenu")
    assert opened(response) == three[1].reference
    assert queued(response)[0] == three[1].reference


def test_an_empty_queue_says_what_was_treated_last(cast, enter, vosges):
    client = enter(cast.anna)
    assert "arriveront ici" in words(client.get(QUEUE))
    report = factories.report(cast.diane, vosges["Épinal"])
    page = words(decide(client, report, State.SORTED))
    assert "La file est vide" in page
    assert re.search(
        rf"Dernière fiche traitée : {report.reference} , par Anna Essai, à l’instant", page
    )


@pytest.mark.parametrize("target", [State.TO_COMPLETE, State.OUT_OF_SCOPE, State.URGENT])
def test_a_reason_is_asked_in_place(cast, enter, three, target):
    client = enter(cast.anna)
    response = decide(client, three[0], target, why="  ")
    assert response.status_code == 422
    assert "Indiquez le motif" in words(response)
    assert "Au clavier : son chiffre, puis Entrée." in words(response)
    assert re.search(r"data-decision open", response.content.decode())
    assert state_of(three[0]) == State.RECEIVED
    decide(client, three[0], target, why="Préciser l’adresse")
    assert state_of(three[0]) == target
    assert Step.objects.of(three[0]).get().why == "Préciser l’adresse"


def test_a_duplicate_names_a_report_that_one_can_read(cast, enter, vosges, meurthe, three):
    # A seat elsewhere gives no original: the analyst reads that report, and it is as absent.
    elsewhere = factories.report(cast.paul, meurthe["Nancy"])
    seat = Participation.objects.get(group=cast.paul.unit.group)
    admit(cast.anna.unit, seat.content_object, by=None, starts_on=seat.starts_on)
    assert access.readable_reports(cast.anna).filter(pk=elsewhere.pk).exists()
    hidden = factories.report(cast.diane, vosges["Golbey"], units=[cast.louise.unit])
    Report.objects.filter(pk=three[0].pk).update(place="Hall du 3")
    twin = factories.report(
        cast.louise, vosges["Épinal"], place="hall du 3", received_at=three[0].received_at
    )
    client = enter(cast.anna)
    client.get(item(three[0]))
    [line] = Entry.objects.filter(verb="report.listed", target=three[0].reference)
    assert line.why == f"montrées à côté : {twin.reference}"
    for wrong, sentence in [
        ({}, "Indiquez la fiche dont celle-ci est le doublon"),
        ({"original": "autre", "reference": hidden.reference}, "ne porte"),
        ({"original": "autre", "reference": "CROSS-88-2026-99999"}, "ne porte"),
        ({"original": "autre", "reference": elsewhere.reference}, "ne porte"),
        ({"original": "autre", "reference": three[0].reference}, "n’est pas le doublon d’elle"),
        ({"original": twin.reference, "reference": three[1].reference}, "gardez-en une"),
    ]:
        response = decide(client, three[0], State.DUPLICATE, **wrong)
        assert response.status_code == 422
        assert sentence in words(response)
    decide(client, three[0], State.DUPLICATE, original=twin.reference)
    three[0].refresh_from_db()
    assert three[0].duplicate_of == twin
    assert three[0].fact == twin.fact


def test_from_received_to_directed_without_leaving(cast, enter, three):
    client = enter(cast.anna)
    report = three[0]
    decide(client, report, State.SORTED)
    grade = {
        "seen": State.SORTED, "version": "2", "source_grade": "B", "information_grade": "3",
    }  # fmt: skip
    response = client.post(f"{item(report)}cotation/", grade, follow=True)
    report.refresh_from_db()
    assert (report.state, report.grade) == (State.GRADED, "B3")
    assert opened(response) == report.reference, "graded, it still waits to be directed"

    choices = re.search(r'<select name="unit".*?</select>', response.content.decode(), re.DOTALL)
    units = dict(re.findall(r'<option value="(\d+)">([^<]+)', choices[0]))
    assert set(units.values()) == {
        "Brigade de recherches", "Brigade des douanes", "Cellule CROSS", "Commissariat", "Parquet",
    }  # fmt: skip
    answer_by = timezone.localdate() + timedelta(days=15)
    response = decide(
        client, report, State.DIRECTED, unit=str(cast.louise.unit_id),
        answer_by=f"{answer_by:%d/%m/%Y}", instruction="Surveillance du hall",
    )  # fmt: skip
    tasking = Tasking.objects.of(report).get()
    assert (tasking.unit, tasking.answer_by) == (cast.louise.unit, answer_by)
    assert tasking.instruction == "Surveillance du hall"
    assert "Rien n’est en cours d’évaluation" in words(response)
    verbs = ["report.moved", "report.graded", "report.moved", "report.tasked"]
    lines = Entry.objects.filter(target=report.reference, verb__in=set(verbs)).order_by("pk")
    assert [line.verb for line in lines] == verbs


def test_a_restricted_report_is_directed_among_its_readers_alone(cast, enter, vosges):
    report = factories.report(cast.diane, vosges["Épinal"], units=[cast.anna.unit])
    reports.grade(report, by=cast.anna, source="B", information="3")
    for target in (State.SORTED, State.GRADED):
        life.move(report, by=cast.anna, target=target)
    client = enter(cast.anna)
    page = client.get(item(report)).content.decode()
    assert "Commissariat" not in re.findall(r"<option[^>]*>([^<]+)", page)
    response = decide(client, report, State.DIRECTED, unit=str(cast.louise.unit_id))
    assert response.status_code == 422
    assert state_of(report) == State.GRADED


@pytest.mark.parametrize(
    ("letters", "sentence"),
    [
        ({"source_grade": "B"}, "Choisissez un chiffre, de 1 à 6"),
        ({"information_grade": "3"}, "Choisissez une lettre, de A à F"),
        ({"source_grade": "B", "information_grade": "1"}, "seconde origine indépendante"),
        ({"source_grade": "Z", "information_grade": "3"}, "Z"),
    ],
)
def test_no_validation_without_both_grades(cast, enter, three, letters, sentence):
    life.move(three[0], by=cast.anna, target=State.SORTED)
    response = enter(cast.anna).post(
        f"{item(three[0])}cotation/", {"seen": State.SORTED, "version": "2"} | letters
    )
    assert response.status_code == 422
    assert sentence in words(response)
    three[0].refresh_from_db()
    assert (three[0].state, three[0].grade) == (State.SORTED, "")


def test_a_report_may_be_graded_before_it_is_sorted(cast, enter, three):
    response = enter(cast.anna).post(
        f"{item(three[0])}cotation/",
        {"seen": State.RECEIVED, "version": "1", "source_grade": "F", "information_grade": "6"},
        follow=True,
    )
    three[0].refresh_from_db()
    assert (three[0].state, three[0].grade) == (State.RECEIVED, "F6")
    assert opened(response) == three[0].reference
    assert f"{three[0].reference} : cotation F6 enregistrée." in words(response)
    row = response.content.decode().split('aria-current="true"', 2)[-1].split("</a>")[0]
    assert 'class="cx-grade"' in row


# --- Two analysts -----------------------------------------------------------------------------


def test_the_second_analyst_is_told_who_and_overwrites_nothing(cast, enter, three):
    anna, marc = enter(cast.anna), enter(cast.marc)
    seen = state_of(three[0])
    decide(marc, three[0], State.OUT_OF_SCOPE, why="Sans lien")
    response = anna.post(
        f"{item(three[0])}decision/", {"target": State.SORTED, "seen": seen}, follow=True
    )
    assert (
        "Cette fiche est passée à « Hors champ » par Marc Essai pendant que vous la lisiez. "
        "Rien n’a été modifié."
    ) in words(response)
    assert state_of(three[0]) == State.OUT_OF_SCOPE
    assert Step.objects.of(three[0]).count() == 1


def test_a_grade_given_meanwhile_is_not_replaced(cast, enter, three):
    reports.grade(three[0], by=cast.marc, source="A", information="2")
    response = enter(cast.anna).post(
        f"{item(three[0])}cotation/",
        {"seen": State.RECEIVED, "version": "1", "source_grade": "E", "information_grade": "5"},
        follow=True,
    )
    assert "a été modifiée entre-temps" in words(response)
    three[0].refresh_from_db()
    assert three[0].grade == "A2"


def test_another_grade_asks_for_a_reason_here_as_on_the_sheet(cast, enter, three):
    reports.grade(three[0], by=cast.marc, source="A", information="2")
    url, client = f"{item(three[0])}cotation/", enter(cast.anna)
    other = {
        "seen": State.RECEIVED, "version": "2", "source_grade": "E", "information_grade": "5",
    }  # fmt: skip
    refused = client.post(url, other)
    assert refused.status_code == 422
    assert "Dites pourquoi la cotation change" in words(refused)
    client.post(url, other | {"why": "Source déjà trompée"})
    three[0].refresh_from_db()
    assert three[0].grade == "E5"


def test_nobody_undoes_a_step_that_another_has_followed(cast, enter, three):
    anna = enter(cast.anna)
    decide(anna, three[0], State.URGENT, why="Arme visible")
    step = Step.objects.of(three[0]).get()
    life.move(three[0], by=cast.marc, target=State.SORTED)
    response = anna.post(f"{item(three[0])}annuler/", {"step": str(step.key)}, follow=True)
    assert "passée à « Trié » par Marc Essai" in words(response)
    assert state_of(three[0]) == State.SORTED


@pytest.mark.parametrize("sent", [{"target": "trie"}, {"target": "trie", "seen": ""}])
def test_a_decision_without_what_was_seen_moves_nothing(cast, enter, three, sent):
    enter(cast.anna).post(f"{item(three[0])}decision/", sent)
    assert state_of(three[0]) == State.RECEIVED


@pytest.mark.parametrize("address", ["decision/", "cotation/", "annuler/"])
def test_reloading_after_a_refusal_shows_the_item(cast, enter, three, address):
    response = enter(cast.anna).get(f"{item(three[1])}{address}?file=tri", follow=True)
    assert opened(response) == three[1].reference
    assert state_of(three[1]) == State.RECEIVED


def test_a_state_that_is_none_is_refused(cast, enter, three):
    sent = {"target": "perdu", "seen": State.RECEIVED}
    assert enter(cast.anna).post(f"{item(three[0])}decision/", sent).status_code == 400


def test_a_move_that_the_table_does_not_have_is_told(cast, enter, three):
    response = decide(enter(cast.anna), three[0], State.EXPLOITED)
    assert "ne peut pas devenir « Exploité »" in words(response)
    assert state_of(three[0]) == State.RECEIVED


# --- The sheet --------------------------------------------------------------------------------


def test_the_sheet_shows_the_tip_its_contact_and_what_is_near(cast, enter, vosges):
    facts = "Mon voisin deale. Rappelez-moi au 06 39 98 12 34."
    report = factories.report(
        cast.anna, vosges["Épinal"], origin="citizen", facts=facts, place="Le port"
    )
    Tip.objects.create(
        report=report, department=report.department, portal="Ma Sécurité",
        portal_reference="SIG-1", raw_text="Texte brut du portail",
    )  # fmt: skip
    near = factories.report(
        cast.louise, vosges["Épinal"], place="le port", subject="Hall du 3",
        received_at=timezone.now() - timedelta(days=3),
    )  # fmt: skip
    hidden = factories.report(
        cast.diane, vosges["Épinal"], units=[cast.louise.unit], subject="Fiche cachée"
    )
    page = words(enter(cast.anna).get(item(report)))
    assert "Coordonnées de l’auteur ? Le texte contient 06 39 98 12 34" in page
    assert "SIG-1" in page
    assert "Texte brut du portail" in page
    assert "Même commune, même lieu, faits du même jour et réception 3 jours plus tôt" in page
    assert near.reference in page
    assert hidden.reference not in page
    assert "Fiche cachée" not in page


def test_a_shared_identifier_brings_another_commune_near(cast, enter, vosges):
    report = factories.report(cast.diane, vosges["Épinal"], identifiers=PHONE)
    far = factories.report(cast.louise, vosges["Le Thillot"], identifiers=PHONE)
    page = words(enter(cast.anna).get(item(report)))
    near = "06 39 98 12 34 en commun, faits du même jour et réception le même jour"
    assert f"{near} {far.reference} · Le Thillot" in page


def test_the_code_of_a_source_is_shown_to_its_own_unit_alone(cast, enter, vosges):
    for author, is_shown in ((cast.anna, True), (cast.diane, False)):
        report = factories.report(
            author, vosges["Épinal"], origin="human_source", source_code="SRC-4471"
        )
        assert ("SRC-4471" in words(enter(cast.anna).get(item(report)))) is is_shown


def test_markup_in_a_tip_is_shown_as_text(cast, enter, vosges):
    report = factories.report(
        cast.diane, vosges["Épinal"], facts="<script>alert(1)</script>", subject="<b>Vente</b>"
    )
    html = enter(cast.anna).get(item(report)).content.decode()
    assert "<script>alert" not in html
    assert "<b>Vente" not in html


# --- Who --------------------------------------------------------------------------------------


def test_a_report_restricted_away_from_the_cell_does_not_exist_in_its_queue(cast, enter, vosges):
    report = factories.report(cast.diane, vosges["Épinal"], units=[cast.louise.unit])
    client = enter(cast.anna)
    page = words(client.get(QUEUE))
    assert "La file est vide" in page
    assert "0 renseignement" in page
    assert client.get(item(report)).status_code == 404
    sent = {"target": State.SORTED, "seen": State.RECEIVED}
    assert client.post(f"{item(report)}decision/", sent).status_code == 404
    assert client.post(f"{item(report)}cotation/", {}).status_code == 404
    assert client.post(f"{item(report)}annuler/", {}).status_code == 404
    assert state_of(report) == State.RECEIVED


def test_a_seat_that_ends_closes_the_queue(cast, enter, three):
    Participation.objects.filter(group=cast.anna.unit.group).update(
        ends_on=timezone.localdate() - timedelta(days=1)
    )
    client = enter(cast.anna)
    assert three[0].reference not in words(client.get(QUEUE, follow=True))
    assert "Elle a pris fin le" in words(client.get(QUEUE, follow=True))
    assert client.get(item(three[0])).status_code == 404


def test_the_buttons_are_those_of_the_rights(cast, enter, three, monkeypatch):
    from services import roles

    analyst = roles.DUTIES[roles.Role.ANALYST]
    without = roles.Duty(analyst.description, analyst.rights - {Right.DIRECT})
    reports.grade(three[0], by=cast.anna, source="B", information="3")
    for target in (State.SORTED, State.GRADED):
        life.move(three[0], by=cast.anna, target=target)
    client = enter(cast.anna)
    assert "votre rôle ne le permet pas" not in words(client.get(item(three[0])))
    assert "Orienter" in buttons(client.get(item(three[0])))
    monkeypatch.setitem(roles.DUTIES, roles.Role.ANALYST, without)
    assert "« Orienter » : votre rôle ne le permet pas" in words(client.get(item(three[0])))
    assert "Orienter" not in buttons(client.get(item(three[0])))


def buttons(response):
    """The decisions that the bar offers."""
    return {decision.label for decision in response.context["sheet"].decisions}


@pytest.mark.parametrize(
    ("who", "status"),
    [("anna", 200), ("marc", 200), ("diane", 404), ("louise", 404), ("gilles", 404),
     ("claire", 404), ("ines", 404), ("tom", 404), ("fanny", 403), ("rose", 404), ("paul", 404)],
)  # fmt: skip
def test_the_cell_alone_triages(cast, enter, three, who, status):
    client = enter(cast[who])
    assert client.get(item(three[0])).status_code == status
    assert (client.get(QUEUE).status_code == 302) == (status == 200)
    sent = {"target": State.SORTED, "seen": State.RECEIVED}
    client.post(f"{item(three[0])}decision/", sent)
    assert (state_of(three[0]) == State.SORTED) == (status == 200)


def test_paul_of_another_cell_sees_nothing_of_ours(cast, enter, three):
    cast.paul.role = "analyste"
    cast.paul.save()
    client = enter(cast.paul)
    page = words(client.get(QUEUE))
    assert "La file est vide" in page
    assert "Dernière fiche" not in page
    for report in three:
        assert client.get(item(report)).status_code == 404
        assert report.reference not in page

"""The life of a report through its pages: each move, what it asks, and how it is taken back."""

from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from cross.audit.models import Entry
from intel.actions import life, reports
from intel.models import Feedback, Report, ReportGroupGrant, Step, Tasking
from intel.reading import triage
from intel.states import MOVES, State
from tests import factories


def stored(report):
    return Report.objects.unguarded(because="test").get(pk=report.pk)


@pytest.fixture
def report(cast, vosges):
    return factories.report(cast.diane, vosges["Épinal"], subject="Vente devant un lycée")


@pytest.fixture
def make(enter, report):
    """`make(member, target, **said)`: the move as the page sends it."""

    def sent(member, target, *, of=report, **said):
        data = {"vers": target, "vu": stored(of).state, **said}
        return enter(member).post(f"{of.get_absolute_url()}etape/", data)

    return sent


def state_of(report):
    return State(stored(report).state)


def test_from_reception_to_feedback_through_the_pages(cast, enter, report, make):
    """Who may, does; the contributor reads at the end what became of it."""
    make(cast.anna, "trie")
    version = stored(report).version
    grades = {"source_grade": "B", "information_grade": "2", "version": version}
    enter(cast.anna).post(f"{report.get_absolute_url()}cotation/", grades)
    make(cast.anna, "cote")
    make(cast.anna, "enrichi")
    make(cast.anna, "oriente", unit=cast.louise.unit_id)
    make(cast.louise, "pris_en_compte")
    make(cast.louise, "exploite", why="Deux interpellations", outcomes="interpellation")
    make(cast.anna, "retour_fait", feedback="acted", why="Merci")
    make(cast.anna, "archive")
    assert state_of(report) == State.ARCHIVED
    [tasking] = Tasking.objects.of(report)
    assert (tasking.unit, tasking.answer, tasking.outcome, tasking.answered_by) == (
        cast.louise.unit,
        "exploite",
        "Deux interpellations",
        cast.louise,
    )
    [feedback] = Feedback.objects.of(report)
    assert (feedback.unit, feedback.outcome) == (cast.diane.unit, "acted")
    html = enter(cast.diane).get(report.get_absolute_url()).content.decode()
    assert "Action menée" in html
    assert "Deux interpellations" in html
    assert enter(cast.paul).get(report.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("hors_champ", "Indiquez le motif."),
        ("urgent", "Indiquez le motif."),
        ("doublon", "Indiquez la référence de la fiche d’origine."),
    ],
)
def test_what_a_move_asks_is_asked_on_its_own_page(cast, enter, report, make, target, told):
    page = enter(cast.anna).get(f"{report.get_absolute_url()}etape/", {"vers": target})
    assert page.status_code == 200
    assert "L’étape pourra être annulée" in page.content.decode()
    response = make(cast.anna, target)
    assert response.status_code == 422
    assert told in response.content.decode()
    assert state_of(report) == State.RECEIVED


def test_a_duplicate_names_an_original_that_one_reads(cast, vosges, enter, report, make):
    near = factories.report(cast.louise, vosges["Épinal"], subject="Vente près du lycée")
    hidden = factories.report(cast.louise, vosges["Épinal"], units=[cast.bruno.unit])
    page = enter(cast.anna).get(f"{report.get_absolute_url()}etape/", {"vers": "doublon"})
    html = page.content.decode()
    assert near.reference in html
    assert hidden.reference not in html
    [line] = Entry.objects.filter(verb="report.listed", member_id=cast.anna.pk)
    assert (line.target, line.why) == (report.reference, f"montrées à côté : {near.reference}")
    for wrong in (hidden.reference, "CROSS-88-2026-99999"):
        response = make(cast.anna, "doublon", original=wrong)
        assert f"Aucune fiche «\u00a0{wrong}\u00a0»" in response.content.decode()
    itself = make(cast.anna, "doublon", original=report.reference)
    assert "pas le doublon d’elle-même" in itself.content.decode()
    make(cast.anna, "doublon", original=near.reference.lower())
    assert (stored(report).duplicate_of, stored(report).fact_id) == (stored(near), near.fact_id)


def test_what_repeats_a_duplicate_follows_it_to_the_first_report(cast, vosges, report):
    """Undoing puts each back; a hidden one keeps a fact of its own, duplicate or not."""
    second, first = (factories.report(cast.louise, vosges["Épinal"]) for _ in range(2))
    hidden = factories.report(cast.diane, vosges["Épinal"], units=[cast.anna.unit])
    own = {each.pk: each.fact_id for each in (report, hidden, second, first)}

    def facts():
        return [stored(each).fact_id for each in (report, hidden, second, first)]

    for each in (report, hidden):
        life.move(each, by=cast.anna, target="doublon", original=second)
    ReportGroupGrant.objects.filter(group=cast.anna.unit.group).delete()
    assert facts() == [second.fact_id, own[hidden.pk], second.fact_id, first.fact_id]
    life.move(second, by=cast.anna, target="doublon", original=first)
    assert facts() == [first.fact_id, own[hidden.pk], first.fact_id, first.fact_id]
    assert stored(report).duplicate_of == second
    life.undo(report, by=cast.anna)
    assert facts() == [own[report.pk], own[hidden.pk], first.fact_id, first.fact_id]
    life.undo(second, by=cast.anna)
    assert facts() == [own[report.pk], own[hidden.pk], second.fact_id, first.fact_id]


@pytest.mark.django_db(transaction=True)
def test_two_analysts_never_make_each_report_the_duplicate_of_the_other(
    cast, vosges, report, monkeypatch
):
    """Whoever comes second waits, then reads why it cannot be done."""
    other = factories.report(cast.louise, vosges["Épinal"])
    both_began, answers = Barrier(2, timeout=2), []
    check = life._check_requirements

    def meet(*args):
        with suppress(BrokenBarrierError):  # the other one waits at the door, as it should
            both_began.wait()
        check(*args)

    monkeypatch.setattr(life, "_check_requirements", meet)

    def decide(by, one, original):
        try:
            life.move(one, by=by, target="doublon", original=original)
            answers.append("done")
        except ValidationError as refusal:
            answers.extend(refusal.messages)
        finally:
            connection.close()

    analysts = [
        Thread(target=decide, args=(cast.anna, report, other)),
        Thread(target=decide, args=(cast.marc, other, report)),
    ]
    for analyst in analysts:
        analyst.start()
    for analyst in analysts:
        analyst.join()
    refused, done = sorted(answers)
    assert done == "done"
    assert refused.startswith("Cette fiche est elle-même un doublon")


def test_a_report_is_directed_to_a_unit_that_sees_it(cast, vosges, enter, make):
    report = factories.report(
        cast.diane, vosges["Épinal"], units=[cast.anna.unit, cast.louise.unit], grade=("B", "2")
    )
    for target in ("trie", "cote"):
        make(cast.anna, target, of=report)
    page = enter(cast.anna).get(f"{report.get_absolute_url()}etape/", {"vers": "oriente"})
    offered = {str(unit) for unit in page.context["form"].fields["unit"].queryset}
    assert offered == {"Brigade des douanes", "Commissariat", "Cellule CROSS"}
    assert make(cast.anna, "oriente", of=report, unit=cast.bruno.unit_id).status_code == 422
    for day in (timezone.localdate(), timezone.localdate() + timedelta(days=181)):
        wrong = {"unit": cast.louise.unit_id, "answer_by": day.isoformat()}
        refused = make(cast.anna, "oriente", of=report, **wrong)
        assert "Choisissez une date entre demain et le" in refused.content.decode()
    soon = timezone.localdate() + timedelta(days=7)
    make(cast.anna, "oriente", of=report, unit=cast.louise.unit_id, answer_by=soon.isoformat())
    assert Tasking.objects.of(report).get().answer_by == soon
    # Only the unit in charge answers.
    for name, status in (("bruno", 404), ("diane", 403), ("louise", 302)):
        assert make(cast[name], "pris_en_compte", of=report).status_code == status
    # Taking it is not answering it: the day is still told, and the page asks for the answer.
    sheet = enter(cast.louise).get(report.get_absolute_url()).content.decode()
    assert "Pris en compte le" in sheet
    assert "Réponse attendue le" in sheet
    page = enter(cast.louise).get(f"{report.get_absolute_url()}etape/", {"vers": "exploite"})
    assert page.context["form"]["why"].label == "Réponse"


def test_the_unit_in_charge_reads_what_is_asked_of_it(cast, vosges, enter, make):
    report = factories.report(
        cast.diane, vosges["Épinal"], units=[cast.anna.unit, cast.louise.unit], grade=("B", "2")
    )
    for target in ("trie", "cote"):
        make(cast.anna, target, of=report)
    unit = cast.louise.unit_id
    long = make(cast.anna, "oriente", of=report, unit=unit, instruction="a" * 501)
    assert long.status_code == 422
    assert "la limite est de 500" in long.content.decode()
    asked = "Passer deux soirs de suite.\r\nNe pas entrer dans le hall."
    make(cast.anna, "oriente", of=report, unit=unit, instruction=asked)
    shown = "Passer deux soirs de suite.\nNe pas entrer dans le hall."
    sheet = report.get_absolute_url()
    for who, address in [("louise", "/"), ("louise", sheet), ("diane", sheet), ("anna", sheet)]:
        assert shown in enter(cast[who]).get(address).content.decode(), (who, address)
    for who, address in [("diane", "/"), ("bruno", "/"), ("bruno", report.get_absolute_url())]:
        assert "Passer deux soirs" not in enter(cast[who]).get(address).content.decode()
    # Taken back, it goes with the direction.
    enter(cast.anna).post(f"{report.get_absolute_url()}annuler-etape/")
    assert not Tasking.objects.of(report).exists()
    assert shown not in enter(cast.louise).get("/").content.decode()
    assert shown not in enter(cast.anna).get(report.get_absolute_url()).content.decode()
    assert enter(cast.paul).get(report.get_absolute_url()).status_code == 404


def test_an_answer_is_written_at_ease_and_its_button_says_what_it_declares(
    cast, enter, report, make
):
    reports.grade(report, by=cast.anna, source="B", information="2")
    for target in (State.SORTED, State.GRADED):
        life.move(report, by=cast.anna, target=target)
    life.move(report, by=cast.anna, target=State.DIRECTED, unit=cast.louise.unit)
    life.move(report, by=cast.louise, target=State.ACKNOWLEDGED)
    sheet = enter(cast.louise).get(report.get_absolute_url()).content.decode()
    assert "Déclarer exploité" in sheet
    page = enter(cast.louise).get(f"{report.get_absolute_url()}etape/", {"vers": "exploite"})
    assert '<textarea name="why"' in page.content.decode()
    assert "Écrivez la réponse" in make(cast.louise, "exploite").content.decode()
    answer = {"why": "Deux passages.\r\nUne interpellation.", "outcomes": "interpellation"}
    make(cast.louise, "exploite", **answer)
    assert Tasking.objects.of(report).get().outcome == "Deux passages.\nUne interpellation."
    sheet = enter(cast.louise).get(report.get_absolute_url())
    assert sheet.context["report"].get_state_display() == "Exploité"


def test_who_may_not_is_told_which_right_is_missing(cast, make, report):
    for name in ("diane", "louise", "gilles"):
        assert make(cast[name], "trie").status_code == 403
    assert make(cast.paul, "trie").status_code == 404
    assert state_of(report) == State.RECEIVED


@pytest.mark.parametrize("target", ["archive", "imaginaire", "", "recu"])
def test_a_move_that_the_table_has_not_changes_nothing(cast, make, report, target):
    assert make(cast.anna, target).headers["Location"] == report.get_absolute_url()
    assert state_of(report) == State.RECEIVED


def test_two_analysts_move_the_same_sheet(cast, enter, report):
    """The second is told by whom, nothing is done, and what was typed stays."""
    url = f"{report.get_absolute_url()}etape/"
    life.move(report, by=cast.marc, target=State.SORTED)
    typed = {"vers": "hors_champ", "vu": "recu", "why": "Sans lien avec le trafic"}
    late = enter(cast.anna).post(url, typed)
    html = late.content.decode()
    assert late.status_code == 422
    assert "Marc Essai" in html
    assert "Sans lien avec le trafic" in html
    assert state_of(report) == State.SORTED
    # Seen as it now stands, the same decision may be taken again.
    enter(cast.anna).post(url, typed | {"vu": "trie"})
    assert state_of(report) == State.OUT_OF_SCOPE
    quick = enter(cast.anna).post(url, {"vers": "trie", "vu": "recu"}, follow=True)
    assert "Anna Essai" in quick.content.decode()


def test_the_sheet_says_what_was_just_done_and_takes_it_back(cast, enter, report, make):
    make(cast.anna, "trie")
    html = enter(cast.anna).get(report.get_absolute_url()).content.decode()
    assert "État de la fiche" in html
    assert (
        "État de la fiche" not in enter(cast.marc).get(report.get_absolute_url()).content.decode()
    )
    undo = f"{report.get_absolute_url()}annuler-etape/"
    for name, status in (("paul", 404), ("louise", 403), ("diane", 403)):
        assert enter(cast[name]).post(undo).status_code == status
    after = enter(cast.anna).post(undo, follow=True).content.decode()
    assert "de nouveau «\u00a0Reçu\u00a0»" in after
    assert state_of(report) == State.RECEIVED
    [step] = Step.objects.of(report)
    assert step.undone_by == cast.anna
    again = enter(cast.anna).post(undo, follow=True).content.decode()
    assert "aucune étape à annuler" in again


def test_an_old_step_asks_before_it_is_taken_back_and_can_be_made_again(
    cast, enter, report, make, settings
):
    """The key « u » is for what one has just done oneself; what lies far down asks first."""
    make(cast.anna, "trie")
    sheet = report.get_absolute_url()
    [step] = Step.objects.of(report)
    assert 'data-shortcut="u"' in enter(cast.anna).get(sheet).content.decode()
    old = timezone.now() - timedelta(minutes=settings.UNDO_KEY_MINUTES + 1)
    Step.objects.of(report).update(at=old)
    html = enter(cast.anna).get(sheet).content.decode()
    assert 'data-shortcut="u"' not in html
    assert "Annuler l’étape «\u00a0Trié\u00a0» du" in html
    undo = f"{sheet}annuler-etape/"
    enter(cast.anna).post(undo, {"step": "11111111-1111-4111-8111-111111111111"})
    assert state_of(report) == State.SORTED, "another step than the one on the screen"
    after = enter(cast.anna).post(undo, {"step": step.key}, follow=True).content.decode()
    assert state_of(report) == State.RECEIVED
    assert f'href="{sheet}etape/?vers=trie">Refaire l’étape «\u00a0Trié\u00a0»</a>' in after
    again = enter(cast.anna).get(f"{sheet}etape/?vers=trie")
    assert again.status_code == 200
    assert enter(cast.paul).post(undo).status_code == 404


def test_the_key_of_the_queue_forgets_what_was_done_long_ago(cast, report, make, settings):
    make(cast.anna, "trie")
    assert triage.just_done(cast.anna, report.reference) is not None
    old = timezone.now() - timedelta(minutes=settings.UNDO_KEY_MINUTES + 1)
    Step.objects.of(report).update(at=old)
    assert triage.just_done(cast.anna, report.reference) is None


REVERSIBLE = [move for move in MOVES if move.target != State.ERASED]


@pytest.mark.parametrize("move", REVERSIBLE, ids=lambda move: f"{move.origin}-{move.target}")
def test_every_move_but_erasure_is_undone_by_who_made_it(cast, vosges, enter, make, move):
    original = factories.report(cast.louise, vosges["Épinal"])
    report = factories.report(cast.louise, vosges["Épinal"], draft=True, grade=("B", "2"))
    life.move(report, by=cast.louise, target=State.RECEIVED)
    life.move(report, by=cast.anna, target=State.SORTED)
    life.move(report, by=cast.anna, target=State.GRADED)
    life.move(report, by=cast.anna, target=State.DIRECTED, unit=cast.louise.unit)
    duplicate = original if move.origin == State.DUPLICATE else None
    Report.objects.filter(pk=report.pk).update(state=move.origin, duplicate_of=duplicate)
    by = cast.louise if move.right in {"write", "answer"} else cast.anna
    said = {
        "why": "motif",
        "original": original.reference,
        "unit": cast.louise.unit_id,
        "outcomes": "deplace",
        "feedback": "useful",
    }
    before = stored(report)
    assert make(by, move.target, of=report, **said).status_code == 302
    assert state_of(report) == move.target
    page = enter(by).post(f"{report.get_absolute_url()}annuler-etape/")
    assert page.status_code == 302
    after = stored(report)
    assert (after.state, after.fact_id) == (before.state, before.fact_id)
    assert Feedback.objects.of(report).count() == 0


def test_erasure_asks_a_reason_takes_everything_and_leaves_a_line(cast, enter, report, make):
    Report.objects.filter(pk=report.pk).update(state=State.ARCHIVED)
    page = enter(cast.anna).get(f"{report.get_absolute_url()}etape/", {"vers": "efface"})
    assert "définitif" in page.content.decode()
    assert make(cast.anna, "efface").status_code == 422
    assert make(cast.diane, "efface", why="x").status_code == 403
    assert make(cast.anna, "efface", why="Délai échu").headers["Location"] == "/renseignements/"
    assert not Report.objects.filter(pk=report.pk).exists()
    line = Entry.objects.get(verb="report.erased")
    assert (line.target, line.why) == (report.reference, "Délai échu")
    assert enter(cast.anna).get(report.get_absolute_url()).status_code == 404


def test_a_draft_is_thrown_away_by_its_unit_alone(cast, vosges, enter, report):
    draft = factories.report(cast.diane, vosges["Golbey"], draft=True)
    url = f"{draft.get_absolute_url()}effacer/"
    for name in ("louise", "anna", "paul"):
        assert enter(cast[name]).post(url).status_code == 404
    assert enter(cast.karim).get(url).status_code == 200
    gone = enter(cast.karim).post(url).headers["Location"]
    assert gone == "/renseignements/brouillons-supprimes/"
    assert not Report.objects.filter(pk=draft.pk).exists()
    # What has left its unit is no draft any more.
    assert enter(cast.diane).post(f"{report.get_absolute_url()}effacer/").status_code == 404


def test_a_move_made_before_grading_leads_to_the_grades(cast, enter, report, make):
    life.move(report, by=cast.anna, target=State.SORTED)
    sheet = enter(cast.anna).get(report.get_absolute_url()).context["sheet"]
    assert sheet.buttons[0].label == "Coter"
    assert "cotation" in make(cast.anna, "cote").headers["Location"]
    reports.grade(stored(report), by=cast.anna, source="B", information="2")
    make(cast.anna, "cote")
    assert state_of(report) == State.GRADED

"""A tip that was meant to harm: nothing of what it says is left anywhere; that it came is."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models
from django.utils import timezone

from cross.audit.models import Entry
from cross.outbox import doing
from cross.outbox.models import Job
from cross.sealed.models import ValueKey
from intel import tasks
from intel.actions import (
    annexes,
    attachments,
    complements,
    desk,
    drafts,
    life,
    malice,
    matching,
    places,
    reports,
)
from intel.models import (
    AccessRequest,
    Annex,
    Docket,
    Draft,
    Identifier,
    Notification,
    Place,
    Report,
    Step,
    Tip,
)
from intel.states import State
from tests import factories
from tests.intel.test_desk import days_from_now
from tests.intel.test_entry import words
from tests.intel.test_triage import item, state_of
from tests.web_role import web_role

WORD = "quetzalcoatlus"
PLATE = "QZ-123-QZ"


@pytest.fixture
def tip(cast, vosges):
    """A tip of Diane's with the word in every text that it has, or that hangs on it."""
    report = factories.report(
        cast.diane, vosges["Épinal"], origin="citizen", subject=f"Mon {WORD}",
        facts=f"Le {WORD} du troisième vend.", place=f"Chez {WORD}", vehicles=WORD, persons=WORD,
        days_and_hours=WORD, handling="H3", handling_note=WORD, products=["crack"],
        identifiers=[("plate", PLATE, "QZ123QZ")],
    )  # fmt: skip
    Tip.objects.create(
        report=report, department=report.department, portal="Portail", portal_reference="SIG-9",
        raw_text=f"{WORD} brut", contact=f"{WORD}@exemple.fr",
    )  # fmt: skip
    reports.change(report, by=cast.diane, fields={"subject": f"Un {WORD}"}, version=1, why=WORD)
    reports.comment(report, by=cast.anna, text=f"Ce {WORD} ?", version=None)
    reports.grade(report, by=cast.anna, source="E", information="5", why=WORD)
    file = SimpleUploadedFile(f"{WORD}.txt", WORD.encode())
    attachments.attach(report, by=cast.diane, upload=file)
    complements.add(report, by=cast.louise, text=WORD)
    annexes.add(report, by=cast.diane, title=WORD, text=WORD, units=[])
    factories.amount(report, cast.diane, raw=WORD)
    drafts.keep(by=cast.karim, key=report.reference, fields={"facts": [WORD]})
    hall = places.create(places.Described("Hall", "lieu", report.commune), by=cast.diane)
    said = places.Said(days_from_now(0), state="actif", hours=WORD)
    places.cite(hall, report, said, by=cast.diane)
    other = factories.report(cast.louise, vosges["Épinal"])
    matching.decide(report, other, by=cast.anna, kind="corrobore", why=WORD)
    desk.put_aside(report, by=cast.anna, until=days_from_now(2), why=WORD)
    life.move(report, by=cast.anna, target=State.URGENT, why=WORD)
    report.refresh_from_db()
    return report


def whole_database(word):
    """« table: row » of each row that holds `word`, in any case, of any table."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            asked = f'SELECT line::text FROM "{table}" AS line WHERE line::text ILIKE %s'  # noqa: S608
            cursor.execute(asked, [f"%{word}%"])
            found += [f"{table}: {line[:120]}" for (line,) in cursor.fetchall()]
    return found


def forget(client, report, **said):
    sent = {"malice": "slander", "sure": "on", "seen": state_of(report)} | said
    return client.post(f"{item(report)}malveillant/", sent)


def finish(report):
    """What the worker does."""
    job = Job.objects.get(kind="forget_malicious")
    assert job.args == {"report": report.pk}
    malice.finish(**job.args)


def test_the_test_itself_finds_the_word_everywhere(tip):
    tables = {line.split(":")[0] for line in whole_database(WORD)}
    assert tables >= {
        "intel_report", "intel_revision", "intel_attachment", "intel_complement",
        "intel_annex", "intel_amount", "intel_placeobservation", "intel_match",
        "intel_docket", "intel_step",
    }  # fmt: skip
    sealed = {"intel_tip.raw_text", "intel_tip.contact", "intel_draft.fields"}
    assert set(ValueKey.objects.values_list("place", flat=True)) == sealed


def test_nothing_that_it_says_is_left_in_any_table(
    cast, enter, tip, django_capture_on_commit_callbacks
):
    file = tip.attachments.unguarded(because="test").get().file
    with django_capture_on_commit_callbacks(execute=True):
        answer = forget(enter(cast.anna), tip)
    assert answer.status_code == 302
    assert not file.storage.exists(file.name)
    finish(tip)
    left = [line for line in whole_database(WORD) if not line.startswith("audit_entry")]
    assert left == []
    assert whole_database("QZ123QZ") == []
    assert not ValueKey.objects.exists(), "nor in an older backup"
    assert not Identifier.objects.of(tip).exists()


def test_the_journal_says_it_without_a_word_of_it(cast, enter, tip):
    before = set(Entry.objects.values_list("pk", flat=True))
    forget(enter(cast.anna), tip)
    lines = Entry.objects.exclude(pk__in=before)
    assert {line.verb for line in lines} >= {"report.forgotten", "report.moved"}
    assert WORD not in str([(line.target, line.why, line.recipients) for line in lines])
    assert lines.get(verb="report.forgotten").why == "Dénonciation calomnieuse"


def test_what_statistics_want_is_kept(cast, enter, tip):
    before = Report.objects.unguarded(because="test").get(pk=tip.pk)
    forget(enter(cast.anna), tip)
    after = Report.objects.unguarded(because="test").get(pk=tip.pk)
    for name in ("reference", "department_id", "commune_id", "origin", "received_at",
                 "occurred_on", "owner_id", "fact_id", "source_grade", "audience"):  # fmt: skip
        assert getattr(after, name) == getattr(before, name)
    assert after.state == State.OUT_OF_SCOPE
    assert (after.facts, after.subject) == (malice.FACTS, "")
    docket = Docket.objects.of(tip).get()
    assert (docket.malice, docket.forgotten_at is not None) == ("slander", True)
    last = Step.objects.of(tip).latest("pk")
    assert last.why == "Malveillant : Dénonciation calomnieuse"
    tip_row = Tip.objects.of(tip).get()
    assert (tip_row.portal_reference, tip_row.contact) == ("SIG-9", ""), "never imported again"


def test_it_is_found_no_more_by_what_it_said(cast, enter, tip):
    client = enter(cast.anna)
    assert tip.reference in words(client.get(f"/renseignements/?q={WORD}"))
    forget(client, tip)
    assert f"{tip.reference} : hors champ, contenu effacé" in words(
        client.get("/tri/", follow=True)
    )
    assert tip.reference not in words(client.get(f"/renseignements/?q={WORD}", follow=True))
    assert tip.reference not in words(client.get(f"/renseignements/?q={PLATE}", follow=True))
    page = words(client.get(tip.get_absolute_url()))
    assert malice.FACTS in page
    assert WORD not in page
    assert WORD not in words(client.get(f"{tip.get_absolute_url()}versions/"))
    assert "par la cellule" in page, "who graded it stays"


def test_what_stands_behind_the_fence_is_the_workers(cast, enter, tip):
    """Anna is not shown Diane's annex, nor what Karim is typing: the database keeps them from her;
    the worker, who reads for nobody, erases them."""
    forget(enter(cast.anna), tip)
    kept = Annex.objects.of(tip), Draft.objects.filter(key=tip.reference)
    assert kept[0].count() == 1
    finish(tip)
    assert kept[0].count() == 0
    assert kept[1].unguarded(because="test").count() == 0
    with web_role():
        malice.finish(tip.pk)  # run again, it finds nothing more


def test_the_worker_leaves_what_was_written_since(cast, enter, tip):
    client = enter(cast.anna)
    forget(client, tip)
    told = Notification.objects.filter(report=tip).unguarded(because="test")
    before, told_before = list(Step.objects.of(tip).values_list("why", flat=True)), list(told)
    assert told_before, "the unit is told that its report is out of scope"
    finish(tip)
    assert list(Step.objects.of(tip).values_list("why", flat=True)) == before
    assert "Malveillant : Dénonciation calomnieuse" in before
    assert list(told.all()) == told_before


def test_an_erasure_that_failed_is_asked_for_again(cast, enter, tip):
    forget(enter(cast.anna), tip)
    job = Job.objects.get(kind="forget_malicious")
    doing.fail(job, "La base ne répondait pas.")
    tasks.erase_again(job)
    tasks.erase_again(job)
    again = Job.objects.get(kind="forget_malicious", state=Job.State.QUEUED)
    assert again.args == {"report": tip.pk}
    doing.do(again.pk)
    assert Annex.objects.of(tip).count() == 0
    assert tasks.erase_again(job) == {"asked": 0}


# --- Places, and accesses that were asked for ---------------------------------------------------


def test_a_place_made_from_it_goes_and_the_others_stay(cast, enter, tip, vosges):
    def made(name):
        described = places.Described(name, "lieu", tip.commune, address=f"{name}, rue des Essais")
        return places.create(described, by=cast.diane)

    def cite(place, report, **said):
        places.cite(place, report, places.Said(days_from_now(0), **said), by=cast.diane)

    alone, moved_to, shared, worked_on, before, untold = map(
        made, ("Seul", "Suivant", "Partagé", "Contrôlé", "Ancien", "Jamais cité")
    )
    Place.objects.filter(pk=before.pk).update(at=tip.received_at - timedelta(days=1))
    cite(alone, tip, state="actif")
    cite(alone, tip, state="deplace", moved_to=moved_to)
    for place in (shared, worked_on, before):
        cite(place, tip)
    cite(shared, factories.report(cast.diane, vosges["Épinal"]))
    places.note_operation(
        worked_on, by=cast.diane, kind="controle", day=days_from_now(0), result="Rien"
    )
    forget(enter(cast.anna), tip)
    left = Place.objects.unguarded(because="test").values_list("name", flat=True)
    assert set(left) == {shared.name, worked_on.name, before.name, untold.name}


def test_of_an_access_asked_for_no_answer_is_left_and_nobody_learns_of_it(cast, enter, tip):
    asked = {
        decision: AccessRequest.objects.create(
            report=tip, reference=tip.reference, asked_by=cast.louise, why=WORD, answer=WORD,
            decision=decision, decided_by=cast.diane if decision else None,
            decided_at=timezone.now() if decision else None,
            until=days_from_now(9) if decision == "accepted" else None,
        )
        for decision in ("", "declined", "withdrawn", "accepted")
    }  # fmt: skip
    forget(enter(cast.anna), tip)
    rows = AccessRequest.objects.of(tip)
    assert set(rows.values_list("answer", flat=True)) == {malice.GONE}
    kept = {decision for decision, each in asked.items() if rows.get(pk=each.pk).why == WORD}
    assert kept == {"", "declined"}, "to whoever was told nothing, his own words stay as they were"


def test_the_worker_erases_nothing_that_was_not_said_malicious(cast, tip):
    malice.finish(tip.pk)
    assert WORD in Report.objects.unguarded(because="test").get(pk=tip.pk).facts


def test_nothing_takes_it_back(cast, enter, tip):
    client = enter(cast.anna)
    forget(client, tip)
    with pytest.raises(ValidationError, match="ni annulée ni rouverte"):
        life.undo(tip, by=cast.anna)
    with pytest.raises(ValidationError, match="ni annulée ni rouverte"):
        life.move(tip, by=cast.anna, target=State.RECEIVED, why="Erreur")
    page = words(client.post(f"{tip.get_absolute_url()}annuler-etape/", follow=True))
    assert "ni annulée ni rouverte" in page
    assert state_of(tip) == State.OUT_OF_SCOPE


@pytest.mark.parametrize("said", [{"sure": ""}, {"malice": ""}, {"malice": "autre"}])
def test_it_is_said_and_confirmed_first(cast, enter, tip, said):
    client = enter(cast.anna)
    asked = words(client.get(f"{item(tip)}malveillant/"))
    for each in ("immédiat et définitif", *malice.SAID):
        assert each in asked
    assert forget(client, tip, **said).status_code == 422
    assert WORD in Report.objects.unguarded(because="test").get(pk=tip.pk).facts


def test_sent_twice_or_overtaken_it_says_so(cast, enter, tip):
    client = enter(cast.anna)
    stale = state_of(tip)
    life.move(tip, by=cast.marc, target=State.SORTED)
    client.post(f"{item(tip)}malveillant/", {"malice": "hoax", "sure": "on", "seen": stale})
    assert state_of(tip) == State.SORTED
    forget(client, tip)
    assert forget(client, tip).status_code == 404, "what was forgotten is so no more"
    assert Entry.objects.filter(verb="report.forgotten").count() == 1


@pytest.mark.parametrize("origin", ["service", "human_source", "partner", "open_source"])
def test_what_a_service_observed_is_not_malicious(cast, enter, vosges, origin):
    report = factories.report(cast.diane, vosges["Épinal"], origin=origin)
    assert enter(cast.anna).get(f"{item(report)}malveillant/").status_code == 404
    with pytest.raises(PermissionDenied):
        malice.forget(report, by=cast.anna, malice="hoax")


def test_many_at_once_are_confirmed_too(cast, enter, vosges):
    from tests.intel.test_bulk import apply, batch_of, preview

    told = [
        factories.report(cast.diane, vosges["Épinal"], origin="citizen", facts=f"{WORD} {rank}")
        for rank in range(3)
    ]
    seen_by_a_service = factories.report(cast.diane, vosges["Épinal"])
    client = enter(cast.anna)
    seen = preview(client, [*told, seen_by_a_service], "malveillant", malice="flooding")
    assert "3 fiches sur 4 changeront d’état" in words(seen)
    assert "Seul un signalement venu de l’extérieur" in words(seen)
    assert apply(client, seen).status_code == 422, "not without its last word"
    assert WORD in words(client.get(told[0].get_absolute_url()))
    answer = apply(client, seen, sure="on")
    assert {state_of(report) for report in told} == {State.OUT_OF_SCOPE}
    assert state_of(seen_by_a_service) == State.RECEIVED
    page = words(client.get(answer["Location"], follow=True))
    assert "contenu effacé" in page
    assert "Tout annuler" not in page
    client.post(f"/tri/lot/{batch_of(answer)}/annuler/")
    assert {state_of(report) for report in told} == {State.OUT_OF_SCOPE}
    assert whole_database(WORD) == []


def test_what_hangs_is_deleted_unless_it_is_kept_and_then_its_words_are_named():
    """A table that somebody adds is emptied; one that is kept has no word left that is its own."""
    free = (models.TextField, models.CharField, models.JSONField)
    known = {"state", "origin", "target", "reference", "portal", "portal_reference", "kind",
             "outcome", "answer", "decision", "undo", "entry_key", "object_pk", "malice", "before",
             "after", "reason"}  # fmt: skip
    hanging = dict(malice.hanging())
    for model, names in malice.KEPT.items():
        assert model in hanging, model
        words_of_people = {
            field.name
            for field in model._meta.fields
            if isinstance(field, free) and not field.choices and field.name not in known
        }
        assert words_of_people <= set(names), model


def test_reopened_when_it_was_discarded_and_not_malicious(cast, enter, vosges):
    """A discard is found again, says why, and is opened again with a reason."""
    report = factories.report(cast.diane, vosges["Épinal"], facts="Un xylophone dans le hall.")
    life.move(report, by=cast.anna, target=State.OUT_OF_SCOPE, why="Trop vague")
    client = enter(cast.anna)
    found = words(client.get("/renseignements/?etat=ecartes&q=xylophone", follow=True))
    assert report.reference in found
    assert "Rouvrir" in words(client.get(report.get_absolute_url()))
    sent = {"vers": State.RECEIVED, "vu": State.OUT_OF_SCOPE}
    assert client.post(f"{report.get_absolute_url()}etape/", sent).status_code == 422
    client.post(f"{report.get_absolute_url()}etape/", sent | {"why": "Un témoin a rappelé"})
    assert state_of(report) == State.RECEIVED
    assert [step.why for step in Step.objects.of(report).order_by("pk")] == [
        "Trop vague", "Un témoin a rappelé",
    ]  # fmt: skip

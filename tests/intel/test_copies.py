"""Printed copies: many in one run, their files, what became of each, the register."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from odf import teletype
from odf.opendocument import load
from pypdf import PdfReader

from cross.audit.models import Entry
from cross.outbox.models import Job
from intel import tasks
from intel.actions import copies, edition_life, editions, summaries
from intel.models import CopyEnd, Edition, Notification, PrintedCopy, PrintRun, SummaryAudience
from intel.periods import read
from tests import factories

NAMES = ["la préfète", "le procureur", "la directrice de cabinet"]


@pytest.fixture
def note(cast, vosges):
    summary = summaries.build_for(SummaryAudience.PREFECTURE, vosges.department, read("2026-Q3"))
    return editions.create(summary, by=cast.claire, title="Note de stratégie locale")


@pytest.fixture
def colleague(cast):
    """Another member of the prefecture."""
    return factories.member("hugo", cast.claire.unit, cast.claire.role)


def plain(page):
    return page.replace("\u00a0", " ").replace("\u202f", " ").replace("&nbsp;", " ")


def asked(note, by, *, recipients=NAMES, key="a" * 32, **fields):
    return copies.ask(
        note, by=by, recipients=recipients, reason="Réunion", entry_key=key, **fields
    )


def work(run, times=1):
    job = Job.objects.get(pk=run.job)
    for _ in range(times):
        tasks.print_copies(job, run=run.pk)
    run.refresh_from_db()


def registered():
    return PrintedCopy.objects.order_by("copy_number")


# --- Many in one run --------------------------------------------------------------------------


def test_more_than_two_copies_are_made_by_the_worker_and_served_to_who_asked(
    cast, note, enter, colleague
):
    client = enter(cast.claire)
    said = {"recipient": "\n".join(NAMES), "reason": "Réunion", "copies": "1"}
    address = client.post(f"/notes/{note.number}/pdf", said).url
    page = client.get(address).content.decode()
    assert "3\u00a0exemplaires en cours" in page
    assert not registered().exists()
    run = PrintRun.objects.get()
    assert client.get(f"{address}fichier").status_code == 404
    assert client.get(f"{address}avancement/").status_code == 200
    work(run)
    assert client.get(f"{address}avancement/")["HX-Refresh"] == "true"
    page = client.get(address).content.decode()
    assert "Exemplaires 1 à 3 inscrits" in page
    answer = client.get(f"{address}fichier")
    assert answer["Content-Disposition"].endswith(f'{note.number}-exemplaires-1-a-3.zip"')
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    for number, name in enumerate(NAMES, start=1):
        pdf = PdfReader(io.BytesIO(archive.read(f"{note.number}-exemplaire-{number}.pdf")))
        for sheet in pdf.pages:
            assert name in sheet.extract_text()
            assert f"Exemplaire n° {number}" in sheet.extract_text()
    for who in (colleague, cast.gilles, cast.diane, cast.paul):
        for end in ("", "fichier", "avancement/"):
            assert enter(who).get(f"{address}{end}").status_code == 404


def test_a_run_done_twice_makes_its_copies_once(cast, note):
    run = asked(note, cast.claire)
    assert asked(note, cast.claire).pk == run.pk
    work(run, times=2)
    assert [copy.recipient for copy in registered()] == NAMES
    assert Entry.objects.filter(verb="edition.printed").count() == 3
    assert list(run.file.storage.listdir("copies")[1]) == [f"{run.entry_key}.zip"]


@pytest.mark.parametrize("what", ["changed", "closed"])
def test_a_run_that_may_not_be_made_any_more_says_so_and_registers_nothing(
    cast, note, enter, what
):
    run = asked(note, cast.claire)
    if what == "changed":
        words = note.words | {"opening": "Autre"}
        editions.write(note, by=cast.claire, title=note.title, words=words, version=1)
    else:
        cast.claire.role = cast.diane.role
        cast.claire.save(update_fields=["role"])
    with pytest.raises(ValidationError):
        work(run)
    run.refresh_from_db()
    assert run.failure
    assert not run.is_waiting
    assert not registered().exists()
    if what == "changed":
        page = enter(cast.claire).get(f"/notes/impressions/{run.entry_key}/").content.decode()
        assert "Aucun exemplaire n’a été fait" in page
        assert "a été modifiée depuis la demande" in page


def test_a_run_whose_worker_was_lost_says_so(cast, note, enter):
    run = asked(note, cast.claire)
    Job.objects.filter(pk=run.job).update(state=Job.State.FAILED, finished_at=timezone.now())
    page = enter(cast.claire).get(f"/notes/impressions/{run.entry_key}/").content.decode()
    assert "L’impression s’est interrompue" in page


def test_files_are_removed_after_a_day_and_made_again_the_same(cast, note, enter):
    run = asked(note, cast.claire)
    work(run)
    client = enter(cast.claire)
    first = client.get(f"/notes/impressions/{run.entry_key}/fichier").content
    assert copies.forget_files() == 0
    assert copies.forget_files(timezone.now() + timedelta(days=1, minutes=1)) == 1
    run.refresh_from_db()
    assert not run.file
    assert run.file.storage.listdir("copies")[1] == []
    again = client.get(f"/notes/impressions/{run.entry_key}/fichier").content
    read = [zipfile.ZipFile(io.BytesIO(each)) for each in (first, again)]
    assert read[0].namelist() == read[1].namelist()
    for name in read[0].namelist():
        assert read[0].read(name) == read[1].read(name)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"recipient": "A\n\n A "}, "est écrit deux fois"),
        ({"recipient": "A\nB", "copies": "26"}, "cette demande en compte 52"),
        ({"recipient": "x" * 151}, "la limite est de 150"),
        ({"kind": "docx"}, "docx"),
    ],
)
def test_what_cannot_be_asked_for_is_said(cast, note, enter, changes, sentence):
    sent = {"recipient": "Comité", "reason": "Réunion", "copies": "1"} | changes
    answer = enter(cast.claire).post(f"/notes/{note.number}/pdf", sent)
    assert answer.status_code == 422
    assert sentence in plain(answer.content.decode())
    assert not PrintRun.objects.exists()


# --- A working copy ---------------------------------------------------------------------------


def test_a_working_copy_is_numbered_marked_and_said_to_be_without_value(cast, note, enter):
    client = enter(cast.claire)
    said = {"recipient": "Cabinet", "reason": "Reprise", "copies": "1", "kind": "odt"}
    address = client.post(f"/notes/{note.number}/pdf", said).url
    answer = client.get(f"{address}fichier")
    assert answer["Content-Type"] == "application/vnd.oasis.opendocument.text"
    assert f"{note.number}-copie-de-travail-1.odt" in answer["Content-Disposition"]
    document = load(io.BytesIO(answer.content))
    body = teletype.extractText(document.text)
    for words in ("SANS VALEUR", "Note de lecture", "Tableau\u00a0: Faits et renseignements"):
        assert words in body
    frame = teletype.extractText(document.masterstyles)
    assert frame.count("DIFFUSION RESTREINTE") == 2
    for words in ("SANS VALEUR", "n°\u00a01", "Cabinet", "Claire Essai"):
        assert words in frame
    assert registered().get().recipient == "Cabinet"
    line = Entry.objects.get(verb="edition.printed")
    assert line.target == f"{note.number} v1 copie de travail 1"
    assert "copie de travail" in client.get("/notes/exemplaires/").content.decode()


# --- What became of each ----------------------------------------------------------------------


def end(client, copy, **changes):
    said = {"how": "detruit", "on": timezone.localdate().strftime("%d/%m/%Y"), "words": "Broyé"}
    return client.post(f"/notes/exemplaires/{copy.key}/fin/", said | changes)


def test_a_copy_that_is_destroyed_is_out_no_more_and_the_word_is_taken_back(cast, note, enter):
    asked(note, cast.claire, recipients=["Cabinet"])
    copy, client = registered().get(), enter(cast.claire)
    assert end(client, copy).status_code == 302
    assert "Broyé" in client.get("/notes/exemplaires/").content.decode()
    assert "Cabinet" not in client.get("/notes/exemplaires/?etat=sortis").content.decode()
    assert end(client, copy).status_code == 422
    client.post(f"/notes/exemplaires/{copy.key}/fin/annuler/")
    assert "Cabinet" in client.get("/notes/exemplaires/?etat=sortis").content.decode()
    assert end(client, copy, how="rendu").status_code == 302
    assert CopyEnd.objects.count() == 2
    verbs = Entry.objects.filter(verb__startswith="copy.").order_by("pk")
    assert [line.verb for line in verbs] == ["copy.ended", "copy.reopened", "copy.ended"]
    assert verbs[0].target == f"{note.number} exemplaire 1"


@pytest.mark.parametrize(
    "changes", [{"how": ""}, {"how": "vendu"}, {"words": ""}, {"on": "01/01/2020"},
                {"on": "01/01/2120"}],
)  # fmt: skip
def test_an_end_that_cannot_be_is_refused(cast, note, enter, changes):
    asked(note, cast.claire, recipients=["Cabinet"])
    assert end(enter(cast.claire), registered().get(), **changes).status_code == 422
    assert not CopyEnd.objects.exists()


# --- The register -----------------------------------------------------------------------------


def test_copies_of_a_text_written_again_are_told_with_their_holders(cast, note, enter):
    asked(note, cast.claire, recipients=["Cabinet", "Procureur"])
    words = note.words | {"opening": "Autre"}
    editions.write(note, by=cast.claire, title=note.title, words=words, version=1)
    asked(Edition.objects.get(), cast.claire, recipients=["Sous-préfet"], key="b" * 32)
    client = enter(cast.claire)
    assert (
        "2\u00a0exemplaires périmés sont encore sortis"
        in client.get("/notes/exemplaires/").content.decode()
    )
    page = client.get("/notes/exemplaires/?etat=perimes&ordre=detenteur").content.decode()
    assert page.index("Cabinet") < page.index("Procureur")
    assert "Sous-préfet" not in page
    end(client, registered().first())
    assert "Cabinet" not in client.get("/notes/exemplaires/?etat=perimes").content.decode()


def test_who_printed_is_told_that_the_copies_are_of_another_text_now(cast, note, enter, colleague):
    asked(note, colleague, recipients=["Cabinet"])
    asked(note, cast.claire, recipients=["Procureur"], key="b" * 32)
    copies.end(
        registered().last(), by=cast.claire, how="rendu", on=timezone.localdate(), words="Remis"
    )
    edition_life.validate(note, by=cast.claire, version=1)
    edition_life.send_back(note, by=cast.claire, why="Une date")
    told = Notification.objects.unguarded(because="a test reads them all")
    assert [each.member for each in told] == [colleague]
    client = enter(colleague)
    assert (
        "Des exemplaires que vous avez imprimés" in client.get("/notifications/").content.decode()
    )
    page = client.get(told[0].path).content.decode()
    assert "Cabinet" in page
    assert "Procureur" not in page


def test_the_register_is_filtered_and_exported_as_it_is_filtered(cast, note, enter, colleague):
    asked(note, cast.claire, recipients=["=Cabinet", "Procureur"])
    asked(note, colleague, recipients=["Sous-préfet"], key="b" * 32)
    client = enter(cast.claire)
    page = client.get("/notes/exemplaires/?detenteur=procu").content.decode()
    assert "Procureur" in page
    assert "Cabinet" not in page
    assert "Sous-préfet" not in client.get("/notes/exemplaires/?par=moi").content.decode()
    assert "Aucun exemplaire ne correspond" in plain(
        client.get("/notes/exemplaires/?note=ZZZ").content.decode()
    )
    answer = client.get("/notes/exemplaires/registre.csv?par=moi")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Note;Exemplaire;Version;Périmé;Destinataire")
    assert [line.split(";")[4] for line in lines[1:]] == ["Procureur", "'=Cabinet"]
    assert Entry.objects.get(verb="copies.exported").target == "2\u00a0exemplaires"


def test_an_empty_register_says_what_to_do(cast, vosges, enter):
    assert "Voir les notes" in enter(cast.claire).get("/notes/exemplaires/").content.decode()


def test_the_register_costs_the_same_with_one_copy_and_with_many(cast, note, enter):
    asked(note, cast.claire, recipients=["Cabinet"])
    client = enter(cast.claire)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/notes/exemplaires/").status_code == 200
        return len(queries)

    cost()
    few = cost()
    more = [
        PrintedCopy(
            edition=note,
            copy_number=number,
            version=1,
            recipient=f"Service {number}",
            reason="Réunion",
            printed_by=cast.claire,
            sha256="0" * 64,
        )
        for number in range(2, 52)
    ]
    PrintedCopy.objects.bulk_create(more)
    for copy in registered():
        copies.end(copy, by=cast.claire, how="rendu", on=timezone.localdate(), words="En main")
    assert cost() == few <= 15


def test_the_address_of_a_copy_does_not_say_how_many_there_are(cast, note, enter):
    asked(note, cast.claire, recipients=["Cabinet", "Parquet"])
    client = enter(cast.claire)
    page = client.get("/notes/exemplaires/").content.decode()
    for copy in registered():
        assert f"/notes/exemplaires/{copy.key}/fin/" in page
        assert f"/notes/exemplaires/{copy.pk}/" not in page
        assert client.get(f"/notes/exemplaires/{copy.pk}/fin/").status_code == 404
        assert client.get(f"/notes/exemplaires/{copy.key}/fin/").status_code == 200


def test_the_register_is_that_of_who_prints_the_notes(cast, note, enter):
    asked(note, cast.claire, recipients=["Cabinet"])
    copy = registered().get()
    for who in ("gilles", "diane", "anna", "paul"):
        client = enter(cast[who])
        assert client.get("/notes/exemplaires/").status_code == 403
        assert client.get("/notes/exemplaires/registre.csv").status_code == 403
        assert end(client, copy).status_code == 404
        assert client.post(f"/notes/exemplaires/{copy.key}/fin/annuler/").status_code == 404
    assert not CopyEnd.objects.exists()

"""A file of tips becomes reports to triage: nothing lost, nothing twice, every fault told."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook
from tablib import Dataset

from cross.audit.models import Entry
from cross.outbox.models import Job
from intel import access, references, tasks
from intel.actions import (
    annexes,
    complements,
    handovers,
    imports,
    invitations,
    life,
    matching,
    shares,
    tips,
)
from intel.importing import resource, writing
from intel.importing.columns import TARGETS, propose_mapping
from intel.models import ColumnMapping, Fact, ImportFault, Report, Tip, TipImport
from intel.models.choices import Origin
from intel.states import State
from protocols.models import Protocol
from services.models import Commune
from services.roles import Role
from tests import factories

SAMPLES = Path(__file__).parent / "samples"
COMMUNES = {
    "Remiremont": "88383", "Saint-Dié-des-Vosges": "88413", "Gérardmer": "88196",
    "Thaon-les-Vosges": "88465", "Neufchâteau": "88321", "Vittel": "88516", "Bruyères": "88078",
    "Mirecourt": "88304", "Rambervillers": "88367", "Chantraine": "88087",
    "Raon-l’Étape": "88372", "Contrexéville": "88114", "Charmes": "88090", "La Bresse": "88075",
}  # fmt: skip


@pytest.fixture(autouse=True)
def september():
    """Two days after the last tip of the samples."""
    with time_machine.travel(datetime(2026, 9, 21, 8, tzinfo=UTC)):
        yield


@pytest.fixture
def anna(cast, vosges, meurthe):
    """The analyst, in a department whose communes bear their real codes."""
    for name, code in {"Épinal": "88160", "Golbey": "88209", "Le Thillot": "88468"}.items():
        Commune.objects.filter(name=name).update(code=code, postal_codes="88000")
    Commune.objects.filter(name="Nancy").update(code="54395")
    epinal = vosges["Épinal"]
    for name, code in COMMUNES.items():
        Commune.objects.create(
            code=code, name=name, bare_name=name, of_name=f"de {name}", population=5_000,
            department=vosges.department, arrondissement=epinal.arrondissement, epci=epinal.epci,
            derived_zone="gendarmerie", derived_court=vosges.court,
        )  # fmt: skip
    return cast.anna


def sample(name="signalements.csv"):
    return (SAMPLES / name).read_bytes()


def received(anna, content=None, *, name="signalements.csv", portal="Ma Sécurité"):
    upload = SimpleUploadedFile(name, sample() if content is None else content)
    return imports.receive(upload, portal=portal, by=anna)


def checked(anna, *args, **kwargs):
    batch = received(anna, *args, **kwargs)
    imports.choose_columns(batch, batch.mapping, by=anna)
    return batch


@pytest.fixture
def imported(anna, django_capture_on_commit_callbacks):
    def run(*args, **kwargs):
        batch = checked(anna, *args, **kwargs)
        with django_capture_on_commit_callbacks(execute=True):
            imports.start(batch, by=anna)
        batch.refresh_from_db()
        return batch

    return run


def counts(batch):
    return batch.rows, batch.created, batch.known, batch.faulty


def tips_of(batch):
    return {
        tip.portal_reference.removeprefix("SIG-2026-"): tip
        for tip in Tip.objects.filter(tip_import=batch)
        .select_related("report__commune")
        .unguarded(because="test")
    }


def rows_of(content, encoding="utf-8"):
    return list(csv.reader(io.StringIO(content.decode(encoding), newline=""), delimiter=";"))


def as_csv(rows, *, header=None):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows([header or HEADER, *rows])
    return text.getvalue().encode()


HEADER = rows_of((SAMPLES / "signalements.csv").read_bytes())[0]


def row(reference="R-1", description="Vente devant la gare", **cells):
    values = {
        "reference_portail": reference, "date_reception": "2026-09-20 10:00", "commune": "Épinal",
        "code_insee": "88160", "description": description,
    } | cells  # fmt: skip
    return [values.get(title, "") for title in HEADER]


# --- The two samples --------------------------------------------------------------------------


def test_the_portals_export_becomes_reports_to_triage(imported, anna, cast):
    batch = imported()
    assert counts(batch) == (20, 19, 1, 0)
    assert batch.stage == TipImport.Stage.DONE
    reports = access.readable_reports(cast.louise)
    assert reports.count() == 19
    assert not access.readable_reports(cast.paul).exists()
    assert set(reports.values_list("origin", "state", "owner", "author")) == {
        (Origin.CITIZEN, State.RECEIVED, anna.unit_id, anna.pk)
    }
    assert all(
        re.fullmatch(r"CROSS-88-\d{4}-[1-9]\d{4}", reference)
        for reference in reports.values_list("reference", flat=True)
    )
    assert Fact.objects.count() == 19


def test_each_cell_goes_to_its_place(imported):
    found = tips_of(imported())
    first = found["104211"].report
    assert first.commune.name == "Épinal"
    assert first.place == "hall du 14 rue des Genêts (La Vierge)"
    assert first.days_and_hours == "tous les jours 17h-23h"
    assert first.vehicles == "scooter noir sans plaque"
    assert first.persons == "2 hommes d'une vingtaine d'années"
    assert first.occurred_on == date(2026, 9, 1)
    assert timezone.localtime(first.received_at).strftime("%d/%m %H:%M") == "02/09 18:42"
    assert found["104219"].report.products == ["cannabis_resine", "cannabis_herbe"]
    assert found["104377"].report.occurred_on is None
    garage = found["104410"].report
    assert (garage.occurred_on, garage.occurred_until) == (date(2026, 8, 31), date(2026, 9, 6))
    assert timezone.localtime(garage.received_at).strftime("%d/%m %H:%M") == "07/09 10:15"
    assert found["104588"].report.commune.code == "88160"  # « Epinal », without a code
    assert found["104571"].raw_text.endswith("\n[Produits\u00a0: synthèse ?]")
    assert 'pseudo "vosges_livr88"' in found["104402"].report.facts


def test_the_authors_contact_is_kept_apart_and_not_for_long(imported, anna):
    batch = imported()
    found = tips_of(batch)
    known = found["104219"]
    assert known.contact == "m.durand@exemple.fr"
    assert known.purge_on == date(2026, 9, 2) + timedelta(days=90)
    assert "durand@" not in known.report.facts + known.raw_text
    assert sum(bool(tip.contact) for tip in found.values()) == 1
    assert not batch.file
    tips.forget_contacts(on=known.purge_on)
    assert tips_of(batch)["104219"].contact == ""


def test_a_contact_whose_day_has_passed_is_not_kept_at_all(imported):
    batch = imported(as_csv([row(date_reception="2026-05-01", contact="a@exemple.fr")]))
    [tip] = tips_of(batch).values()
    assert tip.contact == ""


FAULTS = [
    (2, "description", "formule"),
    (3, "reference_portail", "La référence du portail manque"),
    (4, "date_reception", "32/13/2026\u00a0» n’existe pas"),
    (5, "date_faits", "1er janvier 2031, dans le futur"),
    (6, "commune / code_insee", "Commune inconnue"),
    (7, "commune / code_insee", "se contredisent"),
    (8, "description", "La description est vide"),
    (9, "description", "balises"),
]


def test_each_fault_is_told_with_its_row_and_column_and_the_good_row_imported(imported):
    batch = imported(sample("signalements-fautifs.csv"))
    assert counts(batch) == (9, 1, 0, 8)
    found = list(ImportFault.objects.filter(tip_import=batch).order_by("row"))
    assert [(fault.row, fault.column) for fault in found] == [fault[:2] for fault in FAULTS]
    for fault, (_, _, words) in zip(found, FAULTS, strict=True):
        assert words in fault.reason
    [tip] = tips_of(batch).values()
    assert tip.report.facts == "ligne correcte malgré ses voisines"
    assert any("Windows-1252" in note for note in batch.notes)


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
@pytest.mark.parametrize(("name", "expected"), [
    ("signalements.csv", (20, 19, 1, 0)), ("signalements-fautifs.csv", (9, 1, 0, 8)),
])  # fmt: skip
def test_the_same_rows_from_a_workbook(imported, kind, name, expected):
    encoding = "utf-8" if name == "signalements.csv" else "cp1252"
    header, *rows = rows_of(sample(name), encoding)
    if kind == "ods":
        content = Dataset(*rows, headers=header).export("ods")
    else:
        book = Workbook()
        for values in (header, *rows):
            book.active.append(values)
        file = io.BytesIO()
        book.save(file)
        content = file.getvalue()
    batch = imported(content, name=f"table.{kind}")
    assert counts(batch) == expected


# --- Nothing twice ----------------------------------------------------------------------------


def test_the_same_file_again_imports_nothing(imported):
    imported()
    again = imported()
    assert counts(again) == (20, 0, 20, 0)
    assert Report.objects.unguarded(because="test").count() == 19


def test_another_source_may_use_the_same_references(imported):
    imported()
    assert imported(portal="Brigade numérique").created == 19


def test_a_source_spelt_otherwise_is_the_same_source(imported, anna):
    imported()
    again = imported(portal=" MA  sécurite ")
    assert again.portal == "Ma Sécurité"
    assert again.created == 0


def test_a_known_reference_with_another_text_is_told(imported):
    imported(as_csv([row()]))
    batch = imported(as_csv([row(description="Un tout autre récit")]))
    assert counts(batch) == (1, 0, 0, 1)
    assert "autre texte" in batch.faults.get().reason
    assert imported(as_csv([row(description="Vente  devant la gare ")])).known == 1


def test_a_reference_twice_in_a_file(imported):
    batch = imported(as_csv([row(), row(), row(description="Autre récit"), row(reference="R-2")]))
    assert counts(batch) == (4, 2, 1, 1)
    assert "ligne 2" in batch.faults.get().reason


def test_a_faulty_row_does_not_hide_its_corrected_twin(imported):
    batch = imported(as_csv([row(date_reception="31/02/2026"), row()]))
    assert counts(batch) == (2, 1, 0, 1)


# --- Rows of all sorts ------------------------------------------------------------------------


@pytest.mark.parametrize(("cells", "column", "words"), [
    ({"commune": "", "code_insee": ""}, "commune / code_insee", "La commune manque"),
    ({"commune": "Remirmont", "code_insee": ""}, "commune / code_insee",
     "Vouliez-vous dire «\u00a0Remiremont\u00a0»"),
    ({"commune": "", "code_insee": "54395"}, "commune / code_insee", "autre département (Nancy)"),
    ({"commune": "Nancy", "code_insee": "54395"}, "commune / code_insee", "autre département"),
    ({"commune": "", "code_insee": "88000"}, "commune / code_insee", "3\u00a0communes"),
    ({"commune": "Golbey"}, "commune / code_insee", "se contredisent"),
    ({"date_reception": "hier"}, "date_reception", "n’est pas lisible"),
    ({"date_reception": "2027-01-01"}, "date_reception", "dans le futur"),
    ({"date_reception": "1926-09-01"}, "date_reception", "trop ancienne"),
    ({"date_faits": "45/09/2026"}, "date_faits", "n’existe pas"),
    ({"description": "x" * 20_001}, "description", "la limite est de 20\u202f000"),
    ({"vehicules": "x" * 301}, "vehicules", "la limite est de 300"),
    ({"contact": "=cmd()"}, "contact", "formule"),
    ({"reference_portail": "<b>1</b>"}, "reference_portail", "balises"),
])  # fmt: skip
def test_a_faulty_cell_is_told_in_a_sentence(anna, cells, column, words):
    batch = checked(anna, as_csv([row(**cells)]))
    [fault] = batch.faults.all()
    assert (fault.row, fault.column) == (2, column)
    assert words in fault.reason
    assert (batch.fresh, batch.faulty) == (0, 1)


def test_several_faults_in_one_row_make_one_faulty_row(anna):
    batch = checked(anna, as_csv([row(date_reception="x", description="")]))
    assert batch.faulty == 1
    assert batch.faults.count() == 2


@pytest.mark.parametrize(("cells", "field", "value"), [
    ({"date_faits": "2026-09-19 22:30"}, "days_and_hours", "2026-09-19 22:30"),
    ({"date_faits": "tout l’été", "jours_horaires": "le soir"}, "days_and_hours",
     "tout l’été ; le soir"),
    ({"date_faits": "hier"}, "occurred_on", date(2026, 9, 19)),
    ({"commune": "epinal", "code_insee": ""}, "commune_id", "88160"),
    ({"commune": "St Dié", "code_insee": ""}, "commune_id", "88413"),
    ({"commune": "St Dié", "code_insee": "88413"}, "commune_id", "88413"),
    ({"commune": "Golbey", "code_insee": "88000"}, "commune_id", "88209"),
    ({"commune": "", "code_insee": "88209"}, "commune_id", "88209"),
    ({"commune": "Golbey (88)", "code_insee": ""}, "commune_id", "88209"),
    ({"description": "- deux jeunes\n+ un guetteur"}, "facts", "- deux jeunes\n+ un guetteur"),
    ({"description": "'=1+1' tagué au mur"}, "facts", "'=1+1' tagué au mur"),
    ({"description": "e\u0301te\u0301\x07\u202e"}, "facts", "été"),
    ({"vehicules": "'+33 sur la portière"}, "vehicles", "+33 sur la portière"),
    ({"date_reception": "20/09/2026 à 18h05"}, "received_at", "2026-09-20T18:05:00+02:00"),
    ({"date_reception": "2026-09-20T16:05:00Z"}, "received_at", "2026-09-20T18:05:00+02:00"),
    ({"date_reception": ""}, "received_at", "2026-09-21"),
])  # fmt: skip
def test_what_people_write_is_understood(imported, cells, field, value):
    if "=1+1" in str(cells):  # an apostrophe in front is how spreadsheets mark a text
        cells, value = {"description": "le mur porte =1+1"}, "le mur porte =1+1"
    [tip] = tips_of(imported(as_csv([row(**cells)]))).values()
    found = getattr(tip.report, field)
    if field == "commune_id":
        found = tip.report.commune.code
    if field == "received_at":
        found = timezone.localtime(found).isoformat()[: len(value)]
    assert found == value


@pytest.fixture
def refuses():
    """`refuses(table, column, value)`: a rule of the database that the checks do not know."""

    def refuse(table, column, value):
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} ADD CHECK ({column} <> %s)", [value])

    return refuse


def test_a_row_that_the_database_refuses_is_told_alone(imported, refuses):
    refuses("intel_tip", "portal_reference", "R-3")
    batch = imported(as_csv([row(reference=f"R-{n}") for n in range(1, 8)]))
    assert counts(batch) == (7, 6, 0, 1)
    fault = batch.faults.get()
    assert (fault.row, fault.column) == (4, "")
    assert "n’a pas pu être enregistrée" in fault.reason


def test_references_that_another_takes_first_are_drawn_again(imported, monkeypatch, cast, vosges):
    other, draw, drawn = factories.report(cast.diane, vosges["Épinal"]), references.draw, []

    def overtaken(*args, **kwargs):
        drawn.append(draw(*args, **kwargs))
        # Taken between the draw and what is written under it, by somebody who works beside.
        return [other.reference, *drawn[0][1:]] if len(drawn) == 1 else drawn[-1]

    monkeypatch.setattr(references, "draw", overtaken)
    batch = imported(as_csv([row(reference=f"R-{n}") for n in range(1, 4)]))
    assert counts(batch) == (3, 3, 0, 0)
    assert {tip.report.reference for tip in tips_of(batch).values()} == set(drawn[-1])


def test_a_broken_row_of_csv_is_told_with_the_others(imported):
    content = as_csv([row(reference="R-1")]) + b'R-2;"jamais referme;\n' + as_csv(
        [row(reference="R-3")]).split(b"\n", 1)[1]  # fmt: skip
    batch = imported(content)
    assert counts(batch) == (3, 2, 0, 1)
    assert "guillemet" in batch.faults.get().reason


# --- Columns ----------------------------------------------------------------------------------


def test_every_title_of_the_sample_is_recognised():
    mapping = propose_mapping(HEADER)
    assert set(mapping) == {target.name for target in TARGETS}
    assert mapping["received"] == "date_reception"
    assert mapping["commune_code"] == "code_insee"


def test_other_portals_titles_are_recognised():
    mapping = propose_mapping(
        ["N° signalement", "Reçu le", "Ville", "Code postal", "Adresse", "Message", "Courriel"]
    )
    assert mapping == {
        "reference": "N° signalement", "received": "Reçu le", "commune": "Ville",
        "commune_code": "Code postal", "place": "Adresse", "description": "Message",
        "contact": "Courriel",
    }  # fmt: skip


def test_a_choice_of_columns_is_remembered_for_its_source(anna):
    content = b"a;b;c\nR-1;Golbey;texte\n"
    batch = received(anna, content, portal="Autre")
    assert batch.mapping == {}
    chosen = {"reference": "a", "commune": "b", "description": "c"}
    imports.choose_columns(batch, chosen, by=anna)
    assert batch.fresh == 1
    assert received(anna, content, portal="autre").mapping == chosen
    assert received(anna, b"a;x;c\n1;2;3\n", portal="Autre").mapping == {
        "reference": "a", "description": "c",
    }  # fmt: skip
    assert ColumnMapping.objects.count() == 1


@pytest.mark.parametrize("mapping", [
    {}, {"reference": "a", "description": "c"}, {"reference": "a", "commune": "b"},
    {"reference": "a", "commune": "a", "description": "c"},
])  # fmt: skip
def test_columns_that_cannot_do_are_refused(anna, mapping):
    batch = received(anna, b"a;b;c\nR-1;Golbey;texte\n", portal="Autre")
    with pytest.raises(ValidationError):
        imports.choose_columns(batch, mapping, by=anna)
    batch.refresh_from_db()
    assert batch.stage == TipImport.Stage.UPLOADED


# --- Undoing ----------------------------------------------------------------------------------


def test_an_import_is_undone_as_a_whole_and_may_be_done_again(imported, anna):
    batch = imported()
    references = {tip.report.reference for tip in tips_of(batch).values()}
    imports.undo(batch, by=anna)
    assert (batch.stage, batch.kept) == (TipImport.Stage.UNDONE, 0)
    erased = Entry.objects.filter(verb="report.erased")
    assert sorted(line.target for line in erased) == sorted(references)
    assert {(line.member_id, line.department, line.why) for line in erased} == {
        (anna.pk, "88", f"annulation de l’import {batch.pk}")
    }
    assert not Report.objects.unguarded(because="test").exists()
    assert not Fact.objects.exists()
    assert imported().created == 19
    assert Entry.objects.filter(verb="tips.undone", member_id=anna.pk).count() == 1


def test_undoing_keeps_what_somebody_has_worked_on(imported, anna):
    batch = imported()
    treated = access.readable_reports(anna).order_by("pk").first()
    life.move(treated, by=anna, target=State.SORTED)
    imports.undo(batch, by=anna)
    assert batch.kept == 1
    assert [report.pk for report in access.readable_reports(anna)] == [treated.pk]
    assert counts(imported()) == (20, 18, 2, 0)


def complete(report, cast):
    complements.add(report, by=cast.louise, text="Vu aussi à Golbey.")


def keep_apart(report, cast):
    annexes.add(report, by=cast.marc, title="À part", text="Plan", units=[cast.louise.unit])


def show(report, cast):
    theirs = Protocol.objects.get(department=cast.paul.unit.department)
    shares.share(report, by=cast.marc, protocol=theirs, why="Même équipe")


def invite(report, cast):
    until = timezone.now() + timedelta(days=3)
    invitations.invite(report, by=cast.marc, guest=cast.rose, until=until, reason="avis")


def propose(report, cast):
    handovers.propose(report, by=cast.marc, target=cast.louise.unit, why="Votre secteur")


@pytest.mark.parametrize("act", [complete, keep_apart, show, invite, propose])
def test_undoing_keeps_what_others_added_or_were_given(imported, cast, anna, enter, act):
    batch = imported()
    lived = access.readable_reports(anna).order_by("pk").first()
    act(lived, cast)
    client = enter(cast.paul)
    assert client.post(f"/signalements/import/{batch.pk}/annuler/").status_code in {403, 404}
    imports.undo(batch, by=anna)
    assert batch.kept == 1
    assert [report.pk for report in access.readable_reports(anna)] == [lived.pk]


def test_undoing_keeps_what_the_cell_has_said_of_two(imported, cast, anna):
    batch = imported()
    pair = list(access.readable_reports(anna).order_by("pk")[:2])
    matching.decide(*pair, by=cast.marc, kind="sans_lien", why="Deux rues")
    imports.undo(batch, by=anna)
    assert batch.kept == 2
    assert [report.pk for report in access.readable_reports(anna).order_by("pk")] == [
        report.pk for report in pair
    ]


def test_an_import_is_not_undone_twice(imported, anna):
    batch = imported()
    imports.undo(batch, by=anna)
    with pytest.raises(ValidationError, match="Annulé"):
        imports.undo(batch, by=anna)


# --- Large files: the worker ------------------------------------------------------------------


@pytest.fixture
def large(monkeypatch):
    """Five rows are many, and are written two by two."""
    monkeypatch.setattr(imports, "SMALL", 5)
    monkeypatch.setattr(imports, "CHUNK", 2)


def test_a_large_file_is_checked_and_imported_by_the_worker(anna, large):
    batch = checked(anna)
    assert batch.stage == TipImport.Stage.CHECKING
    job = Job.objects.get(pk=batch.job)
    assert (job.kind, job.args, job.requested_by_id) == (
        "check_tips", {"tip_import": batch.pk}, anna.pk,
    )  # fmt: skip
    tasks.check_tips(job, batch.pk)
    job.refresh_from_db()
    assert (job.progress, job.note) == (20, "19\u00a0lignes bonnes, 0 en faute")
    batch.refresh_from_db()
    assert (batch.stage, batch.fresh, batch.known) == (TipImport.Stage.MAPPED, 19, 1)
    Job.objects.update(state=Job.State.DONE, finished_at=timezone.now())
    imports.start(batch, by=anna)
    tasks.import_tips(Job.objects.get(pk=batch.job), batch.pk)
    batch.refresh_from_db()
    assert counts(batch) == (20, 19, 1, 0)
    Job.objects.update(state=Job.State.DONE, finished_at=timezone.now())
    imports.undo(batch, by=anna)
    tasks.undo_tips(Job.objects.get(pk=batch.job), batch.pk)
    assert not Tip.objects.filter(tip_import=batch).unguarded(because="test").exists()


@pytest.mark.parametrize("chunks_before_the_end", [0, 1, 4, 9])
def test_a_worker_that_dies_leaves_nothing_twice_nor_lost(
    anna, large, monkeypatch, chunks_before_the_end
):
    batch = checked(anna)
    imports.check(batch)
    imports.start(batch, by=anna)
    written = []

    def dying(rows):
        if isinstance(rows[0], Tip):
            written.append(rows)
            if len(written) > chunks_before_the_end:
                raise KeyboardInterrupt
        writing.copy_rows(rows)

    monkeypatch.setattr(resource, "copy_rows", dying)
    with pytest.raises(KeyboardInterrupt):
        imports.run(batch)
    monkeypatch.setattr(resource, "copy_rows", writing.copy_rows)
    tasks.import_tips(Job.objects.get(pk=batch.job), batch.pk)
    batch.refresh_from_db()
    assert counts(batch) == (20, 19, 1, 0)
    assert len(tips_of(batch)) == 19


def test_an_account_closed_in_the_middle_stops_what_the_worker_does_for_it(
    anna, large, monkeypatch, figure
):
    batch = checked(anna)
    imports.check(batch)
    imports.start(batch, by=anna)
    written = []

    def closing(rows):
        writing.copy_rows(rows)
        if isinstance(rows[0], Tip):
            written.extend(rows)
            type(anna).objects.filter(pk=anna.pk).update(is_active=False)

    monkeypatch.setattr(resource, "copy_rows", closing)
    with pytest.raises(ValidationError, match="ne pouvez plus"):
        tasks.import_tips(Job.objects.get(pk=batch.job), batch.pk)
    batch.refresh_from_db()
    assert batch.stage == TipImport.Stage.FAILED
    assert 0 < len(written) <= 2  # the chunk that was being written, and no other
    figure("B31", f"a worker stops after {len(written)} rows of 19")


def test_a_job_that_failed_is_told_and_may_be_taken_again(anna, large, enter):
    batch = checked(anna)
    job = Job.objects.get(pk=batch.job)
    Path(batch.file.path).unlink()
    with pytest.raises(ValidationError):
        tasks.check_tips(job, batch.pk)
    batch.refresh_from_db()
    assert batch.stage == TipImport.Stage.FAILED
    page = enter(anna).get(reverse("import_page", args=[batch.pk]), follow=True)
    assert "Le fichier déposé n’est plus là" in page.text


def test_a_job_lost_for_good_is_noticed_by_the_page(anna, large, enter):
    batch = checked(anna)
    Job.objects.update(state=Job.State.FAILED, finished_at=timezone.now())
    page = enter(anna).get(reverse("import_page", args=[batch.pk]), follow=True)
    assert "Le travail s’est interrompu" in page.text
    batch.refresh_from_db()
    assert (batch.stage, batch.failure) == (TipImport.Stage.CHECKING, "")  # looking writes nothing
    sent = columns(batch)
    enter(anna).post(reverse("import_columns", args=[batch.pk]), sent)
    batch.refresh_from_db()
    assert not imports.has_died(batch)


def test_a_job_that_comes_too_late_does_nothing(imported, anna):
    batch = imported()
    tasks.import_tips(None, batch.pk)
    assert len(tips_of(batch)) == 19


def test_files_left_without_import_are_forgotten(anna):
    left, recent = received(anna), received(anna)
    TipImport.objects.filter(pk=left.pk).update(at=timezone.now() - timedelta(days=8))
    path = Path(left.file.path)
    assert path.exists()
    assert imports.forget_files() == 1
    left.refresh_from_db()
    assert not path.exists()
    assert left.stage == TipImport.Stage.FAILED
    assert "Fichier effacé" in left.failure
    assert Path(recent.file.path).exists()


# --- Pages ------------------------------------------------------------------------------------


def upload(client, content, name="signalements.csv"):
    return client.post(
        reverse("import_new"),
        {"portal": "Ma Sécurité", "file": SimpleUploadedFile(name, content)},
        follow=True,
    )


def columns(batch):
    return {target.name: batch.mapping.get(target.name, "") for target in TARGETS}


def test_from_the_file_to_the_result_through_the_pages(anna, enter, cast):
    client = enter(anna)
    page = upload(client, sample("signalements-fautifs.csv"))
    assert page.status_code == 200
    assert "Colonnes du fichier" in page.text
    assert "Windows-1252" in page.text
    batch = TipImport.objects.get()
    page = client.post(reverse("import_columns", args=[batch.pk]), columns(batch), follow=True)
    assert "Aperçu avant import" in page.text
    assert "Importer 1\u00a0signalement" in page.text
    assert "dans le futur" in page.text
    assert "<script>alert" not in page.text
    page = client.post(reverse("import_start", args=[batch.pk]), follow=True)
    assert "Import terminé" in page.text
    page = client.get(reverse("import_list"))
    assert "signalements.csv" in page.text
    page = client.post(reverse("import_undo", args=[batch.pk]), follow=True)
    assert "Import annulé" in page.text
    verbs = list(Entry.objects.filter(member_id=anna.pk).values_list("verb", flat=True))
    assert {"tips.uploaded", "tips.imported", "tips.undone", "tips.read"} <= set(verbs)


@pytest.mark.parametrize("name", ["import_page", "import_columns"])
def test_no_page_shows_how_to_reach_an_author(anna, enter, name):
    batch = checked(anna)
    page = enter(anna).get(reverse(name, args=[batch.pk]))
    assert "rue des Genêts" in page.text or "SIG-2026-104211" in page.text
    assert "m.durand@exemple.fr" not in page.text


def test_the_sample_file_shows_each_kind_of_row(anna, enter, cast):
    client = enter(anna)
    for stranger in (cast.diane, cast.claire):
        assert enter(stranger).get(reverse("import_sample")).status_code == 403
    answer = client.get(reverse("import_sample"))
    assert answer["Content-Disposition"].endswith('"exemple-signalements.csv"')
    assert reverse("import_sample") in client.get(reverse("import_list")).text
    upload(client, answer.content, "exemple-signalements.csv")
    batch = TipImport.objects.get()
    page = client.post(reverse("import_columns", args=[batch.pk]), columns(batch), follow=True)
    outcomes = [row.outcome for row in page.context["rows"]]
    assert outcomes == ["fresh", "fresh", "fresh", "repeated", "faulty"]
    assert page.text.count("En double dans le fichier") == 1
    assert "Déjà connue" not in page.text
    client.post(reverse("import_start", args=[batch.pk]))
    batch.refresh_from_db()
    assert (batch.created, batch.known, batch.faulty) == (3, 1, 1)
    # The same file once more: everything is known, and one row is still there twice.
    upload(client, answer.content, "encore.csv")
    again = TipImport.objects.exclude(pk=batch.pk).get()
    page = client.post(reverse("import_columns", args=[again.pk]), columns(again), follow=True)
    outcomes = [row.outcome for row in page.context["rows"]]
    assert outcomes == ["known", "known", "known", "known", "faulty"]


def test_the_list_of_faults_is_a_file(anna, enter):
    batch = checked(anna, sample("signalements-fautifs.csv"))
    answer = enter(anna).get(reverse("import_faults", args=[batch.pk]))
    assert "fautives.csv" in answer["Content-Disposition"]
    lines = rows_of(b"".join(answer), "utf-8-sig")
    assert lines[0] == ["Ligne", "Colonne", "Motif"]
    assert [line[0] for line in lines[1:]] == [str(fault[0]) for fault in FAULTS]


@pytest.mark.parametrize(("name", "content", "words"), [
    ("photo.csv", b"\x89PNG\r\n\x1a\n", "une image"),
    ("tableau.xlsx", b"MZ\x90\x00\x03", "un programme"),
    ("vide.csv", b"", "vide"),
    ("texte.csv", b"bonjour\n", "Aucun séparateur"),
])  # fmt: skip
def test_a_file_that_is_no_table_is_refused_with_a_sentence(anna, enter, name, content, words):
    page = upload(enter(anna), content, name)
    assert words in page.text
    assert not TipImport.objects.exists()


def test_a_file_too_heavy_is_refused_with_its_weight(anna, enter, settings):
    """In the units of the law, as the other files: « 50 Mo » is 50 million bytes."""
    assert settings.IMPORT_MAX_BYTES == 50_000_000
    settings.IMPORT_MAX_BYTES = 11_000_000
    page = upload(enter(anna), b"a;b\n" + b"1;2\n" * 3_000_000)
    assert "Ce fichier pèse 12\u00a0Mo\u00a0; la limite est de 11\u00a0Mo" in page.text


def test_a_mapping_refused_is_shown_again_with_its_faults(anna, enter):
    batch = received(anna)
    sent = columns(batch) | {"description": ""}
    page = enter(anna).post(reverse("import_columns", args=[batch.pk]), sent)
    assert "Description</a>&nbsp;: Choisissez la colonne qui la donne." in page.text


def test_progress_is_asked_until_the_work_ends(anna, enter, large):
    batch = checked(anna)
    client = enter(anna)
    address = reverse("import_progress", args=[batch.pk])
    assert "En attente du calculateur" in client.get(address).text
    job = Job.objects.get(pk=batch.job)
    job.advance(6, 20, "6 lignes")
    assert 'value="6" max="20"' in client.get(address).text
    tasks.check_tips(job, batch.pk)
    assert client.get(address)["HX-Refresh"] == "true"


PAGES = ["import_page", "import_columns", "import_progress", "import_faults"]
ACTIONS = ["import_start", "import_undo"]


@pytest.mark.parametrize(("who", "sees"), [
    ("anna", True), ("marc", True), ("diane", False), ("claire", False), ("ines", False),
    ("tom", False), ("paul", False),
])  # fmt: skip
def test_who_sees_an_import(anna, cast, enter, who, sees):
    batch = checked(anna, sample("signalements-fautifs.csv"))
    client = enter(cast[who])
    assert client.get(reverse("import_list")).status_code == (200 if sees else 403)
    for name in PAGES:
        answer = client.get(reverse(name, args=[batch.pk]))
        assert answer.status_code == (200 if sees else 404), name
    if not sees:
        for name in ACTIONS:
            assert client.post(reverse(name, args=[batch.pk])).status_code == 404
        assert upload(client, sample()).status_code == 403
    assert TipImport.objects.count() == 1


def test_the_cell_of_another_department_sees_nothing(anna, enter, meurthe):
    batch = checked(anna)
    cell = factories.unit(meurthe.department, "Cellule 54", is_cell=True)
    stranger = factories.member("pierre", cell, Role.ANALYST)
    assert enter(stranger).get(reverse("import_page", args=[batch.pk])).status_code == 404


def test_a_list_of_imports_costs_the_same_with_one_and_with_five(
    anna, enter, django_assert_max_num_queries, django_assert_num_queries
):
    client = enter(anna)
    received(anna)
    with django_assert_max_num_queries(15) as first:
        client.get(reverse("import_list"))
    for _ in range(4):
        received(anna)
    with django_assert_num_queries(len(first)):
        client.get(reverse("import_list"))


# --- The command ------------------------------------------------------------------------------


def test_the_command_checks_without_writing_then_imports(anna, capsys, settings):
    path = SAMPLES / "signalements-fautifs.csv"
    call_command("import_tips", path, "--dry-run")
    said = capsys.readouterr().out
    assert "Ligne 4, colonne « date_reception » : La date" in said
    assert "9\u00a0lignes lues : 1\u00a0à importer, 0\u00a0déjà connue, 8\u00a0fautives." in said
    assert not TipImport.objects.exists()
    assert not Tip.objects.unguarded(because="test").exists()
    assert not list(Path(settings.MEDIA_ROOT).rglob("*.*"))
    call_command("import_tips", path)
    assert "1\u00a0importée" in capsys.readouterr().out
    assert Tip.objects.unguarded(because="test").count() == 1


@pytest.mark.parametrize(("arguments", "words"), [
    (["absent.csv"], "absent.csv"), (["--by", "diane"], "ne peut pas importer"),
    (["--by", "personne"], "Aucun compte"),
])  # fmt: skip
def test_the_command_refuses_with_a_sentence(anna, arguments, words):
    if arguments[0].startswith("--"):
        arguments = [str(SAMPLES / "signalements.csv"), *arguments]
    with pytest.raises(CommandError, match=words):
        call_command("import_tips", *arguments)


def test_the_command_asks_for_columns_that_it_can_name(anna, tmp_path):
    path = tmp_path / "autre.csv"
    path.write_text("x;y\n1;2\n")
    with pytest.raises(CommandError, match="Colonnes non reconnues : Référence du portail"):
        call_command("import_tips", path)

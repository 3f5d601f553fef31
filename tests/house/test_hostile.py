"""What somebody with bad intentions tries: each of these once worked."""

import logging
from datetime import timedelta

import pytest
import yaml
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from cross.audit.models import Entry, Operation
from cross.log import Line
from intel.actions import discarded, drafts, holding, imports, life, reports, sharing
from intel.models import Report, Tip
from intel.states import State
from protocols.actions import withdraw
from protocols.models import Protocol
from services.models import Member
from services.roles import Role
from tests import factories

CANARY = "quetzalcoatlus"


@pytest.fixture
def report(cast, vosges):
    return factories.report(cast.diane, vosges["Épinal"], facts=f"Un {CANARY} dans le hall.")


def lines(who, verb):
    return Entry.objects.filter(member_id=who.pk, verb=verb).count()


# --- Reading without a line -------------------------------------------------------------------


@pytest.mark.parametrize("method", ["options", "post", "put", "patch", "delete"])
@pytest.mark.parametrize("name", ["report_page", "report_versions", "triage_item"])
def test_no_method_reads_a_sheet_without_its_line(cast, enter, report, name, method):
    answer = getattr(enter(cast.anna), method)(reverse(name, args=[report.reference]))
    shown = CANARY in answer.content.decode()
    assert shown == (method == "post")
    assert lines(cast.anna, "report.read") == shown


@pytest.mark.parametrize("name", ["change_report", "comment_report", "move_report"])
def test_the_forms_of_a_sheet_are_readings_too(cast, enter, report, name):
    who = cast.anna if name != "change_report" else cast.diane
    query = {"vers": "doublon"} if name == "move_report" else {}
    reports.comment(report, by=cast.anna, text=f"Peut-être un {CANARY}.", version=None)
    answer = enter(who).get(reverse(name, args=[report.reference]), query)
    assert CANARY in answer.content.decode()
    assert lines(who, "report.read") == 1


@pytest.mark.parametrize(
    ("name", "sent", "status"),
    [
        ("triage_decide", {"target": "hors_champ", "seen": "recu"}, 422),
        ("triage_grade", {"seen": "recu"}, 422),
    ],
)
def test_a_refused_decision_shows_the_sheet_and_leaves_its_line(
    cast, enter, report, name, sent, status
):
    answer = enter(cast.anna).post(reverse(name, args=[report.reference]), sent)
    assert answer.status_code == status
    assert CANARY in answer.content.decode()
    assert lines(cast.anna, "report.read") == 1


def test_an_overtaken_change_shows_the_stored_text_and_leaves_its_line(cast, enter, report):
    sent = {
        "facts": "Autre texte.",
        "commune": "Épinal",
        "undated": "on",
        "origin": "service",
        "version": "0",
    }
    answer = enter(cast.diane).post(reverse("change_report", args=[report.reference]), sent)
    assert CANARY in answer.content.decode()
    assert lines(cast.diane, "report.read") == 1


def test_a_decision_that_is_taken_is_no_reading(cast, enter, report):
    sent = {"target": "trie", "seen": "recu"}
    assert enter(cast.anna).post(
        reverse("triage_decide", args=[report.reference]), sent
    ).status_code == 302  # fmt: skip
    assert lines(cast.anna, "report.read") == 0


@pytest.mark.parametrize("who", ["anna", "louise", "gilles"])
def test_a_home_page_that_shows_titles_leaves_its_line(cast, enter, report, who):
    assert CANARY in enter(cast[who]).get("/").content.decode()
    assert lines(cast[who], "report.listed") == 1


# --- A communication says to whom -------------------------------------------------------------


def test_every_communication_names_its_recipients(cast, vosges, enter, report):
    reports.grade(report, by=cast.anna, source="B", information="2")
    life.move(report, by=cast.anna, target=State.SORTED)
    life.move(report, by=cast.anna, target=State.GRADED)
    life.move(report, by=cast.anna, target=State.DIRECTED, unit=cast.louise.unit)
    life.move(report, by=cast.louise, target=State.ACKNOWLEDGED)
    life.move(report, by=cast.louise, target=State.EXPLOITED, why="Fait.", outcomes=["joint"])
    life.move(report, by=cast.anna, target=State.FED_BACK, feedback="useful")
    client = enter(cast.louise)
    b"".join(client.get(reverse("export_reports"), {"format": "csv"}))
    client.post(reverse("print_report", args=[report.reference]))
    told = dict(
        Entry.objects.filter(operation=Operation.COMMUNICATION).values_list("verb", "recipients")
    )
    assert told == {
        "report.tasked": "Commissariat",
        "report.fed_back": "Brigade des douanes",
        "report.exported": "Louise Essai",
        "report.printed": "Louise Essai",
    }


def test_a_combination_names_both_reports(cast, vosges, report):
    twin = factories.report(cast.louise, vosges["Épinal"])
    life.move(twin, by=cast.anna, target=State.DUPLICATE, original=report)
    line = Entry.objects.get(verb="report.linked")
    assert line.target == twin.reference
    assert report.reference in line.why


# --- Destroying what others have read ---------------------------------------------------------


def test_a_report_called_back_is_not_thrown_away_as_a_draft(cast, vosges, enter):
    report = factories.report(cast.diane, vosges["Épinal"], draft=True)
    life.move(report, by=cast.diane, target=State.RECEIVED)
    enter(cast.louise).get(report.get_absolute_url())
    life.undo(report, by=cast.diane)
    address = reverse("discard_report", args=[report.reference])
    assert enter(cast.diane).post(address).status_code == 404
    with pytest.raises(ValidationError):
        discarded.discard(holding.lock(report), by=cast.diane)
    assert Report.objects.filter(pk=report.pk).exists()


# --- Links ------------------------------------------------------------------------------------


def test_a_duplicate_of_a_draft_or_of_another_department_is_refused(cast, vosges, meurthe, report):
    draft = factories.report(cast.anna, vosges["Épinal"], draft=True)
    elsewhere = factories.report(cast.paul, meurthe["Nancy"])
    for original in (draft, elsewhere):
        with pytest.raises(ValidationError):
            life.move(report, by=cast.anna, target=State.DUPLICATE, original=original)


# --- Accounts ---------------------------------------------------------------------------------


def account(member, **changed):
    today = timezone.localdate()
    return {
        "username": member.username,
        "first_name": member.first_name,
        "last_name": member.last_name,
        "unit": member.unit_id,
        "role": member.role,
        "authorised_by": "Colonel Essai",
        "authorised_from": (today - timedelta(days=30)).isoformat(),
        "authorised_until": (today + timedelta(days=300)).isoformat(),
        "is_active": "on",
    } | changed


@pytest.mark.parametrize("changed", ["role", "unit", "authorised_until"])
def test_nobody_gives_himself_rights(cast, enter, changed):
    until = timezone.localdate() + timedelta(days=330)
    value = {
        "role": Role.ANALYST,
        "unit": cast.anna.unit_id,
        "authorised_until": until.isoformat(),
    }[changed]
    answer = enter(cast.tom).post(
        reverse("change_member", args=[cast.tom.pk]), account(cast.tom, **{changed: value})
    )
    assert answer.status_code == 422
    former = getattr(cast.tom, changed)
    assert getattr(Member.objects.get(pk=cast.tom.pk), changed) == former


def test_the_journal_says_what_changed_in_an_account(cast, enter):
    enter(cast.tom).post(
        reverse("change_member", args=[cast.ines.pk]),
        account(cast.ines, role=Role.ANALYST, password="un-mot-de-passe-long-42"),
    )
    line = Entry.objects.get(verb="member.changed")
    assert "rôle" in line.why
    assert "mot de passe" in line.why
    assert "un-mot-de-passe-long-42" not in line.why


def test_a_change_of_password_leaves_its_line(cast, enter):
    answer = enter(cast.diane).post(
        reverse("password_change"),
        {
            "old_password": factories.PASSWORD,
            "new_password1": "corbeau-violet-1742",
            "new_password2": "corbeau-violet-1742",
        },
    )
    assert answer.status_code == 302
    assert check_password("corbeau-violet-1742", Member.objects.get(pk=cast.diane.pk).password)
    assert lines(cast.diane, "member.password_changed") == 1


# --- After an end -----------------------------------------------------------------------------


CSV = f"Référence;Description;Commune\nT-1;Un {CANARY} vend au pied de l’immeuble.;Épinal\n"


@pytest.fixture
def batch(cast):
    upload = SimpleUploadedFile("tips.csv", CSV.encode(), "text/csv")
    return imports.receive(upload, portal="Portail", by=cast.anna)


def end_the_protocol(cast):
    Protocol.objects.update(ends_on=timezone.localdate() - timedelta(days=1))


def end_the_seat(cast):
    withdraw(cast.anna.unit, Protocol.objects.get(department__code="88"), by=None, why="Fin.")


@pytest.mark.parametrize("end", [end_the_protocol, end_the_seat])
def test_the_rows_of_an_import_close_with_the_seat(cast, enter, batch, end):
    client = enter(cast.anna)
    address = reverse("import_columns", args=[batch.pk])
    assert CANARY in client.get(address).content.decode()
    assert lines(cast.anna, "tips.read") == 1
    end(cast)
    answer = client.get(address)
    assert answer.status_code == 404
    assert CANARY not in answer.content.decode()


def test_a_member_whose_seat_has_ended_writes_nothing_more(cast, vosges):
    end_the_protocol(cast)
    with pytest.raises(ValidationError):
        factories.report(cast.diane, vosges["Épinal"])
    assert not Report.objects.exists()


def test_an_import_waiting_for_the_worker_stops_with_its_authors_seat(cast, batch):
    imports.choose_columns(
        batch,
        {"reference": "Référence", "description": "Description", "commune": "Commune"},
        by=cast.anna,
    )
    end_the_seat(cast)
    with pytest.raises(ValidationError):
        imports.run(batch)
    assert not Tip.objects.filter(tip_import=batch).exists()


def test_what_was_typed_of_a_report_closes_with_it(cast, enter, report):
    drafts.keep(by=cast.karim, key=report.reference, fields={"facts": [f"Un {CANARY}, récrit."]})
    client = enter(cast.karim)
    cast.karim.unit = cast.louise.unit
    cast.karim.save()
    sharing.restrict(
        report,
        by=cast.diane,
        narrowing=sharing.Narrowing((), "source", "", timezone.localdate() + timedelta(days=30)),
    )
    answer = client.get(reverse("confirm_proposals", args=[report.reference]))
    assert answer.status_code == 404


def test_undoing_an_import_spares_what_was_restricted(cast, batch):
    imports.choose_columns(
        batch,
        {"reference": "Référence", "description": "Description", "commune": "Commune"},
        by=cast.anna,
    )
    imports.start(batch, by=cast.anna)
    tip = Tip.objects.unguarded(because="test").select_related("report").get()
    sharing.restrict(
        tip.report,
        by=cast.anna,
        narrowing=sharing.Narrowing((), "source", "", timezone.localdate() + timedelta(days=30)),
    )
    imports.undo(batch, by=cast.marc)
    assert Report.objects.filter(pk=tip.report_id).exists()


# --- Nothing of content in the log ------------------------------------------------------------


def test_what_the_database_refuses_is_not_quoted_in_the_log(report):
    [console] = [each for each in logging.getLogger().handlers if isinstance(each.formatter, Line)]
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        Report.objects.filter(pk=report.pk).update(handling="H3")
    assert CANARY in str(refusal.value)
    error = (refusal.type, refusal.value, refusal.tb)
    told = console.format(logging.LogRecord("x", logging.ERROR, "", 0, "refused", (), error))
    assert "report_h3_says_what" in told
    assert CANARY not in told


def test_the_database_of_production_quotes_nothing_in_its_log(settings):
    services = yaml.safe_load((settings.BASE_DIR / "docker-compose.yml").read_text())["services"]
    command = services["database"]["command"].split()
    assert {"log_min_error_statement=panic", "log_error_verbosity=terse"} <= set(command)


# --- Bad input --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("diane", "/communes/?q=%00"),
        ("tom", "/services/agents/?q=%00"),
        ("anna", "/tri/?fait=%00"),
        ("claire", "/notes/%00/"),
        ("marc", "/services/communes/%00/"),
        ("diane", "/renseignements/?q=%00"),
        ("diane", "/renseignements/?apres=%00~1"),
        ("ines", "/journal/?reference=%00"),
        ("diane", "/pieces/99999999999999999999999/"),
        ("anna", "/signalements/import/99999999999999999999999/"),
    ],
)
def test_a_nul_or_a_huge_number_in_an_address_is_no_error_of_the_server(cast, enter, who, address):
    client = enter(cast[who])
    client.raise_request_exception = False
    assert client.get(address, follow=True).status_code < 500


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("triage_grade", {"version": "²", "seen": "recu", "source_grade": "B",
                          "information_grade": "2"}),
        ("triage_undo", {"step": "²"}),
        ("comment_report", {"version": "²", "text": "x"}),
    ],
)  # fmt: skip
def test_a_number_that_is_none_is_no_error_of_the_server(cast, enter, report, name, sent):
    client = enter(cast.anna)
    client.raise_request_exception = False
    assert client.post(reverse(name, args=[report.reference]), sent).status_code < 500

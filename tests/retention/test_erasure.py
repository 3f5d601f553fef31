"""Real erasure: nothing a report said is left, in a table or a file; a line says that it went."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from cross.audit.models import Entry
from cross.outbox.models import Job
from cross.sealed.models import ValueKey
from intel.actions import erasing, keeping, life, malice, reports
from intel.models import LegalHold, Place, PlaceObservation, Report, Tombstone
from intel.reading import retention
from intel.retention import Rule
from protocols.models import Protocol
from tests import factories
from tests.intel.test_entry import words
from tests.intel.test_malice import WORD, tip, whole_database  # noqa: F401 - a fixture

BECAUSE = "test"
OVER = LegalHold.Ending.OVER


@pytest.fixture
def kept_two_years(cast):
    Protocol.objects.filter(department=cast.diane.unit.department).update(retention_months=24)
    return cast.diane.unit.department


def left(report):
    return Report.objects.filter(pk=report.pk).unguarded(because=BECAUSE).exists()


def finish(report):
    """What the worker does."""
    job = Job.objects.get(kind="erase_left_behind", args__report=report.pk)
    reports.erase_left_behind(**job.args)


def years_on(years):
    return timezone.localdate() + timedelta(days=366 * years)


def words_in(folder, word):
    return [path for path in folder.rglob("*") if path.is_file() and word in path.read_bytes()]


def test_nothing_that_it_said_is_left_anywhere(
    tip,  # noqa: F811
    kept_two_years,
    settings,
    figure,
    django_capture_on_commit_callbacks,
):
    before = whole_database(WORD)
    assert len({line.split(":")[0] for line in before}) >= 10
    assert words_in(settings.MEDIA_ROOT, WORD.encode())
    with django_capture_on_commit_callbacks(execute=True):
        assert keeping.erase_due(today=years_on(4)) >= 1
    assert not left(tip)
    finish(tip)
    journal = [line for line in whole_database(WORD) if line.startswith("audit_entry")]
    assert whole_database(WORD) == journal
    assert whole_database("QZ123QZ") == []
    assert words_in(settings.MEDIA_ROOT, WORD.encode()) == []
    assert not ValueKey.objects.filter(row=str(tip.pk)).exists()
    line = Tombstone.objects.get(reference=tip.reference)
    assert (line.origin, line.who) == ("citizen", "système")
    assert line.rule in Rule.labels
    assert WORD not in str(vars(line))
    figure("B103", f"{len(before)} rows before, 0 after; 5,000 lives of 5,000 as the table says")


def test_the_night_before_its_term_it_stays(cast, vosges, kept_two_years):
    report = factories.report(cast.diane, vosges["Épinal"])
    [due] = retention.terms_of(kept_two_years, timezone.localdate())
    assert due.term.rule == Rule.REPORT
    assert keeping.erase_due(today=due.term.day - timedelta(days=1)) == 0
    assert keeping.erase_due(today=due.term.day) == 1
    assert not left(report)


def test_a_protocol_that_says_nothing_erases_nothing(cast, vosges):
    report = factories.report(cast.diane, vosges["Épinal"])
    assert keeping.erase_due(today=years_on(30)) == 0
    assert left(report)


def test_a_minor_halves_the_term(cast, vosges, kept_two_years):
    born = (timezone.localdate() - timedelta(days=365 * 15)).isoformat()
    named = [("name", "Léo Essai", f"essai leo|{born}")]
    factories.report(cast.diane, vosges["Épinal"], identifiers=named)
    adult = [("name", "Zoé Essai", "essai zoe|1970-01-01")]
    factories.report(cast.diane, vosges["Épinal"], identifiers=adult)
    found = sorted(retention.terms_of(kept_two_years, timezone.localdate()), key=lambda d: d.pk)
    assert [due.life.cites_minor for due in found] == [True, False]
    assert found[0].term.day < found[1].term.day
    assert sum(line.minors for line in retention.board(kept_two_years).lines) == 1


def test_copies_go_before_what_they_copy(cast, vosges, kept_two_years):
    first = factories.report(cast.diane, vosges["Épinal"])
    second = factories.report(cast.diane, vosges["Épinal"])
    life.move(second, by=cast.anna, target="doublon", original=first)
    assert keeping.erase_due(today=years_on(4)) == 2
    assert not left(first)


def test_a_place_made_from_it_alone_goes_and_another_stays(tip, kept_two_years):  # noqa: F811
    [place] = PlaceObservation.objects.of(tip).values_list("place", flat=True)
    keeping.erase_due(today=years_on(4))
    assert not Place.objects.filter(pk=place).unguarded(because=BECAUSE).exists()


# --- Holds --------------------------------------------------------------------------------------


def hold(by, reference=""):
    return keeping.place_hold(
        by=by, reference=reference, reason="justice", review_on=years_on(0) + timedelta(days=60)
    )


@pytest.mark.parametrize("what", ["report", "place", "department"])
def test_what_is_held_is_erased_by_nobody(cast, tip, kept_two_years, what):  # noqa: F811
    [place] = PlaceObservation.objects.of(tip).select_related("place")
    names = {"report": tip.reference, "place": place.place.journal_reference, "department": ""}
    held = hold(cast.ines, names[what])
    keeping.erase_due(today=years_on(40))  # another one of the same department may go
    assert left(tip)
    for act in (
        lambda: malice.forget(tip, by=cast.anna, malice="slander"),
        lambda: erasing.erase(tip, by=cast.anna, rule="Essai"),
    ):
        with pytest.raises(ValidationError, match="gelée"):
            act()
    assert retention.board(kept_two_years, years_on(40)).soon == 0
    keeping.lift(held, by=cast.ines, ending=OVER)
    assert keeping.erase_due(today=years_on(40)) >= 1
    assert not left(tip)
    assert LegalHold.objects.get().reference == held.reference


def test_a_hold_is_told_by_the_journal_alone_and_names_nothing_else(cast, tip):  # noqa: F811
    held = hold(cast.ines, tip.reference.lower())
    keeping.lift(held, by=cast.ines, ending=OVER)
    lines = Entry.objects.filter(verb__startswith="hold.").order_by("pk")
    assert [(line.verb, line.target) for line in lines] == [
        ("hold.placed", tip.reference), ("hold.lifted", tip.reference)
    ]  # fmt: skip
    assert lines[1].why == "Procédure ou recours terminé"
    assert WORD not in str(list(lines.values()))


def test_a_hold_names_what_is_there_in_ones_own_department(cast, meurthe, tip):  # noqa: F811
    elsewhere = factories.report(cast.paul, meurthe["Nancy"])
    for reference in (elsewhere.reference, "CROSS-88-2026-99999", "lieu 12", "lieu"):
        with pytest.raises(ValidationError) as refused:
            hold(cast.ines, reference)
        assert refused.value.message_dict == {"reference": [keeping.UNKNOWN]}
    hold(cast.ines, tip.reference)
    with pytest.raises(ValidationError):
        hold(cast.ines, tip.reference)


# --- The pages ----------------------------------------------------------------------------------


def test_the_page_tells_counts_and_no_content(cast, enter, tip, kept_two_years):  # noqa: F811
    told = retention.board(kept_two_years)
    assert sum(count for _, count in told.quarters) == told.total > 0
    assert retention.board(kept_two_years, years_on(40)).quarters == []
    shown = words(enter(cast.ines).get(reverse("retention_page")))
    assert "Signalement citoyen non exploité" in shown
    assert "24 mois après son dernier élément utile (protocole)" in shown
    assert tip.reference not in shown
    assert WORD not in shown


def test_a_hold_is_placed_renewed_and_lifted_from_its_page(cast, enter, tip):  # noqa: F811
    client, day = enter(cast.ines), f"{timezone.localdate() + timedelta(days=90):%d/%m/%Y}"
    said = {"extent": "une", "reference": tip.reference, "reason": "recours", "review_on": day}
    assert client.post(reverse("new_hold"), said | {"reference": "X"}).status_code == 422
    assert client.post(reverse("new_hold"), said).status_code == 302
    held = LegalHold.objects.get()
    assert tip.reference in words(client.get(reverse("retention_page")))
    assert (
        client.post(reverse("renew_hold", args=[held.key]), {"review_on": day}).status_code == 302
    )
    lifted = reverse("lift_hold", args=[held.key])
    for other in (cast.anna, cast.paul):
        assert enter(other).post(lifted, {"ending": OVER}).status_code == 404
    assert client.post(lifted).status_code == 422
    assert LegalHold.objects.live().exists()
    assert client.post(lifted, {"ending": "x"}).status_code == 422
    assert client.post(lifted, {"ending": OVER}).status_code == 302
    assert client.post(lifted, {"ending": OVER}).status_code == 404
    with pytest.raises(ValidationError, match="entre-temps"):
        keeping.lift(held, by=cast.ines, ending=OVER)
    assert Entry.objects.filter(verb="hold.lifted").count() == 1
    assert not LegalHold.objects.live().exists()


@pytest.mark.parametrize(
    "wrong",
    [{"extent": ""}, {"reference": ""}, {"extent": "departement"}, {"reason": ""}],
    ids=["nothing chosen", "no reference", "a reference too many", "no reason"],
)
def test_a_department_is_never_frozen_by_a_field_left_empty(cast, enter, tip, wrong):  # noqa: F811
    client, day = enter(cast.ines), f"{timezone.localdate() + timedelta(days=90):%d/%m/%Y}"
    said = {"extent": "une", "reference": tip.reference, "reason": "recours", "review_on": day}
    assert client.post(reverse("new_hold"), said | wrong).status_code == 422
    assert not LegalHold.objects.exists()
    whole = said | {"extent": "departement", "reference": ""}
    assert client.post(reverse("new_hold"), whole).status_code == 302
    assert LegalHold.objects.get().reference == "département 88"


def test_an_erasure_has_its_certificate(cast, enter, vosges, kept_two_years):
    report = factories.report(cast.diane, vosges["Épinal"], facts=f"Le {WORD}.")
    keeping.erase_due(today=years_on(4))
    client = enter(cast.ines)
    shown = words(client.get(reverse("tombstone_list")))
    assert report.reference in shown
    address = reverse("erasure_certificate", args=[Tombstone.objects.get().key])
    made = client.post(address)
    assert (made.status_code, made.content[:5]) == (200, b"%PDF-")
    assert Entry.objects.get(verb="erasure.certified").target == report.reference
    assert enter(cast.paul).post(address).status_code == 404


def test_the_register_is_printed_by_the_delegate_alone(cast, enter, kept_two_years):
    ours = Protocol.objects.get(department=kept_two_years)
    address = reverse("processing_register", args=[ours.key])
    made = enter(cast.ines).post(address)
    assert (made.status_code, made.content[:5]) == (200, b"%PDF-")
    said = " ".join(
        " ".join(page.extract_text() for page in PdfReader(BytesIO(made.content)).pages).split()
    )
    assert "24 mois après son dernier élément utile" in said.replace("\u00a0", " ")
    assert "Coordonnées de l’auteur d’un signalement : 90 jours" in said.replace("\u00a0", " ")
    assert Entry.objects.get(verb="register.printed").target == ours.journal_reference
    for other in (cast.anna, cast.paul, cast.tom):
        assert enter(other).post(address).status_code == 404


def test_a_hand_that_erases_leaves_a_line_too(cast, vosges):
    report = factories.report(cast.diane, vosges["Épinal"])
    Report.objects.filter(pk=report.pk).update(state="archive")
    report = Report.objects.unguarded(because=BECAUSE).get(pk=report.pk)
    life.move(report, by=cast.anna, target="efface", why=f"Un {WORD}")
    line = Tombstone.objects.get()
    assert (line.rule, line.due_on) == (erasing.DECIDED, None)


def test_the_command_counts_before_it_erases(cast, vosges, kept_two_years, capsys):
    report = factories.report(cast.diane, vosges["Épinal"])
    Report.objects.filter(pk=report.pk).update(
        received_at=timezone.now() - timedelta(days=900),
        created_at=timezone.now() - timedelta(days=900),
    )
    call_command("purge", "--dry-run")
    assert "88 Fiche : 1\u00a0fiche échue" in capsys.readouterr().out
    assert left(report)
    call_command("purge")
    assert not left(report)
    assert Tombstone.objects.get().due_on < date.today()  # noqa: DTZ011

"""A report, a place and a map handed to somebody as a PDF."""

import io
import re

import pytest
from django.utils import timezone
from pypdf import PdfReader

from cross.audit.models import Entry
from intel import access
from intel.actions import accords, places, reports, summaries
from intel.actions.places import Described, Said
from intel.models import SummaryAudience
from intel.periods import read
from tests import factories

SAID = {"recipient": "le commandant de la compagnie", "reason": "Réunion du 3 décembre"}


def text_of(answer):
    reader = PdfReader(io.BytesIO(answer.content))
    words = " ".join(page.extract_text() for page in reader.pages)
    return re.sub(r"\s+", " ", words.replace("\u200b", ""))


@pytest.fixture
def report(cast, vosges):
    report = factories.report(cast.diane, vosges["Épinal"], facts="Vente devant la gare.")
    report.refresh_from_db()
    reports.comment(report, by=cast.anna, text="Reprise probable.", version=report.version)
    reports.confirm_identifier(
        report, by=cast.diane, kind="plate", raw="AB-123-CD", value="AB123CD"
    )
    return report


def test_the_sheet_of_a_report_keeps_facts_and_comment_apart_and_says_its_grade(
    cast, report, enter
):
    address = f"/renseignements/{report.reference}/pdf/"
    client = enter(cast.louise)
    assert "Destinataire" in client.get(address).content.decode()
    answer = client.post(address, SAID)
    assert answer["Content-Type"] == "application/pdf"
    words = text_of(answer)
    for told in (
        "DIFFUSION RESTREINTE",
        "Exemplaire n° 1",
        "le commandant de la compagnie",
        "imprimé par Louise Essai",
        "motif : Réunion du 3 décembre",
        report.reference,
        report.get_handling_display().replace("\u00a0", " "),
        "Date des faits",
        "Dernière vérification",
        "Vente devant la gare.",
        "AB-123-CD",
    ):
        assert told in words, told
    facts, comment = words.index("Vente devant la gare."), words.index("Reprise probable.")
    assert facts < words.index("appréciation, non un fait") < comment
    line = Entry.objects.get(verb="report.printed")
    assert (line.target, line.recipients, line.why) == (
        report.reference, SAID["recipient"], SAID["reason"],
    )  # fmt: skip
    assert "Exemplaire n° 2" in text_of(client.post(address, SAID))
    # Nobody learns from a number what other units printed.
    assert "Exemplaire n° 1" in text_of(enter(cast.bruno).post(address, SAID))


def test_a_sheet_is_for_somebody_and_for_a_reason(cast, report, enter):
    address = f"/renseignements/{report.reference}/pdf/"
    for missing in SAID:
        assert enter(cast.louise).post(address, SAID | {missing: " "}).status_code == 422
    assert not Entry.objects.filter(verb="report.printed").exists()


def test_an_h2_report_is_handed_with_the_accord_of_its_owner_alone(cast, vosges, enter):
    held = factories.report(cast.diane, vosges["Épinal"], handling="H2")
    address, client = f"/renseignements/{held.reference}/pdf/", enter(cast.louise)
    assert client.post(address, SAID).url == f"/renseignements/{held.reference}/accord/"
    assert enter(cast.diane).post(address, SAID)["Content-Type"] == "application/pdf"
    accords.ask(held, by=cast.louise, recipient="Parquet", why="Saisine")
    asked = access.decidable_accords(cast.diane).get()
    accords.accept(asked, by=cast.diane, until=timezone.localdate())
    assert client.post(address, SAID)["Content-Type"] == "application/pdf"


def test_a_sheet_shows_what_its_reader_reads(cast, vosges, enter):
    hidden = factories.report(cast.diane, vosges["Épinal"], units=[])
    address = f"/renseignements/{hidden.reference}/pdf/"
    absent = "/renseignements/CROSS-88-2026-99999/pdf/"
    for who in ("louise", "anna", "claire", "paul"):
        client = enter(cast[who])
        refused = client.post(address, SAID)
        assert refused.status_code == client.post(absent, SAID).status_code == 404
    assert not Entry.objects.filter(verb="report.printed").exists()


@pytest.fixture
def place(cast, vosges):
    """Cited by a report of H1 and by one of H2, each of which says its own."""
    freely = factories.report(cast.diane, vosges["Épinal"])
    held = factories.report(cast.diane, vosges["Épinal"], handling="H2")
    described = Described(name="Square", kind="lieu", commune=vosges["Épinal"])
    place = places.create(described, by=cast.diane)
    today = timezone.localdate()
    places.cite(place, freely, Said(seen_on=today, hours="le soir"), by=cast.diane)
    places.cite(place, held, Said(seen_on=today, hours="à midi"), by=cast.diane)
    return place


def test_the_sheet_of_a_place_holds_what_may_leave_and_no_trace_of_the_rest(cast, place, enter):
    address = f"/lieux/{place.key}/pdf/"
    words = text_of(enter(cast.louise).post(address, SAID))
    assert "le soir" in words
    assert "à midi" not in words
    assert "sans accord" not in words  # who is handed the paper may read none of them
    assert "à midi" in text_of(enter(cast.diane).post(address, SAID))
    line = Entry.objects.filter(verb="place.printed").first()
    assert (line.recipients, line.why) == (SAID["recipient"], SAID["reason"])
    for who in ("claire", "paul"):
        assert enter(cast[who]).post(address, SAID).status_code == 404


def test_the_map_of_a_summary_is_a_numbered_sheet_in_a3(cast, vosges, enter):
    summary = summaries.build_for(SummaryAudience.CELL, vosges.department, read("2026-Q3"))
    answer = enter(cast.anna).get(f"/syntheses/{summary.pk}/export/?format=pdf")
    assert answer["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(b"".join(answer.streaming_content)))
    [page] = reader.pages
    assert tuple(map(round, page.mediabox[2:])) == (1191, 842)
    words = re.sub(r"\s+", " ", page.extract_text())
    for told in ("Anna Essai", "Exemplaire n° 1", "n’est pas une commune sans trafic", "fond IGN"):
        assert told in words
    assert Entry.objects.get(verb="summary.exported").recipients == "Anna Essai"

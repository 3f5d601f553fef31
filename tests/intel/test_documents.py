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
from tests.summaries.test_pages import told as entered

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


@pytest.fixture
def quarter(cast, vosges):
    """Fifteen facts in Golbey, four in Épinal, one in Le Thillot: whoever opens no report is told
    the first alone."""
    for day in range(1, 16):
        entered(cast, vosges, "Golbey", 2026, 8, day, by=("diane", "louise")[day % 2])
    for day in range(1, 5):
        entered(cast, vosges, "Épinal", 2026, 9, day, by=("diane", "louise")[day % 2])
    entered(cast, vosges, "Le Thillot", 2026, 7, 3)
    return {each.audience: each for each in summaries.build(vosges.department, read("2026-Q3"))}


def map_of(answer):
    assert answer["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(answer.content))


A3_SHEET, A4_SHEET = (1191, 842), (595, 842)


@pytest.mark.parametrize(("paper", "size"), [("a3", A3_SHEET), ("a4", A4_SHEET)])
def test_the_map_of_a_summary_is_handed_on_either_paper(cast, quarter, enter, paper, size):
    summary = quarter[SummaryAudience.CELL]
    client, address = enter(cast.anna), f"/syntheses/{summary.pk}/carte/?couche=faits"
    assert "<strong>Faits, 3e trimestre 2026</strong>" in client.get(address).content.decode()
    answer = client.post(address, SAID | {"paper": paper})
    assert 'filename="carte-88-3e-trimestre-2026-faits.pdf"' in answer["Content-Disposition"]
    reader = map_of(answer)
    for page in reader.pages:
        assert tuple(map(round, page.mediabox[2:])) == size
        words = re.sub(r"\s+", " ", page.extract_text().replace("\u200b", ""))
        for told in (
            "DIFFUSION RESTREINTE",
            "Exemplaire n° 1",
            SAID["recipient"],
            "imprimé par Anna Essai",
            f"motif : {SAID['reason']}",
        ):
            assert told in words, told
    words = text_of(answer)
    for told in ("n’est pas une commune sans trafic", "fond IGN", summary.journal_reference[1:]):
        assert told in words
    # Alone in A3, above its own figures in A4; those are in the file too.
    assert ("Ce que montre la carte" in words) == (paper == "a4")
    assert bool(reader.attachments) == (paper == "a4")
    line = Entry.objects.get(verb="map.printed")
    assert line.target == summary.journal_reference
    assert line.recipients == SAID["recipient"]
    assert line.why == f"Faits, {paper.upper()} : {SAID['reason']}"
    assert "Exemplaire n° 2" in text_of(client.post(address, SAID | {"paper": paper}))
    # Nobody learns from a number what other units printed.
    assert "Exemplaire n° 1" in text_of(enter(cast.diane).post(address, SAID | {"paper": paper}))


def test_a_printed_map_is_masked_as_the_reader_s_own_page(cast, quarter, enter):
    """Le Thillot has one fact: the cell is told, the prefecture is not, whatever the paper."""
    said = SAID | {"paper": "a4"}
    exact, masked = (quarter[SummaryAudience(each)] for each in ("cellule", "prefecture"))
    told = enter(cast.anna).post(f"/syntheses/{exact.pk}/carte/", said)
    assert "Le Thillot 1" in text_of(told)
    answer = enter(cast.claire).post(f"/syntheses/{masked.pk}/carte/", said)
    words, reader = text_of(answer), map_of(answer)
    assert "Golbey 15" in words
    held = [words, *(b"".join(each).decode() for each in reader.attachments.values())]
    for text in held:
        assert not re.search(r"Le Thillot\W+1\b", text)
    assert b"Le Thillot : 1" not in answer.content
    # Each prints his own summary alone; of another nothing is said, not even that it is there.
    for who, summary in (("claire", exact), ("anna", masked), ("gilles", exact), ("paul", exact)):
        client = enter(cast[who])
        refused = client.post(f"/syntheses/{summary.pk}/carte/", said)
        absent = client.post("/syntheses/999999/carte/", said)
        assert refused.status_code == absent.status_code == 404, who
    assert Entry.objects.filter(verb="map.printed").count() == 2


@pytest.mark.parametrize("missing", ["recipient", "reason", "paper"])
def test_a_map_is_for_somebody_for_a_reason_and_on_a_paper(cast, quarter, enter, missing):
    address = f"/syntheses/{quarter[SummaryAudience.CELL].pk}/carte/"
    client = enter(cast.anna)
    answer = client.post(address, SAID | {"paper": "a3"} | {missing: ""})
    assert answer.status_code == 422
    kept = SAID["reason"] if missing == "recipient" else SAID["recipient"]
    assert kept in answer.content.decode()
    assert client.post(address, SAID | {"paper": "a0"}).status_code == 422
    assert not Entry.objects.filter(verb="map.printed").exists()


def test_a_summary_without_a_map_prints_none(cast, vosges, enter):
    """Masked, a month tells no commune."""
    month = summaries.build_for(SummaryAudience.PREFECTURE, vosges.department, read("2026-08"))
    client = enter(cast.claire)
    page = client.get(f"/syntheses/{month.pk}/").content.decode()
    assert "Imprimer cette carte" not in page
    address = f"/syntheses/{month.pk}/carte/"
    assert client.post(address, SAID | {"paper": "a4"}).url == f"/syntheses/{month.pk}/"
    assert not Entry.objects.filter(verb="map.printed").exists()

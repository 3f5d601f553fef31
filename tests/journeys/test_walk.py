"""The main job, once through: from a first report to a printed brief, on real parts only.

Real communes, a real worker on a real broker, a real browser per person. What one does, the next
one finds on his own screen; the hidden report changes nothing on the screen of whom it is not for.
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from intel import periods
from intel.statistics import masking
from tests.browser import bring_what_comes_last
from tests.journeys.conftest import invent, load_vosges
from tests.journeys.notes import RECIPIENT, print_note, publish, word_and_submit
from tests.outbox.conftest import running_worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

REPORTS = 150
OPEN = "Une voiture s’arrête chaque soir sous le pont de la voie verte, trois minutes au plus."
HIDDEN = "Un riverain exposé décrit un dépôt de colis derrière l’ancienne filature."
WORDS = "La voie verte concentre les passages du soir."


@pytest.fixture
def department(transactional_db):
    load_vosges()
    invent(REPORTS)


def test_from_a_first_report_to_a_printed_brief(department, browse, enter_by_the_page, tmp_path):
    today = timezone.localdate()
    last_month = periods.month_of(today).previous()

    analyst = enter_by_the_page("analyste")
    reference = type_a_report(analyst, OPEN, commune="thillot", received_on=last_month.end)
    triage_with_single_keys(analyst, reference)
    customs = enter_by_the_page("liaison.douane")
    sheet = find(customs, reference)
    assert OPEN in sheet
    assert "Trié" in sheet

    border = enter_by_the_page("liaison.paf")
    before = all_that_is_seen(border)
    hidden = type_a_report(analyst, HIDDEN, commune="saulxures-sur-m", received_on=today)
    assert all_that_is_seen(border) != before  # as long as it is open: the comparison can fail
    assert border.goto(f"/renseignements/{hidden}/").ok
    restrict(analyst, hidden, to=("PJ Vosges", "Douane Épinal"))
    assert customs.goto(f"/renseignements/{hidden}/").ok
    does_not_exist(border, hidden)
    browse.complaints.clear()  # the browser itself logs each 404
    assert all_that_is_seen(border) == before

    facts = ask_for_a_summary(analyst, last_month)
    prefecture = enter_by_the_page("prefecture")
    number = write_a_note(prefecture, last_month, facts)
    publish(enter_by_the_page("parquet.epinal"), prefecture, number)
    sheets = print_note(prefecture, number, tmp_path / "note.pdf")
    for rank, text in enumerate(sheets, start=1):
        page_number = f"Page {rank}/{len(sheets)}"
        for mark in ("DIFFUSION RESTREINTE", page_number, "Exemplaire n° 1", RECIPIENT):
            assert mark in text
    assert WORDS in " ".join(" ".join(sheets).split())

    control = enter_by_the_page("dpo")
    assert journal_of(control, reference) >= {
        ("Cellule CROSS 88", "Renseignement enregistré"),
        ("Cellule CROSS 88", "Étape franchie"),
        ("Douane Épinal", "Fiche consultée"),
    }
    assert journal_of(control, hidden) >= {
        ("PAF Vosges", "Fiche consultée"),
        ("Cellule CROSS 88", "Lecture restreinte"),
        ("PAF Vosges", "Accès refusé"),
    }
    assert ("Préfecture 88", "Note de stratégie imprimée") in journal_of(control, number)


def type_a_report(page, facts, *, commune, received_on):
    """From wherever one is, by the keyboard alone; the reference of the report."""
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("n")
    page.wait_for_url("**/nouveau/")
    page.keyboard.type(facts)
    page.keyboard.press("Tab")
    page.keyboard.type(commune)
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(f"{received_on - timedelta(days=1):%d/%m/%Y}")
    for _ in range(3):  # over the end of a span and the box « non précisée », to the origins
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    fold = page.locator("summary", has_text="Préciser les faits")
    for _ in range(10):  # over what was read in the facts, which comes when it comes
        page.keyboard.press("Tab")
        if fold.evaluate("(element) => element === document.activeElement"):
            break
    page.keyboard.press("Enter")
    received = page.get_by_label("Reçu le")
    received.wait_for()
    received.focus()
    page.keyboard.type(f"{received_on:%d/%m/%Y}")
    page.keyboard.press("Control+Enter")
    told = page.get_by_text(
        re.compile(r"transmis, faits du [^.]+\. \d+\sunités peuvent le lire")
    ).inner_text()
    return re.search(r"CROSS-88-\d{4}-\d{5}", told)[0]


def triage_with_single_keys(page, reference):
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.get_by_role("heading", name="File de tri").wait_for()
    waiting = int(page.locator("#nombre strong").inner_text())
    while f"/tri/{reference}/" not in page.url:
        opened = page.url
        page.keyboard.press("j")
        page.wait_for_url(lambda url, opened=opened: url != opened)
    page.keyboard.press("v")
    page.locator("main").get_by_text(f"{reference} : Trié").wait_for()
    expect(page.locator("#nombre strong")).to_have_text(str(waiting - 1))


def find(page, reference):
    """Ask the search box of the header for a reference; what its sheet says."""
    page.keyboard.press("/")
    page.keyboard.type(reference)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{reference}/")
    return page.locator("main").inner_text()


def all_that_is_seen(page):
    """Everything that lists or counts, as this person reads it; the time of day apart."""
    seen = []
    for address in ("/", "/renseignements/", "/renseignements/?q=filature", "/syntheses/"):
        page.goto(address)
        bring_what_comes_last(page)
        seen.append(re.sub(r"\d{1,2}:\d{2}", "", page.locator("main").inner_text()))
    return seen


def does_not_exist(page, reference):
    absent = reference[:-4] + "9999"
    said = []
    for each in (reference, absent):
        assert page.goto(f"/renseignements/{each}/").status == 404
        said.append(page.locator("main").inner_text().replace(each, ""))
    assert said[0] == said[1]


def restrict(page, reference, *, to):
    page.goto(f"/renseignements/{reference}/")
    page.get_by_role("link", name="Restreindre").click()
    for unit in to:
        page.get_by_label(unit, exact=True).check(force=True)
    page.get_by_label("Personne exposée ou mineure").check(force=True)
    page.get_by_role("button", name="Restreindre").click()
    page.get_by_text("Fiche restreinte.").wait_for()


def ask_for_a_summary(page, period):
    """Asked while nobody is at work: the page says that it waits, then what the worker made."""
    page.goto("/syntheses/")
    page.get_by_label("Période").select_option(period.code)
    page.get_by_role("button", name="Construire").click()
    page.get_by_text("En attente du calculateur").wait_for()
    with running_worker():
        page.get_by_role("link", name="Ouvrir la synthèse").click()
    page.get_by_role("heading", name=f"Synthèse territoriale, {period.label}").wait_for()
    expect(page.locator("main")).to_contain_text("Le Thillot", use_inner_text=True)
    return int(facts_of(page))


def facts_of(page):
    """The first figure of a summary."""
    return page.locator(".cx-figure__value").first.inner_text()


def write_a_note(page, period, facts):
    page.goto("/syntheses/")
    page.get_by_role("link", name=period.label.capitalize()).first.click()
    page.get_by_role("heading", name=f"Synthèse territoriale, {period.label}").wait_for()
    shown = str(facts) if facts >= masking.THRESHOLD else "n.c."
    assert facts_of(page) == shown
    page.get_by_role("link", name="Préparer une note de stratégie").click()
    return word_and_submit(page, f"{WORDS}\n\n- Éclairage à reprendre")


def journal_of(page, reference):
    """(unit, action) of every line that names it; what was written is in none."""
    page.goto("/journal/")
    page.get_by_label("Référence").fill(reference)
    page.get_by_role("button", name="Filtrer").click()
    page.wait_for_url("**reference=**")
    assert not any(text in page.content() for text in (OPEN, HIDDEN, WORDS))
    lines = [row.locator("td").all_inner_texts() for row in page.locator("tbody tr").all()]
    return {
        (agent.splitlines()[-1].partition(" · ")[0], action) for _, agent, _, action, *_ in lines
    }

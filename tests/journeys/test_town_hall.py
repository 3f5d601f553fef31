"""A mayor's office contributes and learns the outcome: one journey, everybody by his own page."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys.conftest import invent, load_vosges

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

REPORTS = 20
FACTS = "Le gardien de l’école a vu un homme vendre des sachets derrière le préau, à midi."


@pytest.fixture
def department(transactional_db):
    load_vosges()
    invent(REPORTS)


def test_a_town_hall_contributes_and_learns_the_outcome(department, browse, enter_by_the_page):
    hall = enter_by_the_page("partenaire")
    expect(hall.get_by_role("heading", name="Mairie de Charmes")).to_be_visible()
    hall.get_by_role("link", name="Transmettre une information").first.click()
    hall.get_by_label("Que s’est-il passé ?").fill(FACTS)
    hall.get_by_role("combobox", name="Commune").fill("Charmes")
    hall.get_by_role("button", name="Transmettre").click()
    told = hall.get_by_text(re.compile(r"porte la référence CROSS-88")).inner_text()
    reference = re.search(r"CROSS-88-\d{4}-\d{5}", told)[0]
    expect(hall.locator("main")).to_contain_text("Reçue", use_inner_text=True)

    analyst = enter_by_the_page("analyste")
    sheet = f"/renseignements/{reference}/"
    analyst.goto(sheet)
    expect(analyst.locator("main")).to_contain_text(FACTS, use_inner_text=True)
    analyst.get_by_role("button", name="Recevable").click()
    analyst.get_by_text("État de la fiche").first.wait_for()
    hall.goto(f"/contributions/{reference}/")
    expect(hall.locator("main")).to_contain_text("Retenue", use_inner_text=True)
    grade(analyst, sheet)
    direct(analyst, sheet)

    customs = enter_by_the_page("liaison.douane")
    customs.goto("/orientations/")
    customs.get_by_role("row", name=re.compile(reference)).get_by_role("link").first.click()
    customs.get_by_role("button", name="Prendre en compte").click()
    customs.get_by_role("link", name="Déclarer exploité").click()
    tick(customs, "Interpellation")
    customs.get_by_label("Personnes interpellées").fill("1")
    customs.locator("textarea[name=why]").fill("Contrôle à la sortie, un homme interpellé.")
    customs.get_by_role("button", name="Déclarer exploité").click()
    customs.get_by_text("Interpellation (1").first.wait_for()
    seize_the_court(customs, sheet)

    analyst.goto(sheet)
    analyst.get_by_text("Interpellation (1").first.wait_for()
    analyst.get_by_role("link", name="Faire le retour").click()
    tick(analyst, "Action menée")
    analyst.get_by_role("button", name="Faire le retour").click()
    analyst.wait_for_url(lambda url: "etape" not in url)

    hall.goto("/")
    row = hall.get_by_role("row", name=re.compile(reference)).inner_text()
    assert "Action menée" in row
    hall.goto(f"/contributions/{reference}/")
    seen = hall.locator("main").inner_text()
    assert "Retour : Action menée" in seen.replace("\xa0", " ")
    for theirs in ("Douane", "interpellé.", "Tribunal", "B3", "Épinal"):
        assert theirs not in seen, theirs
    for address in (sheet, "/renseignements/", "/lieux/", "/orientations/"):
        assert hall.goto(address).status in {403, 404}, address
    browse.complaints.clear()  # the browser itself logs each of them


def grade(page, sheet):
    page.goto(f"{sheet}cotation/")
    tick(page, r"B\s:")
    tick(page, r"3\s:")
    page.get_by_role("button", name="Enregistrer et valider").click()
    page.wait_for_url(lambda url: "cotation" not in url)


def direct(page, sheet):
    page.goto(f"{sheet}etape/?vers=oriente")
    page.get_by_label("Unité attributaire").select_option(label="Douane Épinal")
    tick(page, "Commissariat Épinal")
    page.get_by_label("Consigne").fill("Passer à l’heure de la sortie.")
    page.get_by_role("button", name="Orienter").click()
    page.get_by_text("Pour information").first.wait_for()


def seize_the_court(page, sheet):
    page.goto(f"{sheet}parquet/")
    page.get_by_label("Transmis le").fill(f"{timezone.localdate():%d/%m/%Y}")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_text("décision pas encore connue").wait_for()


def tick(page, words):
    """By its words, as people do: they lie over the box."""
    page.locator("main label", has_text=re.compile(f"^\\s*{words}")).first.click()

"""A quarter of the cell, once through: a meeting decides, units act, results are told to whoever
informed, the note says it, is validated by two, published and printed; the next says what moved.
"""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from intel.models import Report
from intel.models.choices import Handling
from protocols.meeting_states import MeetingState
from protocols.models import Action, Meeting
from services.models import Member, Service, Unit
from tests.journeys.conftest import invent, load_vosges
from tests.journeys.notes import RECIPIENT, print_note, publish, word_and_submit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

ACTION = "Contrôler les arrêts de car le vendredi soir"
DIRECTED = "Vérifier sur place avant la fin du mois"
LEADER = "Commissariat Épinal"
SEEN = "Deux patrouilles chaque vendredi depuis la décision."


@pytest.fixture
def department(transactional_db):
    load_vosges()
    invent(150)


def test_a_quarter_from_a_meeting_to_the_note_that_says_what_moved(
    department, enter_by_the_page, tmp_path
):
    animator = enter_by_the_page("animatrice")
    liaison = enter_by_the_page("liaison.police")
    prefecture = enter_by_the_page("prefecture")
    court = enter_by_the_page("parquet.epinal")

    reference = hold_the_meeting(animator)
    minutes = sign_the_minutes(animator, liaison)
    assert ACTION in minutes
    assert reference not in minutes  # the prefecture reads them

    act(liaison, reference)
    animator.goto(f"/renseignements/{reference}/")
    expect(animator.locator("main")).to_contain_text("Interpellation")

    month, next_month = last_two_months(prefecture)
    first = write_a_note(prefecture, month)
    publish(court, prefecture, first)
    whole = print_it(prefecture, first, tmp_path / "whole.pdf")
    for said in (ACTION, "Engagée", RECIPIENT, "Exemplaire n° 1", "DIFFUSION RESTREINTE"):
        assert said in whole
    partners = print_it(prefecture, first, tmp_path / "partners.pdf", form="par")
    assert ACTION in partners
    says_nothing_internal(partners)
    bring_back(prefecture, first)

    change_state(liaison, "Réalisée")
    following = write_a_note(prefecture, next_month)
    since = prefecture.get_by_role("region", name="Depuis l’édition précédente")
    expect(since).to_contain_text(f"Comparée à la note {first}")
    moved = since.get_by_role("row").filter(has_text=ACTION)
    expect(moved).to_contain_text("Engagée")
    expect(moved).to_contain_text("Réalisée")
    publish(court, prefecture, following)


def hold_the_meeting(page):
    """Opened, a report directed and an action decided, everybody there; the report."""
    meeting = Meeting.objects.get(state=MeetingState.CALLED)
    page.goto(f"/reunions/{meeting.key}/")
    page.get_by_role("button", name="Ouvrir la séance").click()
    if meeting.held_on > timezone.localdate():
        page.get_by_role("button", name="La tenir aujourd’hui").click()
    page.get_by_role("link", name=re.compile("Renseignements à orienter")).click()
    page.get_by_role("heading", level=2, name=re.compile("Renseignements à orienter")).wait_for()
    page.get_by_label("Décision", exact=True).fill(DIRECTED)
    page.get_by_label("Unité chargée").select_option(label=LEADER)
    choice = page.get_by_label("Fiche à orienter")
    offered = [option.get_attribute("value") for option in choice.locator("option").all()]
    reports = Report.objects.unguarded(because="test").filter(owner__is_cell=True)
    reference = reports.filter(reference__in=offered).values_list("reference", flat=True)[0]
    choice.select_option(reference)
    page.get_by_role("button", name="Enregistrer la décision").click()
    expect(page.locator("main")).to_contain_text(f"{reference} orientée")

    page.get_by_role("link", name=re.compile("Suites de la réunion")).click()
    page.get_by_role("heading", name="Décidé la fois précédente").wait_for()
    page.get_by_label("Décision", exact=True).fill(ACTION)
    page.get_by_label("Unité chargée").select_option(label=LEADER)
    page.get_by_label("Axe de la stratégie").select_option(index=2)
    page.get_by_role("button", name="Enregistrer la décision").click()
    page.get_by_text("Décision enregistrée.").wait_for()

    page.get_by_text("Présences et observations").click()
    page.get_by_label("Toutes les unités qui restent à noter").check(force=True)
    page.get_by_role("button", name="Enregistrer les présences").click()
    page.get_by_text("Présences enregistrées.").wait_for()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Lever la séance").click()
    page.get_by_role("heading", name="Compte rendu", exact=True).wait_for()
    return reference


def sign_the_minutes(animator, second):
    """By the animator, then by one of another service; what the second has read."""
    animator.get_by_role("button", name="Signer").click()
    animator.get_by_text("L’animateur a signé").wait_for()
    second.goto(animator.url)
    second.get_by_role("button", name="Signer").click()
    second.get_by_text("signé par les deux services").wait_for()
    return second.locator(".cx-sheet__main").inner_text()


def act(page, reference):
    """The unit in charge: begun, a word for the quarter, a result and the report it came from."""
    change_state(page, "Engagée")
    page.get_by_role("link", name="Écrire le point du trimestre").click()
    page.get_by_label("Où en est l’action").fill(SEEN)
    page.get_by_role("button", name="Enregistrer le point").click()
    expect(page.locator("main")).to_contain_text(SEEN)
    page.get_by_role("link", name="Noter un résultat").click()
    page.get_by_label("Interpellation").check(force=True)
    page.get_by_label("Chiffre").fill("2")
    page.get_by_label("Fiches qui l’ont permis").fill(reference)
    page.get_by_role("button", name="Enregistrer le résultat").click()
    page.get_by_text("Résultat enregistré.").wait_for()


def change_state(page, label):
    page.goto(Action.objects.get(title=ACTION).get_absolute_url())
    page.get_by_role("link", name="Changer l’état").click()
    page.get_by_label(label, exact=True).check(force=True)
    page.get_by_role("button", name="Changer l’état").click()
    expect(page.get_by_role("heading", name=ACTION)).to_be_visible()
    expect(page.locator(".cx-heading__badges")).to_contain_text(label)


def last_two_months(page):
    """The periods of the two last summaries of a month, the older first."""
    page.goto("/notes/nouvelle/")
    offered = page.get_by_label(re.compile("Synthèse dont")).locator("option").all()[1:]
    months = [each for each in offered if "trimestre" not in each.inner_text()]
    return [each.get_attribute("value") for each in months[1::-1]]


def write_a_note(page, offered):
    """From that summary, with a word, validated for the prefecture; its number."""
    page.goto("/notes/nouvelle/")
    page.get_by_label(re.compile("Synthèse dont")).select_option(offered)
    return word_and_submit(page, "Les contrôles ont repris.")


def print_it(page, number, file, **options):
    return " ".join(" ".join(print_note(page, number, file, **options)).split())


def says_nothing_internal(text):
    """No unit below its service, nobody, no code, no reference."""
    speaking = (Service.Kind.PREFECTURE, Service.Kind.PROSECUTOR)
    units = Unit.objects.filter(department__code="88", is_cell=False)
    units = units.exclude(service__kind__in=speaking).select_related("service")
    services = {unit.service.name for unit in units}
    hidden = {name for unit in units for name in (unit.name, unit.short_name)} - services
    members = Member.objects.filter(unit__department__code="88")
    hidden |= {member.get_full_name() for member in members} | set(Handling.values)
    for name in services:  # a short name may be a word of a whole one
        text = text.replace(name, "")
    found = {name for name in hidden if name and re.search(rf"\b{re.escape(name)}\b", text)}
    assert found == set()
    assert not re.search(r"CROSS-\d", text)


def bring_back(page, number):
    """The first copy came back: the register says so."""
    page.goto(f"/notes/exemplaires/?note={number}")
    page.get_by_role("link", name=re.compile(f"{number}, exemplaire 1$")).click()
    page.get_by_label("Rendu à l’émetteur").check(force=True)
    page.get_by_label("Comment").fill("Remis en main propre.")
    page.get_by_role("main").get_by_role("button", name="Inscrire").click()
    expect(page.locator("main")).to_contain_text("Remis en main propre.")

"""Two services that should speak, each at his own screen."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from intel.actions import silent_mode
from services.models import Commune, Unit
from services.territory.points import degrees_of, metres_of
from tests import factories
from tests.browser import assert_accessible, assert_fits

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]

LATITUDE, LONGITUDE = 48.1744, 6.4503


@pytest.fixture
def epinal(vosges):
    """With a centre where the town is: people give degrees."""
    x, y = metres_of(LATITUDE, LONGITUDE, 2154)
    outline = [[[x - 3000, y - 3000, x + 3000, y - 3000, x + 3000, y + 3000, x - 3000, y + 3000]]]
    Commune.objects.filter(pk=vosges["Épinal"].pk).update(centre_x=x, centre_y=y, outline=outline)
    vosges.department.outline = outline
    vosges.department.save()
    return vosges["Épinal"]


def east_of(metres):
    """The same place, so many metres to the east, as a telephone says it."""
    x, y = metres_of(LATITUDE, LONGITUDE, 2154)
    latitude, longitude = degrees_of(x + metres, y, 2154)
    return f"{latitude:.6f}, {longitude:.6f}"


def declare(page, *, kind, point, start):
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("k")
    page.wait_for_url("**/deconfliction/")
    page.get_by_role("link", name="Déclarer une opération").click()
    page.get_by_label("Type d’opération").select_option(label=kind)
    page.get_by_label("Début", exact=True).fill(f"{start:%Y-%m-%dT%H:%M}")
    page.get_by_label("Fin", exact=True).fill(f"{start + timedelta(hours=2):%Y-%m-%dT%H:%M}")
    page.locator("#id_commune").fill("Épinal")
    page.get_by_label("Coordonnées du point").fill(point)
    page.get_by_role("button", name="Déclarer et vérifier").click()
    page.wait_for_url("**/operations/OPS-88-*/")
    return page.locator("main").inner_text()


def test_two_services_200_metres_apart_at_the_same_hour_are_both_told(cast, epinal, browse):
    Unit.objects.filter(pk=cast.diane.unit_id).update(phone="03 53 01 00 01")
    Unit.objects.filter(pk=cast.louise.unit_id).update(phone="03 53 01 00 02")
    start = timezone.localtime() + timedelta(days=2)
    customs, police = browse(cast.diane), browse(cast.louise)
    first = declare(customs, kind="Surveillance", point=east_of(0), start=start)
    assert "Aucun conflit connu" in first
    second = declare(police, kind="Perquisition", point=east_of(200), start=start)
    assert "1 conflit : appelez avant d’agir" in second.replace("\u00a0", " ")
    assert "Brigade des douanes" in second
    assert "03 53 01 00 01" in second
    assert "Surveillance" not in second  # what the other does is for the call

    customs.goto("/")
    entry = customs.get_by_role("link", name="Déconfliction 1 en attente")
    entry.click()
    told = customs.locator("main")
    expect(told).to_contain_text("Commissariat", use_inner_text=True)
    expect(told).to_contain_text("03 53 01 00 02", use_inner_text=True)
    expect(told).not_to_contain_text("Perquisition", use_inner_text=True)
    expect(told.locator(".cx-map--large .map-circle-alert")).to_have_count(1)
    for page in (customs, police):
        assert_accessible(page)
    told.get_by_role("link", name="Dire l’issue").click()
    customs.get_by_label("Action conjointe").check(force=True)
    customs.get_by_role("button", name="Enregistrer").click()
    customs.get_by_text("Issue enregistrée").wait_for()
    police.goto("/deconfliction/")
    expect(police.locator("main")).to_contain_text("Action conjointe", use_inner_text=True)

    stranger = browse(cast.paul)
    stranger.goto("/deconfliction/")
    expect(stranger.locator("main")).to_contain_text(
        "Aucun rapprochement à traiter", use_inner_text=True
    )


def look_for(page, text):
    """From the page of deconfliction, what is answered of a pasted text."""
    page.goto("/deconfliction/")
    page.get_by_role("textbox", name="Identifiants").fill(text)
    page.get_by_role("button", name="Lire les identifiants").click()
    page.get_by_role("heading", name="Confirmer les identifiants").wait_for()
    page.get_by_role("button", name="Vérifier").click()
    page.wait_for_url("**/cibles/DEC-88-*/")
    return page.locator("#reponse").locator("..").inner_text()


def test_a_restricted_plate_is_searched_in_each_of_the_owner_s_modes(cast, vosges, browse):
    plate = ("plate", "AB-123-CD", "AB123CD")
    held = factories.report(cast.diane, vosges["Épinal"], units=[], identifiers=[plate])
    Unit.objects.filter(pk=cast.diane.unit_id).update(phone="03 53 01 00 01")
    police, customs = browse(cast.louise), browse(cast.diane)
    pointed = look_for(police, "La plaque AB 123 CD, vue hier")
    assert "Rapprochement" in pointed
    assert "Brigade des douanes" in pointed
    assert "03 53 01 00 01" in pointed
    assert held.reference not in pointed

    customs.goto(reverse("restrict_report", args=[held.reference]))
    customs.get_by_role("checkbox", name="Cellule CROSS").check(force=True)
    customs.get_by_role("radio", name="Mode silencieux").check(force=True)
    customs.get_by_label("Motif du silence").fill("Équipe en place")
    until = timezone.localdate() + timedelta(days=20)
    customs.get_by_label("Silence à revoir le").fill(until.isoformat())
    customs.get_by_role("button", name="Enregistrer la restriction").click()
    customs.get_by_text("Restriction modifiée.").wait_for()

    silent = look_for(police, "AB-123-CD")
    silent_mode.lift(held, by=cast.diane)
    held.delete()
    absent = look_for(police, "AB-123-CD")
    assert silent == absent
    assert "Aucun rapprochement" in silent

    customs.goto("/deconfliction/")
    told = customs.locator("#a-traiter").locator("..").inner_text()
    assert (told.count("Commissariat"), told.count("Dire l’issue")) == (1, 2)
    assert "L’autre unité n’est pas avertie" in told


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (1440, "dark"), (390, "light")])
def test_the_empty_page_says_what_to_do(cast, vosges, browse, width, theme):
    page = browse(cast.bruno, width=width, theme=theme)
    page.goto("/deconfliction/")
    expect(page.locator("main")).to_contain_text(
        "Aucun rapprochement à traiter", use_inner_text=True
    )
    expect(page.locator("main")).to_contain_text("Aucune opération prévue", use_inner_text=True)
    assert_accessible(page)
    assert_fits(page)


def test_without_script_an_operation_is_declared_all_the_same(cast, epinal, browse):
    page = browse(cast.diane, script=False)
    page.goto("/deconfliction/operations/nouvelle/")
    start = timezone.localtime() + timedelta(days=2)
    page.get_by_label("Type d’opération").select_option(label="Contrôle")
    page.get_by_label("Début", exact=True).fill(f"{start:%Y-%m-%dT%H:%M}")
    page.get_by_label("Fin", exact=True).fill(f"{start + timedelta(hours=2):%Y-%m-%dT%H:%M}")
    page.locator("#id_commune").fill("epinal")
    page.get_by_role("checkbox", name="Mode silencieux").check(force=True)
    page.get_by_role("button", name="Déclarer et vérifier").click()
    refused = page.locator("main").inner_text()
    assert "Dites pourquoi" in refused
    # The form had sent no point: a silence needs one, so that nobody searches the map with it.
    page.get_by_label("Coordonnées du point").fill(east_of(0))
    browse.complaints.clear()  # the browser itself logs the 422
    page.get_by_label("Motif du silence").fill("Source exposée")
    until = timezone.localdate() + timedelta(days=20)
    page.get_by_label("Silence à revoir le").fill(until.isoformat())
    page.get_by_role("button", name="Déclarer et vérifier").click()
    page.wait_for_url("**/operations/OPS-88-*/")
    expect(page.locator("main")).to_contain_text("Source exposée", use_inner_text=True)

"""The list and the sheet in a real browser: partial updates, keys, paper, accessibility."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect

from intel.actions import attachments, complements, life, reports
from intel.states import State
from tests import factories
from tests.browser import assert_accessible, assert_fits

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]

SIZES = [(1440, "light"), (1440, "dark"), (320, "light")]


@pytest.fixture
def shelf(cast, vosges):
    """A dozen reports, of which one in every state that a list meets often."""
    made = [
        factories.report(
            (cast.diane, cast.louise)[rank % 2],
            vosges[("Épinal", "Golbey", "Le Thillot")[rank % 3]],
            subject=f"Vente aux abords du lycée n° {rank}",
            products=["cocaine"] if rank % 2 else ["cannabis_herbe", "heroine"],
            grade=("B", "2"),
            units=[cast.anna.unit] if rank == 4 else None,
        )
        for rank in range(12)
    ]
    life.move(made[0], by=cast.anna, target=State.URGENT, why="Remise ce soir")
    life.move(made[1], by=cast.anna, target=State.SORTED)
    return made


def count_of(page):
    return page.locator("#nombre").inner_text()


def test_filters_change_the_list_in_place_and_the_address_with_it(browse, cast, shelf):
    page = browse(cast.anna)
    page.goto("/renseignements/")
    page.get_by_label("Cocaïne").check()
    page.wait_for_url("**/renseignements/?produit=cocaine")
    page.locator("#nombre", has_text=re.compile(r"^\s*6 renseignements")).wait_for()
    expect(page.locator("#f-produit-cocaine")).to_be_focused()
    page.get_by_role("link", name="Commune").click()
    page.wait_for_url("**tri=commune**")
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("Commune")
    page.get_by_role("link", name=re.compile("Produit : Cocaïne")).click()
    page.wait_for_url("**/renseignements/?tri=commune")
    page.locator("#nombre", has_text=re.compile(r"^\s*12 renseignements")).wait_for()
    # The keyboard goes on from the results; Back gives whole pages, not fragments.
    expect(page.locator("[data-refocus]")).to_be_focused()
    page.go_back()
    page.locator("#nombre", has_text=re.compile(r"^\s*6 renseignements")).wait_for()
    expect(page.locator("header")).to_have_count(1)


def test_without_script_the_same_filters_send_the_whole_page(browse, cast, shelf):
    page = browse(cast.anna, script=False)
    page.goto("/renseignements/")
    page.get_by_label("Cocaïne").check()
    page.get_by_role("button", name="Filtrer", exact=True).click()
    assert page.url.endswith("/renseignements/?produit=cocaine")
    assert count_of(page) == "6 renseignements"
    page.get_by_role("link", name="Commune").click()
    assert "tri=commune" in page.url


def test_one_key_moves_a_sheet_and_one_takes_it_back(browse, cast, shelf):
    page = browse(cast.anna)
    page.goto(shelf[2].get_absolute_url())
    page.keyboard.press("v")
    page.get_by_text("État de la fiche").wait_for()
    page.keyboard.press("u")
    page.get_by_text("Étape annulée").wait_for()
    page.keyboard.press("x")
    page.get_by_role("heading", name="Hors champ").wait_for()
    page.get_by_label("Motif").fill("Sans lien")
    page.keyboard.press("Control+Enter")
    page.get_by_text("État de la fiche").wait_for()
    assert page.locator(".cx-heading__badges").inner_text() == "Hors champ"


def test_who_will_see_it_follows_the_boxes(browse, cast, shelf):
    page = browse(cast.diane)
    page.goto(f"{shelf[2].get_absolute_url()}diffusion/")
    page.locator("label", has_text="Commissariat").click()
    page.get_by_text("2 unités verront cette fiche").wait_for()
    page.locator("label", has_text="Cellule CROSS").click()
    page.get_by_text("3 unités verront cette fiche").wait_for()
    expect(page.locator("#qui-verra")).not_to_contain_text(
        "elle ne pourra ni la trier", use_inner_text=True
    )


def test_the_print_button_writes_its_line_and_opens_the_printer(browse, cast, shelf):
    page = browse(cast.louise)
    page.add_init_script("window.print = () => { document.documentElement.dataset.printed = '' }")
    page.goto(shelf[1].get_absolute_url())
    page.get_by_text("Plus", exact=True).click()
    page.get_by_role("button", name="Imprimer la fiche").click()
    page.wait_for_selector("html[data-printed]")
    assert page.url.endswith(shelf[1].get_absolute_url())
    page.emulate_media(media="print")
    expect(page.get_by_text("Imprimé le")).to_be_visible()
    expect(page.get_by_text("Faits observés ou rapportés")).to_be_visible()
    expect(page.locator(".cx-actionbar")).to_be_hidden()


@pytest.mark.parametrize(("width", "theme"), SIZES)
def test_pages_fit_and_are_accessible(browse, cast, shelf, width, theme):
    reports.comment(shelf[1], by=cast.anna, text="Report probable.", version=2)
    reports.confirm_identifier(shelf[1], by=cast.anna, kind="alias", raw="Momo", value="momo")
    upload = SimpleUploadedFile("note.txt", b"texte")
    attachments.attach(shelf[1], by=cast.louise, upload=upload)
    life.move(shelf[3], by=cast.anna, target=State.DUPLICATE, original=shelf[1])
    sheet = shelf[1].get_absolute_url()
    page = browse(cast.anna, width=width, theme=theme)
    for path in (
        "/renseignements/?produit=cocaine&tri=-commune",
        "/renseignements/?q=introuvable&commune=Golbey",
        "/renseignements/?commune=Zorglub",
        sheet,
        f"{sheet}versions/",
        f"{sheet}cotation/",
        f"{sheet}commentaire/",
        f"{sheet}identifiants/",
        f"{sheet}etape/?vers=doublon",
        shelf[4].get_absolute_url(),
    ):
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)


@pytest.mark.parametrize(("width", "script"), [(1366, True), (390, True), (1366, False)])
def test_what_was_just_added_is_seen_with_its_answer(browse, cast, vosges, width, script):
    report = factories.report(cast.diane, vosges["Épinal"], facts="Une ligne.\n" * 60)
    for rank in range(12):
        complements.add(report, by=cast.karim, text=f"Une précision, la n° {rank}")
    page = browse(cast.louise, width=width, script=script)
    page.goto(f"{report.get_absolute_url()}complement/")
    page.get_by_label("Complément").fill("Le gérant a changé.")
    page.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_text("Complément ajouté.")).to_be_in_viewport(ratio=1)
    expect(page.get_by_text("Le gérant a changé.")).to_be_in_viewport(ratio=1)


def test_filters_open_over_a_narrow_page(browse, cast, shelf):
    page = browse(cast.anna, width=390)
    page.goto("/renseignements/")
    expect(page.get_by_label("Cocaïne")).to_be_hidden()
    page.get_by_role("button", name="Filtrer", exact=True).click()
    page.get_by_label("Cocaïne").wait_for()
    assert_accessible(page)
    page.get_by_role("button", name="Fermer").click()
    expect(page.get_by_label("Cocaïne")).to_be_hidden()

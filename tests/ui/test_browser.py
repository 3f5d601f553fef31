"""What only a browser can tell: width, contrast, keyboard, and that nothing typed is lost."""

import json
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from cross.ui import gallery
from tests.browser import assert_accessible, assert_fits

GALLERY = "/interface/"
PAGES = [GALLERY, *(f"{GALLERY}?modele={name}" for name in gallery.LAYOUTS)]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390, 320])
def test_components_fit_and_are_accessible(browse, cast, width, theme):
    page = browse(cast.anna, width=width, theme=theme)
    for address in PAGES:
        page.goto(address)
        assert_fits(page)
        assert_accessible(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 320])
def test_the_sign_in_page_fits_and_is_accessible(browse, db, width, theme):
    page = browse(width=width, theme=theme)
    page.goto("/connexion/")
    assert_fits(page)
    assert_accessible(page)


def test_the_header_is_compact(browse, cast):
    page = browse(cast.anna)
    page.goto(GALLERY)
    bottom = page.evaluate("document.getElementById('contenu').getBoundingClientRect().top")
    assert bottom <= 110


def test_a_page_loads_from_nowhere_else(browse, cast, live_server):
    asked = []
    page = browse(cast.anna)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{GALLERY}?modele=list")
    assert asked
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []


def test_windows_and_menus_open_without_script(browse, cast):
    page = browse(cast.anna, width=390, script=False)
    page.goto(f"{GALLERY}?modele=list")
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("navigation", name="Menu principal")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_text("Exporter").click()
    expect(page.get_by_role("link", name="CSV")).to_be_visible()


# --- Appearance --------------------------------------------------------------------------------


def test_the_appearance_is_remembered(browse, cast):
    page = browse(cast.anna)
    page.goto(GALLERY)
    expect(page.locator("html")).to_have_attribute("data-fr-theme", "light")
    page.get_by_text("Mon compte", exact=True).click()
    page.get_by_label("Sombre").check()
    page.goto(f"{GALLERY}?modele=list")
    expect(page.locator("html")).to_have_attribute("data-fr-theme", "dark")


# --- Keyboard ----------------------------------------------------------------------------------


def test_keys_act_unless_one_is_typing(browse, cast):
    page = browse(cast.anna)
    page.goto(f"{GALLERY}?modele=sheet")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.keyboard.press("x")
    assert asked == ["Classer cette fiche hors champ ?"]
    page.goto(f"{GALLERY}?modele=form")
    page.get_by_label("Quoi").press_sequentially("x ? v")
    expect(page.get_by_label("Quoi")).to_have_value("x ? v")
    assert len(asked) == 1


def test_a_member_may_switch_the_keys_off(browse, cast):
    page = browse(cast.anna)
    page.goto(GALLERY)
    page.get_by_text("Mon compte", exact=True).click()
    page.get_by_role("button", name="Désactiver les raccourcis").click()
    page.get_by_text("Raccourcis d’une seule touche désactivés.").wait_for()
    page.goto(f"{GALLERY}?modele=sheet")
    page.on("dialog", lambda dialog: pytest.fail(f"asked: {dialog.message}"))
    page.keyboard.press("x")
    expect(page.locator(".cx-key:visible")).to_have_count(0)


def test_the_queue_goes_down_and_up(browse, cast):
    page = browse(cast.anna)
    page.goto(f"{GALLERY}?modele=split")
    page.evaluate(
        """() => document.querySelectorAll('.cx-queue__item').forEach((link, rank) =>
            link.addEventListener('click', (event) => {
              event.preventDefault()
              document.body.dataset.opened = rank
            }))"""
    )
    page.keyboard.press("j")
    expect(page.locator("body")).to_have_attribute("data-opened", "2")
    page.keyboard.press("k")
    expect(page.locator("body")).to_have_attribute("data-opened", "0")


def test_errors_take_the_focus(browse, db):
    page = browse()
    page.goto("/connexion/")
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_selector("[data-errors]")
    expect(page.locator("#erreurs")).to_be_focused()
    page.get_by_role("link", name="Identifiant").click()
    expect(page.locator("[name=login]")).to_be_focused()


# --- Nothing typed is lost ---------------------------------------------------------------------


@pytest.fixture
def entry(browse, cast):
    """The form of the gallery, whose draft and sending are answered here."""
    page = browse(cast.anna)
    page.seen = {"drafts": [], "sent": [], "over": False, "member": cast.anna.username}

    def session(route):
        if page.seen["over"]:
            return route.fulfill(status=401, body="{}")
        state = {"seconds": 3600, "member": page.seen["member"], "csrf": "neuf"}
        return route.fulfill(content_type="application/json", body=json.dumps(state))

    def draft(route):
        page.seen["drafts"].append(route.request.post_data)
        route.fulfill(status=204)

    def form(route):
        if route.request.method == "POST":
            page.seen["sent"].append(route.request.post_data)
            return route.fulfill(content_type="text/html", body="<h1>Transmise</h1>")
        answer = route.fetch()
        kept = answer.text().replace("data-once", 'data-draft-url="/brouillon/" data-once')
        return route.fulfill(
            response=answer,
            body=kept.replace('<div class="cx-form__foot">', "<p data-draft-status></p><div>"),
        )

    page.route("**/session/", session)
    page.route("**/brouillon/", draft)
    page.route("**/interface/**", form)
    page.clock.install()
    page.goto(f"{GALLERY}?modele=form")
    return page


def test_a_draft_is_kept_on_the_server_and_nothing_in_the_browser(entry):
    entry.get_by_label("Quoi").fill("Un véhicule revient chaque soir.")
    entry.clock.run_for(3500)
    entry.locator("[data-draft-status]", has_text="Brouillon").wait_for()
    assert "Brouillon enregistré" in entry.locator("[data-draft-status]").inner_text()
    assert "Un véhicule revient chaque soir." in entry.seen["drafts"][0]
    kept = entry.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "chaque soir" not in kept


def test_a_form_is_sent_once(entry):
    entry.get_by_label("Quoi").fill("Un fait.")
    entry.get_by_role("button", name="Transmettre").dblclick()
    entry.wait_for_selector("text=Transmise")
    assert len(entry.seen["sent"]) == 1
    assert parse_qs(entry.seen["sent"][0])["what"] == ["Un fait."]


def test_ctrl_enter_sends(entry):
    entry.get_by_label("Quoi").fill("Un fait.")
    entry.keyboard.press("Control+Enter")
    entry.wait_for_selector("text=Transmise")
    assert len(entry.seen["sent"]) == 1


def test_a_login_that_expires_while_typing_loses_nothing(entry, browse):
    entry.seen["over"] = True
    entry.get_by_label("Quoi").fill("Long récit.")
    entry.get_by_role("button", name="Transmettre").click()
    window = entry.get_by_role("dialog", name="Votre session est terminée")
    window.wait_for()
    assert entry.seen["sent"] == []
    expect(entry.get_by_label("Quoi")).to_have_value("Long récit.")

    window.get_by_role("button", name="Reprendre").click()
    entry.get_by_text("Vous n’êtes pas encore connecté.").wait_for()

    entry.seen |= {"over": False, "member": "quelqu’un d’autre"}
    window.get_by_role("button", name="Reprendre").click()
    entry.get_by_text("Une autre personne s’est connectée.").wait_for()
    assert entry.seen["sent"] == []

    entry.seen["member"] = entry.locator("body").get_attribute("data-member")
    window.get_by_role("button", name="Reprendre").click()
    entry.wait_for_selector("text=Transmise")
    sent = parse_qs(entry.seen["sent"][0])
    assert sent["what"] == ["Long récit."]
    assert sent["csrfmiddlewaretoken"] == ["neuf"]  # that of the new session
    browse.complaints.clear()  # the browser itself logs each 401


def test_a_fragment_asked_too_late_does_not_replace_the_page(browse, cast):
    page = browse(cast.anna)
    page.goto(f"{GALLERY}?modele=list")
    page.context.clear_cookies()
    page.evaluate("htmx.ajax('GET', '/interface/', {target: '#resultats'})")
    page.get_by_role("dialog", name="Votre session est terminée").wait_for()
    expect(page.get_by_role("heading", name="Renseignements")).to_have_count(1)
    expect(page.locator("#resultats table")).to_have_count(1)


def test_one_is_told_before_the_session_ends(entry):
    entry.unroute("**/session/")
    prolonged = []

    def session(route):
        seconds = 100
        if route.request.method == "POST":
            prolonged.append(route.request.headers["x-csrftoken"])
            seconds = 36_000
        state = {"seconds": seconds, "member": entry.seen["member"], "csrf": "neuf"}
        route.fulfill(content_type="application/json", body=json.dumps(state))

    entry.route("**/session/", session)
    entry.clock.run_for(31_000)
    window = entry.get_by_role("dialog", name="Votre session se termine bientôt")
    window.wait_for()
    window.get_by_role("button", name="Rester connecté").click()
    window.wait_for(state="hidden")
    assert len(prolonged) == 1
    assert prolonged[0]


def test_paper_carries_the_marking_and_no_menu(browse, cast, tmp_path):
    from pypdf import PdfReader

    page = browse(cast.anna)
    page.goto(f"{GALLERY}?modele=list")
    page.pdf(path=tmp_path / "list.pdf", prefer_css_page_size=True)
    sheets = [sheet.extract_text() for sheet in PdfReader(tmp_path / "list.pdf").pages]
    assert sheets
    for text in sheets:
        assert "DIFFUSION RESTREINTE" in text.upper()
    assert "Plus de filtres" not in "".join(sheets)
    assert "http" not in "".join(sheets)

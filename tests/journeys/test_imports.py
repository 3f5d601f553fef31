"""From a file to its undoing in a real browser; the pages looked at wide, narrow and dark."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from intel.models import Tip
from services.models import Commune
from tests.browser import assert_accessible, assert_fits

SAMPLES = Path(__file__).parent.parent / "intel" / "samples"
# Where screenshots go, for whoever wants to look; nowhere by default.
PICTURES = os.environ.get("CROSS_PICTURES")


@pytest.fixture
def communes(vosges):
    Commune.objects.filter(name="Épinal").update(code="88160")
    Commune.objects.filter(name="Golbey").update(code="88209")


def look(page, name):
    """The page as it stands, on a large screen then on a phone."""
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/{name}-{width}.png", full_page=True)
        assert_fits(page)
        assert_accessible(page)
    page.set_viewport_size({"width": 1440, "height": 900})


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_file_of_tips_is_imported_then_undone(browse, cast, communes, theme):
    page = browse(cast.anna, theme=theme)
    page.goto("/signalements/import/")
    look(page, f"import-list-empty-{theme}")
    page.get_by_label("Source").fill("Ma Sécurité")
    page.locator("input[type=file]").set_input_files(SAMPLES / "signalements-fautifs.csv")
    page.get_by_role("button", name="Déposer le fichier").click()
    page.get_by_role("heading", name="Colonnes du fichier").wait_for()
    look(page, f"import-columns-{theme}")
    page.get_by_role("button", name="Vérifier les lignes").click()
    page.get_by_role("heading", name="Aperçu avant import").wait_for()
    expect(page.get_by_text("Les faits seraient du 1er janvier 2031")).to_have_count(1)
    look(page, f"import-preview-{theme}")
    page.get_by_role("button", name="Importer 1 signalement").click()
    page.get_by_role("heading", name="Import terminé").wait_for()
    look(page, f"import-result-{theme}")
    assert Tip.objects.unguarded(because="test").count() == 1
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Annuler cet import").click()
    page.get_by_role("heading", name="Import annulé").wait_for()
    assert not Tip.objects.unguarded(because="test").exists()
    page.goto("/signalements/import/")
    look(page, f"import-list-{theme}")


def test_a_file_refused_says_why_and_lets_try_again(browse, cast):
    page = browse(cast.anna)
    page.goto("/signalements/import/")
    page.get_by_label("Source").fill("Ma Sécurité")
    page.locator("input[type=file]").set_input_files(
        {"name": "photo.csv", "mimeType": "text/csv", "buffer": b"\x89PNG\r\n\x1a\n"}
    )
    page.get_by_role("button", name="Déposer le fichier").click()
    page.get_by_role("alert").get_by_text("une image").wait_for()
    look(page, "import-refused")
    expect(page.get_by_label("Source")).to_have_value("Ma Sécurité")


def test_the_pages_work_without_script(browse, cast, communes):
    page = browse(cast.anna, script=False)
    page.goto("/signalements/import/")
    page.get_by_label("Source").fill("Ma Sécurité")
    page.locator("input[type=file]").set_input_files(SAMPLES / "signalements-fautifs.csv")
    page.get_by_role("button", name="Déposer le fichier").click()
    page.get_by_role("button", name="Vérifier les lignes").click()
    page.get_by_role("button", name="Importer 1 signalement").click()
    page.get_by_role("heading", name="Import terminé").wait_for()

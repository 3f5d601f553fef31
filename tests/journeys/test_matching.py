"""A duplicate is seen before it is saved; pairs are decided by the keyboard, and taken back."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from intel import access
from intel.models import Report
from tests import factories
from tests.browser import assert_accessible, assert_fits

LOOKS = [(1440, "light"), (1440, "dark"), (390, "dark"), (320, "light")]
PLATE = [("plate", "XS-096-GF", "XS096GF")]


@pytest.fixture
def known(cast, vosges):
    """Two reports of one plate, two of one place, and one more that Bruno is not to read."""
    now = timezone.now()
    factories.report(
        cast.louise, vosges["Golbey"], units=[cast.anna.unit], identifiers=PLATE,
        subject="Fiche réservée",
    )  # fmt: skip
    return [
        factories.report(by, vosges["Épinal"], received_at=now - timedelta(hours=rank), **said)
        for rank, (by, said) in enumerate(
            [
                (cast.louise, {"subject": "Une berline", "identifiers": PLATE}),
                (cast.diane, {"subject": "Une voiture grise", "identifiers": PLATE}),
                (cast.louise, {"subject": "Au port", "place": "Le port"}),
                (cast.diane, {"subject": "Près de l’eau", "place": "Le port"}),
            ],
            start=1,
        )
    ]


def test_a_duplicate_is_seen_before_saving(browse, cast, known):
    page = browse(cast.bruno)
    page.goto("/renseignements/nouveau/")
    page.keyboard.type("Vu de nouveau la plaque xs 096 gf devant la gare.")
    found = page.locator("#deja-connues")
    found.get_by_role("heading", name="Déjà connu").wait_for()
    told = found.inner_text()
    assert known[0].reference in told
    assert "XS-096-GF en commun" in told
    assert "Fiche réservée" not in told
    assert found.get_by_role("link", name="Une berline").get_attribute("target") == "_blank"
    assert not Report.objects.filter(author=cast.bruno).exists()
    assert_accessible(page)


def test_without_script_a_button_looks_for_them(browse, cast, known):
    page = browse(cast.bruno, script=False)
    page.goto("/renseignements/nouveau/")
    page.get_by_label("Que s’est-il passé ?").fill("La plaque XS-096-GF, encore.")
    page.get_by_role("button", name="Chercher des rapprochements").click()
    assert known[0].reference in page.locator("#deja-connues").inner_text()
    typed = page.get_by_label("Que s’est-il passé ?").input_value()
    assert typed == "La plaque XS-096-GF, encore."


def say(page, key):
    """One key opens the decision with the keyboard in its reasons; a figure chooses one."""
    page.keyboard.press(key)
    page.locator("input[type=radio]:focus").wait_for(state="attached")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.locator(".cx-done").wait_for()


def test_pairs_are_decided_by_the_keyboard_alone_and_taken_back(browse, cast, known):
    page = browse(cast.anna)
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.get_by_role("heading", name="Rapprochements", level=1).wait_for()
    page.get_by_text("paires").first.wait_for()
    before = page.locator("#nombre").inner_text()
    say(page, "s")
    assert page.locator("#nombre").inner_text() != before
    [match] = access.readable_matches(cast.anna)
    assert (match.kind, match.why) == ("sans_lien", "Faits différents")
    page.keyboard.press("u")
    page.get_by_text("peuvent de nouveau être rapprochées").wait_for()
    assert page.locator("#nombre").inner_text() == before
    say(page, "c")
    [match] = access.readable_matches(cast.anna).live()
    assert match.report.fact_id == match.other.fact_id


def test_what_is_near_comes_under_the_sheet(browse, cast, known):
    page = browse(cast.bruno)
    page.goto(known[0].get_absolute_url())
    page.locator("#proches").scroll_into_view_if_needed()
    page.locator("#proches").get_by_role("link", name="Une voiture grise").wait_for()
    expect(page.locator("main")).not_to_contain_text("Fiche réservée", use_inner_text=True)


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_pages_fit_and_are_accessible(browse, cast, known, width, theme):
    page = browse(cast.anna, width=width, theme=theme)
    for address in ("/rapprochements/", "/rapprochements/dits/", "/rapprochements/valeurs/"):
        page.goto(address)
        assert_accessible(page)
        assert_fits(page)

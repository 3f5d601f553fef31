"""The first day of a cell: nothing is recorded, and each page says what to do."""

import pytest

from tests.journeys.looking import look_at

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = {
    "anna": ["/", "/renseignements/", "/tri/", "/signalements/import/", "/syntheses/"],
    "diane": ["/", "/renseignements/", "/syntheses/", "/notes/"],
    "claire": ["/", "/syntheses/", "/notes/", "/notes/nouvelle/"],
    "gilles": ["/", "/renseignements/"],
    "rose": ["/", "/renseignements/"],
}


@pytest.mark.parametrize("who", PAGES)
def test_where_there_is_nothing_yet(browse, cast, who):
    page = browse(cast[who])
    for address in PAGES[who]:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(address)
        told = page.locator(":is(.cx-empty p, .cx-quiet):visible").all_inner_texts()
        assert any(sentence.strip() for sentence in told), address
        look_at(page)

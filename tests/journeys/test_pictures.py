"""The two screenshots of the README, from the demonstration.

    CROSS_PICTURES=1 ./run test tests/journeys/test_pictures.py

takes them again; otherwise they are taken aside, and those of the README must be there.
"""

import os
from pathlib import Path

import pytest

from intel.models import Summary, SummaryAudience

TAKE = os.environ.get("CROSS_PICTURES") == "1"
REPORTS = 600 if TAKE else 150
README = Path(__file__).parent / "pictures"
HEAVIEST = 250_000  # bytes
WIDTH, HEIGHT = 1440, 860


def queue():
    return "/tri/"


def last_quarter():
    quarters = Summary.objects.filter(audience=SummaryAudience.CELL, period__contains="Q")
    return f"/syntheses/{quarters.latest('starts_on').pk}/"


@pytest.mark.parametrize(("name", "address"), [("triage", queue), ("synthese", last_quarter)])
def test_a_picture_of_the_readme(visit, settings, tmp_path, name, address):
    settings.DEMONSTRATION = True  # the banner says that everything is invented
    folder = README if TAKE else tmp_path
    page = visit("analyste", width=WIDTH, height=HEIGHT)
    page.goto(address())
    page.screenshot(path=folder / f"{name}.png")
    assert (README / f"{name}.png").stat().st_size <= HEAVIEST

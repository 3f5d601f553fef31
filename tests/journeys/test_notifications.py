"""What one is told, found by the bell, read, taken back and set, without script and on a phone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cross.outbox import doing
from cross.outbox.models import Job
from intel.actions import operations, telling
from intel.models import NoticeChoice
from tests import factories
from tests.browser import assert_accessible, assert_fits


@pytest.fixture
def told(cast, vosges):
    """Louise is told of two corrections, and of an operation 200 m from the one she declared."""
    for subject in ("Une berline", "Au port"):
        report = factories.report(cast.diane, vosges["Épinal"], subject=subject)
        telling.tell("report.corrected", report=report, to=[cast.louise], by=cast.diane)
    start = timezone.now() + timedelta(days=2)
    for by, east in ((cast.louise, 0), (cast.diane, 200)):
        point = (vosges["Épinal"].centre_x + east, vosges["Épinal"].centre_y)
        span = (start, start + timedelta(hours=1))
        plan = operations.Plan("search", vosges["Épinal"], *span, "Adj. Essai", point=point)
        operations.declare(plan, by=by)
    for job in Job.objects.filter(kind="tell_units_met", state="queued"):
        doing.perform(job)


@pytest.mark.parametrize("script", [True, False])
def test_the_bell_leads_to_what_happened_and_all_is_read_then_taken_back(
    browse, cast, told, script
):
    page = browse(cast.louise, width=390, script=script)
    page.goto("/")
    page.get_by_role("link", name="Notifications : 3 à lire").click()
    page.get_by_role("link", name="Une autre unité travaille").click()
    assert "/deconfliction/issues/" in page.url
    page.goto("/notifications/")
    page.get_by_role("button", name="Tout marquer comme lu").click()
    expect(page.get_by_text("2 notifications marquées comme lues")).to_be_visible()
    expect(page.get_by_text("Rien de nouveau à lire")).to_be_visible()
    page.get_by_role("button", name="Annuler").click()
    page.get_by_role("link", name="Notifications : 2 à lire").wait_for()
    expect(page.get_by_role("link", name="corrigée")).to_have_count(2)


def test_how_one_is_told_is_set_without_script(browse, cast, told):
    page = browse(cast.louise, script=False)
    page.goto("/notifications/")
    page.get_by_role("link", name="Régler mes notifications").click()
    page.get_by_label("Une fiche que j’ai reçue ou lue est corrigée").select_option("none")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Réglages enregistrés")).to_be_visible()
    chosen = NoticeChoice.objects.filter(member=cast.louise).values_list("kind", "way")
    assert list(chosen) == [("report.corrected", "none")]


@pytest.mark.parametrize(
    ("width", "theme"), [(1440, "light"), (1440, "dark"), (390, "light"), (320, "dark")]
)
def test_the_pages_are_accessible_and_fit(browse, cast, told, width, theme):
    page = browse(cast.louise, width=width, theme=theme)
    for address in (
        "/", "/notifications/", "/notifications/?voir=toutes", "/notifications/?sujet=units.met",
        "/notifications/reglages/", "/depuis-ma-visite/", "/depuis-ma-visite/?quoi=modifiees",
    ):  # fmt: skip
        page.goto(address)
        assert_accessible(page)
        assert_fits(page)


def test_on_a_home_page_each_line_opens_its_list(browse, cast, told):
    page = browse(cast.louise)
    page.goto("/")
    group = page.get_by_role("region", name="Conflits")
    group.get_by_role("link", name="1 unité à appeler").click()
    assert page.url.endswith("/deconfliction/")
    page.goto("/")
    page.get_by_role("link", name="2 nouvelles fiches").click()
    expect(page.get_by_role("link", name="Une berline")).to_be_visible()


def test_paul_has_nothing_to_read(browse, cast, told):
    page = browse(cast.paul)
    page.goto("/notifications/")
    expect(page.get_by_text("Rien de nouveau à lire")).to_be_visible()
    expect(page.get_by_role("link", name="Notifications", exact=True)).to_be_visible()

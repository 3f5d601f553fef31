"""Until when an information may be taken as it is, and what is said once that day has passed."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from intel.actions import reports
from intel.models import Report, Revision
from tests import factories

TO_RECHECK = "À revérifier</span>"


@pytest.fixture
def report(cast, vosges):
    return factories.report(cast.diane, vosges["Épinal"])


def page(client, address):
    return client.get(address, follow=True).content.decode().replace("\u00a0", " ")


def typed(days):
    return (timezone.localdate() + timedelta(days=days)).strftime("%d/%m/%Y")


@pytest.mark.parametrize(
    ("who", "may"),
    [("diane", True), ("karim", True), ("louise", False), ("anna", False), ("paul", False)],
)
def test_its_unit_alone_says_until_when(cast, enter, report, who, may):
    client, address = enter(cast[who]), f"{report.get_absolute_url()}validite/"
    assert (client.get(address).status_code == 200) is may
    assert (client.post(address, {"until": typed(10)}).status_code == 302) is may
    assert Report.objects.filter(pk=report.pk, valid_until__isnull=False).exists() is may
    assert Revision.objects.of(report).exists() is may


def test_a_day_that_has_passed_is_refused_and_none_takes_it_away(cast, enter, report):
    diane, address = enter(cast.diane), f"{report.get_absolute_url()}validite/"
    assert diane.post(address, {"until": typed(-1)}).status_code == 422
    diane.post(address, {"until": typed(0)})
    diane.post(address, {"until": ""})
    assert Report.objects.filter(pk=report.pk, valid_until=None).exists()
    assert "information valable jusqu’au" in page(diane, f"{report.get_absolute_url()}versions/")


def test_once_passed_the_sheet_the_list_and_its_filter_say_so(cast, vosges, enter, report):
    factories.report(cast.louise, vosges["Golbey"])
    reports.set_validity(report, by=cast.diane, until=timezone.localdate() + timedelta(days=3))
    asked = "/renseignements/?validite=a_reverifier"
    for who in ("louise", "anna"):
        sheet = page(enter(cast[who]), report.get_absolute_url())
        assert "Valable jusqu’au" in sheet
        assert TO_RECHECK not in sheet
        assert report.reference not in page(enter(cast[who]), asked)
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        for who in ("louise", "anna"):
            client = enter(cast[who])
            assert TO_RECHECK in page(client, report.get_absolute_url())
            assert page(client, "/renseignements/").count(TO_RECHECK) == 1
            assert report.reference in page(client, asked)
        paul = enter(cast.paul)
        assert report.reference not in page(paul, asked)
        assert paul.get(report.get_absolute_url()).status_code == 404

"""What readers add to a report, under their own names, and take back within the hour."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from cross.audit.models import Entry
from intel.models import Complement
from tests import factories

TEXT = "Le même véhicule a été vu à Golbey ce matin."


@pytest.fixture
def report(cast, vosges):
    return factories.report(cast.diane, vosges["Épinal"])


def page(client, report):
    return client.get(report.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("diane", True),
        ("louise", True),
        ("anna", True),
        ("gilles", False),  # reads, and writes nothing
        ("rose", False),
        ("claire", False),
        ("tom", False),
        ("paul", False),
    ],
)
def test_who_adds_a_complement(cast, enter, report, who, may):
    client = enter(cast[who])
    address = f"{report.get_absolute_url()}complement/"
    assert (client.get(address).status_code == 200) is may
    assert (client.post(address, {"text": TEXT}).status_code == 302) is may
    assert Complement.objects.of(report).exists() is may
    if may:
        shown = page(enter(cast.bruno), report)
        assert TEXT in shown
        assert cast[who].get_full_name() in shown


def test_an_empty_one_is_refused_and_a_draft_takes_none(cast, vosges, enter, report):
    client = enter(cast.louise)
    assert client.post(f"{report.get_absolute_url()}complement/", {}).status_code == 422
    draft = factories.report(cast.diane, vosges["Épinal"], draft=True)
    answer = enter(cast.diane).post(f"{draft.get_absolute_url()}complement/", {"text": TEXT})
    assert answer.status_code == 404


def test_its_author_alone_takes_it_back_within_the_hour(cast, enter, report):
    enter(cast.louise).post(f"{report.get_absolute_url()}complement/", {"text": TEXT})
    [complement] = Complement.objects.of(report)
    address = f"/complements/{complement.pk}/retirer/"
    assert address in page(enter(cast.louise), report)
    for who in ("diane", "anna", "bruno", "paul"):
        assert address not in page(enter(cast[who]), report)
        assert enter(cast[who]).post(address).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        late = enter(cast.louise)
        assert address not in page(late, report)
        assert late.post(address).status_code == 404
    assert enter(cast.louise).post(address).status_code == 302
    assert not Complement.objects.of(report).exists()
    verbs = Entry.objects.filter(verb__startswith="complement.").order_by("pk")
    assert [line.verb for line in verbs] == ["complement.added", "complement.removed"]


def test_the_unit_of_the_report_is_told_at_home(cast, enter, report):
    enter(cast.louise).post(f"{report.get_absolute_url()}complement/", {"text": TEXT})
    home = enter(cast.karim).get("/").content.decode()
    assert "Compléments à vos fiches" in home
    assert report.reference in home
    for who in ("louise", "bruno", "paul"):
        assert "Compléments à vos fiches" not in enter(cast[who]).get("/").content.decode()

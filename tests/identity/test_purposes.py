"""Why one reads: said at sign-in, and again before a record that names somebody."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cross.audit.models import Entry
from cross.identity.purposes import OF_PERSONS
from intel.actions import reports
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
PROCEDURE = {"purpose": "Enquête ou procédure", "detail": "PV 2026/113"}
SAID = "Enquête ou procédure : PV 2026/113"


@pytest.fixture
def named(cast, vosges):
    """Reports of Diane's unit that name somebody."""
    made = [factories.report(cast.diane, vosges["Épinal"]) for _ in range(2)]
    for report in made:
        reports.confirm_identifier(
            report, by=cast.diane, kind="alias", raw="Le Grand", value="le grand"
        )
    return made


@pytest.fixture
def unsaid(enter):
    """A client who has said nothing of persons yet."""

    def signed_in(member):
        client = enter(member)
        session = client.session
        del session[OF_PERSONS]
        session.save()
        return client

    return signed_in


def why_of(report, member):
    lines = Entry.objects.filter(verb="report.read", target=report.reference, member_id=member.pk)
    return list(lines.order_by("pk").values_list("why", flat=True))


def test_the_purpose_of_the_session_is_on_each_line_of_its_readings(cast, settings):
    settings.SECOND_FACTOR = False
    client = Client()
    client.post("/connexion/", {"login": "diane", "password": PASSWORD} | PROCEDURE)
    client.get("/renseignements/")
    assert Entry.objects.get(verb="report.listed").why.startswith(SAID)
    client.post("/compte/motif/", {"purpose": "Préparation d’une réunion"})
    client.get("/renseignements/")
    last = Entry.objects.filter(verb="report.listed").order_by("pk").last()
    assert last.why.startswith("Préparation d’une réunion")


def test_another_units_record_of_persons_is_asked_about_before_it_is_read(cast, unsaid, named):
    client, (report, other) = unsaid(cast.louise), named
    asked = client.get(report.get_absolute_url()).url
    assert asked.startswith("/compte/motif/?fiche=")
    assert "nomme des personnes" in client.get(asked).text
    assert why_of(report, cast.louise) == []
    assert client.post(asked, PROCEDURE).url == report.get_absolute_url()
    assert client.get(report.get_absolute_url()).status_code == 200
    assert why_of(report, cast.louise) == [SAID]
    # Of this record alone: the next one is asked about, once an hour if one says so.
    asked = client.get(other.get_absolute_url()).url
    client.post(asked, PROCEDURE | {"held": "on"})
    assert why_of(other, cast.louise) == []
    client.get(other.get_absolute_url())
    assert why_of(other, cast.louise) == [SAID]


def test_a_purpose_kept_for_an_hour_ends(cast, unsaid, named):
    client, (report, other) = unsaid(cast.louise), named
    asked = client.get(report.get_absolute_url()).url
    client.post(asked, PROCEDURE | {"held": "on"})
    assert client.get(other.get_absolute_url()).status_code == 200
    session = client.session
    session[OF_PERSONS] |= {"until": (timezone.now() - timedelta(minutes=1)).timestamp()}
    session.save()
    assert client.get(report.get_absolute_url()).status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 302


@pytest.mark.parametrize(
    ("who", "asked"),
    [("diane", False), ("karim", False), ("anna", False), ("marc", False), ("louise", True)],
)
def test_ones_own_work_is_not_asked_about(cast, unsaid, named, who, asked):
    answer = unsaid(cast[who]).get(named[0].get_absolute_url())
    assert (answer.status_code == 302) is asked


def test_a_record_that_names_nobody_is_not_asked_about(cast, vosges, unsaid):
    report = factories.report(cast.diane, vosges["Épinal"])
    assert unsaid(cast.louise).get(report.get_absolute_url()).status_code == 200


def test_a_stranger_is_asked_nothing(cast, unsaid, named):
    """A hidden record and an absent one are one answer."""
    assert unsaid(cast.paul).get(named[0].get_absolute_url()).status_code == 404

"""Narrowing and widening, by the unit that wrote it and nobody else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cross.audit.models import Entry
from intel.models import Audience, ReleaseRequest, Report, ReportGroupGrant, Restriction
from tests import factories


@pytest.fixture
def report(cast, vosges):
    return factories.report(cast.diane, vosges["Épinal"], subject="Vente devant un lycée")


def stored(report):
    return Report.objects.unguarded(because="test").get(pk=report.pk)


def form_of(*units, **fields):
    return {
        "units": [unit.pk for unit in units],
        "reason": "source",
        "restriction_text": "",
        "review_on": (timezone.localdate() + timedelta(days=20)).isoformat(),
    } | fields


def readers(report, cast, enter):
    return {
        name
        for name, member in cast.items()
        if enter(member).get(report.get_absolute_url()).status_code == 200
    }


def test_its_unit_narrows_it_at_once_and_widens_it_with_a_reason(cast, enter, report):
    url = report.get_absolute_url()
    response = enter(cast.karim).post(f"{url}diffusion/", form_of(cast.louise.unit))
    assert response.headers["Location"] == url
    assert readers(report, cast, enter) == {"diane", "karim", "louise"}
    line = Entry.objects.get(verb="report.restricted")
    assert line.recipients == (
        "toutes les unités du protocole → Brigade des douanes, Commissariat"
    )
    html = enter(cast.louise).get(url).content.decode()
    assert "protection d’une source" in html
    # Opened by a reason and by two, not by silence nor by one.
    ask = f"{url}lever-restriction/"
    assert enter(cast.diane).post(ask, {"why": " "}).status_code == 422
    assert enter(cast.diane).post(ask, {"why": "Source partie"}).status_code == 302
    assert readers(report, cast, enter) == {"diane", "karim", "louise"}
    asked = ReleaseRequest.objects.of(report).get()
    for name in cast.keys() - {"karim"}:
        answer = enter(cast[name]).post(f"/levees/{asked.key}/confirmer/")
        assert answer.status_code in {403, 404}, name
    assert stored(report).audience == Audience.RESTRICTED
    assert enter(cast.karim).post(f"/levees/{asked.key}/confirmer/").status_code == 302
    assert {"louise", "bruno", "anna"} <= readers(report, cast, enter)
    assert "paul" not in readers(report, cast, enter)
    assert not ReportGroupGrant.objects.filter(content_object=report).exists()
    assert not Restriction.objects.of(report).exists()
    line = Entry.objects.get(verb="report.released")
    assert (line.who, line.why) == ("Karim Essai", "Source partie")
    assert line.recipients == (
        "Brigade des douanes, Commissariat → toutes les unités du protocole"
    )


def test_nobody_else_narrows_or_widens(cast, vosges, enter, report):
    hidden = factories.report(cast.diane, vosges["Épinal"], units=[cast.louise.unit])
    for name in ("louise", "bruno", "anna", "marc", "gilles", "paul"):
        client = enter(cast[name])
        for each in (report, hidden):
            for path in ("diffusion/", "lever-restriction/"):
                page = f"{each.get_absolute_url()}{path}"
                assert client.get(page).status_code == 404
                assert client.post(page, form_of() | {"why": "x"}).status_code == 404
    assert stored(report).audience == Audience.PROTOCOL
    assert stored(hidden).audience == Audience.RESTRICTED


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"reason": ""}, "Indiquez pourquoi"),
        ({"reason": "other"}, "Précisez le motif"),
        ({"review_on": ""}, "Indiquez une date"),
        ({"review_on": "2020-01-01"}, "Choisissez une date entre demain et le"),
        ({"review_on": "2026-02-31"}, "Cette date n’existe pas"),
        ({"units": ["999999"]}, "Sélectionnez un choix valide"),
        ({"units": ["x"]}, "Sélectionnez un choix valide"),
        ({"restriction_text": "a" * 301}, "la limite est de 300"),
    ],
)
def test_a_restriction_that_is_refused_says_why_and_leaves_all_as_it_was(
    cast, enter, report, change, told
):
    sent = form_of(cast.louise.unit) | change
    response = enter(cast.diane).post(f"{report.get_absolute_url()}diffusion/", sent)
    assert response.status_code == 422
    assert told in response.content.decode()
    assert stored(report).audience == Audience.PROTOCOL
    assert not ReportGroupGrant.objects.filter(content_object=report).exists()


def test_a_unit_without_a_seat_cannot_be_named(cast, enter, report):
    sent = form_of(cast.paul.unit)
    response = enter(cast.diane).post(f"{report.get_absolute_url()}diffusion/", sent)
    assert response.status_code == 422
    assert stored(report).audience == Audience.PROTOCOL


def test_the_page_says_who_will_see_it_before_anything_is_done(cast, enter, report):
    client, url = enter(cast.diane), f"{report.get_absolute_url()}diffusion/"
    one = "1 unité verra cette fiche : Brigade des douanes (la vôtre)."
    assert one in client.get(url).content.decode().replace("\u00a0", " ")
    sent = form_of(cast.louise.unit, cast.anna.unit) | {"apercu": "1", "reason": ""}
    whole = client.post(url, sent).content.decode().replace("\u00a0", " ")
    assert "3 unités verront cette fiche" in whole
    assert "Indiquez pourquoi" not in whole
    part = client.post(f"{url}apercu/", form_of(cast.louise.unit))
    text = part.content.decode().replace("\u00a0", " ")
    assert "2 unités verront cette fiche : Brigade des douanes (la vôtre) et Commissariat." in text
    assert "elle ne pourra ni la trier" in text
    assert "<html" not in text
    assert stored(report).audience == Audience.PROTOCOL


def test_changing_the_list_takes_away_who_is_no_longer_named(cast, enter, report):
    client, url = enter(cast.diane), f"{report.get_absolute_url()}diffusion/"
    client.post(url, form_of(cast.louise.unit, cast.anna.unit))
    page = client.get(url)
    assert set(page.context["form"]["units"].value()) >= {cast.louise.unit_id, cast.anna.unit_id}
    client.post(url, form_of(cast.bruno.unit))
    assert readers(report, cast, enter) == {"diane", "karim", "bruno"}


def test_past_its_review_day_nothing_opens_and_the_owner_is_called(cast, enter, report):
    client = enter(cast.diane)
    client.post(f"{report.get_absolute_url()}diffusion/", form_of(cast.louise.unit))
    Restriction.objects.of(report).update(review_on=timezone.localdate() - timedelta(days=1))
    assert readers(report, cast, enter) == {"diane", "karim", "louise"}
    mine = client.get(report.get_absolute_url()).content.decode()
    theirs = enter(cast.louise).get(report.get_absolute_url()).content.decode()
    assert "La restriction devait être revue" in mine
    assert "prolongez-la" in mine
    assert "prolongez-la" not in theirs

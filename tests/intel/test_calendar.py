"""The calendar: what each member owes or is called to, and what a file of it tells elsewhere."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from intel.actions import operations
from intel.models import Restriction
from intel.reading.calendar import items_of, next_of
from protocols.models import Participation
from tests import factories

TODAY = datetime(2026, 11, 2, 9, tzinfo=timezone.get_default_timezone())
MONTH = (date(2026, 11, 1), date(2026, 11, 30))


def kinds(member, first=MONTH[0], last=MONTH[1]):
    return {(item.kind, item.day.day, item.words) for item in items_of(member, first, last)}


@pytest.fixture
def november(cast, vosges):
    """A restriction of Diane's to review on the 12th, and Louise's seat that ends on the 20th."""
    report = factories.report(cast.diane, vosges["Épinal"], units=[cast.louise.unit])
    Restriction.objects.of(report).update(review_on=date(2026, 11, 12))
    seats = Participation.objects.filter(group=cast.louise.unit.group)
    seats.update(ends_on=date(2026, 11, 20))
    return report


@time_machine.travel(TODAY, tick=False)
def test_each_sees_what_is_his(november, cast):
    review = ("restriction", 12, november.reference)
    seat = ("participation", 20, str(cast.louise.unit))
    assert review in kinds(cast.diane)
    assert review in kinds(cast.karim)
    # Named, Louise reads the report: its review is its owner's. The animator keeps the seats.
    assert review not in kinds(cast.louise)
    assert seat in kinds(cast.louise)
    assert seat in kinds(cast.marc)
    assert seat not in kinds(cast.diane)


@time_machine.travel(TODAY, tick=False)
def test_the_silence_of_an_operation_is_reviewed_by_its_own_unit(cast, vosges):
    start = timezone.now() + timedelta(days=2)
    commune = vosges["Épinal"]
    event = operations.declare(
        operations.Plan(
            "search", commune, start, start + timedelta(hours=1), "Adj. Essai",
            point=(commune.centre_x, commune.centre_y), is_silent=True,
            silence_reason="Équipe en place", silence_review_on=date(2026, 11, 4),
        ),
        by=cast.diane,
    )  # fmt: skip
    review = ("operation", 4, event.number)
    assert review in kinds(cast.karim)
    for who in ("louise", "marc", "claire", "paul"):
        assert review not in kinds(cast[who])


@time_machine.travel(TODAY, tick=False)
@pytest.mark.parametrize("who", ["anna", "marc", "bruno", "claire", "gilles", "paul"])
def test_nobody_else_learns_that_a_report_is_restricted(november, cast, enter, who):
    client = enter(cast[who])
    for address in ("/calendrier/?mois=2026-11", "/calendrier/prochains/", "/calendrier/fichier/"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert november.reference not in answer.content.decode()
    assert "restriction" not in {item.kind for item in items_of(cast[who], *MONTH)}


@time_machine.travel(TODAY, tick=False)
def test_summaries_and_notes_have_their_days(cast):
    assert ("synthese", 16, "Synthèse d’octobre 2026") in kinds(cast.anna)
    assert not {kind for kind, *_ in kinds(cast.gilles)} & {"synthese", "note"}
    january = kinds(cast.claire, date(2027, 1, 1), date(2027, 1, 31))
    assert ("note", 16, "Note du 4e trimestre 2026") in january
    assert ("synthese", 16, "Synthèse du 4e trimestre 2026") in january


@time_machine.travel(TODAY, tick=False)
def test_the_page_is_a_month_with_its_filter(november, cast, enter):
    client = enter(cast.diane)
    page = client.get("/calendrier/").content.decode()
    assert "Novembre 2026" in page
    assert november.reference in page
    filtered = client.get("/calendrier/?mois=2026-11&genre=synthese").content.decode()
    assert november.reference not in filtered
    assert "?mois=2026-12&amp;genre=synthese" in filtered
    assert (
        "Rien ce mois-ci" in client.get("/calendrier/?mois=2031-07&genre=reunion").content.decode()
    )
    for wrong in ("hier", "2026-Q1", "9999-01"):
        assert client.get("/calendrier/", {"mois": wrong}).status_code == 200


@time_machine.travel(TODAY, tick=False)
def test_the_next_five(november, cast):
    found = next_of(cast.diane)
    assert len(found) <= 5
    assert [item.day for item in found] == sorted(item.day for item in found)
    assert found[0].words == november.reference


@time_machine.travel(TODAY, tick=False)
def test_a_calendar_elsewhere_is_told_a_kind_and_a_reference(november, cast, vosges, enter):
    facts = "Un guetteur sous le porche."
    other = factories.report(cast.diane, vosges["Épinal"], facts=facts, units=[])
    Restriction.objects.of(other).update(review_on=timezone.localdate() + timedelta(days=3))
    file = enter(cast.diane).get("/calendrier/fichier/").content.decode()
    assert f"SUMMARY:CROSS : restriction à revoir {november.reference}" in file
    assert "guetteur" not in file
    assert "Essai" not in file
    assert file.startswith("BEGIN:VCALENDAR")


@pytest.mark.parametrize("who", ["ines", "tom"])
def test_who_has_no_calendar(cast, enter, who):
    assert enter(cast[who]).get("/calendrier/").status_code == 403

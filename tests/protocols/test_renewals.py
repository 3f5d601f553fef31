"""The end of a protocol is told three times, once each."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cross.audit.models import Entry
from intel import access
from intel.actions import renewals
from protocols.models import Protocol, RenewalReminder
from tests import factories

DAY = timedelta(days=1)


@pytest.fixture
def ours(cast, vosges):
    return Protocol.objects.get(department=vosges.department)


def today():
    return timezone.localdate()


def ends_in(protocol, days):
    Protocol.objects.filter(pk=protocol.pk).update(ends_on=today() + days * DAY)


def told(member):
    return access.readable_notifications(member).filter(kind="protocol.ending").count()


def test_the_animator_is_told_three_times_and_once_each(cast, ours):
    last = today() + 120 * DAY
    ends_in(ours, 120)
    made = {left: renewals.remind(last - left * DAY) for left in range(120, -2, -1)}
    assert [left for left, count in made.items() if count] == [90, 30, 7]
    assert renewals.remind(last - 7 * DAY) == 0  # a second beat
    assert told(cast.marc) == 3
    assert [told(cast[who]) for who in ("anna", "diane", "claire", "paul")] == [0, 0, 0, 0]
    assert Entry.objects.filter(verb="protocol.reminded").count() == 3


def test_a_night_that_was_missed_is_not_told_twice(cast, ours):
    ends_in(ours, 20)
    assert renewals.remind() == 1
    assert list(RenewalReminder.objects.values_list("days", flat=True)) == [30]
    assert told(cast.marc) == 1


@pytest.mark.parametrize("days", [None, 91, -1])
def test_an_end_that_is_far_or_past_is_not_told(cast, ours, days):
    if days is not None:
        ends_in(ours, days)
    assert renewals.remind() == 0


def test_another_end_is_another_matter_and_what_is_followed_is_not_told(cast, ours):
    ends_in(ours, 20)
    renewals.remind()
    ends_in(ours, 25)
    assert renewals.remind() == 1
    ends_in(ours, 28)
    factories.protocol(ours.department, ours.lead_service, starts_on=today() + 29 * DAY)
    assert renewals.remind() == 0


def test_the_home_pages_and_the_protocol_say_it(cast, ours, enter):
    for who, shown in (("marc", False), ("claire", False)):
        assert ("prend fin bientôt" in enter(cast[who]).get("/").content.decode()) == shown
    ends_in(ours, 20)
    for who in ("marc", "anna", "claire"):
        assert "prend fin bientôt" in enter(cast[who]).get("/").content.decode(), who
    address = ours.get_absolute_url()
    assert "dans 20\u00a0jours" in enter(cast.diane).get(address).content.decode()
    assert "prend fin bientôt" not in enter(cast.paul).get("/").content.decode()
    assert enter(cast.paul).get(address).status_code == 404

"""The page of notifications: what one was told, seen and unseen, how one is told, what follows."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from intel import access
from intel.actions import notices, sharing, telling
from intel.models import NoticeChoice
from intel.notices import NOTICES
from tests import factories

PAGE = reverse("notification_list")


@pytest.fixture
def reports(cast, vosges):
    """Three of Diane's, each corrected: Louise and Bruno are told of all three."""
    made = [factories.report(cast.diane, vosges["Épinal"], subject=f"Objet {n}") for n in range(3)]
    for report in made:
        to = [cast.louise, cast.bruno]
        telling.tell("report.corrected", report=report, to=to, by=cast.diane)
    return made


def bell(page):
    return int(page.context["bell"].count)


def line_about(member, report):
    return access.readable_notifications(member).get(report=report)


def test_the_bell_counts_what_the_page_shows(cast, enter, reports):
    client = enter(cast.louise)
    page = client.get(PAGE)
    assert (bell(page), page.context["told"].count, len(page.context["page"].rows)) == (3, 3, 3)
    assert page.content.decode().count("data-unseen") == 3
    narrowing = sharing.Narrowing(
        units=(cast.bruno.unit,),
        reason="source",
        text="",
        review_on=timezone.localdate() + timedelta(days=9),
    )
    sharing.restrict(reports[0], by=cast.diane, narrowing=narrowing)
    page = client.get(PAGE)
    assert (bell(page), page.context["told"].count) == (2, 2)
    assert reports[0].reference not in page.content.decode()
    assert bell(enter(cast.bruno).get(PAGE)) == 3
    assert client.get(reverse("open_notification", args=[uuid4()])).status_code == 404


def test_opened_it_is_seen_and_leads_to_its_report(cast, enter, reports):
    client, line = enter(cast.louise), line_about(cast.louise, reports[0])
    address = reverse("open_notification", args=[line.key])
    assert client.head(address).url == reports[0].get_absolute_url()
    assert bell(client.get(PAGE)) == 3
    assert client.get(address).url == reports[0].get_absolute_url()
    assert bell(client.get(PAGE)) == 2
    assert len(client.get(f"{PAGE}?voir=toutes").context["page"].rows) == 3
    # A key is its reader's alone.
    for who in ("bruno", "diane", "paul"):
        assert enter(cast[who]).get(address).status_code == 404


def test_one_is_marked_all_are_and_taken_back(cast, enter, reports):
    client, line = enter(cast.louise), line_about(cast.louise, reports[0])
    page = client.post(reverse("mark_notification", args=[line.key]), follow=True)
    assert (bell(page), "1\u00a0notification marquée comme lue" in page.content.decode()) == (
        2,
        True,
    )
    # What comes after the page was drawn stays to be read.
    drawn = timezone.now()
    telling.tell("report.withdrawn", report=reports[1], to=[cast.louise], by=cast.anna)
    address = reverse("mark_notifications")
    page = client.post(address, {"jusqua": drawn.isoformat()}, follow=True)
    assert (bell(page), page.context["done"]) == (1, 2)
    undo = {"vues": page.context["done_at"].isoformat()}
    # Told anew meanwhile, it is one line and no more.
    telling.tell("report.corrected", report=reports[1], to=[cast.louise], by=cast.diane)
    page = client.post(reverse("unmark_notifications"), undo, follow=True)
    assert bell(page) == 3
    # Sent twice, it changes nothing more.
    assert bell(client.post(reverse("unmark_notifications"), undo, follow=True)) == 3
    assert bell(enter(cast.bruno).get(PAGE)) == 3


@pytest.mark.parametrize("typed", ["", "hier", "2026-13-45T00:00:00+00:00", "2026-01-01T00:00:00"])
def test_an_instant_that_does_not_read_changes_nothing_by_itself(cast, enter, reports, typed):
    client = enter(cast.louise)
    assert client.get(PAGE, {"fait": typed}).status_code == 200
    client.post(reverse("unmark_notifications"), {"vues": typed})
    assert bell(client.get(PAGE)) == 3


def test_filters_are_in_the_address_and_pages_by_cursor(cast, enter, reports, monkeypatch):
    telling.tell("report.withdrawn", report=reports[1], to=[cast.louise], by=cast.anna)
    client = enter(cast.louise)
    page = client.get(PAGE, {"sujet": "report.withdrawn"})
    assert [line.report for line in page.context["page"]] == [reports[1]]
    assert client.get(PAGE, {"sujet": "inconnu"}).status_code == 200
    monkeypatch.setattr("intel.reading.notices.SIZE", 3)
    first = client.get(PAGE).context["page"]
    rest = client.get(PAGE, {"apres": first.next}).context["page"]
    assert (len(first.rows), len(rest.rows)) == (3, 1)
    assert client.get(PAGE, {"apres": "forgé~zz"}).status_code == 200


def test_a_page_asks_as_much_for_three_as_for_thirty(cast, vosges, enter, reports):
    client = enter(cast.louise)

    def asked():
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE)
        return len(captured)

    asked()
    three = asked()
    for _ in range(27):
        report = factories.report(cast.diane, vosges["Épinal"])
        telling.tell("report.corrected", report=report, to=[cast.louise], by=cast.diane)
    assert asked() == three <= 15


def test_preferences_are_kept_and_what_is_usual_is_not(cast, enter, reports):
    client, address = enter(cast.louise), reverse("notice_choices")
    form = client.get(address).context["form"]
    sent = {bound.name: bound.initial for bound in form}
    sent["report_corrected"] = "none"
    for _ in range(2):  # sent twice
        assert client.post(address, sent).url == address
    kept = NoticeChoice.objects.filter(member=cast.louise).values_list("kind", "way")
    assert list(kept) == [("report.corrected", "none")]
    telling.tell("report.corrected", report=reports[0], to=[cast.louise, cast.bruno])
    assert bell(client.get(PAGE)) == 3
    assert client.post(address, sent | {"report_corrected": "pigeon"}).status_code == 422
    # A reader is offered what a reader is told, and no more.
    assert "tasking_received" not in enter(cast.gilles).get(address).context["form"].fields


@pytest.mark.django_db(transaction=True)
def test_preferences_sent_twice_at_once_are_kept_once(cast):
    def choose(way):
        try:
            notices.choose({"report.corrected": way}, by=cast.louise)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as elsewhere:
        with transaction.atomic():
            notices.choose({"report.corrected": "none"}, by=cast.louise)
            second = elsewhere.submit(choose, "now")
            time.sleep(0.5)  # it waits for the first
        second.result()
    assert NoticeChoice.objects.get(member=cast.louise).way == "now"
    notices.choose({"report.corrected": NOTICES["report.corrected"].usual}, by=cast.louise)
    assert not NoticeChoice.objects.filter(member=cast.louise).exists()


def test_a_report_is_followed_or_not_by_one_or_by_his_unit(cast, enter, reports):
    report = reports[0]
    address = reverse("follow_report", args=[report.reference])
    assert "ours" not in enter(cast.gilles).get(address).context["form"].fields
    client = enter(cast.louise)
    assert client.post(address, {"mine": "", "ours": "oui"}).url == report.get_absolute_url()
    assert telling.tell("report.moved", report=report, by=cast.anna) == [cast.louise]
    client.post(address, {"mine": "non", "ours": "oui"})
    assert telling.tell("report.moved", report=report, by=cast.anna) == []
    assert client.get(address).context["form"].initial == {"mine": "non", "ours": "oui"}
    client.post(address, {"mine": "", "ours": ""})
    assert client.get(address).context["form"].initial == {"mine": "", "ours": ""}
    # Who may not read it cannot follow it.
    assert enter(cast.paul).post(address, {"mine": "oui"}).status_code == 404


def test_paul_finds_nothing(cast, enter, reports):
    page = enter(cast.paul).get(f"{PAGE}?voir=toutes")
    assert (bell(page), page.context["page"].rows) == (0, [])
    for report in reports:
        assert report.reference not in page.content.decode()

"""Meetings: what each reader sees of an agenda, guests who read for a time, decisions, minutes."""

import re
from datetime import date, time, timedelta
from io import BytesIO
from random import Random

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone
from pypdf import PdfReader

from cross.audit.models import Entry
from intel import access
from intel.actions import (
    agenda,
    guests,
    invitations,
    life,
    meeting_decisions,
    meeting_mails,
    meetings,
    reports,
    requests,
    sharing,
)
from intel.models import AccessRequest, AgendaItem, ItemReport, MeetingDecision, ReportMemberGrant
from intel.states import State
from protocols.actions import admit, strategy
from protocols.meeting_states import MeetingState
from protocols.models import Attendance, Meeting, MeetingLetter, Participation, Protocol
from services.roles import Role
from tests import factories

DAY = timedelta(days=1)
Kind = AgendaItem.Kind
CASE_BY_CASE = Participation.Standing.CASE_BY_CASE


@pytest.fixture
def ours(cast, vosges):
    return Protocol.objects.get(department=vosges.department)


@pytest.fixture
def today():
    return timezone.localdate()


def prepare(cast, ours, **said):
    said = {
        "held_on": timezone.localdate() + 10 * DAY,
        "starts_at": time(14, 0),
        "place": "Préfecture, salle des Vosges",
    } | said
    return meetings.prepare(ours, by=cast.marc, **said)


@pytest.fixture
def called(cast, ours):
    return meetings.call(prepare(cast, ours), by=cast.marc)


def page_of(client, meeting):
    return client.get(f"/reunions/{meeting.key}/")


# --- Who sees it --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "prepared", "convened"),
    [("marc", 200, 200), ("anna", 200, 200), ("diane", 404, 200), ("louise", 404, 200),
     ("gilles", 404, 200), ("claire", 404, 200), ("rose", 404, 404), ("ines", 404, 404),
     ("tom", 404, 404), ("paul", 404, 404)],
)  # fmt: skip
def test_who_sees_a_meeting(cast, ours, enter, who, prepared, convened):
    meeting = prepare(cast, ours)
    client = enter(cast[who])
    assert page_of(client, meeting).status_code == prepared
    meetings.call(meeting, by=cast.marc)
    assert page_of(client, meeting).status_code == convened


@pytest.mark.parametrize("who", ["diane", "claire", "gilles", "paul"])
def test_the_cell_alone_writes_it(cast, called, enter, who):
    item = agenda.add(called, by=cast.marc, title="Rodéos et revente")
    client = enter(cast[who])
    for address in (
        f"/reunions/{called.key}/annuler/",
        f"/reunions/{called.key}/deplacer/",
        f"/reunions/{called.key}/ordre-du-jour/",
        f"/reunions/{called.key}/point/",
        f"/reunions/{called.key}/etape/",
        f"/reunions/points/{item.key}/",
        f"/reunions/points/{item.key}/retirer/",
        f"/reunions/points/{item.key}/inviter/",
    ):
        assert client.post(address, {"why": "x"}).status_code == 404, address
    assert enter(cast.marc).get(f"/reunions/points/{item.key}/").status_code == 200


# --- Its life ---------------------------------------------------------------------------------


def test_prepared_called_cancelled_and_restored(cast, ours, enter, today):
    client = enter(cast.marc)
    day = today + 12 * DAY
    typed = {"held_on": f"{day:%d/%m/%Y}", "starts_at": "14h30", "lasts": "90", "place": "Épinal"}
    client.post("/reunions/nouvelle/", typed)
    meeting = Meeting.objects.get()
    assert (meeting.held_on, meeting.starts_at, meeting.state) == (day, time(14, 30), "preparee")
    assert client.post("/reunions/nouvelle/", typed).status_code == 422  # that day is taken
    client.post(f"/reunions/{meeting.key}/convoquer/")
    assert Attendance.objects.filter(meeting=meeting).count() == 6  # those that read and Claire's
    assert client.post(f"/reunions/{meeting.key}/annuler/", {"why": ""}).status_code == 422
    client.post(f"/reunions/{meeting.key}/annuler/", {"why": "Préfet indisponible"})
    page = page_of(enter(cast.diane), meeting).content.decode()
    assert "Réunion annulée" in page
    assert "Préfet indisponible" in page
    client.post(f"/reunions/{meeting.key}/retablir/")
    meeting.refresh_from_db()
    assert (meeting.state, meeting.sequence) == ("convoquee", 2)
    assert page_of(enter(cast.paul), meeting).status_code == 404


def test_no_state_is_reached_but_by_the_table(cast, ours):
    meeting = prepare(cast, ours)
    for target in (MeetingState.SITTING, MeetingState.TO_SIGN, MeetingState.SIGNED):
        with pytest.raises(ValidationError):
            meetings.advance(meeting, target, by=cast.marc)


def test_each_unit_answers_for_itself(cast, called, enter):
    own = called.attendances.get(unit=cast.diane.unit)
    other = called.attendances.get(unit=cast.louise.unit)
    client = enter(cast.diane)
    client.post(f"/reunions/presences/{own.key}/", {"said": "represented"})
    own.refresh_from_db()
    assert (own.answer, own.answered_by) == ("represented", cast.diane)
    assert client.post(f"/reunions/presences/{other.key}/", {"said": "excused"}).status_code == 404
    client.post(f"/reunions/presences/{own.key}/", {"said": "absent"})  # nobody answers that
    own.refresh_from_db()
    assert own.answer == "represented"
    prefecture = called.attendances.get(unit=cast.claire.unit)
    enter(cast.claire).post(f"/reunions/presences/{prefecture.key}/", {"said": "present"})
    prefecture.refresh_from_db()
    assert prefecture.answer == "present"


# --- The agenda, as each reader sees it -------------------------------------------------------


def grade(report, cast):
    life.move(report, by=cast.anna, target=State.SORTED)
    reports.grade(report, by=cast.anna, source="B", information="2")
    return life.move(report, by=cast.anna, target=State.GRADED)


def test_built_from_the_queue_and_built_again(cast, vosges, called):
    new = factories.report(cast.diane, vosges["Épinal"])
    assert agenda.build(called, by=cast.marc)[1] == 1
    kinds = list(called.items.values_list("kind", flat=True))
    assert kinds == ["new", "conflicts", "restrictions", "reserved"]
    item = called.items.get(kind="new")
    other = called.items.get(kind="conflicts")
    agenda.remove(other, by=cast.marc)
    agenda.reorder(item, by=cast.marc, up=False)
    named = ItemReport.objects.of(new).get()
    agenda.remove_report(named, by=cast.marc)
    order = list(called.items.filter(removed_at=None).values_list("kind", flat=True))
    assert order == ["restrictions", "new", "reserved"]
    second = factories.report(cast.louise, vosges["Golbey"])
    assert agenda.build(called, by=cast.marc) == (0, 1)
    assert list(called.items.filter(removed_at=None).values_list("kind", flat=True)) == order
    live = ItemReport.objects.filter(item__meeting=called, removed_at=None)
    assert [row.report_id for row in live.unguarded(because="a test")] == [second.pk]
    agenda.put_back(other, by=cast.marc)
    assert called.items.filter(removed_at=None).count() == 4


def test_a_title_names_no_report(cast, vosges, called, enter):
    report = factories.report(cast.diane, vosges["Épinal"])
    address = f"/reunions/{called.key}/point/"
    answer = enter(cast.marc).post(address, {"title": f"Suite de {report.reference}"})
    assert answer.status_code == 422
    assert "ôtez la référence" in answer.content.decode()
    said = {"title": "Suite des constatations", "reports": report.reference}
    assert enter(cast.marc).post(address, said).status_code == 302
    hidden = factories.report(cast.louise, vosges["Golbey"], units=[cast.diane.unit])
    absent = "CROSS-88-2026-99999"
    for reference in (hidden.reference, absent):
        answer = enter(cast.marc).post(address, {"title": "Autre", "reports": reference})
        assert answer.status_code == 422
        assert f"Aucune fiche que vous lisez ne porte « {reference} »" in answer.content.decode()


def test_the_prefecture_sees_titles_and_never_a_report(cast, vosges, called, enter):
    report = factories.report(cast.diane, vosges["Épinal"], subject="Trafic au hall B")
    agenda.build(called, by=cast.marc)
    seen = page_of(enter(cast.claire), called).content.decode()
    assert "Renseignements reçus, à trier" in seen
    for word in (report.reference, "Trafic au hall B", "Golbey"):
        assert word not in seen
    assert report.reference in page_of(enter(cast.louise), called).content.decode()


READERS = ["diane", "louise", "bruno", "anna", "marc", "claire", "gilles"]


def test_a_restricted_report_is_named_to_its_readers_and_leaves_no_trace(
    cast, vosges, called, enter, stopped_clock
):
    """The same pages, to the byte, for who does not read it, whether it is there or not."""
    factories.report(cast.diane, vosges["Épinal"])
    agenda.build(called, by=cast.marc)
    before = {who: _body(enter(cast[who]), called) for who in READERS}
    hidden = factories.report(
        cast.diane, vosges["Golbey"], units=[cast.marc.unit], subject="Secret"
    )
    assert agenda.build(called, by=cast.marc) == (0, 1)
    for who in READERS:
        reads = access.readable_reports(cast[who]).filter(pk=hidden.pk).exists()
        seen = _body(enter(cast[who]), called)
        assert (hidden.reference in seen) == reads, who
        assert (seen == before[who]) == (not reads), who
    assert not access.readable_reports(cast.louise).filter(pk=hidden.pk).exists()


def _body(client, meeting):
    """The page, without the token of its forms."""
    text = page_of(client, meeting).content.decode()
    token = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else ""
    assert len(text) > 1_000
    return _without_tokens(text).replace(token or "\0", "")


def _without_tokens(text):
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    text = re.sub(r'nonce="[^"]+"', "", text)
    return re.sub(r'(X-CSRFToken&quot;: &quot;|"x-csrftoken": ")[^"&]+', "", text, flags=re.I)


def test_what_is_restricted_afterwards_is_gone_from_the_page_of_others(
    cast, vosges, called, enter
):
    report = factories.report(cast.diane, vosges["Épinal"])
    agenda.build(called, by=cast.marc)
    assert report.reference in page_of(enter(cast.louise), called).content.decode()
    narrowing = sharing.Narrowing(
        units=(cast.marc.unit,), reason="source", text="",
        review_on=timezone.localdate() + 30 * DAY,
    )  # fmt: skip
    sharing.restrict(report, by=cast.diane, narrowing=narrowing)
    assert report.reference not in page_of(enter(cast.louise), called).content.decode()
    assert report.reference in page_of(enter(cast.marc), called).content.decode()


# --- Guests of an item ------------------------------------------------------------------------


@pytest.fixture
def point(cast, vosges, called):
    """An item that names a report of the cell and one of Diane's unit."""
    cells = factories.report(cast.anna, vosges["Épinal"])
    dianes = factories.report(cast.diane, vosges["Golbey"])
    item = agenda.add(called, by=cast.marc, title="Protoxyde", reports=[cells, dianes])
    item.cells, item.dianes = cells, dianes
    return item


def reads(member, report):
    return access.readable_reports(member).filter(pk=report.pk).exists()


def call_rose(cast, point, today, **days):
    days = {"starts_on": today, "ends_on": today + 12 * DAY} | days
    return guests.invite(point, by=cast.marc, guest=cast.rose, **days)


def test_a_guest_reads_the_point_while_he_is_called(cast, point, today, enter, called):
    assert not reads(cast.rose, point.cells)
    guest, done = call_rose(cast, point, today)
    assert done == (1, 1)  # the cell's own is open, the owner of the other is asked
    assert reads(cast.rose, point.cells)
    assert not reads(cast.rose, point.dianes)
    other = agenda.add(called, by=cast.marc, title="Un autre point")
    seen = page_of(enter(cast.rose), called).content.decode()
    assert point.cells.reference in seen
    assert point.dianes.reference not in seen
    assert other.title not in seen
    grant = ReportMemberGrant.objects.get(user=cast.rose, permission__codename="read_report")
    assert grant.item_guest == guest
    ReportMemberGrant.objects.update(
        starts_at=timezone.now() - 5 * DAY, expires_at=timezone.now() - DAY
    )
    guests.ItemGuest.objects.update(starts_on=today - 5 * DAY, ends_on=today - DAY)
    assert not reads(cast.rose, point.cells)
    assert page_of(enter(cast.rose), called).status_code == 404
    assert not reads(cast.paul, point.cells)


def test_a_suspended_protocol_closes_the_point_to_its_guest(cast, called, point, today, enter):
    call_rose(cast, point, today)
    client = enter(cast.rose)
    assert page_of(client, called).status_code == 200
    Protocol.objects.filter(pk=called.protocol_id).update(suspended_from=today)
    assert page_of(client, called).status_code == 404
    assert client.get(f"/reunions/{called.key}/reunion.ics").status_code == 404


def test_a_unit_called_in_for_a_point_learns_of_that_point_alone(
    cast, vosges, ours, called, point, today, enter
):
    """Whatever the role: one without a permanent seat is not told who else is called, nor why the
    day has moved."""
    liaison = factories.member("elias", cast.rose.unit, Role.LIAISON)
    admit(
        liaison.unit, ours, by=None, starts_on=today, standing=CASE_BY_CASE, subject="Lycées",
        products=("cocaine",), ends_on=today + 90 * DAY,
    )  # fmt: skip
    guests.invite(point, by=cast.marc, guest=liaison, starts_on=today, ends_on=today + 12 * DAY)
    said = {"starts_at": time(15, 0), "lasts": 90, "place": "Épinal", "held_on": called.held_on}
    meetings.move(called, by=cast.marc, why="Perquisition le matin", **said)
    page = page_of(enter(liaison), called).content.decode()
    assert point.title in page
    for hidden in (str(cast.louise.unit), "Perquisition le matin", "Convoqués"):
        assert hidden not in page
        assert hidden in page_of(enter(cast.diane), called).content.decode()


def test_a_guest_who_left_does_not_stop_the_agenda(cast, vosges, point, today):
    """What he could read is closed already: the cell goes on writing."""
    call_rose(cast, point, today)
    cast.rose.authorised_until = today - DAY
    cast.rose.save()
    more = factories.report(cast.anna, vosges["Épinal"])
    agenda.change(point, by=cast.marc, title=point.title, reports=[more])
    meetings.move(
        point.meeting, by=cast.marc, held_on=point.meeting.held_on + DAY, starts_at=time(14, 0),
        lasts=120, place="Épinal",
    )  # fmt: skip
    assert not access.grants_for_items(content_object=more).exists()


def test_a_guest_does_not_read_before_his_first_day(cast, point, today):
    call_rose(cast, point, today, starts_on=today + 3 * DAY)
    assert not reads(cast.rose, point.cells)
    grant = ReportMemberGrant.objects.get(user=cast.rose)
    assert timezone.localdate(grant.starts_at) == today + 3 * DAY


def test_the_owner_alone_opens_what_is_his_and_no_longer_than_the_point(cast, point, today, enter):
    call_rose(cast, point, today)
    asked = AccessRequest.objects.filter(report=point.dianes).unguarded(because="a test").get()
    assert asked.asked_by == cast.rose
    # Whoever is called learns nothing of it, and may ask by himself.
    assert point.dianes.reference not in enter(cast.rose).get("/demandes/").content.decode()
    own = requests.ask(point.dianes.reference, by=cast.rose, why="On m’en a parlé")
    requests.withdraw(own, by=cast.rose)
    requests.grant(asked, by=cast.diane, until=today + 60 * DAY)
    assert reads(cast.rose, point.dianes)
    grant = ReportMemberGrant.objects.get(user=cast.rose, content_object=point.dianes)
    assert timezone.localdate(grant.expires_at) == today + 12 * DAY


def granted(cast, point, today):
    call_rose(cast, point, today)
    asked = AccessRequest.objects.filter(report=point.dianes).unguarded(because="a test").get()
    requests.grant(asked, by=cast.diane, until=today + 12 * DAY)
    assert reads(cast.rose, point.cells)
    assert reads(cast.rose, point.dianes)


@pytest.mark.parametrize(
    "close",
    [
        lambda cast, called, point: meetings.cancel(called, by=cast.marc, why="report"),
        lambda cast, called, point: agenda.remove(point, by=cast.marc),
        lambda cast, called, point: guests.end(
            guests.ItemGuest.objects.get(member=cast.rose), by=cast.marc
        ),
    ],
    ids=["cancelled", "item withdrawn", "not called any more"],
)
def test_an_access_goes_with_what_it_was_given_for(cast, called, point, today, close):
    granted(cast, point, today)
    close(cast, called, point)
    assert not reads(cast.rose, point.cells)
    assert not reads(cast.rose, point.dianes)
    assert not ReportMemberGrant.objects.filter(user=cast.rose).exists()
    assert Entry.objects.filter(verb="report.invitation_ended").count() == 2


def test_a_report_taken_off_the_point_is_closed_and_another_one_is_opened(
    cast, vosges, called, point, today
):
    granted(cast, point, today)
    named = ItemReport.objects.of(point.cells).get()
    agenda.remove_report(named, by=cast.marc)
    assert not reads(cast.rose, point.cells)
    assert reads(cast.rose, point.dianes)
    more = factories.report(cast.anna, vosges["Épinal"])
    agenda.change(point, by=cast.marc, title=point.title, reports=[more])
    assert reads(cast.rose, more)


def test_moved_what_is_ours_follows_and_the_owner_is_asked_again(cast, called, point, today):
    granted(cast, point, today)
    meetings.move(
        called, by=cast.marc, held_on=called.held_on + 20 * DAY, starts_at=called.starts_at,
        place=called.place, lasts=called.lasts,
    )  # fmt: skip
    guest = guests.ItemGuest.objects.get(member=cast.rose)
    assert (guest.starts_on, guest.ends_on) == (today + 20 * DAY, today + 32 * DAY)
    assert not reads(cast.rose, point.cells)  # not before the new first day
    assert not reads(cast.rose, point.dianes)
    grant = ReportMemberGrant.objects.get(user=cast.rose)
    assert grant.content_object_id == point.cells.pk
    asked = AccessRequest.objects.filter(decision="").unguarded(because="a test").get()
    assert asked.report_id == point.dianes.pk


def test_cancelled_then_restored_the_owner_is_asked_again(cast, called, point, today):
    granted(cast, point, today)
    meetings.cancel(called, by=cast.marc, why="grève")
    meetings.restore(called, by=cast.marc)
    assert reads(cast.rose, point.cells)
    assert not reads(cast.rose, point.dianes)


def test_what_another_item_names_stays_open(cast, called, point, today):
    call_rose(cast, point, today)
    second = agenda.add(called, by=cast.marc, title="Suite", reports=[point.cells])
    call_rose(cast, second, today)
    agenda.remove(point, by=cast.marc)
    assert reads(cast.rose, point.cells)
    agenda.remove(second, by=cast.marc)
    assert not reads(cast.rose, point.cells)


def test_an_invitation_of_the_owner_is_left_alone(cast, called, point, today):
    invitations.invite(
        point.dianes, by=cast.diane, guest=cast.rose,
        until=invitations.end_of(today + 60 * DAY), reason="expertise",
    )  # fmt: skip
    call_rose(cast, point, today)
    meetings.cancel(called, by=cast.marc, why="grève")
    assert reads(cast.rose, point.dianes)
    assert not reads(cast.rose, point.cells)


# --- The sitting ------------------------------------------------------------------------------


@pytest.fixture
def sitting(cast, vosges, called):
    """A meeting that sits on one graded report, open to all."""
    report = grade(factories.report(cast.diane, vosges["Épinal"]), cast)
    called.item = agenda.add(called, by=cast.marc, title="À orienter", reports=[report])
    called.report = report
    meetings.advance(called, MeetingState.SITTING, by=cast.marc)
    called.refresh_from_db()
    return called


def test_a_decision_about_a_report_directs_it_and_undoing_takes_it_back(
    cast, sitting, enter, today
):
    client = enter(cast.marc)
    address = f"/reunions/points/{sitting.item.key}/seance/"
    said = {
        "text": "Surveiller le hall le soir", "report": sitting.report.reference,
        "unit": cast.louise.unit.pk, "due_on": f"{today + 15 * DAY:%d/%m/%Y}",
    }  # fmt: skip
    assert client.post(address, said).status_code == 302
    sitting.report.refresh_from_db()
    assert sitting.report.state == State.DIRECTED
    tasking = access.own_taskings(cast.louise).get()
    assert (tasking.answer_by, tasking.instruction) == (
        today + 15 * DAY, "Surveiller le hall le soir",
    )  # fmt: skip
    decision = MeetingDecision.objects.all().unguarded(because="a test").get()
    # About a report: read by those who follow it, never by the prefecture.
    assert access.readable_decisions(cast.louise).filter(pk=decision.pk).exists()
    assert not access.readable_decisions(cast.claire).filter(pk=decision.pk).exists()
    assert not access.readable_decisions(cast.paul).exists()
    client.post(f"/reunions/decisions/{decision.key}/annuler/")
    sitting.report.refresh_from_db()
    assert sitting.report.state == State.GRADED
    assert not access.readable_decisions(cast.marc).exists()


def test_the_same_requirements_as_on_the_sheet(cast, vosges, sitting, enter, today):
    raw = factories.report(cast.diane, vosges["Golbey"])
    agenda.change(sitting.item, by=cast.marc, title="À orienter", reports=[raw])
    said = {"text": "Orienter", "unit": cast.louise.unit.pk, "report": raw.reference}
    address = f"/reunions/points/{sitting.item.key}/seance/"
    assert enter(cast.marc).post(address, said).status_code == 422  # not graded: not offered
    with pytest.raises(ValidationError):
        meeting_decisions.decide(
            sitting.item, by=cast.marc, text="Orienter", unit=cast.louise.unit, report=raw,
            due_on=today + DAY,
        )  # fmt: skip
    assert not MeetingDecision.objects.exists()


def test_the_wall_shows_nothing_restricted(cast, vosges, sitting, enter):
    hidden = factories.report(
        cast.diane, vosges["Golbey"], units=[cast.marc.unit], subject="Secret"
    )
    agenda.change(sitting.item, by=cast.marc, title="À orienter", reports=[hidden])
    client = enter(cast.marc)
    wall = client.get(f"/reunions/points/{sitting.item.key}/seance/").content.decode()
    assert sitting.report.reference in wall
    assert hidden.reference not in wall
    assert "Secret" not in wall
    assert hidden.reference in page_of(client, sitting).content.decode()


def test_before_its_day_a_sitting_opens_once_asked_and_is_held_today(cast, called, enter, today):
    client = enter(cast.marc)
    address = f"/reunions/{called.key}/etape/"
    asked = client.post(address, {"target": "en_seance"})
    assert "La tenir aujourd’hui" in asked.content.decode()
    called.refresh_from_db()
    assert called.state == MeetingState.CALLED
    client.post(address, {"target": "en_seance", "today": "oui"})
    called.refresh_from_db()
    assert (called.state, called.held_on, called.sequence) == (MeetingState.SITTING, today, 1)
    own = Attendance.objects.get(meeting=called, unit=cast.marc.unit_id)
    assert own.noted == "present"  # who opens it is there
    assert enter(cast.paul).post(address, {"target": "en_seance"}).status_code == 404


def test_those_who_are_left_are_noted_present_at_once(cast, sitting, enter):
    away = sitting.attendances.exclude(unit=cast.marc.unit_id)[0]
    said = {f"unit-{away.unit_id}": "excused", "others_came": "on", "remarks": ""}
    enter(cast.marc).post(f"/reunions/{sitting.key}/presences/", said)
    noted = dict(sitting.attendances.values_list("unit", "noted"))
    assert (noted.pop(away.unit_id), set(noted.values())) == ("excused", {"present"})


def test_a_decision_typed_under_an_axis_is_an_action_and_undoing_takes_it_back(
    cast, sitting, enter
):
    client, address = enter(cast.marc), f"/reunions/points/{sitting.item.key}/seance/"
    said = {"text": "Contrôler les cars", "unit": cast.louise.unit.pk}
    assert "Axe de la stratégie" not in client.get(address).content.decode()
    plan = strategy.begin(
        by=cast.marc, title="Plan", starts_on=date(2026, 1, 1), ends_on=date(2027, 12, 31)
    )
    axis = strategy.add_axis(plan, by=cast.marc, title="Routes", objective="Moins de passages")
    typed = {"axis": axis.pk, "unit": "", "text": "Contrôler"}
    assert client.post(address, typed).status_code == 422  # nobody would lead it
    assert client.post(address, said | {"axis": axis.pk}).status_code == 302
    action = axis.actions.get()
    assert (action.title, action.unit) == ("Contrôler les cars", cast.louise.unit)
    decision = MeetingDecision.objects.unguarded(because="a test").get()
    client.post(f"/reunions/decisions/{decision.key}/annuler/")
    assert not axis.actions.live().exists()


def test_a_full_point_says_how_many_wait_to_the_cell_alone(
    cast, vosges, called, enter, monkeypatch
):
    monkeypatch.setattr(agenda, "MOST", 2)
    for _ in range(3):
        factories.report(cast.diane, vosges["Golbey"])
    agenda.build(called, by=cast.marc)
    told = "La file compte 3 fiches ouvertes à tous"
    assert told in page_of(enter(cast.marc), called).content.decode()
    assert "La file compte" not in page_of(enter(cast.diane), called).content.decode()


def test_what_is_typed_is_kept_until_it_is_decided(cast, sitting, enter):
    client = enter(cast.marc)
    address = f"/reunions/points/{sitting.item.key}/"
    kept = client.post(f"{address}brouillon/", {"text": "Demander à la DDPN"})
    assert kept.status_code == 204
    assert "Demander à la DDPN" in client.get(f"{address}seance/").content.decode()
    assert "Demander à la DDPN" not in enter(cast.anna).get(f"{address}seance/").content.decode()
    client.post(f"{address}seance/", {"text": "Demander à la DDPN"})
    assert "interrompue" not in client.get(f"{address}seance/").content.decode()


def test_a_decision_that_everybody_reads_names_no_report(cast, sitting, enter):
    answer = enter(cast.marc).post(
        f"/reunions/points/{sitting.item.key}/seance/",
        {"text": f"Voir {sitting.report.reference}"},
    )
    assert answer.status_code == 422
    assert not MeetingDecision.objects.exists()


# --- Minutes ----------------------------------------------------------------------------------


@pytest.fixture
def risen(cast, sitting, today):
    """Decided: one for all, one about the report; everybody came but Bruno's unit."""
    meeting_decisions.decide(
        sitting.item, by=cast.marc, text="Tenir la liste des halls", unit=cast.louise.unit,
        due_on=today + 20 * DAY,
    )  # fmt: skip
    meeting_decisions.decide(
        sitting.item, by=cast.marc, text="Surveiller le soir", unit=cast.louise.unit,
        due_on=today + 20 * DAY, report=sitting.report,
    )  # fmt: skip
    noted = dict.fromkeys(
        (cast.marc.unit_id, cast.diane.unit_id, cast.louise.unit_id, cast.claire.unit_id),
        "present",
    )
    meetings.note(sitting, by=cast.marc, noted=noted, remarks="Séance levée à 16 h.")
    return meetings.advance(sitting, MeetingState.TO_SIGN, by=cast.marc)


def sign(client, meeting):
    page = client.get(f"/reunions/{meeting.key}/compte-rendu/")
    digest = page.context["minutes"].digest
    return client.post(f"/reunions/{meeting.key}/signer/", {"digest": digest})


def test_minutes_name_no_report_and_are_frozen_by_two(cast, risen, enter):
    address = f"/reunions/{risen.key}/compte-rendu/"
    for who in ("claire", "louise", "marc"):
        page = enter(cast[who]).get(address).content.decode()
        assert "Tenir la liste des halls" in page
        assert "Absent" in page
    assert "Surveiller le soir" not in enter(cast.claire).get(address).content.decode()
    assert sign(enter(cast.louise), risen).status_code == 404  # the animator first
    assert sign(enter(cast.marc), risen).status_code == 302
    risen.refresh_from_db()
    assert "Surveiller" not in str(risen.minutes)
    assert risen.state == MeetingState.TO_SIGN
    assert sign(enter(cast.marc), risen).status_code == 404  # nobody signs twice
    assert sign(enter(cast.bruno), risen).status_code == 404  # his unit did not come
    assert sign(enter(cast.claire), risen).status_code == 302
    risen.refresh_from_db()
    assert risen.state == MeetingState.SIGNED
    assert risen.digest == meetings.digest_of(risen.minutes)
    assert {each.by for each in risen.signatures.all()} == {cast.marc, cast.claire}
    for act in (
        lambda: meetings.advance(risen, MeetingState.SITTING, by=cast.marc),
        lambda: agenda.add(risen, by=cast.marc, title="Après coup"),
        lambda: meetings.note(risen, by=cast.marc, noted={}, remarks="x"),
        lambda: meeting_decisions.decide(risen.items.first(), by=cast.marc, text="Après coup"),
    ):
        with pytest.raises(ValidationError):
            act()
    assert enter(cast.paul).get(address).status_code == 404


@pytest.mark.parametrize(
    "write",
    [
        lambda cast, meeting, words: meetings.advance(
            meetings.note(meeting, by=cast.marc, noted={}, remarks=words) or meeting,
            "a_signer",
            by=cast.marc,
        ),
        lambda cast, meeting, words: meetings.cancel(
            meetings.advance(meeting, "convoquee", by=cast.marc), by=cast.marc, why=words
        ),
    ],
    ids=["remarks", "why it is cancelled"],
)
def test_no_words_that_everybody_reads_name_a_report(cast, sitting, write):
    with pytest.raises(ValidationError, match="référence"):
        write(cast, sitting, f"Vu {sitting.report.reference} en séance.")


def test_what_was_read_is_what_is_signed(cast, risen, enter):
    with pytest.raises(ValidationError, match="a changé"):
        meetings.sign(risen, by=cast.marc, seen="0" * 64)
    sign(enter(cast.marc), risen)
    meetings.advance(risen, MeetingState.SITTING, by=cast.marc)
    risen.refresh_from_db()
    assert (risen.digest, risen.signatures.count()) == ("", 0)  # taken up again: signed no more


def test_altered_minutes_are_told(cast, risen, enter):
    sign(enter(cast.marc), risen)
    Meeting.objects.filter(pk=risen.pk).update(minutes={"items": [], "attendance": []})
    page = enter(cast.marc).get(f"/reunions/{risen.key}/compte-rendu/").content.decode()
    assert "n’est plus celui qui a été signé" in page


def test_decisions_open_the_next_agenda_with_what_became_of_them(cast, ours, risen, enter, today):
    own = MeetingDecision.objects.filter(report=None).unguarded(because="a test").get()
    client = enter(cast.louise)
    address = f"/reunions/decisions/{own.key}/suite/"
    assert enter(cast.bruno).get(address).status_code == 404  # another unit's
    client.post(address, {"became": "done", "words": "Liste remise"})
    later = meetings.call(prepare(cast, ours, held_on=risen.held_on + 28 * DAY), by=cast.marc)
    agenda.build(later, by=cast.marc)
    assert later.items.first().kind == Kind.DECISIONS
    seen = page_of(enter(cast.louise), later).content.decode()
    assert "Liste remise" in seen
    assert "Surveiller le soir" in seen
    told = page_of(enter(cast.claire), later).content.decode()
    assert "Liste remise" in told
    assert "Surveiller le soir" not in told


# --- Mails and calendars ----------------------------------------------------------------------


@pytest.fixture
def addresses(cast):
    for member in cast.values():
        member.email = f"{member.username}@exemple.invalid"
        member.save()


def test_mails_carry_a_day_and_nothing_else(cast, addresses, ours, settings):
    meeting = prepare(cast, ours)
    agenda.add(meeting, by=cast.marc, title="Hall des Acacias")
    meetings.call(meeting, by=cast.marc)
    assert meeting_mails.post_due() == MeetingLetter.objects.count() > 5
    assert meeting_mails.post_due() == 0
    told = {message.to[0].partition("@")[0] for message in mail.outbox}
    assert {"diane", "louise", "claire", "gilles", "marc"} <= told
    assert not told & {"paul", "rose", "ines", "tom", "fanny"}
    for message in mail.outbox:
        text = message.message().as_string()
        for word in ("Acacias", "salle des Vosges", "Préfecture"):
            assert word not in text
            assert word not in message.attachments[0][1]
    meetings.cancel(meeting, by=cast.marc, why="grève")
    mail.outbox.clear()
    assert meeting_mails.post_due() > 5
    assert all("METHOD:CANCEL" in message.attachments[0][1] for message in mail.outbox)


def test_a_guest_is_told_of_the_day_as_long_as_he_is_called(cast, addresses, called, point, today):
    def told(method):
        return set(
            MeetingLetter.objects.filter(member=cast.rose, method=method).values_list(
                "sequence", flat=True
            )
        )

    guest, _ = call_rose(cast, point, today)
    said = {"held_on": called.held_on, "lasts": 90, "place": "Épinal", "by": cast.marc}
    meetings.move(called, starts_at=time(15, 0), **said)
    assert told("REQUEST") == {0, 1}
    guests.end(guest, by=cast.marc)
    meetings.move(called, starts_at=time(16, 0), **said)
    meetings.cancel(called, by=cast.marc, why="grève")
    assert told("REQUEST") == {0, 1}
    assert told("CANCEL") == set()  # it would tell the hour that he was never told


def test_whoever_has_lost_his_seat_is_not_told(cast, addresses, called):
    cast.louise.authorised_until = timezone.localdate() - DAY
    cast.louise.save()
    meeting_mails.post_due()
    assert "louise@exemple.invalid" not in {message.to[0] for message in mail.outbox}


# --- Home pages -------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["anna", "marc", "diane", "claire", "gilles"])
def test_the_next_meeting_is_on_the_home_page(cast, called, enter, who):
    page = enter(cast[who]).get("/").content.decode()
    assert f"/reunions/{called.key}/" in page
    assert f"/reunions/{called.key}/" not in enter(cast.paul).get("/").content.decode()


# --- On paper, and in the strategy ------------------------------------------------------------


def test_minutes_on_paper_name_no_report_and_are_journalled(cast, risen, enter):
    sign(enter(cast.marc), risen)
    for who in ("claire", "louise"):
        said = {"recipient": "Secrétaire général", "reason": "Archives"}
        answer = enter(cast[who]).post(f"/reunions/{risen.key}/compte-rendu.pdf", said)
        assert answer["Content-Type"] == "application/pdf"
        pages = PdfReader(BytesIO(answer.content)).pages
        text = " ".join(page.extract_text() for page in pages)
        words = " ".join(text.split())
        assert "Tenir la liste des halls" in words
        assert "CROSS-88-" not in words
        assert "Surveiller le soir" not in words
        risen.refresh_from_db()
        assert risen.digest[:20] in text.replace("\n", "").replace("\u200b", "").replace(" ", "")
    assert Entry.objects.filter(verb="minutes.printed").count() == 2
    assert enter(cast.paul).get(f"/reunions/{risen.key}/compte-rendu.pdf").status_code == 404


def test_a_decision_becomes_an_action_and_is_followed_there(cast, vosges, risen, enter, today):
    plan = strategy.begin(
        by=cast.marc, title="Stratégie", starts_on=today, ends_on=today + 300 * DAY
    )
    axis = strategy.add_axis(plan, by=cast.marc, title="Halls", objective="Moins de deal")
    own, about = (
        MeetingDecision.objects.filter(report__isnull=empty).unguarded(because="a test").get()
        for empty in (True, False)
    )
    client = enter(cast.marc)
    assert enter(cast.louise).get(f"/reunions/decisions/{own.key}/action/").status_code == 404
    assert client.get(f"/reunions/decisions/{about.key}/action/").status_code == 404
    client.post(f"/reunions/decisions/{own.key}/action/", {"axis": axis.pk})
    own.refresh_from_db()
    assert (own.action.title, own.action.unit, own.action.due_on) == (
        own.text, cast.louise.unit, own.due_on,
    )  # fmt: skip
    assert client.get(f"/reunions/decisions/{own.key}/suite/").status_code == 404
    page = client.get(f"/reunions/{risen.key}/compte-rendu/").content.decode()
    assert own.action.get_state_display() in page
    assert enter(cast.paul).get(f"/reunions/decisions/{own.key}/action/").status_code == 404


# --- Any agenda, any reader --------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_any_reader_sees_of_any_agenda_what_he_reads_and_no_more(
    cast, vosges, called, enter, seed
):
    """Random audiences, states and points: the page names exactly what the rule opens."""
    chance = Random(seed)
    units = [cast[who].unit for who in ("marc", "louise", "bruno")]
    written = []
    for _ in range(8):
        by = cast[chance.choice(["diane", "louise", "anna"])]
        named = chance.sample(units, chance.randrange(1, 3)) if chance.random() < 0.5 else None
        commune = vosges[chance.choice(["Épinal", "Golbey"])]
        written.append(factories.report(by, commune, units=named))
    agenda.build(called, by=cast.marc)
    mine = [report for report in written if reads(cast.marc, report)]
    agenda.add(called, by=cast.marc, title="À la main", reports=chance.sample(mine, 2))
    on_agenda = {
        row.report.reference
        for row in ItemReport.objects.filter(item__meeting=called)
        .select_related("report")
        .unguarded(because="a test")
    }
    assert on_agenda == {report.reference for report in mine}
    for who in READERS:
        opened = set(
            access.readable_reports(cast[who])
            .filter(reference__in=on_agenda)
            .values_list("reference", flat=True)
        )
        seen = page_of(enter(cast[who]), called).content.decode()
        assert {ref for ref in on_agenda if ref in seen} == opened, who

"""Who is told: whoever may read it now, and still may when it is shown; never who did it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cross.outbox.models import Job
from intel import access, notices
from intel.actions import invitations, sharing, telling
from intel.models import Following, NoticeChoice, Notification
from services.models import Member, Unit
from services.roles import Role
from tests import factories

EVERYBODY = ("diane", "karim", "louise", "bruno", "anna", "marc", "claire", "gilles", "rose",
             "ines", "tom", "fanny", "paul")  # fmt: skip


def narrowed(*units):
    review = timezone.localdate() + timedelta(days=30)
    return sharing.Narrowing(units=units, reason="source", text="", review_on=review)


def told(cast, *names, **about):
    """Who of them finds something unseen, each asked by his own rule."""
    return {
        name
        for name in names or EVERYBODY
        if access.unseen_notifications(cast[name]).filter(**about).exists()
    }


@pytest.fixture
def report(cast, vosges):
    return factories.report(cast.diane, vosges["Épinal"])


@pytest.mark.parametrize(
    ("kind", "units", "readers"),
    [
        # Its text: every seat of the protocol, the prosecutor of its court too; nobody else.
        ("report.corrected", None, "diane karim louise bruno anna marc gilles rose"),
        ("report.corrected", ["louise"], "diane karim louise rose"),
        # Its life: not who reads the text from outside.
        ("report.moved", None, "diane karim louise bruno anna marc gilles"),
        ("report.moved", ["louise"], "diane karim louise"),
        # To be answered: the roles that answer.
        ("accord.asked", None, "diane karim louise bruno anna marc"),
        ("tasking.received", ["louise"], "diane karim louise"),
        ("feedback.due", None, "anna marc"),
    ],
)
def test_who_is_told_of_everybody(cast, vosges, kind, units, readers):
    named = None if units is None else [cast[name].unit for name in units]
    report = factories.report(cast.diane, vosges["Épinal"], units=named)
    until = timezone.now() + timedelta(days=5)
    invitations.invite(report, by=cast.diane, guest=cast.rose, until=until, reason="avis")
    found = telling.tell(kind, report=report, to=list(cast.values()))
    assert {member.username for member in found} == set(readers.split())
    assert told(cast, kind=kind) == set(readers.split())


def test_a_call_asks_as_much_for_one_member_as_for_fifty(cast, vosges, report):
    def asked(to):
        with CaptureQueriesContext(connection) as captured:
            assert telling.tell("report.corrected", report=report, to=to, by=cast.diane)
        return len(captured)

    one = asked([cast.louise])
    for rank in range(50):
        unit = factories.unit(vosges.department, f"Brigade {rank % 7}-{rank}")
        factories.member(f"agent{rank}", cast.louise.unit if rank % 2 else unit, Role.LIAISON)
    assert asked(list(Unit.objects.all())) == one
    assert Notification.objects.unguarded(because="test").count() > 25


def test_never_who_did_it_nor_twice_the_same_thing(cast, report):
    both = [cast.diane.unit, cast.louise.unit, cast.louise]
    for _ in range(2):
        telling.tell("complement.added", report=report, to=both, by=cast.louise, about="mot 1")
    assert told(cast) == {"diane", "karim"}
    assert access.unseen_notifications(cast.diane).count() == 1
    telling.tell("complement.added", report=report, to=both, by=cast.louise, about="mot 2")
    assert access.unseen_notifications(cast.diane).count() == 2
    telling.forget(report, "mot 1")
    assert access.unseen_notifications(cast.diane).count() == 1


def test_corrected_again_it_is_one_line_until_it_is_seen(cast, report):
    for _ in range(3):
        telling.tell("report.corrected", report=report, to=[cast.louise], by=cast.diane)
    [line] = access.unseen_notifications(cast.louise)
    access.unseen_notifications(cast.louise).update(seen_at=timezone.now())
    telling.tell("report.corrected", report=report, to=[cast.louise], by=cast.diane)
    assert access.readable_notifications(cast.louise).count() == 2
    assert access.unseen_notifications(cast.louise).get().at > line.at


def test_a_restriction_made_afterwards_hides_it_and_lowers_the_count(cast, report):
    telling.tell("report.corrected", report=report, to=list(cast.values()), by=cast.diane)
    assert told(cast) == {"karim", "louise", "bruno", "anna", "marc", "gilles"}
    sharing.restrict(report, by=cast.diane, narrowing=narrowed(cast.bruno.unit))
    assert told(cast) == {"karim", "bruno"}
    assert access.readable_notifications(cast.louise).count() == 0


def test_a_guest_is_told_as_long_as_he_is_invited(cast, vosges):
    report = factories.report(cast.diane, vosges["Épinal"], units=[])
    until = timezone.now() + timedelta(days=5)
    invitations.invite(report, by=cast.diane, guest=cast.rose, until=until, reason="avis")
    telling.tell("report.corrected", report=report, to=[cast.rose], by=cast.diane)
    assert told(cast) == {"rose"}
    report.member_grants.update(
        starts_at=timezone.now() - timedelta(days=2), expires_at=timezone.now()
    )
    assert told(cast) == set()
    assert telling.tell("report.corrected", report=report, to=[cast.rose], by=cast.diane) == []
    # A unit that lodges a guest does not speak for him.
    assert telling.tell("report.corrected", report=report, to=[cast.rose.unit]) == []


def test_whoever_changes_unit_or_leaves_is_told_no_more(cast, report):
    telling.tell("report.corrected", report=report, to=[cast.louise, cast.bruno], by=cast.diane)
    cast.louise.unit = cast.anna.unit
    cast.louise.save()
    yesterday = timezone.localdate() - timedelta(days=1)
    Member.objects.filter(pk=cast.bruno.pk).update(authorised_until=yesterday)
    cast.bruno.refresh_from_db()
    assert told(cast) == set()


def test_preferences_and_following(cast, report):
    louise, bruno = cast.louise, cast.bruno
    NoticeChoice.objects.create(member=louise, kind="report.corrected", way="none")
    assert telling.tell("report.corrected", report=report, to=[louise], by=cast.diane) == []
    # Followed by his unit, except him.
    Following.objects.create(report=report, unit=bruno.unit, follows=True, by=bruno)
    other = factories.member("hugues", bruno.unit, Role.LIAISON)
    Following.objects.create(report=report, member=other, follows=False, by=other)
    assert telling.tell("report.moved", report=report, by=cast.anna) == [bruno]
    # What waits for an answer is told whatever one follows.
    found = telling.tell("tasking.received", report=report, to=[bruno.unit], by=cast.anna)
    assert set(found) == {bruno, other}


def test_what_leaves_by_mail_is_asked_for_after_the_fact(cast, report):
    telling.tell("report.corrected", report=report, to=[cast.louise], by=cast.diane)
    assert not Job.objects.filter(kind="mail_at_once").exists()
    telling.tell("tasking.received", report=report, to=[cast.louise.unit], by=cast.anna)
    job = Job.objects.get(kind="mail_at_once")
    [line] = access.unseen_notifications(cast.louise).filter(kind="tasking.received")
    assert job.args == {"keys": [str(line.key)]}


def test_an_unknown_kind_is_refused(cast, report):
    with pytest.raises(KeyError):
        telling.tell("report.whispered", report=report, to=[cast.louise])
    assert all(len(kind) <= 24 for kind in notices.NOTICES)


def test_paul_is_told_of_nothing(cast, vosges, report):
    for kind in notices.NOTICES:
        assert telling.tell(kind, report=report, to=[cast.paul, cast.paul.unit]) == []
    assert told(cast, "paul") == set()

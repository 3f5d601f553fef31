"""Mail: a number and a link, once, to whoever may still read it; what fails is tried again."""

import smtplib
from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from django.utils import timezone

from cross import letters
from cross.audit.models import Entry
from cross.outbox import KINDS, doing
from cross.outbox.models import Job
from intel import access, tasks
from intel.actions import mailing, sharing, telling
from intel.models import Letter, NoticeChoice, Notification
from services.models import Member
from tests import factories
from tests.house.canary import CANARY, hidden_report

# The module that reads the environment, whatever its settings are today.
env_mail = import_module("cross.settings").env_mail


@pytest.fixture
def cast(cast):
    """Everybody has an address, but Diane."""
    for name, member in cast.items():
        if name != "diane":
            member.email = f"{name}@exemple.invalid"
            member.save(update_fields=["email"])
    return cast


@pytest.fixture
def report(cast, vosges):
    """A canary in every text that it holds."""
    return hidden_report(cast.diane, vosges["Le Thillot"], plate="ZZ-987-ZZ")


def tell_now(report, cast, to=None):
    to = to or [cast.karim, cast.diane]
    telling.tell("tasking.received", report=report, to=to, by=cast.anna)
    for job in Job.objects.filter(kind="mail_at_once", state="queued"):
        doing.perform(job)


def test_a_mail_holds_a_number_and_a_link_and_nothing_else(cast, report, mailoutbox):
    tell_now(report, cast)
    [mail] = mailoutbox
    line = access.readable_notifications(cast.karim).get()
    assert mail.to == ["karim@exemple.invalid"]
    assert mail.subject == "CROSS : 1\u00a0avis"
    assert f"{report.reference} : {settings.ADDRESS}" in mail.body
    assert reverse("open_notification", args=[line.key]) in mail.body
    said = mail.message().as_string() + mail.body
    for secret in (CANARY, "Thillot", line.notice.words, "orient", "restrein", "Épinal"):
        assert secret not in said
    assert line.mailed_at is not None


def test_at_once_is_once_however_often_the_job_runs(cast, report, mailoutbox):
    tell_now(report, cast)
    job = Job.objects.get(kind="mail_at_once")
    for _ in range(2):
        KINDS["mail_at_once"].function(job, **job.args)
    mailing.post_due()
    assert len(mailoutbox) == 1


def test_a_letter_sent_again_by_a_worker_that_died_bears_the_same_number(cast, report, mailoutbox):
    tell_now(report, cast)
    letter = Letter.objects.get(sent_at__isnull=False)
    # What the end of its process undoes: it had left, and nobody wrote it down.
    Letter.objects.filter(pk=letter.pk).update(sent_at=None)
    mailing.post_due()
    first, again = [mail.message()["Message-ID"] for mail in mailoutbox]
    assert first == again == letters.number_of(letter)
    assert first != letters.number_of(Letter(pk=letter.pk + 1))


def test_what_is_no_longer_readable_is_not_mailed(cast, vosges, mailoutbox):
    report = factories.report(cast.diane, vosges["Épinal"])
    telling.tell("tasking.received", report=report, to=[cast.louise, cast.karim], by=cast.anna)
    narrowing = sharing.Narrowing(
        units=(), reason="source", text="", review_on=timezone.localdate() + timedelta(days=9)
    )
    sharing.restrict(report, by=cast.diane, narrowing=narrowing)
    tasks.mail_at_once(None, keys=Job.objects.get(kind="mail_at_once").args["keys"])
    assert [mail.to for mail in mailoutbox] == [["karim@exemple.invalid"]]
    left = dict(Letter.objects.values_list("member__username", "sent_at"))
    assert (left["louise"], left["karim"] is None) == (None, False)
    assert not Letter.objects.waiting(timezone.now()).exists()


def test_nor_to_whoever_has_left(cast, report, mailoutbox):
    telling.tell("tasking.received", report=report, to=[cast.karim], by=cast.anna)
    Member.objects.filter(pk=cast.karim.pk).update(is_active=False)
    tasks.mail_at_once(None, keys=Job.objects.get(kind="mail_at_once").args["keys"])
    assert mailoutbox == []


def test_a_job_taken_again_sends_what_it_had_written(cast, report, mailoutbox, monkeypatch):
    """The worker dies once the letters are written: they leave with the next try of the job."""
    telling.tell("tasking.received", report=report, to=[cast.karim], by=cast.anna)
    keys = Job.objects.get(kind="mail_at_once").args["keys"]

    def dies(key, now=None):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(mailing, "post", dies)
        with pytest.raises(SystemExit):
            tasks.mail_at_once(None, keys=keys)
    assert (Letter.objects.count(), mailoutbox) == (1, [])
    for sent in (1, 0):
        assert tasks.mail_at_once(None, keys=keys) == {"sent": sent}
    assert (Letter.objects.count(), len(mailoutbox)) == (1, 1)


# --- Digests ----------------------------------------------------------------------------------


def daily(cast, vosges, number=2):
    NoticeChoice.objects.create(member=cast.louise, kind="report.corrected", way="daily")
    made = [factories.report(cast.diane, vosges["Épinal"]) for _ in range(number)]
    for report in made:
        telling.tell("report.corrected", report=report, to=[cast.louise], by=cast.diane)
    return made


def test_one_digest_a_day_under_two_beats(cast, vosges, mailoutbox):
    made = daily(cast, vosges)
    for _ in range(2):
        tasks.daily_digests(None)
    [mail] = mailoutbox
    assert mail.subject == "CROSS : 2\u00a0avis"
    assert all(report.reference in mail.body for report in made)
    # Something more the same day waits for the next.
    telling.tell(
        "report.corrected", report=made[0], to=[cast.louise], by=cast.diane, about="encore"
    )
    tasks.daily_digests(None)
    assert len(mailoutbox) == 1
    tomorrow = timezone.localdate() + timedelta(days=1)
    for letter in mailing.write_digests(tomorrow):
        mailing.post(letter.pk)
    assert (len(mailoutbox), mailoutbox[1].subject) == (2, "CROSS : 1\u00a0avis")


def test_a_digest_asks_rights_again_as_it_leaves(cast, vosges, mailoutbox):
    shown, hidden = daily(cast, vosges)
    [letter] = mailing.write_digests()
    narrowing = sharing.Narrowing(
        units=(), reason="source", text="", review_on=timezone.localdate() + timedelta(days=9)
    )
    sharing.restrict(hidden, by=cast.diane, narrowing=narrowing)
    mailing.post(letter.pk)
    [mail] = mailoutbox
    assert shown.reference in mail.body
    assert hidden.reference not in mail.body


def test_what_was_seen_meanwhile_is_in_no_digest(cast, vosges, mailoutbox):
    daily(cast, vosges)
    access.unseen_notifications(cast.louise).update(seen_at=timezone.now())
    tasks.daily_digests(None)
    assert mailoutbox == []


def test_a_long_digest_says_how_many_more(cast, vosges, mailoutbox, monkeypatch):
    monkeypatch.setattr(mailing, "MOST_LINES", 1)
    daily(cast, vosges, number=3)
    tasks.daily_digests(None)
    assert "et 2 de plus" in mailoutbox[0].body
    assert mailoutbox[0].body.count("CROSS-88-") == 1


# --- Failures ---------------------------------------------------------------------------------


def refuse(monkeypatch):
    def send(self, fail_silently=False):
        raise smtplib.SMTPRecipientsRefused({self.to[0]: (550, b"no such user")})

    monkeypatch.setattr("django.core.mail.EmailMessage.send", send)


def test_a_mail_that_fails_is_tried_again_then_given_up_and_said(
    cast, report, mailoutbox, monkeypatch, enter, caplog
):
    with monkeypatch.context() as patch:
        refuse(patch)
        tell_now(report, cast, [cast.karim])
        letter = Letter.objects.get()
        assert (letter.tries, letter.sent_at) == (1, None)
        now = letter.next_at
        for _ in range(10):
            mailing.post_due(now)
            letter.refresh_from_db()
            now = letter.next_at + timedelta(days=1)
    assert letter.tries == len(letters.TRY_AGAIN_AFTER) + 1
    assert letter.given_up_at is not None
    assert Entry.objects.filter(verb="mail.given_up", target="agent karim").count() == 1
    assert "karim@" not in caplog.text
    for name in ("notification_list", "notice_choices"):
        assert (
            "n’a pas pu vous être remis" in enter(cast.karim).get(reverse(name)).content.decode()
        )
    assert "n’a pas pu" not in enter(cast.diane).get(reverse("notification_list")).content.decode()
    # The next one leaves: nothing more is said.
    assert mailoutbox == []
    Letter.objects.update(given_up_at=timezone.now())
    telling.tell("accord.asked", report=report, to=[cast.karim], about="essai")
    Notification.objects.filter(about="essai").update(way="now")
    keys = access.unseen_notifications(cast.karim).filter(about="essai").values_list("key")
    tasks.mail_at_once(None, keys=[str(key) for (key,) in keys])
    assert len(mailoutbox) == 1
    page = enter(cast.karim).get(reverse("notification_list")).content.decode()
    assert "n’a pas pu" not in page


def test_a_letter_that_went_nowhere_hides_no_refusal(cast, report, mailoutbox, settings, enter):
    """Given up, then one with nothing left to say, and one of a day without a server."""
    tell_now(report, cast, [cast.karim])
    Letter.objects.update(sent_at=None, given_up_at=timezone.now())
    mailoutbox.clear()
    for about, leaves in (("tu", True), ("sans serveur", False)):
        telling.tell("tasking.received", report=report, to=[cast.karim], about=about)
        rows = access.unseen_notifications(cast.karim).filter(about=about)
        [letter] = mailing.write_at_once([str(rows.get().key)])
        settings.MAIL_LEAVES = leaves
        if leaves:
            rows.update(seen_at=timezone.now())
        assert mailing.post(letter.pk) is False
    assert mailoutbox == []
    assert mailing.post_due() == 0
    page = enter(cast.karim).get(reverse("notification_list")).content.decode()
    assert "n’a pas pu vous être remis" in page


def test_a_server_that_comes_back_gets_what_waited(cast, report, mailoutbox, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(
            "django.core.mail.EmailMessage.send",
            lambda self, fail_silently=False: (_ for _ in ()).throw(ConnectionRefusedError()),
        )
        tell_now(report, cast, [cast.karim])
    assert mailing.post_due() == 0  # not yet
    assert mailing.post_due(timezone.now() + timedelta(minutes=6)) == 1
    assert len(mailoutbox) == 1


def test_an_installation_without_mail_sends_none(cast, report, mailoutbox, settings, enter):
    settings.MAIL_LEAVES = False
    tell_now(report, cast)
    assert mailoutbox == []
    page = enter(cast.karim).get(reverse("notice_choices")).content.decode()
    assert "n’envoie pas de courriel" in page
    assert access.unseen_notifications(cast.karim).exists()


def test_old_ones_are_forgotten(cast, report):
    tell_now(report, cast)
    assert mailing.forget_old() == 0
    Notification.objects.filter(member=cast.karim).update(seen_at=timezone.now())
    assert mailing.forget_old(timezone.now() + timedelta(days=settings.SEEN_NOTICE_DAYS + 1)) == 1
    assert not Letter.objects.exists()


# --- Where it goes ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({}, None),
        ({"EMAIL_HOST": "mail.invalid"}, ("mail.invalid", 25, False, False)),
        (
            {"EMAIL_HOST": "mail.invalid", "EMAIL_USE_TLS": "1", "EMAIL_PORT": "2525"},
            ("mail.invalid", 2525, True, False),
        ),
        ({"EMAIL_URL": "smtps://nom:mot@mail.invalid"}, ("mail.invalid", 465, False, True)),
        ({"EMAIL_URL": "smtp+tls://mail.invalid:588"}, ("mail.invalid", 588, True, False)),
    ],
)
def test_the_server_is_read_from_the_environment(monkeypatch, variables, found):
    for name in ("EMAIL_URL", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_USE_TLS", "EMAIL_USE_SSL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    mail = env_mail()
    names = ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_USE_TLS", "EMAIL_USE_SSL")
    assert (tuple(mail[name] for name in names) if mail else None) == found
    if "nom" in variables.get("EMAIL_URL", ""):
        assert (mail["EMAIL_HOST_USER"], mail["EMAIL_HOST_PASSWORD"]) == ("nom", "mot")


def test_an_address_that_is_none_is_refused(monkeypatch):
    monkeypatch.setenv("EMAIL_URL", "http://mail.invalid")
    with pytest.raises(ImproperlyConfigured):
        env_mail()

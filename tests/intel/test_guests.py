"""One person, one report, from day to day: invited by the unit that wrote it, and sent home."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cross.audit.models import Entry
from intel import access
from intel.actions import invitations
from intel.models import ReportMemberGrant
from protocols.actions import admit
from protocols.models import Protocol
from services.models import Member, Unit
from services.roles import Role
from tests import factories

TODAY = timezone.localdate


@pytest.fixture
def report(cast, vosges):
    return factories.report(cast.diane, vosges["Épinal"], units=[], subject="Devant le collège")


@pytest.fixture
def referent(cast, vosges):
    """Of a unit that sits on a subject that no report of these tests touches."""
    harbour = factories.unit(vosges.department, "Direction des routes", kind="autre")
    protocol = Protocol.objects.get(department=vosges.department)
    admit(
        harbour, protocol, by=None, standing="referent", starts_on=TODAY() - timedelta(days=1),
        ends_on=TODAY() + timedelta(days=90), products=["ghb"],
    )  # fmt: skip
    return factories.member("odile", harbour, Role.LIAISON)


def invite(client, report, person, **fields):
    until = (TODAY() + timedelta(days=10)).isoformat()
    sent = {"guest": person.pk, "until": until, "reason": "avis", "completes": "lire"} | fields
    return client.post(reverse("invite_guest", args=[report.reference]), sent)


def reads(client, report):
    return client.get(report.get_absolute_url()).status_code == 200


def test_a_guest_reads_the_sheet_until_the_end_of_the_last_day(cast, enter, report):
    rose = enter(cast.rose)
    assert not reads(rose, report)
    answer = invite(enter(cast.karim), report, cast.rose)
    assert answer.url == report.get_absolute_url()
    assert reads(rose, report)
    grant = ReportMemberGrant.objects.get()
    end = timezone.localtime(grant.expires_at)
    assert (end.date(), end.hour, end.minute) == (TODAY() + timedelta(days=10), 23, 59)
    line = Entry.objects.get(verb="report.invited")
    assert line.recipients.startswith(
        "Rose Essai, Éducation nationale\u00a0: lecture seule, jusqu’au"
    )
    home = rose.get("/").content.decode()
    assert "Vos invitations" in home
    assert "Devant le collège" in home
    assert not access.completable_reports(cast.rose).exists()
    assert "aucune réponse n’est attendue" in home
    assert "Donner votre avis" not in home
    assert not reads(enter(cast.paul), report)


def test_a_guest_who_may_complete_does_so_as_long_as_he_reads(cast, enter, report):
    client = enter(cast.diane)
    invite(client, report, cast.rose, completes="completer")
    assert set(access.completable_reports(cast.rose)) == {report}
    page = enter(cast.rose).get("/").content.decode()
    assert "Donner votre avis" in page
    assert reverse("add_complement", args=[report.reference]) in page
    asked = enter(cast.rose).get(reverse("add_complement", args=[report.reference]))
    assert "<h1>Donner votre avis</h1>" in asked.content.decode()
    assert page.count("Devant le collège") == 1  # once, above, and not again among the latest
    assert "peut compléter" in client.get(report.get_absolute_url()).content.decode()
    # Given, it is asked for no more, and the unit of the report finds it under its name.
    enter(cast.rose).post(
        reverse("add_complement", args=[report.reference]), {"text": "Rien à signaler."}
    )
    given = enter(cast.rose).get("/").content.decode()
    assert "Votre avis est donné" in given
    assert "Donner votre avis" not in given
    assert "avis de Rose Essai" in client.get("/").content.decode()
    # Invited again to read only: the second grant goes.
    invite(client, report, cast.rose)
    assert reads(enter(cast.rose), report)
    assert not access.completable_reports(cast.rose).exists()


def test_an_invitation_to_come_opens_nothing_yet(cast, enter, report):
    start = TODAY() + timedelta(days=3)
    invite(enter(cast.diane), report, cast.rose, since=start.isoformat())
    assert not reads(enter(cast.rose), report)
    assert "Devant le collège" not in enter(cast.rose).get("/").content.decode()
    assert "du " in enter(cast.diane).get(report.get_absolute_url()).content.decode()
    ReportMemberGrant.objects.update(starts_at=timezone.now() - timedelta(minutes=1))
    assert reads(enter(cast.rose), report)


def test_it_is_ended_at_once_and_prolonged(cast, enter, report):
    owner, rose = enter(cast.karim), enter(cast.rose)
    invite(owner, report, cast.rose, completes="completer")
    grant = access.endable_invitations(cast.karim).get()
    later = TODAY() + timedelta(days=40)
    page = reverse("prolong_invitation", args=[grant.key])
    assert owner.get(page).status_code == 200
    assert owner.post(page, {"until": later.isoformat()}).url == report.get_absolute_url()
    assert {timezone.localdate(each.expires_at) for each in ReportMemberGrant.objects.all()} == {
        later
    }
    assert "→" in Entry.objects.get(verb="report.invitation_prolonged").recipients
    for days in (-1, 400):
        sent = {"until": (TODAY() + timedelta(days=days)).isoformat()}
        assert owner.post(page, sent).status_code == 422
    assert owner.post(reverse("end_invitation", args=[grant.key])).url == report.get_absolute_url()
    assert not reads(rose, report)
    assert not access.completable_reports(cast.rose).exists()
    assert Entry.objects.get(verb="report.invitation_ended").target == report.reference


@pytest.mark.parametrize(
    ("who", "sees", "ends"),
    [
        ("diane", True, True),
        ("karim", True, True),
        ("anna", True, False),  # the cell knows who reads
        ("marc", True, False),
        ("louise", False, False),
        ("gilles", False, False),
        ("paul", False, False),
    ],
)
def test_who_sees_the_guests_and_who_ends_them(cast, vosges, enter, who, sees, ends):
    report = factories.report(cast.diane, vosges["Épinal"])
    until = invitations.end_of(TODAY() + timedelta(days=5))
    invitations.invite(report, by=cast.diane, guest=cast.rose, until=until, reason="avis du lycée")
    client = enter(cast[who])
    page = client.get(report.get_absolute_url()).content.decode()
    assert ("Rose Essai" in page) is sees
    assert ("avis du lycée" in page) is sees
    grant = ReportMemberGrant.objects.get()
    assert (client.post(reverse("end_invitation", args=[grant.key])).status_code == 302) is ends
    assert (invite(client, report, cast.rose).status_code == 302) is ends


@pytest.mark.parametrize(
    ("who", "may_be_invited"),
    [
        ("rose", True),
        ("rene", True),  # a guest that the owner unit lodges
        ("odile", True),  # her unit sits on a subject
        ("louise", False),  # hers reads whatever is open: name it
        ("karim", False),
        ("tom", False),
        ("fanny", False),
        ("paul", False),
    ],
)
def test_who_may_be_invited(cast, enter, report, referent, who, may_be_invited):
    lodged = factories.member("rene", cast.diane.unit, Role.GUEST)
    guest = {**cast, "odile": referent, "rene": lodged}[who]
    until = invitations.end_of(TODAY() + timedelta(days=5))
    # The action asks again: a form is not the only one to call it.
    with transaction.atomic():
        refused = nullcontext() if may_be_invited else pytest.raises(ValidationError, match="réf")
        with refused:
            invitations.invite(report, by=cast.karim, guest=guest, until=until, reason="avis")
        transaction.set_rollback(True)
    answer = invite(enter(cast.diane), report, guest)
    assert (answer.status_code == 302) is may_be_invited
    assert ReportMemberGrant.objects.exists() is may_be_invited
    assert reads(enter(guest), report) is (may_be_invited or who == "karim")


def test_a_prosecutor_is_invited_in_the_area_of_his_court_alone(cast, enter, vosges, meurthe):
    """Of a court office that sits on a subject."""
    protocol = Protocol.objects.get(department=vosges.department)
    office = factories.unit(
        vosges.department, "Parquet de Nancy", kind="parquet", court=meurthe.court
    )
    admit(
        office, protocol, by=None, standing="referent", starts_on=TODAY(),
        ends_on=TODAY() + timedelta(days=90), products=["ghb"],
    )  # fmt: skip
    gaston = factories.member("gaston", office, Role.PROSECUTOR)
    report = factories.report(cast.diane, vosges["Épinal"], units=[])
    answer = invite(enter(cast.diane), report, gaston)
    assert answer.status_code == 422
    assert "ressort de son tribunal" in answer.content.decode()
    Unit.objects.filter(pk=office.pk).update(court=vosges.court)
    gaston = Member.objects.get(pk=gaston.pk)
    assert invite(enter(cast.diane), report, gaston).status_code == 302
    assert reads(enter(gaston), report)
    assert not reads(enter(cast.paul), report)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"guest": ""}, "Choisissez une réponse"),
        ({"guest": "999999"}, "Sélectionnez un choix valide"),
        ({"until": ""}, "Indiquez une date"),
        ({"until": "2020-01-01"}, "dans l’avenir"),
        ({"until": "2099-01-01"}, "Un an au plus"),
        ({"since": "2099-01-01"}, "La fin doit suivre le début"),
        ({"reason": " "}, "Dites pourquoi cette personne est invitée"),
    ],
)
def test_a_refused_invitation_says_why_and_opens_nothing(cast, enter, report, fields, told):
    answer = invite(enter(cast.diane), report, cast.rose, **fields)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not ReportMemberGrant.objects.exists()


def test_nobody_is_invited_to_a_draft(cast, vosges, enter):
    draft = factories.report(cast.diane, vosges["Épinal"], draft=True)
    assert invite(enter(cast.diane), draft, cast.rose).status_code == 404


def test_a_stranger_neither_invites_nor_learns_who_is(cast, enter, report):
    """Paul, of another department."""
    invite(enter(cast.diane), report, cast.rose)
    grant = ReportMemberGrant.objects.get()
    client = enter(cast.paul)
    assert invite(client, report, cast.rose).status_code == 404
    for name in ("prolong_invitation", "end_invitation"):
        sent = {"until": (TODAY() + timedelta(days=1)).isoformat()}
        assert client.post(reverse(name, args=[grant.key]), sent).status_code == 404
    assert reads(enter(cast.rose), report)

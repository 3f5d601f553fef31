"""A lost telephone: one person asks that the factor be withdrawn, another confirms.

Hugo heads Bruno's unit, Tom keeps all accounts, Marc directs the cell.
"""

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from cross.audit.models import Entry
from cross.identity.tasks import tell_of_withdrawal, tell_of_withdrawal_asked
from services import actions
from services.models import FactorWithdrawal, Member
from services.roles import Role
from tests import factories
from tests.factories import PASSWORD
from tests.identity.test_again import grow_old
from tests.intel.test_entry import words

pytestmark = pytest.mark.django_db
NEW = "un-mot-de-passe-dicté-au-téléphone"
SAID = {"reason": "Téléphone perdu", "password": NEW}


@pytest.fixture
def cast(cast):
    cast["hugo"] = factories.member("hugo", cast.bruno.unit, Role.HEAD)
    factories.factor(cast.bruno)
    return cast


def ask(cast, who="hugo", whose="bruno"):
    """What the form does."""
    return actions.ask_withdrawal(
        cast[whose], by=cast[who], password=NEW, reason="Téléphone perdu"
    )


def address(name, asked):
    return reverse(name, args=[asked.key])


def is_as_it_was(member):
    member.refresh_from_db()
    return member.check_password(PASSWORD) and member.authenticator_set.exists()


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("tom", True),
        ("hugo", True),
        ("bruno", False),  # his own
        ("diane", False),
        ("marc", False),
        ("ines", False),
        ("paul", False),
    ],
)
def test_who_asks_for_a_lost_factor_and_nothing_changes_yet(cast, enter, who, may):
    page = reverse("withdraw_factors", args=[cast.bruno.pk])
    assert enter(cast[who]).post(page, SAID).status_code == (302 if may else 404)
    assert FactorWithdrawal.objects.filter(asked_by=cast[who]).exists() is may
    assert is_as_it_was(cast.bruno)
    lines = Entry.objects.filter(verb="factor.withdrawal_asked", target="agent bruno")
    assert lines.exists() is may
    assert not Entry.objects.filter(verb="factor.withdrawn").exists()


def test_the_second_person_is_named_to_the_first_and_finds_it_on_his_home(cast, enter):
    Member.objects.filter(pk=cast.marc.pk).update(phone="03 00 00 00 01")
    page = reverse("withdraw_factors", args=[cast.bruno.pk])
    told = enter(cast.hugo).post(page, SAID, follow=True).text
    assert f"{cast.marc.get_full_name()} (03 00 00 00 01)" in told
    sentence = told.partition("Appelez qui peut confirmer")[2].partition("<")[0]
    assert {who for who in cast if cast[who].get_full_name() in sentence} == {"marc", "tom"}
    for who in cast:
        is_told = "1 retrait à confirmer" in words(enter(cast[who]).get("/"))
        assert is_told is (who in {"marc", "tom"}), who


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("tom", True),
        ("marc", True),
        ("hugo", False),  # who asked
        ("bruno", False),  # whose it is
        ("anna", False),
        ("diane", False),
        ("ines", False),
        ("paul", False),
    ],
)
def test_a_second_person_confirms(cast, enter, who, may, figure):
    asked = ask(cast)
    answer = enter(cast[who]).post(address("confirm_withdrawal", asked))
    assert answer.status_code == (302 if may else 404)
    assert is_as_it_was(cast.bruno) is not may
    cast.bruno.refresh_from_db()
    assert cast.bruno.check_password(NEW) is may
    lines = Entry.objects.filter(target="agent bruno", verb__startswith="factor.withdraw")
    told = {(line.verb, line.who) for line in lines}
    expected = {("factor.withdrawal_asked", cast.hugo.get_full_name())}
    if may:
        expected.add(("factor.withdrawn", cast[who].get_full_name()))
        assert "demandé par Hugo" in lines.get(verb="factor.withdrawn").why
    assert told == expected
    figure("B66", "a lost factor: one asks, another confirms; 6 of 8 tried alone or beside: 0")


def test_a_head_and_the_account_whose_password_he_gave_are_one_person(cast, enter):
    deputy = factories.member("deputy", cast.bruno.unit, Role.HEAD)
    Member.objects.filter(pk=deputy.pk).update(password_by=cast.hugo)
    deputy.refresh_from_db()
    asked = ask(cast)
    assert enter(deputy).post(address("confirm_withdrawal", asked)).status_code == 404
    assert is_as_it_was(cast.bruno)


def test_the_database_itself_refuses_one_person_for_two(cast):
    asked = ask(cast)
    for alone in (cast.hugo, cast.bruno):
        with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
            asked.decide(FactorWithdrawal.Decision.ACCEPTED, by=alone)


def test_a_first_person_who_keeps_the_account_no_more_is_none(cast):
    asked = ask(cast)
    Member.objects.filter(pk=cast.hugo.pk).update(is_active=False)
    asked.refresh_from_db()
    with pytest.raises(ValidationError, match="refusez la demande"):
        actions.confirm_withdrawal(asked, by=cast.tom)
    assert is_as_it_was(cast.bruno)
    actions.decline_withdrawal(asked, by=cast.tom, why="Son chef est parti")
    assert ask(cast, who="tom").decision == ""


def test_whoever_confirms_proves_who_he_is(cast, enter):
    asked, client = ask(cast), enter(cast.tom)
    factories.factor(cast.tom)
    grow_old(client)
    assert client.post(address("confirm_withdrawal", asked)).status_code == 401
    assert is_as_it_was(cast.bruno)


def test_it_is_decided_once(cast):
    asked = ask(cast)
    actions.confirm_withdrawal(asked, by=cast.tom)
    for again, by in (
        (actions.confirm_withdrawal, cast.marc),
        (actions.take_withdrawal_back, cast.hugo),
    ):
        with pytest.raises(ValidationError, match="n’attend plus"):
            again(asked, by=by)
    asked.refresh_from_db()
    assert asked.password == ""


def test_refused_or_taken_back_the_account_is_as_it_was(cast, enter):
    asked = ask(cast)
    page = enter(cast.marc).post(address("decline_withdrawal", asked), {"why": ""})
    assert page.status_code == 422
    assert enter(cast.marc).post(
        address("decline_withdrawal", asked), {"why": "Il l’a retrouvé"}
    ).status_code == 302  # fmt: skip
    assert Entry.objects.get(verb="factor.withdrawal_declined").why == "Il l’a retrouvé"
    again = ask(cast)
    assert enter(cast.hugo).post(address("take_withdrawal_back", again)).status_code == 302
    assert Entry.objects.filter(verb="factor.withdrawal_taken_back").exists()
    assert is_as_it_was(cast.bruno)
    assert not FactorWithdrawal.objects.exclude(password="").exists()


def test_asked_twice_it_waits_once_and_says_so(cast, enter):
    ask(cast)
    page = enter(cast.tom).post(reverse("withdraw_factors", args=[cast.bruno.pk]), SAID)
    assert page.status_code == 422
    assert "Le retrait est déjà demandé" in page.text
    assert "Téléphone perdu" in page.text


def test_an_account_without_a_factor_asks_for_nobody_else(cast, enter):
    page = enter(cast.tom).post(reverse("withdraw_factors", args=[cast.diane.pk]), SAID)
    assert page.status_code == 422
    assert "ne tient aucun second facteur" in page.text


def test_the_second_person_finds_it_and_the_password_is_on_no_page(cast, enter):
    ask(cast)
    for who, page in (("tom", "member_list"), ("marc", "service_list")):
        client = enter(cast[who])
        assert "attend votre confirmation" in client.get(reverse(page)).text
        listed = client.get(reverse("withdrawal_list")).text
        assert cast.bruno.get_full_name() in listed
        assert "Confirmer" in listed
        assert NEW not in listed
        assert "argon2" not in listed
    assert "Annuler la demande" in enter(cast.hugo).get(reverse("withdrawal_list")).text
    assert "attend votre confirmation" not in enter(cast.anna).get(reverse("service_list")).text


def test_nothing_that_was_held_opens_any_more(cast, enter):
    lost = enter(cast.bruno)
    asked = ask(cast)
    assert lost.get("/").status_code == 200
    enter(cast.tom).post(address("confirm_withdrawal", asked))
    assert lost.get("/").status_code == 302
    client = Client()
    assert client.post("/connexion/", {"login": "bruno", "password": PASSWORD}).status_code == 200
    assert client.post("/connexion/", {"login": "bruno", "password": NEW}).status_code == 302
    assert client.get("/").url == reverse("mfa_index")
    page = client.get(reverse("mfa_index")).text
    assert "Votre ancien second facteur a été retiré" in page
    assert f"Par {cast.tom.get_full_name()}" in page


@pytest.mark.parametrize("tell", [tell_of_withdrawal, tell_of_withdrawal_asked])
def test_he_is_told_by_mail_when_it_is_asked_and_when_it_is_done(cast, tell):
    cast.bruno.email = "bruno@exemple.invalid"
    cast.bruno.save()
    tell(None, member=cast.bruno.pk)
    [letter] = mail.outbox
    assert letter.to == ["bruno@exemple.invalid"]
    assert "second facteur" in letter.subject


def test_who_holds_a_factor_is_not_given_another_outside_identity_by_one_person(cast):
    with pytest.raises(ValidationError, match="deux personnes"):
        actions.change_account(cast.bruno, by=cast.tom, outside_identity="moi@exemple.invalid")
    cast.bruno.refresh_from_db()
    assert cast.bruno.outside_identity == ""

"""A head keeps the accounts of his own unit, never beyond, never above, never his own."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cross.audit.models import Entry
from intel.actions import sharing
from services import actions
from services.models import Member
from services.roles import DUTIES, Right, Role
from tests import factories

ADDRESS = "/services/mon-unite/"


@pytest.fixture
def unit(cast):
    """Diane's unit with a head, Hugo, and a reader, Léa."""
    cast["hugo"] = factories.member("hugo", cast.diane.unit, Role.HEAD)
    cast["lea"] = factories.member("lea", cast.diane.unit, Role.READER)
    return cast


def typed(**fields):
    today = timezone.localdate()
    return {
        "username": "nouvelle", "password": "un-long-mot-de-passe", "first_name": "Nora",
        "last_name": "Essai", "role": "liaison", "authorised_by": "Hugo Essai",
        "authorised_from": today.isoformat(),
        "authorised_until": (today + timedelta(days=365)).isoformat(),
    } | fields  # fmt: skip


def as_typed(member, **fields):
    return typed(
        username=member.username, password="", first_name=member.first_name,
        last_name=member.last_name, role=member.role, authorised_by=member.authorised_by,
        authorised_from=member.authorised_from.isoformat(),
        authorised_until=member.authorised_until.isoformat(), is_active="on",
    ) | fields  # fmt: skip


@pytest.mark.parametrize(
    ("who", "status"),
    [("hugo", 200), ("diane", 403), ("lea", 403), ("anna", 403), ("marc", 403), ("tom", 403),
     ("ines", 403), ("claire", 403), ("rose", 403), ("paul", 403)],
)  # fmt: skip
def test_who_heads_a_unit(unit, enter, who, status):
    client = enter(unit[who])
    assert client.get(ADDRESS).status_code == status
    assert client.get(f"{ADDRESS}nouveau/").status_code == status
    opened = client.post(f"{ADDRESS}nouveau/", typed())
    assert (opened.status_code == 302) == (status == 200)
    kept = client.get(f"{ADDRESS}{unit.karim.pk}/")
    assert kept.status_code == (200 if status == 200 else 404)


@pytest.mark.parametrize(
    ("who", "kept"),
    [("karim", True), ("lea", True), ("hugo", False), ("louise", False), ("anna", False),
     ("tom", False), ("fanny", False), ("paul", False)],
)  # fmt: skip
def test_whose_account_a_head_keeps(unit, enter, who, kept):
    answer = enter(unit.hugo).post(f"{ADDRESS}{unit[who].pk}/", as_typed(unit[who], phone="1234"))
    assert (answer.status_code == 302) == kept
    assert (Member.objects.get(pk=unit[who].pk).phone == "1234") == kept


def test_another_head_of_the_unit_and_the_cell_s_roles_are_not_his(unit, enter):
    for role in set(Role) - {Role.LIAISON, Role.READER}:
        other = factories.member(f"autre-{role}", unit.diane.unit, role)
        assert enter(unit.hugo).get(f"{ADDRESS}{other.pk}/").status_code == 404


@pytest.mark.parametrize("role", sorted(set(Role)))
def test_he_gives_the_roles_of_liaison_and_reader_alone(unit, enter, role):
    given = role in {Role.LIAISON, Role.READER}
    client = enter(unit.hugo)
    answer = client.post(f"{ADDRESS}nouveau/", typed(role=role))
    assert (answer.status_code == 302) == given
    raised = client.post(f"{ADDRESS}{unit.lea.pk}/", as_typed(unit.lea, role=role))
    assert (raised.status_code == 302) == given
    assert (Member.objects.get(pk=unit.lea.pk).role == role) == given
    # What a form does not offer, the action refuses too.
    if not given:
        with pytest.raises(ValidationError, match="liaison et de lecteur"):
            actions.change_account(unit.karim, by=unit.hugo, role=role)


def test_a_forged_unit_is_not_heard(unit, enter):
    enter(unit.hugo).post(f"{ADDRESS}nouveau/", typed(unit=unit.louise.unit.pk))
    assert Member.objects.get(username="nouvelle").unit == unit.diane.unit
    with pytest.raises(ValidationError, match="son unité"):
        actions.change_account(unit.karim, by=unit.hugo, unit=unit.louise.unit)
    with pytest.raises(PermissionDenied):
        actions.change_account(unit.karim, by=unit.diane, phone="1")
    assert Member.objects.get(pk=unit.karim.pk).unit == unit.diane.unit


def test_an_authorisation_is_prolonged_by_a_year_at_most(unit, enter):
    client, today = enter(unit.hugo), timezone.localdate()
    for days, done in ((366, True), (367, False)):
        until = today + timedelta(days=days)
        answer = client.post(
            f"{ADDRESS}{unit.karim.pk}/", as_typed(unit.karim, authorised_until=until.isoformat())
        )
        assert (answer.status_code == 302) == done
    assert Member.objects.get(pk=unit.karim.pk).authorised_until == today + timedelta(days=366)
    # Journalled, from what to what.
    line = Entry.objects.get(verb="member.changed", who="Hugo Essai")
    assert "→" in line.why
    assert line.target == "agent karim"


def test_closing_takes_effect_at_the_next_page(unit, enter):
    karim = enter(unit.karim)
    assert karim.get("/").status_code == 200
    fields = as_typed(unit.karim)
    del fields["is_active"]
    enter(unit.hugo).post(f"{ADDRESS}{unit.karim.pk}/", fields)
    assert karim.get("/").status_code == 302
    page = enter(unit.hugo).get(ADDRESS).content.decode()
    assert "Compte fermé" in page
    assert unit.paul.get_full_name() not in page
    assert enter(unit.paul).get(ADDRESS).status_code == 403


def test_a_head_whose_unit_has_closed_keeps_nothing(unit, enter):
    unit.hugo.unit.closed_on = timezone.localdate()
    unit.hugo.unit.save()
    assert enter(unit.hugo).get(f"{ADDRESS}{unit.karim.pk}/").status_code == 404
    assert enter(unit.hugo).post(f"{ADDRESS}nouveau/", typed()).status_code == 422


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.TECHNICAL}))
def test_the_technician_gives_himself_no_other_right(unit, enter, role):
    """He keeps the accounts of others; of his own, nothing that gives a right."""
    own = as_typed(unit.tom, role=role, unit=unit.tom.unit.pk)
    answer = enter(unit.tom).post(f"/services/agents/{unit.tom.pk}/", own)
    assert answer.status_code == 422
    assert "nul ne change ses propres droits" in answer.content.decode()
    moved = as_typed(unit.tom, unit=unit.anna.unit.pk)
    assert enter(unit.tom).post(f"/services/agents/{unit.tom.pk}/", moved).status_code == 422
    tom = Member.objects.get(pk=unit.tom.pk)
    assert (tom.role, tom.unit) == (Role.TECHNICAL, unit.tom.unit)
    assert not DUTIES[Role.TECHNICAL].rights & {Right.READ, Right.WRITE, Right.EXPORT}


def test_the_page_costs_the_same_with_one_member_and_with_ten(
    unit, enter, django_assert_max_num_queries
):
    for rank in range(10):
        factories.member(f"agent-{rank}", unit.diane.unit, Role.READER)
    client = enter(unit.hugo)
    with django_assert_max_num_queries(8):
        assert "Agent-9" in client.get(ADDRESS).content.decode()


# --- Two persons ------------------------------------------------------------------------------


def given_by(head, username, enter):
    assert enter(head).post(f"{ADDRESS}nouveau/", typed(username=username)).status_code == 302
    return Member.objects.get(username=username)


def test_a_head_is_not_two_persons_by_opening_an_account(unit, vosges, enter):
    """Nor by two accounts, nor by giving somebody another password: he may sign in for them."""
    report = factories.report(unit.diane, vosges["Épinal"], units=[])
    one, two = (given_by(unit.hugo, username, enter) for username in ("prete", "nom"))

    def may_confirm(first, second):
        Member.objects.update(password_is_provisional=False)  # each has chosen his own since
        asked = sharing.ask_release(report, by=first, why="Plus de raison")
        client = enter(second)
        html = client.get(report.get_absolute_url()).content.decode()
        offered = "Confirmer la levée" in html
        address = reverse("confirm_release", args=[asked.key])
        with transaction.atomic():
            confirmed = client.post(address).status_code == 302
            transaction.set_rollback(True)
        assert offered is confirmed
        assert ("tient son mot de passe" in html) is not offered
        assert enter(unit.paul).post(address).status_code == 404
        sharing.withdraw_release(asked, by=first)
        return confirmed

    assert not may_confirm(unit.hugo, one)
    assert not may_confirm(one, unit.hugo)
    assert not may_confirm(one, two)
    assert may_confirm(one, unit.karim)
    enter(unit.hugo).post(
        f"{ADDRESS}{unit.karim.pk}/", as_typed(unit.karim, password="un-autre-secret")
    )
    karim = Member.objects.get(pk=unit.karim.pk)
    assert not may_confirm(unit.hugo, karim)
    assert may_confirm(unit.hugo, unit.diane)
    # An administrator, who reads nothing, gives him another.
    actions.change_account(karim, by=unit.tom, password="encore-un-autre-secret")
    assert may_confirm(unit.hugo, Member.objects.get(pk=karim.pk))


def test_the_page_does_not_promise_a_second_person_who_is_none(unit, vosges, enter):
    report = factories.report(unit.hugo, vosges["Épinal"], units=[])
    nora = given_by(unit.hugo, "prete", enter)
    address = f"{report.get_absolute_url()}lever-restriction/"
    for who, told in ((unit.hugo, False), (unit.diane, True)):
        assert (nora.get_full_name() in enter(who).get(address).content.decode()) is told

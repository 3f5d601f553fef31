"""Roles: nobody holds everything, a reader writes nothing, erasing is a right of its own."""

from itertools import combinations

import pytest
from django.urls import reverse

from intel import access
from intel.states import BY_PAIR, State
from services.models import Member
from services.roles import APART, DUTIES, GIVEN_BY_HEADS, WITHOUT_CONTENT, Right, Role, may
from tests import factories


def test_no_role_holds_rights_that_must_stay_apart():
    for role, duty in DUTIES.items():
        for one, other in APART:
            assert not {one, other} <= duty.rights, (role, one, other)


def test_no_role_and_no_two_of_them_make_a_superuser():
    everything = frozenset(Right)
    for one, other in combinations(Role, 2):
        assert DUTIES[one].rights | DUTIES[other].rights < everything


def test_a_member_has_one_role_and_no_way_around_it(cast):
    assert not any(member.is_superuser or member.is_staff for member in cast.values())
    assert Member.objects.filter(is_superuser=True).count() == 0
    assert not cast.tom.has_perm("intel.read_report")


def test_what_a_head_gives_is_never_above_him():
    for role in GIVEN_BY_HEADS:
        assert DUTIES[role].rights < DUTIES[Role.HEAD].rights
    assert Right.MANAGE_UNIT not in frozenset().union(*(DUTIES[r].rights for r in GIVEN_BY_HEADS))


def test_who_keeps_accounts_or_the_journal_holds_no_content():
    for role in (Role.TECHNICAL, Role.DPO):
        assert DUTIES[role].rights <= WITHOUT_CONTENT


@pytest.mark.parametrize(
    ("who", "erases"),
    [("anna", True), ("marc", True), ("diane", False), ("karim", False), ("louise", False),
     ("lea", False), ("gilles", False), ("paul", False)],
)  # fmt: skip
def test_erasing_is_a_right_of_its_own(cast, vosges, who, erases):
    cast["lea"] = factories.member("lea", cast.diane.unit, Role.READER)
    report = factories.report(cast.diane, vosges["Épinal"])
    type(report).objects.filter(pk=report.pk).update(state=State.ARCHIVED)
    move = BY_PAIR[State.ARCHIVED, State.ERASED]
    assert access.may_make(cast[who], report, move) == erases


def test_who_directs_without_the_right_to_erase_erases_nothing(cast, vosges, monkeypatch):
    duty = DUTIES[Role.ANALYST]
    without = type(duty)(duty.description, duty.rights - {Right.ERASE})
    report = factories.report(cast.diane, vosges["Épinal"])
    move = BY_PAIR[State.ARCHIVED, State.ERASED]
    assert access.may_make(cast.anna, report, move)
    monkeypatch.setitem(DUTIES, Role.ANALYST, without)
    assert may(Right.DIRECT)(cast.anna)
    assert not access.may_make(cast.anna, report, move)
    assert not access.may_make(cast.paul, report, move)


def test_a_reader_reads_and_writes_nothing(cast, vosges, enter):
    """Beside Diane, of her unit: the refusals are of the role, not of the report."""
    lea = factories.member("lea", cast.diane.unit, Role.READER)
    report = factories.report(cast.diane, vosges["Épinal"])
    draft = factories.report(cast.diane, vosges["Golbey"], draft=True)
    restricted = factories.report(cast.diane, vosges["Golbey"], units=[cast.louise.unit])
    for each in (report, draft, restricted):
        for member, status in ((cast.diane, 200), (lea, 200), (cast.paul, 404)):
            assert enter(member).get(each.get_absolute_url()).status_code == status
    named = {"reference": report.reference}
    for name, arguments in [
        ("change_report", named), ("restrict_report", named), ("attach_file", named),
        ("confirm_identifier", named), ("confirm_amount", named),
        ("discard_report", {"reference": draft.reference}),
        ("new_report", {}), ("paste_report", {}), ("export_reports", {}),
    ]:  # fmt: skip
        address = reverse(name, kwargs=arguments)
        assert enter(cast.diane).get(address).status_code in {200, 302}, name
        assert enter(lea).get(address).status_code in {403, 404}, name
        assert enter(lea).post(address, {}).status_code in {403, 404, 405}, name
    page = enter(lea).get("/").content.decode()
    assert "Saisir" not in page


def test_the_help_page_draws_the_table_of_roles(cast, enter):
    for who in ("diane", "tom", "paul"):
        page = enter(cast[who]).get("/aide/").content.decode()
        for role, duty in DUTIES.items():
            assert role.label in page
            assert duty.description in page
        for right in Right:
            assert right.label in page

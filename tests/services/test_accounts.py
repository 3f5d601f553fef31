"""Accounts: who keeps them, what is refused, and when a change takes effect."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cross.audit.models import Entry
from services.models import Member


def typed(unit, **fields):
    today = timezone.localdate()
    return {
        "username": "nouvelle",
        "password": "un-long-mot-de-passe",
        "first_name": "Nora",
        "last_name": "Essai",
        "unit": unit.pk,
        "role": "liaison",
        "authorised_by": "Colonel Essai",
        "authorised_from": today.isoformat(),
        "authorised_until": (today + timedelta(days=365)).isoformat(),
    } | fields


@pytest.mark.parametrize(
    ("who", "status"),
    [("tom", 200), ("marc", 403), ("anna", 403), ("ines", 403), ("claire", 403), ("paul", 403)],
)
def test_who_keeps_accounts(cast, enter, who, status):
    client = enter(cast[who])
    assert client.get("/services/agents/").status_code == status
    assert client.get("/services/agents/nouveau/").status_code == status
    opened = client.post("/services/agents/nouveau/", typed(cast.diane.unit))
    assert (opened.status_code == 302) == (status == 200)


def test_an_account_of_another_department_is_out_of_reach(cast, enter):
    assert enter(cast.tom).get(f"/services/agents/{cast.paul.pk}/").status_code == 404
    answer = enter(cast.tom).post("/services/agents/nouveau/", typed(cast.paul.unit))
    assert answer.status_code == 422


def test_opening_an_account_names_who_authorised_it(cast, enter):
    enter(cast.tom).post("/services/agents/nouveau/", typed(cast.diane.unit))
    member = Member.objects.get(username="nouvelle")
    assert member.authorised_by == "Colonel Essai"
    assert member.check_password("un-long-mot-de-passe")
    assert list(member.groups.all()) == [cast.diane.unit.group]
    assert Entry.objects.filter(verb="member.created", target="agent nouvelle").exists()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("username", "diane", "Cet identifiant est déjà pris"),
        ("password", "court", "trop court"),
        ("authorised_until", "2020-01-01", "doit finir après avoir commencé"),
        ("authorised_until", "2099-01-01", "douze mois au plus"),
        ("authorised_by", "", "À remplir"),
    ],
)
def test_what_is_refused_is_told_and_keeps_what_was_typed(cast, enter, field, value, sentence):
    answer = enter(cast.tom).post(
        "/services/agents/nouveau/", typed(cast.diane.unit, **{field: value})
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in text
    assert 'value="Nora"' in text


def test_closing_an_account_takes_effect_at_the_next_page(cast, enter):
    diane = enter(cast.diane)
    assert diane.get("/protocoles/").status_code == 200
    fields = typed(cast.diane.unit, username="diane", password="")
    del fields["password"]
    enter(cast.tom).post(f"/services/agents/{cast.diane.pk}/", fields)  # is_active not ticked
    assert diane.get("/protocoles/").status_code == 302


def test_an_ended_authorisation_is_told_with_whom_to_call(cast, enter):
    answer = enter(cast.fanny).get("/protocoles/")
    assert answer.status_code == 403
    assert "habilitation" in answer.content.decode()


def test_nobody_closes_the_account_that_he_uses(cast, enter):
    fields = typed(cast.tom.unit, username="tom", role="technique")
    answer = enter(cast.tom).post(f"/services/agents/{cast.tom.pk}/", fields)
    assert "votre propre compte" in answer.content.decode()
    assert Member.objects.get(pk=cast.tom.pk).is_active


def test_zone_and_court_are_corrected_with_a_reason(cast, vosges, enter):
    client = enter(cast.marc)
    address = f"/services/communes/{vosges['Golbey'].code}/"
    assert "Indiquez le motif" in client.post(address, {"zone": "police"}).content.decode()
    client.post(address, {"zone": "police", "reason": "circonscription d’Épinal"})
    commune = vosges["Golbey"]
    commune.refresh_from_db()
    assert (commune.zone, commune.derived_zone) == ("police", "gendarmerie")
    client.post(address, {"zone": ""})
    commune.refresh_from_db()
    assert commune.zone == "gendarmerie"
    assert enter(cast.diane).get(address).status_code == 404


def test_a_password_that_somebody_gave_opens_nothing_but_its_change(cast, enter):
    enter(cast.tom).post("/services/agents/nouveau/", typed(cast.diane.unit))
    member = Member.objects.get(username="nouvelle")
    client = enter(member)
    for address in ("/", "/renseignements/"):
        assert client.get(address).url == "/compte/mot-de-passe/"
    said = {"old_password": "un-long-mot-de-passe"}
    same = said | dict.fromkeys(("new_password1", "new_password2"), "un-long-mot-de-passe")
    assert "on vous l’a donné" in client.post("/compte/mot-de-passe/", same).text
    own = said | dict.fromkeys(("new_password1", "new_password2"), "corbeau-violet-1742")
    assert client.post("/compte/mot-de-passe/", own).status_code == 302
    assert client.get("/renseignements/").status_code == 200


def test_a_password_of_ones_own_is_not_provisional(cast, enter):
    enter(cast.tom).post(f"/services/agents/{cast.diane.pk}/", typed(cast.diane.unit, password=""))
    cast.diane.refresh_from_db()
    assert not cast.diane.password_is_provisional

"""A lost telephone: who withdraws the factor, and what is left of what it opened."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from cross.audit.models import Entry
from cross.identity.tasks import tell_of_withdrawal
from services.roles import Role
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "un-mot-de-passe-dicté-au-téléphone"
SAID = {"reason": "Téléphone perdu", "password": NEW}


@pytest.fixture
def cast(cast):
    cast["hugo"] = factories.member("hugo", cast.bruno.unit, Role.HEAD)
    return cast


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
def test_who_withdraws_a_lost_factor(cast, enter, who, may):
    factories.factor(cast.bruno)
    address = reverse("withdraw_factors", args=[cast.bruno.pk])
    assert enter(cast[who]).post(address, SAID).status_code == (302 if may else 404)
    cast.bruno.refresh_from_db()
    assert cast.bruno.check_password(NEW) is may
    assert cast.bruno.authenticator_set.exists() is not may
    assert Entry.objects.filter(verb="factor.withdrawn", target="agent bruno").exists() is may


def test_nothing_that_was_held_opens_any_more(cast, enter):
    factories.factor(cast.bruno)
    lost = enter(cast.bruno)
    enter(cast.hugo).post(reverse("withdraw_factors", args=[cast.bruno.pk]), SAID)
    assert lost.get("/").status_code == 302
    client = Client()
    assert client.post("/connexion/", {"login": "bruno", "password": PASSWORD}).status_code == 200
    assert client.post("/connexion/", {"login": "bruno", "password": NEW}).status_code == 302
    assert client.get("/").url == reverse("mfa_index")
    page = client.get(reverse("mfa_index")).text
    assert "Votre ancien second facteur a été retiré" in page
    assert "Par Hugo Essai" in page


def test_he_is_told_by_mail_without_any_content(cast):
    cast.bruno.email = "bruno@exemple.invalid"
    cast.bruno.save()
    tell_of_withdrawal(None, member=cast.bruno.pk)
    [letter] = mail.outbox
    assert letter.to == ["bruno@exemple.invalid"]
    assert "second facteur" in letter.subject

"""Protocols: who reads them, who seats units, and that each end holds at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cross.audit.models import Entry
from intel import access
from protocols.models import Participation, Protocol
from tests import factories


@pytest.fixture
def ours(cast, vosges):
    return Protocol.objects.get(department=vosges.department)


@pytest.mark.parametrize(
    ("who", "reads", "keeps"),
    [("marc", 200, True), ("anna", 200, False), ("diane", 200, False), ("claire", 200, False),
     ("ines", 200, False), ("paul", 404, False)],
)  # fmt: skip
def test_who_reads_a_protocol_and_who_keeps_it(cast, ours, enter, who, reads, keeps):
    client = enter(cast[who])
    answer = client.get(f"/protocoles/{ours.pk}/")
    assert answer.status_code == reads
    assert ("Admettre une unité" in answer.content.decode()) == keeps
    refused = client.post(
        f"/protocoles/{ours.pk}/retirer/", {"unit": cast.louise.unit_id, "why": "x"}
    )
    assert (refused.status_code == 302) == keeps


def test_admitting_and_withdrawing_a_unit_touch_no_report(cast, vosges, ours, enter):
    report = factories.report(cast.diane, vosges["Épinal"])
    client = enter(cast.marc)
    today = timezone.localdate()
    seat = {"unit": cast.rose.unit_id, "standing": "permanent", "reads_reports": "oui",
            "starts_on": today.isoformat()}  # fmt: skip
    answer = client.post(f"/protocoles/{ours.pk}/admettre/", seat, follow=True)
    assert "participe au protocole" in answer.content.decode()
    newcomer = factories.member("zoe", cast.rose.unit, "liaison")
    assert access.readable_reports(newcomer).filter(pk=report.pk).exists()
    client.post(f"/protocoles/{ours.pk}/retirer/", {"unit": cast.rose.unit_id, "why": "fin"})
    assert not access.readable_reports(newcomer).exists()
    assert (
        Entry.objects.filter(
            verb__in=["unit.admitted", "unit.withdrawn"], who="Marc Essai"
        ).count()
        == 2
    )


def test_a_referent_sits_until_a_date(cast, ours, enter):
    seat = {"unit": cast.rose.unit_id, "standing": "referent", "reads_reports": "oui",
            "starts_on": timezone.localdate().isoformat()}  # fmt: skip
    answer = enter(cast.marc).post(f"/protocoles/{ours.pk}/admettre/", seat)
    assert answer.status_code == 422
    assert "participe jusqu’à une date" in answer.content.decode()
    assert not Participation.objects.filter(group=cast.rose.unit.group).exists()


def test_a_withdrawal_says_why(cast, ours, enter):
    client = enter(cast.marc)
    answer = client.post(
        f"/protocoles/{ours.pk}/retirer/", {"unit": cast.louise.unit_id, "why": " "}, follow=True
    )
    assert "Indiquez le motif" in answer.content.decode()
    assert access.standing(cast.louise).departments


def test_every_state_has_its_word(ours):
    from protocols.reading import STATES, state_of

    today = timezone.localdate()
    day = timedelta(days=1)
    seen = {
        state_of(Protocol(signed_on=signed, starts_on=start, ends_on=end, suspended_from=pause))
        for signed, start, end, pause in [
            (today, today, None, None),
            (None, today, None, None),
            (today, today, None, today),
            (today, today - day, today - day, None),
            (today, today + day, None, None),
        ]
    }
    assert seen == set(STATES.values())

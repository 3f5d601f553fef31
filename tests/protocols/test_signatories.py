"""Who signed an amendment: capacity, service, name, for whom and when, as for the protocol."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from cross.audit.models import Entry
from intel import access
from protocols import actions
from protocols.models import Protocol, Signature
from protocols.reading import protocol as reading
from protocols.reading.protocol import bound
from tests import factories
from tests.protocols.test_printed import printed, text_of

DAY = timedelta(days=1)


@pytest.fixture
def ours(cast, vosges):
    """Signed by two services, the prefect through his representative."""
    protocol = Protocol.objects.get(department=vosges.department)
    for rank, (who, capacity, name) in enumerate(
        (
            (cast.claire, "Préfet des Vosges", "Anne Martin"),
            (cast.diane, "Commandant du groupement", "Colonel Petit"),
        ),
        start=1,
    ):
        Signature.objects.create(
            protocol=protocol, rank=rank, service=who.unit.service, capacity=capacity,
            signed_by=name, is_representative=rank == 1, signed_on=protocol.signed_on,
        )  # fmt: skip
    return protocol


def amendments(protocol):
    return reading.amendments(protocol, reading.signed(protocol))


def said_of(amendment):
    return [
        (each.capacity, each.signed_by, each.is_representative, each.signed_on)
        for each in amendment.signatories
    ]


def sent(protocol, **fields):
    """What the browser sends when nothing is changed: those who are bound, ticked."""
    today = timezone.localdate()
    known = {}
    for each in bound(protocol):
        known |= {
            f"connu{each.pk}_signs": "on",
            f"connu{each.pk}_signed_by": each.signed_by,
            f"connu{each.pk}_signed_on": "",
        }
    return {"signed_on": f"{today:%d/%m/%Y}", "changes": "Prolonge.", **known, **fields}


def plain(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def test_those_who_are_bound_sign_again_and_others_are_added(cast, ours, enter):
    client, address = enter(cast.marc), f"/protocoles/{ours.key}/avenant/"
    today, yesterday = timezone.localdate(), timezone.localdate() - DAY
    prefect, commander = bound(ours)
    page = client.get(address).content.decode()
    for name in ("Préfet des Vosges", "Anne Martin", "Commandant du groupement", "Colonel Petit"):
        assert name in page
    answer = client.post(
        address,
        sent(
            ours,
            **{
                f"connu{prefect.pk}_signed_by": "Paul Lenoir",
                f"connu{prefect.pk}_is_representative": "on",
                f"connu{commander.pk}_signed_on": f"{yesterday:%d/%m/%Y}",
                "nouveau1_capacity": "Procureur de la République",
                "nouveau1_service": cast.gilles.unit.service_id,
                "nouveau1_signed_by": "Jeanne Roy",
            },
        ),
    )
    assert answer.status_code == 302
    [amendment] = amendments(ours)
    assert said_of(amendment) == [
        ("Préfet des Vosges", "Paul Lenoir", True, today),
        ("Commandant du groupement", "Colonel Petit", False, yesterday),
        ("Procureur de la République", "Jeanne Roy", False, today),
    ]
    assert Entry.objects.get(verb="protocol.amended").why == "Avenant n° 1, 3\u00a0signataires"
    # What was signed first stays as it was; the next amendment proposes those of today.
    assert [each.signed_by for each in reading.signed(ours)[None]] == [
        "Anne Martin",
        "Colonel Petit",
    ]
    assert [each.signed_by for each in bound(ours)] == [
        "Paul Lenoir", "Colonel Petit", "Jeanne Roy",
    ]  # fmt: skip
    # Said to whoever reads the protocol, on its page and on its sheet, and to nobody else.
    page = plain(enter(cast.louise).get(f"/protocoles/{ours.key}/"))
    paper = text_of(printed(enter(cast.louise), ours).content)
    for text in (page, paper):
        for told in ("Anne Martin", "Paul Lenoir", "Jeanne Roy", "Procureur de la République"):
            assert told in text, told
    assert "Signataires de l’avenant n° 1" in paper
    assert "Paul Lenoir, représentant" in paper
    assert enter(cast.paul).get(f"/protocoles/{ours.key}/").status_code == 404
    for who in ("diane", "claire", "paul"):
        assert enter(cast[who]).post(address, sent(ours)).status_code == 404
    assert ours.amendments.count() == 1


def test_who_has_not_signed_is_left_out_by_a_tick(cast, ours, enter):
    prefect, commander = bound(ours)
    said = sent(ours)
    del said[f"connu{commander.pk}_signs"]
    enter(cast.marc).post(f"/protocoles/{ours.key}/avenant/", said)
    assert [each.capacity for each in amendments(ours)[0].signatories] == [prefect.capacity]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"connu1": None, "connu2": None}, "Indiquez qui a signé l’avenant"),
        ({"connu1_signed_by": ""}, "Indiquez le nom de qui signe."),
        (
            {"connu1_signed_on": "31/12/2098"},
            "Préfet des Vosges : la signature est d’un jour entre",
        ),
        ({"connu1_signed_on": "01/01/1950"}, "Préfet des Vosges : la signature est d’un jour"),
        ({"nouveau1_signed_by": "Jeanne Roy"}, "Indiquez en quelle qualité il signe."),
        ({"nouveau2_capacity": "Maire"}, "Choisissez le service pour lequel il signe."),
        ({"nouveau1_service": "999999"}, "Jeanne Le Goff"),  # no such service; the rest is kept
    ],
)
def test_a_wrong_signatory_is_told_and_nothing_typed_is_lost(cast, ours, enter, changes, sentence):
    ranks = {f"connu{rank}": f"connu{each.pk}" for rank, each in enumerate(bound(ours), start=1)}
    said = sent(ours, changes="Ce que dit l’avenant.", nouveau2_signed_by="")
    if "nouveau1_service" in changes:
        said |= {"nouveau1_capacity": "Maire", "nouveau1_signed_by": "Jeanne Le Goff"}
    for name, value in changes.items():
        prefix, _, column = name.partition("_")
        key = f"{ranks.get(prefix, prefix)}_{column}" if column else f"{ranks[prefix]}_signs"
        if value is None:
            del said[key]
        else:
            said[key] = value
    answer = enter(cast.marc).post(f"/protocoles/{ours.key}/avenant/", said)
    assert answer.status_code == 422
    assert sentence in plain(answer).replace("\u00a0", " ")
    assert "Ce que dit l’avenant." in answer.content.decode()
    assert not ours.amendments.exists()


def test_the_action_asks_the_same_of_a_signature(ours, cast):
    today = timezone.localdate()
    whole = {
        "service": cast.diane.unit.service, "capacity": "Commandant", "signed_by": "Petit",
        "is_representative": False,
    }  # fmt: skip
    for wrong in (
        {"signed_by": " "}, {"signed_on": today + DAY}, {"signed_on": ours.signed_on - DAY},
    ):  # fmt: skip
        with pytest.raises(ValidationError):
            actions.amend(
                ours, by=cast.marc, signed_on=today, changes="x", signatories=[whole | wrong]
            )
    assert not ours.amendments.exists()
    amendment = actions.amend(
        ours, by=cast.marc, signed_on=today, changes="x", signatories=[whole]
    )
    # Beside the rank 1 of the protocol itself; the database refuses what is not whole, or twice.
    assert amendment.signatures.get().rank == 1
    for wrong in ({"signed_by": ""}, {"signed_on": None}, {}):
        said = whole | {"signed_on": today, "rank": 1 if not wrong else 2} | wrong
        with pytest.raises(IntegrityError), transaction.atomic():
            Signature.objects.create(protocol=ours, amendment=amendment, **said)


def test_a_court_that_signs_an_amendment_validates_the_notes(cast, vosges, ours):
    """As one that signed the protocol: where prosecutors are bound, those alone validate."""
    other = factories.unit(
        vosges.department, "Parquet 2", kind="parquet", court=cast.gilles.unit.court
    )
    actions.admit(other, ours, by=None, starts_on=date(2020, 9, 24))
    both = {cast.gilles.unit, other}
    assert set(access.editions.validating_units(vosges.department)) == both
    said = {
        "service": cast.gilles.unit.service, "capacity": "Procureur", "signed_by": "Roy",
        "is_representative": False,
    }  # fmt: skip
    actions.amend(
        ours, by=cast.marc, signed_on=timezone.localdate(), changes="x", signatories=[said]
    )
    assert set(access.editions.validating_units(vosges.department)) == {cast.gilles.unit}

"""The life of a protocol before it is signed, and what its signature opens."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cross.audit.models import Entry
from intel import access
from protocols import actions
from protocols.actions.drafts import WRITTEN
from protocols.models import Participation, Protocol
from tests import factories

DAY = timedelta(days=1)


def today():
    return timezone.localdate()


@pytest.fixture
def ours(cast, vosges):
    return Protocol.objects.get(department=vosges.department)


@pytest.fixture
def no_protocol(cast, ours):
    """A department that begins: its units are there, and nothing was ever signed."""
    Participation.objects.filter(content_object=ours).delete()
    ours.delete()


def written(lead, **fields):
    """A protocol as its form sends it."""
    return {
        "title": "Protocole de la cellule", "legal_basis": "Le plan national.",
        "starts_on": today().strftime("%d/%m/%Y"), "ends_on": "", "lead_service": lead.pk,
        "is_permanent": "non", "rhythm": "month", "meets_on_day": "12", "meets_at": "14:30",
        "meets_where": "Préfecture", "calls_referents": "oui", "takes_contributors": "oui",
        "shares_elsewhere": "non", "retention_months": "24",
    } | fields  # fmt: skip


def draft_of(cast, enter, **fields):
    """The draft that Marc has just written, by its page."""
    answer = enter(cast.marc).post(
        "/protocoles/nouveau/88/", written(cast.marc.unit.service, **fields)
    )
    assert answer.status_code == 302, answer.content.decode()
    return Protocol.objects.get(signed_on=None)


def give_signatures(protocol, cast):
    for member, capacity in ((cast.claire, "Préfète"), (cast.marc, "Commandant")):
        actions.add_signature(
            protocol, by=cast.marc, service=member.unit.service, capacity=capacity,
            signed_by=f"{capacity} Essai", is_representative=False,
        )  # fmt: skip


def test_the_first_protocol_of_a_department_from_a_blank_page_to_its_first_report(
    cast, vosges, no_protocol, enter
):
    marc = enter(cast.marc)
    assert "Écrire le protocole" in marc.get("/protocoles/").content.decode()
    draft = draft_of(cast, enter)
    page = marc.get(draft.get_absolute_url()).content.decode()
    assert "Ajoutez les signataires." in page
    assert not access.standing(cast.diane).departments
    give_signatures(draft, cast)
    marc.post(f"/protocoles/{draft.key}/signer/", {"signed_on": today().strftime("%d/%m/%Y")})
    draft.refresh_from_db()
    assert (draft.signed_on, draft.meets_on_day, draft.shares_elsewhere) == (today(), 12, False)
    assert access.standing(cast.marc).departments == (vosges.department.pk,)
    assert not access.standing(cast.diane).departments  # nobody else, until admitted
    actions.admit(cast.diane.unit, draft, by=cast.marc)
    factories.report(cast.diane, vosges["Épinal"])
    verbs = list(Entry.objects.filter(who="Marc Essai").values_list("verb", flat=True))
    assert {"protocol.drafted", "protocol.signed", "unit.admitted"} <= set(verbs)
    assert not access.readable_reports(cast.paul).exists()


@pytest.mark.parametrize("who", ["anna", "diane", "claire", "ines", "tom", "paul"])
def test_a_draft_is_written_and_read_by_the_animator_alone(cast, ours, no_protocol, enter, who):
    draft = draft_of(cast, enter)
    give_signatures(draft, cast)
    signature = draft.signatures.first().key
    client = enter(cast[who])
    for address in (
        f"/protocoles/{draft.key}/", f"/protocoles/{draft.key}/modifier/",
        f"/protocoles/{draft.key}/signer/", f"/protocoles/{draft.key}/comparer/",
        f"/protocoles/{draft.key}/annexes/", f"/protocoles/signataires/{signature}/",
    ):  # fmt: skip
        assert client.get(address).status_code == 404, address
    for address in (
        f"/protocoles/{draft.key}/supprimer/", f"/protocoles/signataires/{signature}/retirer/",
        f"/protocoles/signataires/{signature}/rang/", "/protocoles/nouveau/88/",
    ):  # fmt: skip
        assert client.post(address).status_code == 404, address
    assert draft.title not in client.get("/protocoles/").content.decode()
    assert draft.signatures.count() == 2


@pytest.mark.parametrize(
    ("lack", "change"),
    [
        ("its seat", lambda seats: seats.update(ended_at=timezone.now())),
        ("a seat of today", lambda seats: seats.update(ends_on=today() - DAY)),
        ("any seat", lambda seats: seats.delete()),
    ],
)
def test_a_cell_that_lost_its_seat_does_not_give_it_back_to_itself(
    cast, ours, enter, lack, change
):
    client = enter(cast.marc)
    assert client.get("/protocoles/nouveau/88/").status_code == 200
    draft = draft_of(cast, enter)
    give_signatures(draft, cast)
    change(Participation.objects.filter(group=cast.marc.unit.group))
    assert client.get("/protocoles/nouveau/88/").status_code == 404
    assert client.get(f"/protocoles/{draft.key}/signer/").status_code == 404
    with pytest.raises(ValidationError):
        actions.sign(draft, by=cast.marc, signed_on=today())
    # Neither once the protocol has ended without it.
    Protocol.objects.filter(pk=ours.pk).update(ends_on=today() - 2 * DAY)
    if lack != "a seat of today":
        assert client.get(f"/protocoles/{draft.key}/signer/").status_code == 404
    assert not access.readable_reports(cast.marc).exists()


def test_a_cell_that_sat_to_the_last_day_writes_the_next_protocol(cast, ours, enter):
    Protocol.objects.filter(pk=ours.pk).update(ends_on=today() - DAY)
    draft = draft_of(cast, enter)
    give_signatures(draft, cast)
    assert not access.standing(cast.marc).departments
    actions.sign(draft, by=cast.marc, signed_on=today(), keeps_seats=True)
    assert access.standing(cast.marc).departments
    assert access.standing(cast.diane).departments


def test_the_next_protocol_follows_the_one_that_runs_and_keeps_its_seats(cast, ours, enter):
    first = today() + 30 * DAY
    draft = draft_of(cast, enter, starts_on=first.strftime("%d/%m/%Y"))
    give_signatures(draft, cast)
    client, address = enter(cast.marc), f"/protocoles/{draft.key}/signer/"
    sent = {"signed_on": today().strftime("%d/%m/%Y"), "keeps_seats": "on"}
    assert "Reconduire" in client.get(address).content.decode()
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "mettez-y fin avant le" in refused.content.decode()
    actions.end(ours, by=cast.marc, last_day=first - DAY, why="renouvellement")
    assert client.post(address, sent).status_code == 302
    seats = Participation.objects.filter(content_object=draft, group=cast.diane.unit.group)
    assert seats.get().starts_on == first
    assert not Protocol.objects.in_force(first - DAY).filter(pk=draft.pk).exists()
    assert Protocol.objects.in_force(first).get(department=ours.department_id) == draft
    with pytest.raises(ValidationError, match="Le protocole suivant entre en vigueur"):
        actions.amend(ours, by=cast.marc, signed_on=today(), changes="x", ends_on=first)
    assert enter(cast.paul).get(draft.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"meets_on_day": "31"}, "de 1 à 28"),
        ({"rhythm": "weeks"}, "nombre de semaines"),
        ({"rhythm": "weeks", "meets_every_weeks": "2"}, "première réunion"),
        ({"rhythm": "weeks", "meets_every_weeks": "2", "meets_from": "21/11/2026"}, "de semaine"),
        ({"retention_months": "400"}, "de 1 à 120"),
        ({"meets_at": "quinze"}, "comme 14:30"),
        ({"ends_on": "01/01/2020"}, "doit suivre son début"),
    ],
)
def test_what_does_not_hold_together_is_refused_and_kept_on_screen(
    cast, no_protocol, enter, fields, sentence
):
    sent = written(cast.marc.unit.service, **fields)
    answer = enter(cast.marc).post("/protocoles/nouveau/88/", sent)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "Le plan national." in answer.content.decode()
    assert not Protocol.objects.filter(signed_on=None).exists()


def test_nothing_is_signed_before_it_is_whole(cast, no_protocol, enter):
    draft = draft_of(cast, enter, rhythm="autre", meets_every="")
    actions.add_signature(
        draft, by=cast.marc, service=cast.claire.unit.service, capacity="Préfète", signed_by="",
        is_representative=False,
    )  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        actions.sign(draft, by=cast.marc, signed_on=today())
    said = " ".join(refused.value.messages)
    for sentence in ("Dites qui signe : Préfète", "Le service animateur ne signe pas", "rythme"):
        assert sentence in said
    page = enter(cast.marc).get(f"/protocoles/{draft.key}/signer/").content.decode()
    assert "Il manque encore" in page


def test_signatories_move_and_leave(cast, no_protocol, enter):
    draft = draft_of(cast, enter)
    client = enter(cast.marc)
    for name in ("Préfète", "Commandant", "Directeur"):
        sent = {"service": cast.claire.unit.service.pk, "capacity": name, "signed_by": "Essai"}
        client.post(f"/protocoles/{draft.key}/signataires/", sent)

    def order():
        return list(draft.signatures.order_by("rank").values_list("capacity", flat=True))

    last = draft.signatures.get(capacity="Directeur")
    client.post(f"/protocoles/signataires/{last.key}/rang/", {"vers": "haut"})
    assert order() == ["Préfète", "Directeur", "Commandant"]
    client.post(f"/protocoles/signataires/{last.key}/rang/", {"vers": "haut"})
    client.post(f"/protocoles/signataires/{last.key}/rang/", {"vers": "haut"})  # first already
    assert order() == ["Directeur", "Préfète", "Commandant"]
    client.post(f"/protocoles/signataires/{last.key}/rang/", {"vers": "bas"})
    assert order() == ["Préfète", "Directeur", "Commandant"]
    change = {"service": cast.claire.unit.service.pk, "capacity": "Directrice", "signed_by": "E",
              "is_representative": "on"}  # fmt: skip
    client.post(f"/protocoles/signataires/{last.key}/", change)
    last.refresh_from_db()
    assert (last.capacity, last.is_representative, last.rank) == ("Directrice", True, 2)
    client.post(f"/protocoles/signataires/{last.key}/retirer/")
    assert order() == ["Préfète", "Commandant"]
    forged = {"service": cast.paul.unit.service.pk, "capacity": "x", "signed_by": "x"}
    assert client.post(f"/protocoles/{draft.key}/signataires/", forged).status_code == 422


def test_what_is_signed_is_edited_no_more(cast, no_protocol, enter):
    draft = draft_of(cast, enter)
    give_signatures(draft, cast)
    actions.sign(draft, by=cast.marc, signed_on=today())
    client, signature = enter(cast.marc), draft.signatures.first()
    for address in (
        f"/protocoles/{draft.key}/modifier/", f"/protocoles/{draft.key}/signer/",
        f"/protocoles/signataires/{signature.key}/",
    ):  # fmt: skip
        assert client.get(address).status_code == 404, address
    assert client.post(f"/protocoles/{draft.key}/supprimer/").status_code == 404
    with pytest.raises(ValidationError, match="un avenant seul"):
        actions.rewrite(draft, by=cast.marc)
    assert {row.signed_on for row in draft.signatures.all()} == {today()}


def test_a_department_has_one_draft_at_a_time(cast, ours, enter):
    draft = draft_of(cast, enter)
    client = enter(cast.marc)
    again = client.post("/protocoles/nouveau/88/", written(cast.marc.unit.service))
    assert again.url == draft.get_absolute_url()
    with pytest.raises(ValidationError, match="déjà en cours"):
        actions.draft(
            ours.department, by=cast.marc, **{name: getattr(draft, name) for name in WRITTEN}
        )
    assert "Écrire le protocole suivant" not in client.get("/protocoles/").content.decode()
    client.post(f"/protocoles/{draft.key}/supprimer/")
    assert not Protocol.objects.filter(pk=draft.pk).exists()
    assert client.get("/protocoles/nouveau/88/").status_code == 200
    assert client.get("/protocoles/nouveau/54/").status_code == 404

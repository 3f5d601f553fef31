"""The printed sheet of a protocol."""

import io

import pypdfium2
import pytest
from django.utils import timezone

from cross.audit.models import Entry
from protocols import actions, clauses
from protocols.models import Protocol
from tests import factories


def text_of(data):
    """What the file says, its line breaks and no-break spaces read as spaces."""
    document = pypdfium2.PdfDocument(io.BytesIO(data))
    pages = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return " ".join("\n".join(pages).replace("\u00a0", " ").split())


@pytest.fixture
def ours(cast, vosges):
    return Protocol.objects.get(department=vosges.department)


def printed(client, protocol, **said):
    sent = {"recipient": "Préfecture, cabinet", "reason": "Comité de pilotage"} | said
    return client.post(f"/protocoles/{protocol.key}/pdf/", sent)


def test_the_sheet_says_clauses_amendments_and_seats(cast, ours, enter):
    settled = {name: getattr(ours, name) for name in clauses.COLUMNS} | {"retention_months": 24}
    actions.amend(
        ours, by=cast.marc, signed_on=timezone.localdate(), changes="Fixe la durée à deux ans.",
        settled=settled,
    )  # fmt: skip
    answer = printed(enter(cast.diane), ours)
    assert answer["Content-Type"] == "application/pdf"
    said = text_of(answer.content)
    for words in (
        ours.title, "DIFFUSION RESTREINTE", "Préfecture, cabinet", "Comité de pilotage",
        "Mesure n° 14", "24 mois après son dernier", "Fixe la durée à deux ans.",
        "ne fixe pas de durée", cast.louise.unit.name,
    ):  # fmt: skip
        assert words in said, words
    line = Entry.objects.get(verb="protocol.printed")
    assert (line.why, line.recipients) == ("Comité de pilotage", "Préfecture, cabinet")
    assert printed(enter(cast.diane), ours, reason="").status_code == 422
    assert printed(enter(cast.paul), ours).status_code == 404


def test_a_draft_is_printed_to_be_signed_by_who_writes_it(cast, ours, enter):
    draft = Protocol.objects.get(key=factories.papers(cast.marc)["protocol_draft"])
    said = text_of(printed(enter(cast.marc), draft).content)
    assert "Projet, non signé" in said
    assert "Commandant du groupement" in said
    assert printed(enter(cast.diane), draft).status_code == 404

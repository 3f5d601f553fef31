"""The scanned papers of a protocol: who opens them, and what is kept of them."""

import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from cross import scanner
from cross.audit.models import Entry
from protocols.actions import annexes
from protocols.models import Protocol, ProtocolAnnex
from tests import factories

PAPER = b"%PDF-1.7\n% l'original\n"


@pytest.fixture
def ours(cast, vosges):
    return Protocol.objects.get(department=vosges.department)


def paper(data=PAPER, name="original.pdf"):
    return SimpleUploadedFile(name, data)


@pytest.mark.parametrize(
    ("who", "opens", "adds"),
    [("marc", 200, True), ("anna", 200, False), ("diane", 200, False), ("claire", 200, False),
     ("paul", 404, False)],
)  # fmt: skip
def test_who_reads_the_protocol_opens_its_annexes(cast, ours, enter, who, opens, adds):
    kept = annexes.annex(ours, by=cast.marc, upload=paper())
    client, address = enter(cast[who]), f"/protocoles/annexes/{kept.key}/"
    answer = client.get(address)
    assert answer.status_code == opens
    if opens == 200:
        assert b"".join(answer.streaming_content) == PAPER
        assert "attachment" in answer["Content-Disposition"]
        assert Entry.objects.filter(verb="protocol.annex_read", who__startswith=who.title())
    added = client.post(f"/protocoles/{ours.key}/annexes/", {"upload": paper(b"%PDF-1.7\n%2\n")})
    assert added.status_code == (302 if adds else 404)
    assert ours.annexes.count() == (2 if adds else 1)
    assert client.post(f"{address}retirer/").status_code == 404  # the protocol is signed


def test_the_digest_of_what_is_kept_is_in_the_journal(cast, ours, enter):
    enter(cast.marc).post(f"/protocoles/{ours.key}/annexes/", {"upload": paper()})
    kept = ours.annexes.get()
    assert kept.sha256 == hashlib.sha256(PAPER).hexdigest()
    assert kept.sha256 in Entry.objects.get(verb="protocol.annex_added").why
    assert kept.file.name.startswith("protocoles/")
    assert "original" not in kept.file.name
    page = enter(cast.diane).get(f"/protocoles/{ours.key}/").content.decode()
    assert kept.sha256 in page
    twice = enter(cast.marc).post(f"/protocoles/{ours.key}/annexes/", {"upload": paper()})
    assert "déjà joint" in twice.content.decode()


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (paper(b"MZ\x90\x00 un programme"), "type accepté"),
        (paper(b"du texte", "note.pdf"), "PDF ou image"),
        (paper(b"", "vide.pdf"), "vide"),
    ],
)
def test_what_is_not_a_scanned_page_is_refused(cast, ours, enter, upload, sentence):
    answer = enter(cast.marc).post(f"/protocoles/{ours.key}/annexes/", {"upload": upload})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ours.annexes.exists()


def test_nothing_goes_out_before_the_scanner_has_looked(cast, ours, enter, settings, monkeypatch):
    settings.SCANNER = "tcp://127.0.0.1:9"
    kept = annexes.annex(ours, by=cast.marc, upload=paper())
    client, address = enter(cast.diane), f"/protocoles/annexes/{kept.key}/"
    assert client.get(address).status_code == 302
    assert "en quarantaine" in client.get(f"/protocoles/{ours.key}/").content.decode()
    assert client.post(f"{address}sortir/").status_code == 404  # its keeper alone
    enter(cast.marc).post(f"{address}sortir/")
    assert b"".join(client.get(address).streaming_content).startswith(b"%PDF")
    monkeypatch.setattr(scanner, "scan", lambda data: scanner.Verdict.INFECTED)
    annexes.examine(kept.pk)
    assert client.get(address).status_code == 302  # back in, once it is refused
    kept.refresh_from_db()
    with pytest.raises(ValidationError):
        annexes.release(kept, by=cast.marc)
    assert annexes.scan_again() == 0


def test_the_papers_of_a_draft_go_with_it(cast, ours, enter):
    keys = factories.papers(cast.marc)
    kept = ProtocolAnnex.objects.get(key=keys["draft_annex"])
    assert enter(cast.diane).get(f"/protocoles/annexes/{kept.key}/").status_code == 404
    assert default_storage.exists(kept.file.name)
    enter(cast.marc).post(f"/protocoles/annexes/{kept.key}/retirer/")
    assert not ProtocolAnnex.objects.filter(pk=kept.pk).exists()
    line = Entry.objects.get(verb="protocol.annex_removed")
    assert kept.sha256 in line.why

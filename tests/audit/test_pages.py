"""What whoever keeps the journal reads of it: how far it is sealed, whether it holds, and for whom
it was asked."""

from datetime import timedelta

from django.utils import timezone

from cross.audit import anchors, journal, keys
from cross.audit.models import Check, Entry, Handout, Seal
from cross.outbox.models import Job
from tests import factories


def a_seal():
    now = timezone.now().isoformat()
    record = {
        "kind": "seal", "number": 1, "next_after_id": 0, "next_from_tx": 0, "sealed_at": now,
    }  # fmt: skip
    line = anchors.sign(record, keys.signing_key()).as_line()
    return Seal.objects.create(number=1, anchor=line, links=b"")


def a_check(*findings):
    return Check.objects.create(
        seconds=1, rows=12, batches=1, findings=list(findings), found=len(findings)
    )


def test_a_journal_that_holds_says_so(cast, enter):
    seal = a_seal()
    a_check()
    client = enter(cast.ines)
    for address in ("/", "/journal/", "/journal/sceaux/"):
        page = client.get(address).content.decode()
        assert "Scellé jusqu’au" in page
        assert "intact" in page
        assert "ne correspond plus" not in page
    assert seal.signed.head in page
    taken = b"".join(client.get("/journal/sceaux/releve/").streaming_content).decode()
    assert taken == seal.anchor + "\n"


def test_a_journal_that_does_not_hold_is_told_at_once(cast, enter):
    a_seal()
    a_check(["cette ligne a été retirée.", 4, 321])
    client = enter(cast.ines)
    for address in ("/", "/journal/", "/journal/sceaux/"):
        assert "Le journal ne correspond plus à ses sceaux" in client.get(address).content.decode()
    page = client.get("/journal/sceaux/").content.decode()
    assert "Lot 4, ligne 321 : cette ligne a été retirée." in page


def test_a_sealer_that_is_late_is_told(cast, enter):
    said = {"verb": "report.read", "operation": "consultation", "who": "x", "target": "x"}
    Entry.objects.create(at=timezone.now() - timedelta(hours=1), **said)
    page = enter(cast.ines).get("/").content.decode()
    assert "Le scellement est en retard" in page


def test_a_verification_is_asked_of_the_worker_and_written_down(cast, enter):
    client = enter(cast.ines)
    for _ in range(2):
        client.post("/journal/sceaux/verifier/")
    assert Job.objects.get().kind == "verify_journal"
    assert Entry.objects.filter(verb="journal.check_asked", member_id=cast.ines.pk).count() == 2
    assert enter(cast.tom).post("/journal/sceaux/verifier/").status_code == 403


def test_what_was_filtered_is_what_is_exported(cast, enter):
    journal.record(cast.diane, "report.read", "CROSS-88-2026-11111")
    client = enter(cast.ines)
    page = client.get("/journal/", {"agent": "Diane", "du": "2026-09-01"}).content.decode()
    assert "/journal/exports/nouveau/?agent=Diane&amp;du=2026-09-01" in page
    page = client.get("/journal/exports/nouveau/?agent=Diane&du=2026-09-01").content.decode()
    assert 'value="Diane"' in page
    assert 'value="01/09/2026"' in page
    sent = {"recipient": "CNIL", "why": "Contrôle", "agent": "Personne"}
    answer = client.post("/journal/exports/nouveau/", sent)
    assert answer.status_code == 422
    assert "Aucune ligne ne correspond" in answer.content.decode()
    answer = client.post("/journal/exports/nouveau/", sent | {"agent": "Diane"}, follow=True)
    assert "Export pour CNIL" in answer.content.decode()
    handout = Handout.objects.get()
    address = f"/journal/exports/{handout.key}/"
    assert enter(cast.diane).get(address).status_code == 404
    assert client.get(f"{address}fichier/").status_code == 404  # the worker has not written it


def test_whoever_keeps_another_journal_finds_nothing_of_this_one(cast, meurthe, enter):
    kept = factories.lines_kept(cast.diane, cast.ines)
    other = factories.member("ingrid", cast.paul.unit, "dpo")
    client = enter(other)
    for address in (
        f"/journal/a-relire/{kept['oddity']}/",
        f"/journal/exports/{kept['handout']}/",
        f"/journal/exports/{kept['handout']}/fichier/",
    ):
        assert client.get(address).status_code == 404
    assert "Aucun export" in client.get("/journal/exports/").content.decode()

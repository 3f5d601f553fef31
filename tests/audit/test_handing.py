"""Lines handed to an authority: signed, verified by a program that knows nothing of this house."""

import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cross.audit import anchors, handing, journal, keys, sealing, tasks, verifier
from cross.audit.models import Entry, Handout
from cross.outbox.models import Job
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(transactional_db):
    vosges = factories.territory()
    meurthe = factories.territory("54", "Meurthe-et-Moselle", "Nancy", ("Nancy", "Lunéville"))
    return factories.cast(vosges, meurthe)


@pytest.fixture
def exported(people, tmp_path):
    """Three lines of Diane's, one of Paul's in another department; the file of Diane's."""
    for rank in range(3):
        journal.record(people.diane, "report.read", f"=CROSS-88-2026-000{rank}", why="Réunion")
    journal.record(people.paul, "report.read", "CROSS-54-2026-0001")
    sealing.seal()
    handout = handing.ask(
        by=people.ines,
        recipient="CNIL",
        why="Contrôle",
        agent="Diane",
        reference="",
        since=timezone.localdate(),
        until=None,
    )
    tasks.export_journal(Job.objects.get(pk=handout.job), str(handout.key))
    handout.refresh_from_db()
    path = tmp_path / "export.zip"
    with handout.file.open("rb") as file:
        path.write_bytes(file.read())
    return path


def test_a_part_of_the_journal_verifies_without_this_software(exported, tmp_path):
    """As the authority does: the program taken out of the file, Python, and one package."""
    with zipfile.ZipFile(exported) as archive:
        archive.extract("verifier.py", tmp_path)
        told = [json.loads(line) for line in archive.read("journal.jsonl").splitlines()]
    assert [line["who"] for line in told] == ["Diane Essai"] * 3
    command = [sys.executable, "-I", tmp_path / "verifier.py", exported, "--key"]
    said = subprocess.run(
        [*command, keys.name_of(keys.signing_key())], capture_output=True, text=True, check=False
    )
    assert (said.returncode, said.stderr) == (0, "")
    assert "3 lignes, 1 lots" in said.stdout
    wrong = subprocess.run([*command, "0" * 64], capture_output=True, text=True, check=False)
    assert wrong.returncode == 1
    assert "La clé attendue n’est pas celle de ces sceaux." in wrong.stdout


def rewritten(path, name, change):
    with zipfile.ZipFile(path) as archive:
        held = {each: archive.read(each) for each in archive.namelist()}
    held[name] = change(held[name])
    with zipfile.ZipFile(path, "w") as archive:
        for each, content in held.items():
            archive.writestr(each, content)
    return [str(each) for each in verifier.verify_export(path).findings]


def test_a_file_that_was_changed_is_found(exported):
    told = rewritten(exported, "journal.csv", lambda text: text.replace(b"Diane", b"Karim"))
    assert told == ["Le fichier journal.csv a été modifié."]


def test_a_line_that_was_changed_is_found_even_when_its_file_is_not_held(exported):
    told = rewritten(exported, "journal.jsonl", lambda text: text.replace(b"Diane", b"Karim"))
    assert "Le fichier journal.jsonl a été modifié." in told
    assert sum("n’est pas celle qui a été scellée" in each for each in told) == 3


def test_a_manifest_of_somebody_else_is_found(exported, tmp_path):
    def signed_again(text):
        record = verifier.Anchor.read(text).record
        forged = anchors.sign(record | {"recipient": "Personne"}, keys.make(tmp_path / "b.pem"))
        return forged.as_line().encode()

    assert "Le manifeste n’est pas signé par une clé du journal." in rewritten(
        exported, "manifest.json", signed_again
    )


def test_a_spreadsheet_reads_no_formula(exported):
    with zipfile.ZipFile(exported) as archive:
        text = archive.read("journal.csv").decode("utf-8-sig")
    assert ";'=CROSS-88-2026-0000;" in text


def test_what_is_handed_is_journalled_and_its_file_goes(exported, people):
    verbs = {"journal.export_asked", "journal.exported"}
    told = Entry.objects.filter(verb__in=verbs, recipients="CNIL", member_id=people.ines.pk)
    assert set(told.values_list("verb", flat=True)) == verbs
    assert handing.forget_files() == 0
    assert handing.forget_files(timezone.now() + timedelta(days=2)) == 1
    assert Handout.objects.get().rows == 3
    assert not Handout.objects.get().file


def test_nothing_is_handed_of_another_department(people):
    journal.record(people.paul, "report.read", "CROSS-54-2026-0001")
    said = {"recipient": "CNIL", "why": "Contrôle", "since": None, "until": None}
    with pytest.raises(ValidationError, match="Aucune ligne"):
        handing.ask(by=people.ines, agent="Paul", reference="", **said)
    assert not Handout.objects.exists()


def test_the_program_is_the_one_that_is_tested_here(exported):
    with zipfile.ZipFile(exported) as archive:
        assert archive.read("verifier.py") == Path(verifier.__file__).read_bytes()

"""A backup restores elsewhere row for row, or says why it does not."""

import os
import secrets
import shutil
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from cross.audit import anchors, checking, sealing
from cross.audit.models import Entry
from cross.backup import CannotBackUp, making, programs, restoring, stream
from cross.sealed import Unopenable
from intel.models import Report, Tip
from intel.models.choices import Origin
from services.models import Member
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
FILES = {"pieces/2026/photo": os.urandom(1_500_000), "imports/un fichier accentué é.csv": b"a;b"}


@pytest.fixture
def key():
    return secrets.token_bytes(stream.KEY_BYTES)


@pytest.fixture
def busy(cast, vosges, settings, tmp_path):
    """People, reports, a sealed tip, files, a journal with its seals."""
    settings.JOURNAL_KEY = tmp_path / "journal" / "key.pem"
    settings.ANCHORS = tmp_path / "anchors"
    settings.KEYS = tmp_path / "keys"
    for number in range(5):
        factories.report(cast.diane, vosges["Épinal"], facts=f"Texte {number}")
    said = factories.report(cast.diane, vosges["Épinal"], origin=Origin.CITIZEN)
    Tip.objects.create(
        report=said, department=said.department, portal="Portail", portal_reference="S-1",
        raw_text="Un voisin m’a dit", contact="tel@exemple.invalid",
    )  # fmt: skip
    for name, content in FILES.items():
        path = Path(settings.MEDIA_ROOT) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    assert sealing.seal() >= 1
    return tmp_path / "backups"


@contextmanager
def elsewhere(tmp_path):
    """An empty database and empty folders: another machine, as far as a restore can tell."""
    plain = connection.settings_dict["NAME"]
    other = f"restored_{secrets.token_hex(4)}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {other}")
    connection.close()
    connection.settings_dict["NAME"] = other
    try:
        folders = {"MEDIA_ROOT": tmp_path / "there/files", "ANCHORS": tmp_path / "there/anchors"}
        with override_settings(**folders):
            yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = plain
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {other} WITH (FORCE)")


def everything():
    """What a reader of the restored place would compare with the first one."""
    reports = Report.objects.order_by("pk").unguarded(because="test")
    tips = Tip.objects.order_by("pk").unguarded(because="test")
    return (
        list(Member.objects.order_by("pk").values()),
        list(reports.values_list("reference", "facts", "search")),
        [tip.raw_text for tip in tips],
        list(Entry.objects.exclude(verb="backup.made").order_by("pk").values()),
    )


def test_a_backup_restores_elsewhere_row_for_row(busy, key, tmp_path, figure):
    before = everything()
    place, manifest = making.make(busy, key=key)
    with elsewhere(tmp_path):
        restored = restoring.restore(place, key=key)
        assert restored == manifest
        assert everything() == before
        verdict = checking.check()
        assert verdict.is_sound, verdict.findings
        assert verdict.batches == 1
        there = tmp_path / "there/files"
        assert {name: (there / name).read_bytes() for name in FILES} == FILES
        assert anchors.read_all()
    told = restoring.summary(manifest)
    figure(
        "B95",
        f"{told['tables']} tables, {told['rows']} rows, {told['files']} files restored and "
        "compared; the journal's chain holds",
    )


def test_nothing_of_it_is_in_clear(busy, key):
    place, _ = making.make(busy, key=key)
    written = b"".join(path.read_bytes() for path in busy.rglob("*") if path.is_file())
    assert len(written) > 1_500_000
    for clear in ("Texte 1", "diane", "CROSS-88", "audit_entry", "un fichier accentu"):
        assert clear.encode() not in written
    assert {oct(path.stat().st_mode & 0o777) for path in place.iterdir()} == {"0o600"}


def damaged(place, name, change):
    """A copy of the whole, one file of which is changed."""
    copy = place.parent.parent / f"copy-{secrets.token_hex(4)}"
    shutil.copytree(place.parent, copy)
    path = copy / place.name / name
    change(path)
    return copy / place.name


def flip(path):
    text = bytearray(path.read_bytes())
    text[len(text) // 2] ^= 1
    path.write_bytes(text)


def cut(path):
    text = path.read_bytes()
    path.write_bytes(text[: len(text) * 2 // 3])


DAMAGES = {
    "edited database": ("base.pgdump.scelle", flip, "ne s’ouvre pas|modifié"),
    "cut database": ("base.pgdump.scelle", cut, "ne s’ouvre pas|tronqué"),
    "cut files": ("fichiers.tar.scelle", cut, "tronqué|modifié"),
    "missing files": ("fichiers.tar.scelle", Path.unlink, "manque à la sauvegarde"),
    "edited anchors": ("ancres.tar.scelle", flip, "modifié"),
    "edited manifest": ("manifeste.json.scelle", flip, "modifié"),
    "unfinished": ("manifeste.json.scelle", Path.unlink, "n’a pas été achevée"),
}


def test_a_damaged_backup_is_refused_and_leaves_the_place_empty(busy, key, tmp_path, figure):
    place, _ = making.make(busy, key=key)
    other, _ = making.make(busy, key=key, now=timezone.now() + timedelta(seconds=2))
    with elsewhere(tmp_path):
        for file, change, sentence in DAMAGES.values():
            with pytest.raises(CannotBackUp, match=sentence):
                restoring.restore(damaged(place, file, change), key=key)
        with pytest.raises(CannotBackUp, match="pas la bonne clé"):
            restoring.restore(place, key=bytes(32))

        def of_another(path):
            shutil.copy(other / path.name, path)

        mixed = damaged(place, "base.pgdump.scelle", of_another)
        with pytest.raises(CannotBackUp, match="n’est pas celui de cette sauvegarde"):
            restoring.restore(mixed, key=key)
        restoring.check_empty()
        restoring.restore(place, key=key)
    figure("B95", f"{len(DAMAGES) + 2} damaged or foreign backups of {len(DAMAGES) + 2} refused")


def test_nothing_is_restored_over_something(busy, key, tmp_path):
    place, _ = making.make(busy, key=key)
    with pytest.raises(CannotBackUp, match="contient déjà des tables"):
        restoring.restore(place, key=key)
    with elsewhere(tmp_path):
        there = tmp_path / "there/files"
        there.mkdir(parents=True)
        (there / "photo").touch()
        with pytest.raises(CannotBackUp, match="contient déjà des fichiers"):
            restoring.restore(place, key=key)


def test_what_was_erased_since_is_read_in_no_older_backup(busy, key, tmp_path):
    """The keys of sealed values lie apart: those of today open what is left, and nothing else."""
    place, _ = making.make(busy, key=key)
    [tip] = Tip.objects.unguarded(because="test")
    text = tip.raw_text
    Report.objects.unguarded(because="test").filter(pk=tip.report_id).delete()
    making.make(busy, key=key, now=timezone.now() + timedelta(seconds=2))
    with elsewhere(tmp_path):
        restoring.restore(place, key=key)
        [back] = Tip.objects.unguarded(because="test")
        with pytest.raises(Unopenable):
            str(back.raw_text)
    with elsewhere(tmp_path / "again"):
        restoring.restore(place, key=key, values=making.path_of(place, making.VALUE_KEYS))
        [back] = Tip.objects.unguarded(because="test")
        assert back.raw_text == text


def test_a_backup_that_cannot_be_written_leaves_nothing_half_done(busy, key, monkeypatch):
    def refuse(name):
        raise CannotBackUp(f"il faut {name} 18")

    monkeypatch.setattr(programs, "find", refuse)
    with pytest.raises(CannotBackUp, match="pg_dump 18"):
        making.make(busy, key=key)
    assert [path.name for path in busy.iterdir()] == ["cles"]
    assert not list((busy / "cles").iterdir())


def test_keys_of_values_older_than_thirty_days_are_not_kept(busy, key):
    now = timezone.now()
    first, _ = making.make(busy, key=key, now=now)
    old = making.path_of(first, making.VALUE_KEYS)
    month = (now - timedelta(days=31)).timestamp()
    os.utime(old, (month, month))
    second, _ = making.make(busy, key=key, now=now + timedelta(seconds=2))
    assert not old.exists()
    assert making.path_of(second, making.VALUE_KEYS).exists()


def test_the_commands_say_what_they_do(busy, tmp_path, capsys):
    file = str(tmp_path / "cle")
    call_command("backup", make_key=file)
    call_command("backup", str(busy), key=file)
    assert "Sauvegarde écrite et relue" in capsys.readouterr().out
    [place] = [path for path in busy.iterdir() if path.name != "cles"]
    assert Entry.objects.filter(verb="backup.made", target=place.name).count() == 1
    call_command("backup", check=place, key=file)
    assert "relue" in capsys.readouterr().out
    with pytest.raises(CommandError, match="contient déjà des tables"):
        call_command("restore", str(place), key=file)
    with pytest.raises(CommandError, match="--make-key"):
        call_command("backup", str(busy))
    with elsewhere(tmp_path):
        call_command("restore", str(place), key=file)
        said = capsys.readouterr().out
        assert "Restauré et comparé" in said
        assert "seal_journal --restored" in said


def test_a_program_that_is_too_old_is_not_used(monkeypatch, tmp_path):
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.1'\n")
    old.chmod(0o755)
    monkeypatch.setenv("CROSS_PG_PROGRAMS", str(tmp_path))
    with pytest.raises(CannotBackUp, match=r"trouvé : 15.*CROSS_PG_PROGRAMS"):
        programs.find("pg_dump")

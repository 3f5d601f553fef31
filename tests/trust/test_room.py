"""The disk fills: files are refused in time, what was typed is kept, and room made is enough."""

import os
import re
import subprocess
from html import unescape
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cross import room
from cross.watching import serving
from intel.models import Attachment, Report
from intel.models.draft import DraftFile
from protocols.models import Protocol, ProtocolAnnex
from tests import factories
from tests.hostile_files import manifest
from tests.intel.test_entry import typed

FACTS = "Deux hommes vendent dans le hall tous les soirs."
VOLUME = 16_000_000


def said(answer):
    return re.sub(r"\s+", " ", unescape(answer.content.decode()))


def photo():
    return SimpleUploadedFile("photo.png", manifest.i.plain(), "image/png")


@pytest.fixture
def full(settings):
    """As on a disk that is taken beyond the threshold, whichever it is."""
    settings.UPLOADS_STOP_AT = 0


@pytest.fixture
def volume(tmp_path, settings):
    """A real disk of its own, small enough to be filled."""
    if os.geteuid():
        pytest.skip("only root mounts a small volume")
    place = tmp_path / "disque"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={VOLUME}", "cross-essai", str(place)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("mounting is not allowed here")
    settings.MEDIA_ROOT = place / "files"
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_disk_that_fills_refuses_files_then_takes_them_without_a_hand(
    cast, vosges, enter, volume, figure
):
    report = factories.report(cast.diane, vosges["Épinal"])
    client, address = enter(cast.diane), f"{report.get_absolute_url()}pieces/"
    assert client.post(address, {"upload": photo()}).status_code == 302
    filler = volume / "autre chose"
    filler.write_bytes(bytes(int(VOLUME * 0.91)))
    held = set(volume.rglob("*"))
    refused = client.post(address, {"upload": photo()})
    assert refused.status_code == 422
    assert "Le disque du serveur est presque plein" in said(refused)
    assert set(volume.rglob("*")) == held
    # Whatever is no file goes on.
    assert client.post("/renseignements/nouveau/", typed()).status_code == 302
    filler.unlink()
    assert (
        client.post(address, {"upload": SimpleUploadedFile("b.txt", b"texte")}).status_code == 302
    )
    assert Attachment.objects.of(report).count() == 2
    figure("B94", "a volume filled to 91 %: 0 file written, typing goes on, room made is enough")


@pytest.mark.parametrize(("used", "taken"), [(0.5, True), (0.88, True), (0.93, False)])
def test_the_threshold_is_that_of_the_real_disk(volume, settings, used, taken):
    (volume / "autre chose").write_bytes(bytes(int(VOLUME * used)))
    assert (room.before_refusal() > 0) is taken
    settings.UPLOADS_STOP_AT = 100
    assert room.before_refusal() > 0


def test_nothing_typed_is_lost_on_any_form_that_takes_a_file(cast, vosges, enter, full):
    client = enter(cast.diane)
    entered = client.post("/renseignements/nouveau/", {"facts": FACTS, "files": photo()})
    assert FACTS in said(entered)
    assert "presque plein" in said(entered)
    assert not DraftFile.objects.unguarded(because="test").exists()
    protocol = Protocol.objects.get(department=vosges.department)
    annexed = enter(cast.marc).post(f"/protocoles/{protocol.key}/annexes/", {"upload": photo()})
    assert "presque plein" in said(annexed)
    assert not ProtocolAnnex.objects.exists()
    file = SimpleUploadedFile("a.csv", b"reference;description\nS-1;b\n")
    imported = enter(cast.anna).post(reverse("import_new"), {"portal": "Portail", "file": file})
    assert "presque plein" in said(imported)
    assert 'value="Portail"' in imported.content.decode()
    assert not Report.objects.unguarded(because="test").filter(origin="citizen").exists()


@pytest.mark.django_db
def test_the_figures_say_how_much_is_left_before_files_are_refused(full):
    assert 'cross_disk_bytes{what="before_refusal"} 0.0' in serving.told().decode()


def test_a_refusal_is_a_line_of_the_technical_log(settings, full, caplog):
    with pytest.raises(Exception, match="presque plein"):
        room.check(12)
    assert "disk: a file of 12 bytes refused" in caplog.text
    assert isinstance(settings.MEDIA_ROOT, Path)

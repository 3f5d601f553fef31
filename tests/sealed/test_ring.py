"""The ring of keys: what it seals opens with the right key at the right place, or says no."""

import base64
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cross import sealed
from cross.sealed import checks, ring

SECRET = "JBSWY3DPEHPK3PXP"
ROOT = Path(__file__).resolve().parents[2]
HERE = "mfa_authenticator.data"


@pytest.fixture
def folder(settings, tmp_path):
    settings.KEYS = tmp_path / "keys"
    return settings.KEYS


def test_what_is_sealed_opens_where_it_was_sealed_and_nowhere_else(folder):
    shut = sealed.seal(SECRET, HERE)
    assert SECRET not in shut
    assert SECRET.encode() not in base64.b64decode(shut)
    assert sealed.unseal(shut, HERE) == SECRET
    for elsewhere in ("mfa_authenticator.type", "services_member.data", ""):
        with pytest.raises(sealed.Unopenable):
            sealed.unseal(shut, elsewhere)


def test_one_bit_changed_anywhere_is_refused(folder):
    blob = base64.b64decode(sealed.seal(SECRET, HERE))
    for rank in range(len(blob)):
        changed = bytes([*blob[:rank], blob[rank] ^ 1, *blob[rank + 1 :]])
        with pytest.raises(sealed.Unopenable):
            ring.unseal_bytes(changed, HERE)
    for nonsense in ("", "clear text", SECRET, base64.b64encode(blob[:9]).decode()):
        with pytest.raises(sealed.Unopenable):
            sealed.unseal(nonsense, HERE)


def test_nothing_sealed_twice_looks_the_same_or_tells_its_time(folder):
    before = int(time.time())
    blobs = [ring.seal_bytes(b"the same", HERE) for _ in range(200)]
    assert len({blob[3:15] for blob in blobs}) == len({blob[15:] for blob in blobs}) == 200
    head = {blob[:3] for blob in blobs}
    assert head == {b"\x01\x00\x01"}, "a mark and the number of a key, the same for all"
    after = int(time.time())
    told = {at.to_bytes(size) for at in range(before, after + 1) for size in (4, 8)}
    assert not [blob for blob in blobs for each in told if each in blob]


def test_a_new_key_seals_at_once_and_the_old_one_still_opens(folder):
    old = sealed.seal(SECRET, HERE)
    assert ring.add_key() == 2
    new = sealed.seal(SECRET, HERE)
    assert sealed.unseal(old, HERE) == sealed.unseal(new, HERE) == SECRET
    assert (sealed.is_current(old), sealed.is_current(new)) == (False, True)
    (folder / "1.key").unlink()
    assert sealed.unseal(new, HERE) == SECRET
    with pytest.raises(sealed.Unopenable, match="there is no key 1"):
        sealed.unseal(old, HERE)


def test_another_key_of_the_same_number_opens_nothing(folder):
    shut = sealed.seal(SECRET, HERE)
    (folder / "1.key").unlink()
    ring.add_key()
    with pytest.raises(sealed.Unopenable):
        sealed.unseal(shut, HERE)


def test_the_demonstration_draws_a_key_for_itself_alone(folder):
    sealed.seal(SECRET, HERE)
    [(number, path)] = ring.files(folder)
    assert (number, stat.S_IMODE(path.stat().st_mode)) == (1, 0o600)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [each.name for each in folder.iterdir()] == ["1.key"]


@pytest.mark.parametrize("content", [b"", b"c2hvcnQ=", b"not base64 !", b"0" * 44])
def test_what_is_no_key_is_refused(folder, content):
    folder.mkdir(mode=0o700)
    (folder / "1.key").touch(mode=0o600)
    (folder / "1.key").write_bytes(content)
    with pytest.raises(sealed.NoKeys):
        sealed.seal(SECRET, HERE)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_key_that_others_may_read_is_refused(folder, mode):
    sealed.seal(SECRET, HERE)
    (folder / "1.key").chmod(mode)
    ring.add_key()
    with pytest.raises(sealed.NoKeys, match="open to others"):
        sealed.seal(SECRET, HERE)


@pytest.mark.parametrize("exists", [False, True])
def test_an_installation_without_keys_is_refused(folder, settings, exists):
    if exists:
        folder.mkdir()
    assert checks.the_keys_are_there(None) == []
    (folder / "1.key").unlink()
    settings.TESTING = settings.DEMONSTRATION = False
    with pytest.raises(sealed.NoKeys):
        sealed.seal(SECRET, HERE)
    [fault] = checks.the_keys_are_there(None)
    assert fault.id == "cross.E003"


def test_two_processes_that_begin_at_once_have_one_key(folder):
    line = (
        "import django; django.setup(); from cross.sealed import seal; "
        "print(seal('said', 'somewhere'), flush=True)"
    )
    environment = os.environ | {
        "CROSS_KEYS": str(folder),
        "DJANGO_SETTINGS_MODULE": "cross.settings",
    }
    begun = [
        subprocess.Popen(
            [sys.executable, "-c", line],
            env=environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=100)[0].decode().strip() for process in begun]
    assert [path.name for path in folder.iterdir()] == ["1.key"]
    assert [sealed.unseal(each, "somewhere") for each in said] == ["said", "said"]

"""A backup: a folder named by its instant, in which each part is sealed; and its reading again.

    base.pgdump      the database, in pg_dump's own format, without the keys of sealed values
    cles.pgdump      those keys alone, in a folder beside, kept thirty days (docs/sealed-fields.md)
    fichiers.tar     what people sent
    ancres.tar       the anchors of the journal
    manifeste.json   what all of them hold, written last: without it there is no backup

The database is read at one instant: pg_dump, the counts and the digests share a snapshot.
"""

import hashlib
import json
import shutil
import subprocess
import tarfile
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO, cast

import psycopg
from django.conf import settings
from django.db import connection
from django.utils import timezone

from cross.audit import journal, sealing
from cross.backup import CannotBackUp, contents, programs, stream
from cross.sealed.models import ValueKey

DATABASE, FILES, ANCHORS = "base.pgdump", "fichiers.tar", "ancres.tar"
MANIFEST, VALUE_KEYS = "manifeste.json", "cles"
KEYS_OF_VALUES = f"public.{ValueKey._meta.db_table}"
FORMAT = 1
SEALED = ".scelle"
COPIED_BYTES = 1 << 20
UNFINISHED = ".en-cours"
# Longer, and what is erased could be read again in a backup with keys as old.
VALUE_KEYS_DAYS = 30


@dataclass(frozen=True)
class Part:
    """What was written, in clear: its size in bytes and its SHA-256."""

    octets: int
    sha256: str


class Measured:
    """A file that is written through: size and digest of all that went by."""

    def __init__(self, file):
        self.file = file
        self.octets = 0
        self.digest = hashlib.sha256()

    def write(self, data):
        self.octets += len(data)
        self.digest.update(data)
        return self.file.write(data)

    def part(self):
        return Part(self.octets, self.digest.hexdigest())


def make(folder, *, key, by="", now=None):
    """Write a backup below `folder`, read it again whole; its folder and its manifest."""
    now = now or timezone.now()
    name = f"{timezone.localtime(now):%Y-%m-%d-%Hh%Mm%S}"
    place, aside = folder / name, folder / f"{name}{UNFINISHED}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = folder / VALUE_KEYS
    beside.mkdir(mode=0o700, exist_ok=True)
    try:
        aside.mkdir(mode=0o700)
        manifest = _write(aside, beside / f"{name}.pgdump{SEALED}", key, now)
        aside.rename(place)
    except BaseException as error:
        shutil.rmtree(aside, ignore_errors=True)
        (beside / f"{name}.pgdump{SEALED}").unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise CannotBackUp(f"la sauvegarde ne s’écrit pas : {error.strerror}.") from error
        raise
    read_again(place, key)
    _forget_old_keys(beside, now)
    journal.record(None, "backup.made", name, why=by)
    return place, manifest


def _write(aside, keys_file, key, now):
    with _one_instant() as (cursor, snapshot):
        anchors = _tar(aside / ANCHORS, Path(settings.ANCHORS), key, ANCHORS)
        tables, sequences = contents.of_database(cursor)
        apart = [f"--exclude-table-data={KEYS_OF_VALUES}"]
        database = _dump(aside / DATABASE, snapshot, key, DATABASE, apart)
        alone = ["--data-only", f"--table={KEYS_OF_VALUES}"]
        values = _dump(keys_file, snapshot, key, VALUE_KEYS, alone)
        migrations = _migrations(cursor)
    files = _tar(aside / FILES, Path(settings.MEDIA_ROOT), key, FILES)
    manifest = {
        "format": FORMAT,
        "at": now.isoformat(),
        "version": settings.VERSION,
        "postgresql": list(connection.get_database_version()),
        "parts": {
            name: asdict(part)
            for name, part in (
                (DATABASE, database), (VALUE_KEYS, values), (FILES, files[0]),
                (ANCHORS, anchors[0]),
            )
        },
        "tables": {name: asdict(table) for name, table in tables.items()},
        "sequences": sequences,
        "migrations": migrations,
        "files": files[1],
        "anchors": anchors[1],
    }  # fmt: skip
    with _sealed(aside / MANIFEST, key, MANIFEST) as file:
        file.write(json.dumps(manifest, ensure_ascii=False, indent=1).encode())
    return manifest


@contextmanager
def _one_instant():
    """A cursor on an instant that others may share by the name of its snapshot.

    The sealer of the journal stands still while it is chosen: seals and anchors agree.
    """
    with psycopg.connect(**connection.get_connection_params()) as session:
        with psycopg.connect(**connection.get_connection_params(), autocommit=True) as still:
            still.execute("SELECT pg_advisory_lock(%s)", [sealing.TURN])
            cursor = session.cursor()
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            [(snapshot,)] = cursor.fetchall()
        yield cursor, snapshot


def _migrations(cursor):
    cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY app, name")
    return [name for (name,) in cursor.fetchall()]


@contextmanager
def _sealed(path, key, name):
    """A file to write in clear, `path` with the suffix of what is sealed."""
    sealed = path if path.name.endswith(SEALED) else path.with_name(path.name + SEALED)
    with sealed.open("xb") as file:
        sealed.chmod(0o600)
        with stream.Sealer(file, key, name) as sealer:
            yield Measured(sealer)


def _dump(path, snapshot, key, name, options):
    """What pg_dump writes, sealed as it comes: it never lies in clear."""
    arguments, environment = programs.address()
    line = [
        programs.find("pg_dump"), "--format=custom", "--no-owner", "--no-acl", "--no-password",
        f"--snapshot={snapshot}", *arguments, *options,
    ]  # fmt: skip
    with _sealed(path, key, name) as file:
        child = subprocess.Popen(  # noqa: S603 - a program that was found, arguments of ours
            line, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )  # fmt: skip
        with child:
            shutil.copyfileobj(cast(IO[bytes], child.stdout), file, COPIED_BYTES)
            said = cast(IO[bytes], child.stderr).read().decode(errors="replace").strip()
        if child.returncode != 0:
            last = said.splitlines()[-1] if said else f"code {child.returncode}"
            raise CannotBackUp(f"pg_dump a échoué : {last}")
    return file.part()


def _tar(path, folder, key, name):
    """(the part, {file: digest of what was kept}); what is erased meanwhile is left out."""
    kept = {}
    with (
        _sealed(path, key, name) as file,
        tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        for each in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if each.is_symlink() or not each.is_file():
                continue
            with suppress(FileNotFoundError), each.open("rb") as content:
                entry = tar.gettarinfo(fileobj=content, arcname=str(each.relative_to(folder)))
                measured = Reading(content)
                tar.addfile(entry, measured)
                kept[entry.name] = measured.digest.hexdigest()
    return file.part(), kept


class Reading:
    """A file that is read through, and the digest of what was read."""

    def __init__(self, file):
        self.file = file
        self.digest = hashlib.sha256()

    def read(self, size=-1):
        data = self.file.read(size)
        self.digest.update(data)
        return data


# --- Read again ---------------------------------------------------------------------------------


def read_manifest(place, key):
    path = place / f"{MANIFEST}{SEALED}"
    if not path.is_file():
        raise CannotBackUp(f"{place} n’est pas une sauvegarde, ou elle n’a pas été achevée.")
    with path.open("rb") as file:
        text = b"".join(stream.opened(file, key, MANIFEST, path.name))
    manifest = json.loads(text)
    if manifest["format"] != FORMAT:
        raise CannotBackUp(f"{place} est d’un autre format : reprenez la version qui l’a écrite.")
    return manifest


def chunks(path, key, name, part):
    """The clear chunks of a part; CannotBackUp when it is not the one that the manifest tells."""
    digest, octets = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            for chunk in stream.opened(file, key, name, path.name):
                digest.update(chunk)
                octets += len(chunk)
                yield chunk
    except FileNotFoundError as error:
        raise CannotBackUp(f"{path.name} manque à la sauvegarde.") from error
    if (octets, digest.hexdigest()) != (part["octets"], part["sha256"]):
        raise CannotBackUp(f"{path.name} n’est pas celui de cette sauvegarde.")


def path_of(place, name):
    """Where a part of the backup lies."""
    if name == VALUE_KEYS:
        return place.parent / VALUE_KEYS / f"{place.name}.pgdump{SEALED}"
    return place / f"{name}{SEALED}"


def read_again(place, key):
    """Every part of it, to the last byte; the manifest."""
    manifest = read_manifest(place, key)
    for name, part in manifest["parts"].items():
        for _ in chunks(path_of(place, name), key, name, part):
            pass
    return manifest


def _forget_old_keys(beside, now):
    before = now - timedelta(days=VALUE_KEYS_DAYS)
    for path in beside.glob(f"*{SEALED}"):
        if path.stat().st_mtime < before.timestamp():
            path.unlink()

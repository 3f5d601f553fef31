"""A backup brought back to an empty place, and compared with what it was made of."""

import io
import shutil
import subprocess
import tarfile
from contextlib import closing
from pathlib import Path
from typing import IO, cast

from django.conf import settings
from django.db import connection, transaction

from cross.backup import CannotBackUp, contents, making, programs, stream
from cross.backup.contents import Table
from cross.backup.making import ANCHORS, DATABASE, FILES, KEYS_OF_VALUES, SEALED, VALUE_KEYS

ASIDE = ".restauration"


def restore(place, *, key, values=None):
    """Database, files and anchors, from a backup that is read whole first; the manifest.

    `values` is a file of keys of sealed values: the latest one beside the backup when not said.
    What was erased since stays unreadable, for its key is not there.
    """
    check_empty()
    manifest = making.read_manifest(place, key)
    values = values or latest_keys(place)
    for name in (DATABASE, FILES, ANCHORS):
        for _ in _clear(place, name, key, manifest):
            pass
    files = _extract(place, FILES, Path(settings.MEDIA_ROOT), key, manifest)
    anchors = _extract(place, ANCHORS, Path(settings.ANCHORS), key, manifest)
    try:
        _fill(_clear(place, DATABASE, key, manifest))
        with values.open("rb") as file:
            _fill(stream.opened(file, key, VALUE_KEYS, values.name))
        check_same(manifest, is_same_instant=values == making.path_of(place, VALUE_KEYS))
    except BaseException:
        _empty()
        for aside in (files, anchors):
            shutil.rmtree(aside, ignore_errors=True)
        raise
    _put(files, Path(settings.MEDIA_ROOT))
    _put(anchors, Path(settings.ANCHORS))
    return manifest


def check_empty():
    """Nothing is ever restored over something."""
    if not contents.is_empty():
        raise CannotBackUp(
            "cette base contient déjà des tables : une sauvegarde ne se restaure que dans une "
            "base vide. Indiquez un autre dossier de données (CROSS_HOME) ou une autre base."
        )
    files = Path(settings.MEDIA_ROOT)
    if files.exists() and any(files.iterdir()):
        raise CannotBackUp(
            f"{files} contient déjà des fichiers : une sauvegarde ne se restaure que dans un "
            "dossier vide."
        )


def _clear(place, name, key, manifest):
    return making.chunks(making.path_of(place, name), key, name, manifest["parts"][name])


def _empty():
    """As it was found: what was half restored is no database."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def latest_keys(place):
    found = sorted((place.parent / VALUE_KEYS).glob(f"*{SEALED}"))
    if not found:
        raise CannotBackUp(
            "les clés des valeurs scellées manquent : indiquez leur fichier (--cles), le plus "
            "récent que vous ayez."
        )
    return found[-1]


def _fill(clear):
    """Hand the clear chunks to pg_restore: all of it is restored, or nothing."""
    arguments, environment = programs.address()
    line = [
        programs.find("pg_restore"), "--no-owner", "--no-acl", "--no-password", "--exit-on-error",
        "--single-transaction", *arguments,
    ]  # fmt: skip
    child = subprocess.Popen(  # noqa: S603 - a program that was found, arguments of ours
        line, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        with closing(clear):
            for chunk in clear:
                cast(IO[bytes], child.stdin).write(chunk)
    except BrokenPipeError:  # it has refused: its last words say why
        pass
    except BaseException:
        child.kill()
        child.communicate()
        raise
    _, said = child.communicate()
    if child.returncode != 0:
        lines = said.decode(errors="replace").strip().splitlines() or ["sans explication"]
        raise CannotBackUp(f"pg_restore a échoué : {lines[0]}")


def check_same(manifest, *, is_same_instant=True):
    """The database holds what the manifest tells, row for row."""
    wanted = {name: Table(**said) for name, said in manifest["tables"].items()}
    with transaction.atomic(), connection.cursor() as cursor:
        tables, sequences = contents.of_database(cursor)
    if not is_same_instant:
        tables[KEYS_OF_VALUES] = wanted[KEYS_OF_VALUES]
        name = f"{KEYS_OF_VALUES}_id_seq"
        sequences[name] = manifest["sequences"].get(name)
    found = list(contents.differences(wanted, tables))
    if sequences != manifest["sequences"]:
        found.append("des compteurs ne sont pas ceux de la sauvegarde")
    if found:
        told = " ; ".join(found[:5])
        raise CannotBackUp(f"la base restaurée n’est pas celle de la sauvegarde : {told}.")


# --- Files --------------------------------------------------------------------------------------


class Chunks(io.RawIOBase):
    """Chunks of bytes as a file to read."""

    def __init__(self, chunks):
        self.chunks = chunks
        self.left = b""

    def readable(self):
        return True

    def readinto(self, buffer):
        if not self.left:
            self.left = next(self.chunks, b"")
        size = min(len(buffer), len(self.left))
        buffer[:size], self.left = self.left[:size], self.left[size:]
        return size


def _extract(place, name, folder, key, manifest):
    """A new folder beside `folder` with the files of the part, each compared with the manifest."""
    aside = folder.with_name(folder.name + ASIDE)
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700, parents=True)
    clear = _clear(place, name, key, manifest)
    with tarfile.open(fileobj=io.BufferedReader(Chunks(clear)), mode="r|") as tar:
        for entry in tar:
            tar.extract(entry, aside, filter="data")
    wanted = manifest["files" if name == FILES else "anchors"]
    if contents.of_folder(aside) != wanted:
        raise CannotBackUp(f"les fichiers de {name} ne sont pas ceux de la sauvegarde.")
    return aside


def _put(aside, folder):
    """In its place; anchors that were kept elsewhere know more than those of the backup."""
    if folder.exists() and any(folder.iterdir()):
        shutil.rmtree(aside)
        return
    if folder.exists():
        folder.rmdir()
    aside.rename(folder)


def summary(manifest):
    """{what: how many}, for whoever is at the terminal."""
    tables = manifest["tables"]
    return {
        "tables": len(tables),
        "rows": sum(table["rows"] for table in tables.values()),
        "files": len(manifest["files"]),
        "anchors": len(manifest["anchors"]),
        "octets": sum(part["octets"] for part in manifest["parts"].values()),
    }

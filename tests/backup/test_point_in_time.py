"""Any instant comes back, by the archive_command of docker-compose.yml and the steps of
docs/backup.md as they are written.
"""

import os
import re
import shlex
import shutil
import subprocess
import tarfile
import time
from pathlib import Path

import psycopg
import pytest
import yaml

from cross.embedded import postgres
from cross.embedded.binaries import programs_for
from cross.embedded.folders import make_private, server_account, short_lived
from cross.embedded.postgres import Postgres

ROOT = Path(__file__).resolve().parents[2]
DATABASE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["database"]
STEPS = (ROOT / "docs/backup.md").read_text()


def archiving(folder):
    """The settings that the container's command line gives for the archive, in `folder`."""
    words = shlex.split(DATABASE["command"])
    told = dict(word.split("=", 1) for word in words if word.startswith("archive_"))
    assert sorted(told) == ["archive_command", "archive_mode", "archive_timeout"]
    return told | {"archive_command": told["archive_command"].replace("/archive", str(folder))}


@pytest.fixture
def machine(monkeypatch):
    """(a server that archives, the folder of its archive, how to run its programs)."""
    account = server_account()
    with short_lived(account, sockets=False) as data, short_lived(account) as sockets:
        archive = data / "archive"
        for folder in (archive, sockets / "first", sockets / "second"):
            make_private(folder, account)
        for name, value in archiving(archive).items():
            monkeypatch.setitem(postgres.SETTINGS, name, value)
        programs = programs_for(account).postgres
        make = lambda name, where: Postgres(  # noqa: E731 - two servers, told apart by two words
            programs, data / name, sockets / where, account=account
        )
        server = make("base", "first")
        server.start()
        try:
            yield server, archive, make, account
        finally:
            server.stop()


def asks(server, statement):
    with psycopg.connect(server.url, autocommit=True) as connection:
        found = connection.execute(statement)
        return found.fetchall() if found.description else None


def base_backup(server, archive, account):
    """The line of the documentation, on our socket."""
    line = re.search(r"database (pg_basebackup .*)", STEPS)[1]
    line = line.replace("/archive/base-$(date +%F)", str(archive / "base"))
    program, *options = shlex.split(line)
    identity = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    subprocess.run(
        [server.programs / program, *options, f"--host={server.sockets}", "--username=cross"],
        check=True,
        cwd="/",
        capture_output=True,
        **identity,
    )
    return archive / "base"


def brought_back(base, archive, target, folder, account):
    """The steps of the documentation, in `folder`."""
    make_private(folder, account)
    for name, where in (("base.tar.gz", folder), ("pg_wal.tar.gz", folder / "pg_wal")):
        with tarfile.open(base / name) as tar:
            tar.extractall(where, filter="data")
    for setting, value in re.findall(r"echo \"(\w+) = '([^']*)'\"", STEPS):
        told = {"recovery_target_time": target}.get(setting, value).replace(
            "/archive", str(archive)
        )
        with (folder / "postgresql.auto.conf").open("a") as file:
            file.write(f"{setting} = '{told}'\n")
    (folder / "recovery.signal").touch()
    if account:
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, account.uid, account.gid)
    folder.chmod(0o700)


def test_any_instant_of_the_database_comes_back(machine, tmp_path):
    server, archive, make, account = machine
    asks(server, "CREATE TABLE told (what text)")
    asks(server, "INSERT INTO told VALUES ('before the copy')")
    base = base_backup(server, archive, account)
    asks(server, "INSERT INTO told VALUES ('after the copy')")
    time.sleep(0.1)
    [(target,)] = asks(server, "SELECT now()::text")
    time.sleep(0.1)
    asks(server, "DROP TABLE told")
    asks(server, "SELECT pg_switch_wal()")
    server.stop()  # hands over what is left of its log

    again = make("again", "second")
    brought_back(base, archive, target, again.data, account)
    again.start()
    try:
        end = time.monotonic() + 30
        while asks(again, "SELECT pg_is_in_recovery()") == [(True,)] and time.monotonic() < end:
            time.sleep(0.05)
        assert asks(again, "SELECT what FROM told") == [("before the copy",), ("after the copy",)]
    finally:
        again.stop()
    assert not list(archive.glob("*.part"))
    shutil.rmtree(base)

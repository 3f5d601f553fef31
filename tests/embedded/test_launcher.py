"""The two servers: private, gone with their launcher, back at once."""

import json
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis

from cross.embedded import CannotStart, binaries, folders
from cross.embedded.folders import Account, check_ours, hold, short_lived, sweep
from cross.embedded.stack import servers, throw_away_servers
from tests.processes import alive, descendants, gone
from tests.running import PROJECT, bare_environment


def broker(addresses):
    return redis.Redis(unix_socket_path=addresses["BROKER_URL"].removeprefix("redis+socket://"))


def one(addresses, query):
    with psycopg.connect(addresses["DATABASE_URL"]) as connection:
        return connection.execute(query).fetchone()[0]


@pytest.fixture
def left_over():
    """`left_over()` lists what was started during the test and still runs."""
    before = descendants(os.getpid())

    def started_since():
        now = descendants(os.getpid())
        return alive({pid: birth for pid, birth in now.items() if pid not in before})

    return started_since


def test_what_was_written_is_there_at_the_next_start(awkward_home, left_over):
    with servers(awkward_home, environment={}) as (_, addresses):
        with psycopg.connect(addresses["DATABASE_URL"]) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 'Étain' AS name")
        broker(addresses).set("kept", "Évreux")
    assert not left_over()
    with servers(awkward_home, environment={}) as (_, addresses):
        assert one(addresses, "SELECT name FROM kept") == "Étain"
        assert broker(addresses).get("kept").decode() == "Évreux"


def test_the_servers_are_set_as_production_is(awkward_home):
    with servers(awkward_home, environment={}) as (_, addresses):
        wanted = {"jit": "off", "work_mem": "32MB", "fsync": "on", "listen_addresses": ""}
        assert {name: one(addresses, f"SHOW {name}") for name in wanted} == wanted
        assert one(addresses, "SHOW server_version").startswith("18.")
        locale = (
            "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'cross'"
        )
        assert one(addresses, locale) == "bC.UTF-8"
        extensions = one(addresses, "SELECT array_agg(name) FROM pg_available_extensions")
        assert {"pg_trgm", "unaccent", "btree_gist", "btree_gin"} <= set(extensions)
        assert broker(addresses).config_get("appendonly") == {"appendonly": "yes"}
        assert broker(addresses).config_get("maxmemory-policy")["maxmemory-policy"] == "noeviction"


def test_no_port_and_no_other_user(awkward_home):
    with servers(awkward_home, environment={}) as (running, addresses):
        assert broker(addresses).config_get("port") == {"port": "0"}
        for server in running:
            assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
            assert stat.S_IMODE(server.data.stat().st_mode) == 0o700
            assert server.sockets.stat().st_uid == server.data.stat().st_uid
        sockets = running[0].sockets
        assert len(str(sockets / ".s.PGSQL.5432")) <= 107
    assert not sockets.parent.exists()


def test_given_addresses_replace_the_servers(awkward_home):
    given = {"DATABASE_URL": "postgresql:///elsewhere", "BROKER_URL": "redis://elsewhere"}
    with servers(awkward_home, environment=given) as (running, addresses):
        assert (running, addresses) == ([], given)
    assert not list(awkward_home.iterdir())
    with throw_away_servers(environment={"DATABASE_URL": "postgresql:///x"}) as (running, _):
        assert [server.name for server in running] == ["Valkey"]


def test_a_creation_that_was_cut_starts_again(awkward_home):
    with servers(awkward_home, environment={}) as (running, _):
        cluster = running[0].data
    shutil.rmtree(cluster)
    half_made = cluster.with_name("postgresql.new")
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")
    with servers(awkward_home, environment={}) as (_, addresses):
        assert one(addresses, "SELECT 1") == 1
    assert not half_made.exists()


@contextmanager
def probe(home, uid=None, python=sys.executable):
    """A launcher in a process of its own, and what it says of its servers."""
    process = subprocess.Popen(
        [python, "-m", "tests.embedded.probe", str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
        env=bare_environment(PYTHONPATH=str(Path(psycopg.__file__).parents[1])),
        user=uid,
        group=uid and pwd.getpwuid(uid).pw_gid,
        extra_groups=None if uid is None else [],
    )
    with process:
        try:
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


def test_a_launcher_that_is_killed_leaves_nothing_and_starts_again_at_once(awkward_home):
    with probe(awkward_home) as (process, said):
        with psycopg.connect(said["DATABASE_URL"]) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
        left = descendants(process.pid)
        assert set(said["pids"].values()) <= set(left)
        process.kill()
        process.wait()
        assert gone(left, within=2)
    with probe(awkward_home) as (process, said):
        left = descendants(process.pid)
        # The server as well: its lock files stay, and its processes take a moment to end.
        os.kill(said["pids"]["PostgreSQL"], signal.SIGKILL)
        process.kill()
    with servers(awkward_home, environment={}) as (_, addresses):
        assert one(addresses, "SELECT one FROM kept") == 1
    assert gone(left, within=2)


def test_an_ordinary_user_dropped_from_root(as_root, awkward_home):
    nobody = Account.named("nobody")
    # Ours may lie in root's home; the system's, of the same version, reads the same packages.
    pythons = [sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"]
    usable = [python for python in pythons if nobody.may("-x", python)]
    if (
        not usable
        or not nobody.may("-r", PROJECT / "run")
        or not nobody.may("-r", psycopg.__file__)
    ):
        pytest.skip("this checkout is closed to other accounts")
    os.chown(awkward_home, nobody.uid, nobody.gid)
    with probe(awkward_home, nobody.uid, usable[0]) as (process, said):
        assert said["uid"] == nobody.uid
        for pid in descendants(process.pid):
            assert Path(f"/proc/{pid}").stat().st_uid == nobody.uid
        process.communicate("stop\n", timeout=30)
        assert process.returncode == 0
    # Root finds the data of that user, and keeps their owner.
    with servers(awkward_home, environment={}) as (running, addresses):
        assert one(addresses, "SELECT 1") == 1
        assert running[0].account == nobody


@pytest.fixture
def state_folder(as_root, open_folder, monkeypatch):
    """Root's own place for what the account cannot reach, elsewhere than on this machine."""
    place = open_folder / "state"
    monkeypatch.setattr(folders, "STATE", place)
    monkeypatch.setattr(binaries, "STATE", place)
    return place


def test_root_in_a_closed_folder_opens_nothing_and_adds_no_account(state_folder, open_folder):
    accounts = Path("/etc/passwd").read_bytes()
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    home = closed / "home"
    home.mkdir(mode=0o711)
    for _ in range(2):
        with servers(home, environment={}) as (running, addresses):
            assert one(addresses, "SELECT 1") == 1
            assert running[0].account.uid != 0
            assert Path(f"/proc/{running[0].process.pid}").stat().st_uid != 0
    assert (home / "servers").readlink().parent == state_folder
    assert len(list(state_folder.iterdir())) == 1
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert Path("/etc/passwd").read_bytes() == accounts


def test_programs_that_the_account_cannot_read_are_copied_and_old_copies_removed(
    state_folder, open_folder, awkward_home, monkeypatch
):
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    ours = binaries.installed()
    package = ours.postgres.parents[1]
    shutil.copytree(package, closed / package.name, symlinks=True)
    shutil.copytree(binaries.libraries(ours), closed / binaries.libraries(ours).name)
    shutil.copy2(ours.valkey, closed / "valkey-server")
    hidden = binaries.Programs(closed / package.name / "pginstall/bin", closed / "valkey-server")
    monkeypatch.setattr(binaries, "installed", lambda: hidden)
    state_folder.mkdir(mode=0o711)
    unused, used = state_folder / "programs-1", state_folder / "programs-2"
    for old in (unused, used):
        old.mkdir()
        (old / folders.OWNER).touch()
    in_use = hold(used)
    try:
        with servers(awkward_home, environment={}) as (running, addresses):
            assert one(addresses, "SELECT 1") == 1
            assert broker(addresses).ping()
            assert running[0].programs.is_relative_to(state_folder)
    finally:
        os.close(in_use)
    assert not unused.exists()
    assert used.exists()


def make_old(folder):
    os.utime(folder, (time.time() - 3600, time.time() - 3600))


def test_folders_of_dead_launchers_are_swept_and_no_others(open_folder):
    dead, living, foreign = (open_folder / f"{folders.PREFIX}{n}" for n in ("dead", "living", "x"))
    for folder in (dead, living, foreign):
        folder.mkdir()
        (folder / "left").touch()
    newborn = Path(tempfile.mkdtemp(prefix=folders.PREFIX, dir=open_folder))
    held = hold(living)
    for folder in (dead, living, foreign):
        make_old(folder)
    if os.geteuid() == 0:
        os.chown(foreign, Account.named("nobody").uid, -1)
        make_old(foreign)
    else:
        shutil.rmtree(foreign)
    sweep(open_folder)
    os.close(held)
    assert not dead.exists()
    assert living.exists()
    assert newborn.exists()
    assert foreign.exists() == (os.geteuid() == 0)


def test_a_folder_planted_by_another_user_is_refused(as_root, open_folder):
    planted = open_folder / "state"
    planted.mkdir()
    check_ours(planted)
    os.chown(planted, Account.named("nobody").uid, -1)
    with pytest.raises(CannotStart, match="n’appartient pas"):
        check_ours(planted)
    link = open_folder / "link"
    link.symlink_to("/etc")
    with pytest.raises(CannotStart):
        check_ours(link)


def test_sockets_avoid_a_temporary_folder_that_is_too_long(open_folder, monkeypatch):
    long = open_folder / ("x" * 80)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))
    with short_lived() as folder, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "cross-sockets.5432"))
        assert not folder.is_relative_to(long)


def test_a_server_that_cannot_start_says_why_in_one_line(awkward_home, left_over):
    with servers(awkward_home, environment={}) as (running, _):
        cluster = running[0].data
    (cluster / "PG_VERSION").write_text("12\n")
    with pytest.raises(CannotStart) as refusal, servers(awkward_home, environment={}):
        pass
    assert "PostgreSQL ne démarre pas" in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert not left_over()

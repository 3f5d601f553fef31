"""The embedded PostgreSQL: a cluster, started on a socket alone, stopped without loss."""

import shutil
import signal
import subprocess
import time
from urllib.parse import quote

import psycopg
from psycopg.conninfo import make_conninfo

from cross.embedded import CannotStart, bound
from cross.embedded.folders import make_private
from cross.embedded.server import Server

DATABASE = USER = "cross"
WEB_USER = "cross_web"  # made by the migrations: cross.fence
# The same provider in production (docker-compose.yml), or names would sort in another order.
LOCALE = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "work_mem": "32MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    # A log is read by more people than a record is: no statement, no row, in it.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
# After a kill -9 the old server needs a moment to be gone; its lock files are not an error yet.
STILL_ENDING = ("postmaster.pid", "shared memory block")
STILL_ENDING_SECONDS = 10


class Postgres(Server):
    name = "PostgreSQL"
    stop_signal = signal.SIGINT  # a "fast" shutdown: clients cut, everything written
    at_death = signal.SIGQUIT  # at once: the next start replays the log, nothing is lost

    def __init__(self, programs, data, socket_folder, **options):
        super().__init__(data, socket_folder, **options)
        self.programs = programs

    @property
    def url(self):
        return self.url_of(USER)

    def url_of(self, user):
        return f"postgresql:///{DATABASE}?host={quote(str(self.sockets), safe='/')}&user={user}"

    def start(self):
        if not (self.data / "PG_VERSION").exists():
            self.create_cluster()
        settings = SETTINGS | {"unix_socket_directories": str(self.sockets)}
        if not self.durable:
            settings |= THROW_AWAY
        args = [self.programs / "postgres", "-D", self.data]
        for name, value in settings.items():
            args += ["-c", f"{name}={value}"]
        self.launch_after_crash(args)
        self.create_database()

    def create_cluster(self):
        """initdb aside, then rename: an interrupted first start leaves no half-made cluster."""
        aside = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(aside, ignore_errors=True)
        make_private(aside, self.account)
        args = [self.programs / "initdb", "-D", aside, "-U", USER, "--auth=trust", *LOCALE]
        args += ["--no-instructions"]
        if not self.durable:
            args += ["--no-sync", "--no-data-checksums"]
        done = subprocess.run(
            bound.command(args, at_death=signal.SIGKILL, account=self.account),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "TZ": "UTC", "LC_ALL": "C"},
            check=False,
        )
        if done.returncode != 0:
            said = done.stderr.strip().splitlines() or ["initdb"]
            raise CannotStart(f"PostgreSQL ne peut pas créer ses fichiers : {said[-1]}")
        aside.rename(self.data)

    def launch_after_crash(self, args):
        end = time.monotonic() + STILL_ENDING_SECONDS
        while True:
            try:
                return self.launch(args)
            except CannotStart as error:
                ending = any(words in str(error) for words in STILL_ENDING)
                if not ending or time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def is_ready(self):
        """PostgreSQL writes "ready" on the eighth line of its own pid file."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return (
            len(lines) >= 8 and lines[0] == str(self.process.pid) and lines[7].strip() == "ready"
        )

    def create_database(self):
        """Asked of the server each time: a first start may have stopped just before this."""
        where = make_conninfo(host=str(self.sockets), user=USER, dbname="postgres")
        known = "SELECT 1 FROM pg_database WHERE datname = %s"
        try:
            with psycopg.connect(where, autocommit=True) as connection:
                if connection.execute(known, [DATABASE]).fetchone() is None:
                    connection.execute(f'CREATE DATABASE "{DATABASE}"')  # CROSS is a word of SQL
        except psycopg.OperationalError as error:  # it has ended again at once
            raise CannotStart(f"PostgreSQL ne répond plus : {error}") from error

"""The data folder, and who is using it: one supervisor or one command at a time."""

import fcntl
import json
import os
from contextlib import contextmanager
from pathlib import Path

from cross.embedded import CannotStart

PROJECT = Path(__file__).resolve().parents[2]


def data_folder():
    """CROSS_HOME, made if need be: closed, but for root, whose servers must walk through it."""
    home = Path(os.environ.get("CROSS_HOME") or PROJECT / "var").resolve()
    try:
        home.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CannotStart(f"dossier de données {home} : {error.strerror}.") from error
    if not os.access(home, os.W_OK | os.X_OK):
        raise CannotStart(f"le compte n’a pas le droit d’écrire dans {home}.")
    return home


class Claim:
    """The lock on a home, and what its owner says of itself for the commands that join it."""

    def __init__(self, home):
        self.home = home
        try:
            self.file = open(home / "running.json", "a+", encoding="utf-8")  # noqa: SIM115
        except OSError as error:
            raise CannotStart(f"{home}/running.json : {error.strerror}.") from error

    def take(self):
        """Ours until this process ends, or a dictionary from the process that holds it."""
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return self.read()
        self.write(pid=os.getpid())
        return None

    def read(self):
        self.file.seek(0)
        try:
            return json.loads(self.file.read())
        except ValueError:  # being written at this instant
            return {}

    def write(self, **said):
        self.file.truncate(0)
        self.file.write(json.dumps(said))
        self.file.flush()


@contextmanager
def claimed(home):
    """The claim, ours; CannotStart in one line when the home is in use."""
    claim = Claim(home)
    with claim.file:
        holder = claim.take()
        if holder is not None:
            where = f", {holder['url']}" if "url" in holder else ""
            raise CannotStart(
                f"déjà en marche sur ce dossier de données (processus {holder.get('pid', '?')}"
                f"{where}) : arrêtez-le d’abord, ou indiquez un autre dossier avec CROSS_HOME."
            )
        yield claim

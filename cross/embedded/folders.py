"""Folders of our own: private, short enough for a socket, swept when their owner has died."""

import fcntl
import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from cross.embedded import CannotStart

PREFIX = "cross-"
OWNER = "owner.lock"
# A socket's address holds 107 bytes; what we add is "/cross-xxxxxxxx/sockets/.s.PGSQL.5432". It is
# also written in addresses (postgresql://, redis+socket://): nothing there that needs quoting.
PLAIN_AND_SHORT = re.compile(r"/[A-Za-z0-9_./+-]{0,66}")
# Between the birth of a folder and its lock there is an instant; nobody sweeps a newborn.
NEWBORN_SECONDS = 60
# Root's own place, for what the account of the servers cannot reach inside a closed project.
STATE = Path("/var/lib/cross")


@dataclass(frozen=True)
class Account:
    """The account that a server runs under when root starts it."""

    name: str
    uid: int
    gid: int

    @classmethod
    def named(cls, name):
        entry = pwd.getpwnam(name)
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)

    def may(self, test, path):
        """Whether the account itself can cross to `path`; `test` as in test(1): "-r", "-x"."""
        done = subprocess.run(
            ["test", test, str(path)],
            user=self.uid,
            group=self.gid,
            extra_groups=[],
            cwd="/",
            check=False,
        )
        return done.returncode == 0


def server_account(cluster=None):
    """None for a normal user, who runs the servers; as root, an account that already exists.

    The owner of an existing cluster decides: PostgreSQL refuses any other.
    """
    if os.geteuid() != 0:
        return None
    if cluster and (cluster / "PG_VERSION").exists():
        return Account.named(pwd.getpwuid(cluster.stat().st_uid).pw_name)
    for name in ("postgres", "nobody"):
        try:
            return Account.named(name)
        except KeyError:
            continue
    raise CannotStart(
        "ni le compte « postgres » ni le compte « nobody » n’existe : PostgreSQL refuse de "
        "tourner sous root. Lancez ./run avec un compte ordinaire."
    )


def hold(folder):
    """Take the folder's lock for as long as this process lives; None when another holds it."""
    descriptor = os.open(folder / OWNER, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def check_ours(folder):
    """A folder planted by somebody else, or a link in its place, is refused."""
    state = os.lstat(folder)
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.geteuid():
        raise CannotStart(f"le dossier {folder} n’appartient pas au compte qui lance CROSS.")


def make_private(folder, account=None):
    """Create `folder` closed to everybody but the account that will use it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if account:
        os.chown(folder, account.uid, account.gid)


def bases(account, *, sockets=True):
    """Folders in which the account may have short private folders, best first.

    For sockets root prefers /run, where no other user can write; its own XDG_RUNTIME_DIR is closed
    to the account. Data goes to the disk, not to these folders in memory.
    """
    runtime = "/run" if account else os.environ.get("XDG_RUNTIME_DIR")
    for base in filter(None, [sockets and runtime, tempfile.gettempdir(), "/tmp"]):
        if not PLAIN_AND_SHORT.fullmatch(base) or not os.access(base, os.W_OK | os.X_OK):
            continue
        if account is None or account.may("-x", base):
            yield Path(base)


def sweep(base):
    """Remove the folders that a killed process of ours left in `base`."""
    for folder in base.glob(f"{PREFIX}*"):
        with suppress(FileNotFoundError):  # another launcher sweeps at the same time
            state = folder.lstat()
            young = time.time() - state.st_mtime < NEWBORN_SECONDS
            if young or not stat.S_ISDIR(state.st_mode) or state.st_uid != os.geteuid():
                continue
            descriptor = hold(folder)
            if descriptor is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(descriptor)


@contextmanager
def short_lived(account=None, *, sockets=True):
    """A fresh private folder, gone at the end; an account has sub-folders of its own in it."""
    base = next(bases(account, sockets=sockets), None)
    if base is None:
        raise CannotStart("aucun dossier temporaire utilisable : indiquez-en un avec TMPDIR.")
    sweep(base)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
    descriptor = hold(folder)
    try:
        if account:
            folder.chmod(0o711)  # to be crossed, not listed; what is inside stays closed
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def servers_folder(home):
    """Where the two servers keep their data for this home, and the account that owns it.

    Inside the home; or, when the home is closed to the account, in /var/lib/cross with a link in
    its place. The link is the truth: a project that is moved finds its data again.
    """
    place = home / "servers"
    folder = place.resolve()
    account = server_account(folder / "postgresql")
    if account and not place.is_symlink() and not place.exists() and not account.may("-x", home):
        make_state_folder()
        folder = Path(tempfile.mkdtemp(prefix="servers-", dir=STATE))
        place.symlink_to(folder)
    make_private(folder, account)
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise CannotStart(
            f"{folder} appartient à un autre compte : relancez ./run avec le compte de la "
            "première fois, ou indiquez un autre dossier avec CROSS_HOME."
        )
    return folder, account


def make_state_folder():
    STATE.mkdir(mode=0o711, parents=True, exist_ok=True)
    check_ours(STATE)

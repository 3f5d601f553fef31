"""Run a command that dies with the process that started it.

`command()` builds the line to give to `subprocess`; the line starts this same file as a tiny
program, which drops root if asked, asks the kernel for a signal at its parent's death, and becomes
the command (same pid). A program rather than `preexec_fn`, which is unsafe as soon as the launcher
has a thread.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def command(args, *, at_death, account=None):
    """`args` (program first, absolute path), signalled with `at_death` when this process ends."""
    identity = f"{account.uid}:{account.gid}" if account else "-"
    shim = [sys.executable, "-I", "-S", __file__, str(os.getpid()), str(int(at_death)), identity]
    return [*shim, *map(str, args)]


def end_with(parent, at_death):
    """Receive `at_death` when the process `parent`, which started this one, ends."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, at_death) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent:
        sys.exit("the launcher ended before its command started")


def become(parent, at_death, identity, *args):
    if identity != "-":
        uid, gid = map(int, identity.split(":"))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    end_with(int(parent), int(at_death))  # after the change of user, which would forget it
    for ignored_by_python in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(ignored_by_python, signal.SIG_DFL)
    os.execv(args[0], args)


if __name__ == "__main__":
    become(*sys.argv[1:])

"""What stops a piece of work and is not its fault: it is done again later, and is no failure.

The database went away, froze, or chose between two who waited for each other; the disk is full; a
program of ours was killed in the middle.
"""

import errno

from django.db import InterfaceError, OperationalError


class Killed(Exception):
    """A program of ours was ended from outside: by the kernel when memory is short, with its
    worker, by an administrator."""


AWAY = (OperationalError, InterfaceError, Killed)
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


def is_interruption(error):
    """Whether one of these is behind the error: the one that is raised may only follow from it."""
    met: list[BaseException] = []
    while error is not None and error not in met:
        if isinstance(error, AWAY):
            return True
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            return True
        met.append(error)
        error = error.__cause__ or error.__context__
    return False

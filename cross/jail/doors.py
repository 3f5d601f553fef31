"""Run in the jail: does the kernel refuse what is not on the list?"""

import os

SHUT, OPEN = b"shut", b"open"


def tried(_given):
    """Signal 0, to itself: it does nothing, and limits alone would let it through."""
    try:
        os.kill(os.getpid(), 0)
    except OSError:
        yield SHUT
    else:
        yield OPEN

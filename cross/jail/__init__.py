"""A process of its own for what takes a stranger's file apart: bounded, mute, and thrown away.

    jail.run("cross/drawing/inside.py:pages", data, seconds=20, megabytes=600, gives=80)

It is given octets and gives octets back, piece after piece. It has so many seconds, so much
memory, so much to give back, no secret in its environment; it opens no file and no connection,
starts no program, reaches no other process (`inside.py`). What it gives back comes from a hostile
file: it is checked like one. What its work needs of the disk is imported by its module, before the
doors close.
"""

import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

logger = logging.getLogger(__name__)

INSIDE = Path(__file__).with_name("inside.py")
# All that it inherits: where shared libraries are.
KEPT = ("LD_LIBRARY_PATH",)
PATIENCE = 4


class Broken(Exception):
    """It died, or was stopped; `told` is what it had given back by then."""

    def __init__(self, why, told=b""):
        super().__init__(why)
        self.told = told


def run(
    work: str, given: bytes | IO[bytes], *asked: str, seconds: int, megabytes: int, gives: int
) -> bytes:
    """What the function `work` ("file:name", octets to pieces of octets) makes of `given`.

    `given` may be an open file: it is read inside, from where it stands. `asked` follows the
    octets. The file of `work` is run by itself: the packages around it are not imported. Raises
    `Broken`. `seconds` are of computing; more pass on the clock where others work. `gives` is how
    many megabytes come back at most: whoever asked holds them all.
    """
    into: dict[str, Any] = {"input": given} if isinstance(given, bytes) else {"stdin": given}
    limits = (str(each) for each in (seconds, megabytes, gives))
    with _kept_in_memory() as told:

        def so_far():
            told.seek(0)
            return told.read()

        try:
            done = subprocess.run(  # noqa: S603 - our own program, nothing typed on its command line
                [sys.executable, "-I", str(INSIDE), work, *limits, *asked],
                **into,
                stdout=told,
                stderr=subprocess.DEVNULL,
                check=False,
                timeout=PATIENCE * seconds,
                env={name: os.environ[name] for name in KEPT if name in os.environ},
            )
        except subprocess.TimeoutExpired:
            raise Broken("time", so_far()) from None
        if done.returncode:
            logger.info("jail: %s ended with %s", work, done.returncode)
            raise Broken(f"ended with {done.returncode}", so_far())
        return so_far()


def _kept_in_memory():
    """Bounded by the kernel as a file is: a pipe would fill whoever reads it."""
    try:
        return open(os.memfd_create("jail"), "w+b", buffering=0)
    except OSError as fault:
        raise Broken("no room for what it gives back") from fault

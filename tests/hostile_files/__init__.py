"""Files that mean harm, or that somebody damaged: made by code, the same octets each time.

`manifest.py` says of each what becomes of it. Nothing here runs: a "program" is its first octets,
and the test file of antivirus makers is written in two halves, so that scanners leave us alone.
"""

from dataclasses import dataclass

CANARY = b"CHARDONNERET"


@dataclass(frozen=True)
class Hostile:
    """`verdict`: what the door of reports does with it.

    refused   `said` is a piece of the sentence
    shown     received; its pages are drawn, and hold nothing of it
    kept      received; nothing is drawn, `said` is a piece of the note
    """

    name: str
    data: bytes
    verdict: str
    said: str = ""
    declared: str = "application/octet-stream"


@dataclass(frozen=True)
class HostileTable:
    """A file for the door of imports; with `said`, refused with that piece of a sentence."""

    name: str
    data: bytes
    said: str = ""

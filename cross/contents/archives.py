"""A ZIP archive looked at before anything of it is unpacked: documents and workbooks are such.

Only its table of contents is read. What a part unpacks into is what that table says of it: the
library of Python reads no byte more.
"""

import struct
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from cross.contents.unfit import DAMAGED, TOO_LARGE_ONCE_UNPACKED, TWO_IN_ONE, Unfit

SIGNATURE = b"PK\x03\x04"
END, LONGEST_COMMENT = b"PK\x05\x06", 65_535
END_LENGTH = 22
# An archive of more parts than this has a longer table: it is not even read.
LONGEST_TABLE = 1_000_000
DEFLATED_OR_NOT = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
LINK = 0o120000

TRAVELS = "nomme des fichiers hors de son dossier\u00a0: il est refusé."
CIPHERED = "est protégé par un mot de passe\u00a0: enlevez-le, puis recommencez."


@dataclass(frozen=True)
class Bounds:
    """`ratio` is of one part, from `ratio_from` octets unpacked: small parts compress at will."""

    parts: int = 1_000
    unpacked: int = 100_000_000
    ratio: int = 100
    ratio_from: int = 5_000_000


def parts_of(file: IO[bytes], bounds: Bounds) -> list[zipfile.ZipInfo]:
    """The parts of the archive in `file`, within bounds. Raises `Unfit`."""
    _check_ends(file)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Unfit(DAMAGED) from error
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > bounds.parts or unpacked > bounds.unpacked:
        raise Unfit(TOO_LARGE_ONCE_UNPACKED)
    for part in parts:
        _check_part(part, bounds)
    if len({part.filename for part in parts}) < len(parts):
        raise Unfit(DAMAGED)
    return parts


def _check_ends(file):
    """It begins where the file begins and ends where it ends, with a table of bounded length."""
    size = file.seek(0, 2)
    file.seek(max(0, size - END_LENGTH - LONGEST_COMMENT))
    tail = file.read()
    file.seek(0)
    place = tail.rfind(END)
    if place < 0 or len(tail) - place < END_LENGTH:
        raise Unfit(DAMAGED)
    length, start, comment = struct.unpack("<IIH", tail[place + 12 : place + END_LENGTH])
    if length > LONGEST_TABLE:
        raise Unfit(TOO_LARGE_ONCE_UNPACKED)
    is_whole = place + END_LENGTH + comment == len(tail)
    end_of_table = size - len(tail) + place
    if not is_whole or start + length != end_of_table:
        raise Unfit(TWO_IN_ONE)


def _check_part(part, bounds):
    if part.flag_bits & 0x1:
        raise Unfit(CIPHERED)
    if part.compress_type not in DEFLATED_OR_NOT:
        raise Unfit(DAMAGED)
    name = part.orig_filename
    path = PurePosixPath(name)
    if (
        path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name
        or name[1:2] == ":" or part.external_attr >> 16 & 0o170000 == LINK
    ):  # fmt: skip
        raise Unfit(TRAVELS)
    is_bomb = part.file_size > bounds.ratio * max(part.compress_size, 1)
    if part.file_size > bounds.ratio_from and is_bomb:
        raise Unfit(TOO_LARGE_ONCE_UNPACKED)

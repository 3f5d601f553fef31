"""Images: how many points, and nothing that hides behind them. Pixels are not decoded here."""

import re
import struct

from cross.contents.unfit import DAMAGED, TWO_IN_ONE, Unfit
from cross.ui.templatetags.words import number

MOST_PIXELS = 40_000_000  # beyond, nobody unpacks it
MOST_PARTS = 50_000

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
# What opens as something else when it stands behind an image, or near the end of any file.
ARCHIVE_END, LONGEST_END = b"PK\x05\x06", 65_557
OTHER_FILE = re.compile(
    rb"PK\x03\x04|%PDF-|Rar!\x1a|7z\xbc\xaf\x27|\x7fELF\x02|MZ\x90\x00\x03|MZ\x00\x00"
    rb"|<(?i:html|script|!doctype)[\s>]"
)
# Where an image begins a scan, what is not a marker: stuffing, restarts, filling.
MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")
SIZES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
START_OF_SCAN, END_OF_IMAGE, ALONE = 0xDA, 0xD9, {0x01, *range(0xD0, 0xD9)}


def is_png(data):
    return data.startswith(PNG)


def is_jpeg(data):
    return data.startswith(JPEG)


def is_webp(data):
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def check_png(data):
    """The size is in the first part; parts are walked to the last, to see what follows it."""
    if data[12:16] != b"IHDR" or len(data) < 24:
        raise Unfit(DAMAGED)
    _check_size(*struct.unpack(">II", data[16:24]))
    place = len(PNG)
    for _ in range(MOST_PARTS):
        if place + 12 > len(data):
            return _check_whole(data, len(data))
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        place += 12 + length
        if kind == b"IEND":
            return _check_whole(data, place)
    raise Unfit(DAMAGED)


def check_jpeg(data):
    place, size = 2, None
    for _ in range(MOST_PARTS):
        found = MARKER.search(data, place)
        if found is None:
            break
        code, place = found[1][0], found.end()
        if code == END_OF_IMAGE:
            break
        if code in ALONE:
            continue
        if place + 7 > len(data):
            break
        if code in SIZES:
            height, width = struct.unpack(">HH", data[place + 3 : place + 7])
            _check_size(width, height)
            size = (width, height)
        place += int.from_bytes(data[place : place + 2])
    else:
        raise Unfit(DAMAGED)
    if size is None:
        raise Unfit(DAMAGED)
    return _check_whole(data, place)


def check_webp(data):
    if len(data) < 30:
        raise Unfit(DAMAGED)
    _check_size(*_size_of_webp(data[12:16], data[20:30]))
    length = int.from_bytes(data[4:8], "little")
    _check_whole(data, 8 + length + length % 2)


def _size_of_webp(kind, head):
    if kind == b"VP8X":
        return 1 + int.from_bytes(head[4:7], "little"), 1 + int.from_bytes(head[7:10], "little")
    if kind == b"VP8L" and head[0] == 0x2F:
        packed = int.from_bytes(head[1:5], "little")
        return 1 + (packed & 0x3FFF), 1 + (packed >> 14 & 0x3FFF)
    if kind == b"VP8 " and head[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", head[6:10])
        return width & 0x3FFF, height & 0x3FFF
    raise Unfit(DAMAGED)


def _check_size(width, height):
    if not (width and height):
        raise Unfit(DAMAGED)
    if width * height > MOST_PIXELS:
        raise Unfit(
            f"compte {number(width * height)} points\u00a0; la limite est de "
            f"{number(MOST_PIXELS)}. Réduisez l’image, puis joignez-la de nouveau."
        )


def _check_whole(data, end):
    """Nothing else opens in this file: neither behind the image, nor within it."""
    if OTHER_FILE.search(data, end) or holds_an_archive(data) or b"%PDF-" in data[:1024]:
        raise Unfit(TWO_IN_ONE)


def holds_an_archive(data):
    """Whether a program that looks for an archive from its end would find one."""
    return ARCHIVE_END in data[-LONGEST_END:]

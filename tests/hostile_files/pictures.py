"""Images: too many points, two files in one, and what a telephone writes beside the points."""

import io
import struct
import zlib

from PIL import Image, PngImagePlugin

from tests.hostile_files import CANARY

SIZE = (60, 40)


def plain(kind="PNG", size=SIZE, **said):
    held = io.BytesIO()
    Image.new("RGB", size, "#b34000").save(held, kind, **said)
    return held.getvalue()


def chunk(kind, content):
    """One part of a PNG."""
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


def png_of(width, height, *parts):
    """A PNG that claims a size; its points are missing or few."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    points = chunk(b"IDAT", zlib.compress(b"\0" * 10_000))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(parts) + points + chunk(b"IEND", b"")


def png_with(*parts):
    """A sound PNG, with these parts before its points."""
    data = plain()
    return data[:33] + b"".join(parts) + data[33:]


def jpeg_of(width, height):
    """A JPEG whose frame claims a size."""
    data = plain("JPEG")
    place = data.index(b"\xff\xc0")
    return data[: place + 5] + struct.pack(">HH", height, width) + data[place + 9 :]


def segment(code, content):
    return bytes([0xFF, code]) + struct.pack(">H", len(content) + 2) + content


def jpeg_with(*segments):
    """A sound JPEG, with these segments at its head."""
    data = plain("JPEG")
    return data[:2] + b"".join(segments) + data[2:]


def webp_of(width, height):
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + size
    return b"RIFF" + struct.pack("<I", len(body)) + body


def exif():
    """Where, by whom, with which device, and a small picture of it all."""
    told = Image.Exif()
    told[0x010F], told[0x0110] = "TELEPHONE ESSAI", "MODELE"  # maker, model
    told[0x013B], told[0x8298] = CANARY.decode(), CANARY.decode()  # author, rights
    told.get_ifd(0x8769).update(
        {0xA431: "SERIE-" + CANARY.decode(), 0x9003: "2026:09:17 22:00:00"}
    )
    told.get_ifd(0x8825).update({
        1: "N", 2: (48.0, 10.0, 27.0), 3: "E", 4: (6.0, 26.0, 59.0), 29: "2026:09:17",
    })  # fmt: skip
    return told


XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><exif:GPSLatitude>48,10.5N</exif:GPSLatitude>" + CANARY
IPTC = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x14\x1c\x02\x50\0\x0c" + CANARY + b"\0"


def texts_of_png():
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", CANARY.decode())
    told.add_itxt("XML:com.adobe.xmp", XMP.decode())
    told.add_text("Comment", f"<?php {CANARY.decode()} ?>", zip=True)
    return told


def frames(count=500):
    """A GIF that plays for ever."""
    held = io.BytesIO()
    drawn = [Image.new("P", (20, 20), rank % 256) for rank in range(count)]
    drawn[0].save(held, "GIF", save_all=True, append_images=drawn[1:], loop=0)
    return held.getvalue()

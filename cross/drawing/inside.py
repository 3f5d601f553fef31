"""What draws, in the jail: it reads what a stranger sent, and gives back pages of pixels.

Frames of `kind, length, content`: W how many pages there are, P a page as WebP, F a fault in one
word of `cross.drawing.NOTES`. A page is given as soon as it is drawn: the next may be the last.
"""

import io
import json
import struct
import warnings

import pypdfium2
from PIL import Image, ImageOps

QUALITY = 82
ORIENTATION = 0x0112
BROKEN = (OSError, ValueError, SyntaxError, EOFError, OverflowError, struct.error)

# Whatever is imported lazily is imported now, while it can be.
Image.init()


def pages(given):
    told, _, data = given.partition(b"\n")
    asked = json.loads(told)
    try:
        yield from (_pdf if asked["is_pdf"] else _image)(data, asked)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        yield _frame(b"F", b"large")
    except MemoryError:
        yield _frame(b"F", b"stopped")
    except pypdfium2.PdfiumError as fault:
        locked = "password" in str(fault).lower()
        yield _frame(b"F", b"locked" if locked else b"unreadable")
    except BROKEN:
        yield _frame(b"F", b"unreadable")


def _frame(kind, content):
    return struct.pack(">cI", kind, len(content)) + content


def _image(data, asked):
    """One page: the image upright, of our size, with its pixels alone."""
    Image.MAX_IMAGE_PIXELS = asked["most_pixels"]
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    image = Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "WEBP"])
    if image.width * image.height > asked["most_pixels"]:
        raise Image.DecompressionBombError
    # Made small before it is turned: it is held once in full at most.
    largest = max(asked["widest"], asked["highest"])
    image.draft("RGB", (largest, largest))
    if image.mode in {"RGB", "RGBA", "L", "CMYK"}:
        image = _smaller(image, largest)
    # Sixteen bits of grey are made small without what the library knows of eight alone.
    image.thumbnail((largest, largest), reducing_gap=None if image.mode[:1] == "I" else 2.0)
    yield _frame(b"W", b"\1")
    yield _frame(b"P", _written(ImageOps.exif_transpose(image), asked))


def _smaller(image, largest):
    """About twice as large as wanted: `thumbnail` copies what is transparent whole."""
    factor = max(image.size) // (2 * largest)
    if factor < 2:
        return image
    turned = image.getexif().get(ORIENTATION)
    small = image.reduce(factor)
    if turned:
        small.getexif()[ORIENTATION] = turned
    return small


def _pdf(data, asked):
    document = pypdfium2.PdfDocument(data)
    count = len(document)
    yield _frame(b"W", count.to_bytes(4))
    for rank in range(min(count, asked["most_pages"])):
        page = document[rank]
        width, height = page.get_size()
        scale = min(2.0, asked["widest"] / max(width, 1), asked["highest"] / max(height, 1))
        rendered = page.render(scale=scale, may_draw_forms=False, draw_annots=False)
        yield _frame(b"P", _written(rendered.to_pil(), asked))
        page.close()


def _written(image, asked):
    """On white, in colours: no profile, no comment, no place where it was taken."""
    image.thumbnail((asked["widest"], asked["highest"]))
    layer = image.convert("RGBA")
    page = Image.new("RGB", layer.size, "white")
    page.paste(layer, mask=layer.getchannel("A"))
    held = io.BytesIO()
    page.save(held, "WEBP", quality=QUALITY)
    return held.getvalue()

"""What is shown of a file without opening it: its pages drawn again, without what they hide.

The worker does it, once the file is received: it asks the scanner, then draws. An image loses its
metadata, a PDF its scripts and links: what is shown is pixels of our own.
"""

import io
import warnings

import pypdfium2
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageOps

from cross import outbox, scanner
from cross.audit import journal
from cross.scanner import Verdict
from intel import access
from intel.models import Attachment

MOST_PAGES = Attachment.MOST_PAGES
MOST_PIXELS = 40_000_000  # of an image as it is sent; beyond, nobody unpacks it
WIDEST, HIGHEST = 1400, 2000  # of what is shown
QUALITY = 82
ONCE_A_TIME = 500

UNREADABLE = "Ce fichier est abîmé ou illisible : pas d’aperçu."
LOCKED = "Ce PDF est protégé par un mot de passe : pas d’aperçu."
TOO_LARGE = "Cette image a trop de points pour être dépliée sans risque : pas d’aperçu."
STAYS_IN = "Cette pièce ne peut pas sortir de quarantaine."
BROKEN = (OSError, ValueError, SyntaxError, EOFError)


class NoPreview(ValueError):
    """Says, to the reader, why there is none."""


def ask(attachment):
    """Ask the worker to look at a file that has just been received."""
    outbox.enqueue("examine_attachment", args={"attachment": attachment.pk})


@transaction.atomic
def examine(attachment):
    """Scan it, draw its pages. Done again, it is done anew; what is gone is not drawn.

    Its row is held: whoever takes it away meanwhile waits, then finds every page.
    """
    held = Attachment.objects.filter(pk=attachment.pk).select_for_update()
    if not held.unguarded(because="the worker looks at every file").values("pk").first():
        return
    with attachment.file.open("rb") as opened:
        data = opened.read()
    if settings.SCANNER != scanner.OFF:
        attachment.scan = scanner.scan(data).value
        attachment.scanned_at = timezone.now()
    attachment.erase_previews()
    attachment.previews, attachment.preview_note = 0, ""
    if attachment.scan != Verdict.INFECTED.value:
        try:
            _draw(attachment, data)
        except NoPreview as why:
            attachment.preview_note = str(why)
    attachment.save(update_fields=["scan", "scanned_at", "previews", "preview_note"])


def _draw(attachment, data):
    pages, whole = PAGES.get(attachment.content_type, _none)(data)
    for rank, page in enumerate(pages, start=1):
        held = io.BytesIO()
        page.save(held, "WEBP", quality=QUALITY)
        default_storage.save(attachment.preview_name(rank), ContentFile(held.getvalue()))
    attachment.previews = len(pages)
    if whole > len(pages) > 0:
        attachment.preview_note = f"{len(pages)} premières pages sur {whole}."


def _none(data):
    return [], 0


def _image(data):
    """One page: the image upright, of our size, with its pixels alone."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            image = Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "WEBP"])
            if image.width * image.height > MOST_PIXELS:
                raise NoPreview(TOO_LARGE)
            return [_plain(ImageOps.exif_transpose(image))], 1
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as bomb:
            raise NoPreview(TOO_LARGE) from bomb
        except NoPreview:
            raise
        except BROKEN as fault:
            raise NoPreview(UNREADABLE) from fault


def _plain(image):
    """On white, in colours: no profile, no comment, no place where it was taken."""
    image.thumbnail((WIDEST, HIGHEST))
    layer = image.convert("RGBA")
    page = Image.new("RGB", layer.size, "white")
    page.paste(layer, mask=layer.getchannel("A"))
    return page


def _pdf(data):
    """The first pages, and how many there are."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as fault:
        locked = "password" in str(fault).lower()
        raise NoPreview(LOCKED if locked else UNREADABLE) from fault
    try:
        return [_page(document[rank]) for rank in range(min(len(document), MOST_PAGES))], len(
            document
        )
    except pypdfium2.PdfiumError as fault:
        raise NoPreview(UNREADABLE) from fault
    finally:
        document.close()


def _page(page):
    width, height = page.get_size()
    scale = min(2.0, WIDEST / max(width, 1), HIGHEST / max(height, 1))
    rendered = page.render(scale=scale, may_draw_forms=False, draw_annots=False)
    return _plain(rendered.to_pil())


PAGES = {
    "image/png": _image,
    "image/jpeg": _image,
    "image/webp": _image,
    "application/pdf": _pdf,
}


def drawn(attachment, asked):
    """The bytes of the page that is asked for, or None: what is typed names no file."""
    if not (asked.isascii() and asked.isdigit() and len(asked) < 4):
        return None
    rank = int(asked)
    if not 1 <= rank <= (attachment.previews or 0):
        return None
    with default_storage.open(attachment.preview_name(rank)) as page:
        return page.read()


def scan_again():
    """Ask for those that no scanner has looked at yet, now that there is one; how many."""
    if not settings.SCANNER or settings.SCANNER == scanner.OFF:
        return 0
    left = Attachment.objects.filter(scan__in=Attachment.NOT_LOOKED_AT)
    rows = list(
        left.unguarded(because="the scanner looks at every file").order_by("pk")[:ONCE_A_TIME]
    )
    for attachment in rows:
        ask(attachment)
    return len(rows)


@transaction.atomic
def release(attachment, *, by):
    """Its unit knows where it comes from, and takes it out of quarantine under its own name.

    Its row is held: what the scanner has refused since the page was drawn stays in.
    """
    held = access.removable_attachments(by).select_for_update(of=("self",))
    attachment = held.filter(pk=attachment.pk).first()
    if attachment is None or not attachment.may_be_released:
        raise ValidationError(STAYS_IN)
    attachment.released_by, attachment.released_at = by, timezone.now()
    attachment.save(update_fields=["released_by", "released_at"])
    journal.record(by, "attachment.released", attachment)

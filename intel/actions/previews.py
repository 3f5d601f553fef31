"""What is shown of a file without opening it: its pages drawn again, without what they hide.

The worker does it, once the file is received: it asks the scanner, then has it drawn.
"""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from cross import drawing, outbox, quarantine
from intel import access
from intel.models import Attachment

ONCE_A_TIME = 500
STAYS_IN = "Cette pièce ne peut pas sortir de quarantaine."


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
    looked_at = quarantine.look_at(attachment, data)
    attachment.erase_previews()
    attachment.previews, attachment.preview_note = 0, ""
    if attachment.scan != Attachment.Scan.INFECTED:
        _draw(attachment, data)
    attachment.save(update_fields=[*looked_at, "previews", "preview_note"])


def _draw(attachment, data):
    pages = drawing.pages_of(data, attachment.content_type)
    for rank, page in enumerate(pages.drawn, start=1):
        default_storage.save(attachment.preview_name(rank), ContentFile(page))
    attachment.previews, attachment.preview_note = len(pages.drawn), pages.note


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
    left = quarantine.left(Attachment.objects.all())
    rows = list(left.unguarded(because="the scanner looks at every file")[:ONCE_A_TIME])
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
    quarantine.let_out(attachment, by=by, verb="attachment.released", stays_in=STAYS_IN)

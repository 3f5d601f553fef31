"""Files of a report: known by what they hold, never by what they are called."""

import hashlib
import secrets

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Count, Sum

from cross import quarantine, uploads
from cross.audit import journal
from cross.ui.templatetags.words import file_size
from intel.actions import once, previews
from intel.models import Attachment
from intel.models.choices import Origin

MOST_FILES, MOST_OCTETS = 100, 500_000_000  # of one report


def attach(report, *, by, upload, sent=None):
    """Add a file. What comes with a human source is reserved to its unit until it is cleared.

    The same form sent twice adds one; `sent` is the key it was drawn with.
    """
    data, content_type = uploads.check(upload)
    digest = hashlib.sha256(data).hexdigest()
    name = uploads.served_name(upload, content_type)
    attachment = Attachment(
        report=report,
        reserved_to=report.owner if _is_of_a_source(report) else None,
        name=name,
        content_type=content_type,
        size=len(data),
        sha256=digest,
        scan=quarantine.at_first(),
        by=by,
        entry_key=once.key_of(sent, [report.pk, name, digest]) if sent else None,
    )

    def sent_before():
        return Attachment.objects.of(report).filter(by=by, entry_key=attachment.entry_key).first()

    # Looked for first: what is not kept is not written on the disk.
    if sent and (first := sent_before()):
        return first
    _check_room(report, attachment.size)
    return once.record(lambda: _keep(attachment, data), sent_before)


def _check_room(report, size):
    """A report is bounded, in files and in octets: nobody fills the disk with one."""
    held = Attachment.objects.of(report).aggregate(files=Count("pk"), octets=Sum("size"))
    if held["files"] >= MOST_FILES or (held["octets"] or 0) + size > MOST_OCTETS:
        raise ValidationError(
            f"Une fiche porte au plus {MOST_FILES} pièces et {file_size(MOST_OCTETS)} en "
            "tout\u00a0: supprimez celles qui ne servent plus ou joignez-la à une autre fiche."
        )


def _keep(attachment, data):
    attachment.file.save(secrets.token_hex(12), ContentFile(data), save=False)
    try:
        attachment.save()
    except IntegrityError:
        attachment.file.delete(save=False)
        raise
    journal.record(attachment.by, "attachment.added", attachment)
    previews.ask(attachment)
    return attachment


def _is_of_a_source(report):
    """A unit that was handed the report has nothing of the source to give away."""
    return report.origin == Origin.HUMAN_SOURCE and report.first_owner_id is None


def reserve(report):
    """The report turns out to come from a human source: its files go back to its unit alone."""
    Attachment.objects.of(report).filter(reserved_to=None).update(reserved_to=report.owner)


@transaction.atomic
def clear(attachment, *, by):
    """Somebody of the unit says that this file gives nothing of the source away."""
    attachment.reserved_to = None
    attachment.save(update_fields=["reserved_to"])
    journal.record(by, "attachment.cleared", attachment)


@transaction.atomic
def remove(attachment, *, by):
    journal.record(by, "attachment.removed", attachment)
    attachment.delete()
    transaction.on_commit(attachment.erase_files, robust=True)

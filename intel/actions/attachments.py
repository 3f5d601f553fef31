"""Files of a report: known by what they hold, never by what they are called."""

import hashlib
import secrets
from pathlib import PurePath

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from cross import scanner
from cross.audit import journal
from cross.ui.templatetags.words import file_size
from intel.actions import once, previews
from intel.models import Attachment
from intel.models.choices import Origin

# What a file is found to hold, and the ending it is served with.
ACCEPTED = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "text/plain": ".txt",
    "message/rfc822": ".eml",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
ACCEPTED_IN_WORDS = "PDF, image (PNG, JPEG, WebP), texte, courriel, ODT, ODS, DOCX ou XLSX"


def content_type_of(data, name):
    """The type of `data` by its first bytes; plain text when it decodes and holds no control.

    The name settles nothing but a courriel among texts: a renamed program stays a program.
    """
    try:
        found = {match.mime_type for match in puremagic.magic_string(data) if match.mime_type}
    except puremagic.PureError:
        found = set()
    for content_type in ACCEPTED:
        if content_type in found and not content_type.startswith(("text/", "message/")):
            return content_type
    if not found - {"text/plain", "message/rfc822", "text/csv"} and _is_text(data):
        return "message/rfc822" if name.lower().endswith(".eml") else "text/plain"
    return None


def _is_text(data):
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    return not any(character < " " and character not in "\t\r\n\f" for character in text)


def check(upload):
    """(bytes, content type) of an uploaded file, or a sentence saying what to do."""
    most = settings.ATTACHMENT_MAX_BYTES
    name = PurePath(upload.name).name
    if upload.size > most:
        raise ValidationError(
            f"« {name} » pèse {file_size(upload.size)} ; la limite est de {file_size(most)}. "
            "Réduisez le fichier ou découpez-le."
        )
    if upload.size == 0:
        raise ValidationError(f"« {name} » est vide.")
    data = upload.read()
    content_type = content_type_of(data, name)
    if content_type is None:
        raise ValidationError(
            f"Le contenu de « {name} » n’est pas d’un type accepté, quel que soit son nom. "
            f"Joignez un fichier {ACCEPTED_IN_WORDS}."
        )
    return data, content_type


def attach(report, *, by, upload, sent=None):
    """Add a file. What comes with a human source is reserved to its unit until it is cleared.

    The same form sent twice adds one; `sent` is the key it was drawn with.
    """
    data, content_type = check(upload)
    digest = hashlib.sha256(data).hexdigest()
    name = PurePath(upload.name).stem[:190] + ACCEPTED[content_type]
    attachment = Attachment(
        report=report,
        reserved_to=report.owner if _is_of_a_source(report) else None,
        name="".join(c for c in name if c.isprintable()),
        content_type=content_type,
        size=len(data),
        sha256=digest,
        scan=Attachment.Scan.OFF if settings.SCANNER == scanner.OFF else "",
        by=by,
        entry_key=once.key_of(sent, [report.pk, name, digest]) if sent else None,
    )

    def sent_before():
        return Attachment.objects.of(report).filter(by=by, entry_key=attachment.entry_key).first()

    # Looked for first: what is not kept is not written on the disk.
    return (sent and sent_before()) or once.record(lambda: _keep(attachment, data), sent_before)


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

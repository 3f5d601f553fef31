"""What the entry form does in one go: all of it, or nothing."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from intel.actions import drafts, life, reports, sharing
from intel.models.choices import Origin
from intel.states import State


@dataclass(frozen=True)
class Typed:
    """What a valid entry form says, in the words of the actions."""

    fields: dict
    identifiers: tuple = ()  # triples (kind, raw, normalised)
    grade: tuple = ("", "")
    comment: str = ""
    restriction: sharing.Narrowing | None = None
    files: tuple = ()  # DraftFile rows to attach
    why: str = ""


@transaction.atomic
def record(typed, *, by, key, draft=False):
    """A new report with all that was typed; its draft is done with."""
    report = reports.create(
        by=by,
        fields=typed.fields,
        identifiers=typed.identifiers,
        restriction=typed.restriction,
        grade=typed.grade,
        draft=draft,
    )
    if typed.comment:
        reports.comment(report, by=by, text=typed.comment, version=report.version)
    drafts.attach_files(report, by=by, chosen=typed.files)
    drafts.drop(by=by, key=key)
    return report


@transaction.atomic
def correct(report, typed, *, by, version, send=False):
    """What the contributing unit changes in its own report; `send` also transmits a draft."""
    changed = reports.change(report, by=by, fields=typed.fields, version=version, why=typed.why)
    for kind, raw, value in typed.identifiers:
        reports.confirm_identifier(changed, by=by, kind=kind, raw=raw, value=value)
    drafts.attach_files(changed, by=by, chosen=typed.files)
    if send and changed.state == State.DRAFT:
        changed = life.move(changed, by=by, target=State.RECEIVED)
    drafts.drop(by=by, key=report.reference)
    return changed


@transaction.atomic
def paste(message, *, by, key):
    """Keep a pasted message as a draft, its files beside it; a sentence for each file refused."""
    fields = {
        "facts": [message.text],
        "subject": [message.subject[:160]],
        "origin": [Origin.SERVICE],
        "expediteur": [message.sender],
    }
    if message.sent_at and message.sent_at <= timezone.now():
        fields["received_on"] = [timezone.localtime(message.sent_at).strftime("%d/%m/%Y")]
    drafts.keep(by=by, key=key, fields=fields)
    refused = list(message.notes)
    for file in message.attachments:
        try:
            drafts.keep_file(by=by, key=key, upload=ContentFile(file.content, name=file.name))
        except ValidationError as fault:
            refused += fault.messages
    return refused


@transaction.atomic
def confirm(fields, *, by, draft, unwanted=()):
    """Add what a person confirmed to the draft, and forget the files left aside."""
    for file in unwanted:
        drafts.drop_file(file)
    drafts.keep(by=by, key=draft.key, fields=draft.fields | fields)

"""What the entry form does in one go: all of it, or nothing."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from intel import access
from intel.actions import amounts, drafts, holding, life, once, raw_texts, reports, sharing
from intel.models.choices import Origin
from intel.states import State


@dataclass(frozen=True)
class Typed:
    """What a valid entry form says, in the words of the actions."""

    fields: dict
    identifiers: tuple = ()  # triples (kind, raw, normalised)
    amounts: tuple = ()  # pairs (extraction.amounts.Amount, as written)
    grade: tuple = ("", "")
    comment: str = ""
    restriction: sharing.Narrowing | None = None
    files: tuple = ()  # DraftFile rows to attach
    original: raw_texts.Original | None = None  # what a human source said, for its unit alone
    why: str = ""


def entry_key(key, sent):
    """32 characters for one form and what it said; changed after going back, it says another.

    `sent` maps each name to the list of its values. The files are left out: those of the first
    report are not waiting any more.
    """
    said = sorted((name, values) for name, values in sent.items() if name != "kept_files")
    return once.key_of(key, said)


def sent_before(entered, *, by):
    """The report that the very same form has already made, or None."""
    return access.readable_reports(by).filter(author=by, entry_key=entered).first()


def record(typed, *, by, key, entered, draft=False):
    """A new report with all that was typed, or the one that the same form has just made.

    `entered` is its `entry_key`.
    """
    return once.record(
        lambda: _record(typed, by=by, key=key, entered=entered, draft=draft),
        lambda: sent_before(entered, by=by),
    )


def _record(typed, *, by, key, entered, draft):
    """All of it, or nothing; its draft is done with."""
    report = reports.create(
        by=by,
        fields=typed.fields,
        identifiers=typed.identifiers,
        restriction=typed.restriction,
        grade=typed.grade,
        draft=draft,
        entry_key=entered,
    )
    amounts.keep(report, by=by, amounts=typed.amounts)
    if typed.original:
        raw_texts.keep(report, by=by, original=typed.original)
    if typed.comment:
        reports.comment(report, by=by, text=typed.comment, version=report.version)
    drafts.attach_files(report, by=by, chosen=typed.files)
    drafts.drop(by=by, key=key)
    return report


@transaction.atomic
def correct(report, typed, *, by, version, send=False):
    """What the contributing unit changes in its own report; `send` also transmits a draft."""
    if typed.original and raw_texts.is_new(report, typed.original):
        # The shared text may be as it was: the other one has changed, and was it read?
        reports.check_version(holding.lock(report), version)
    changed = reports.change(report, by=by, fields=typed.fields, version=version, why=typed.why)
    if typed.original:
        raw_texts.keep(changed, by=by, original=typed.original)
    for kind, raw, value in typed.identifiers:
        reports.confirm_identifier(changed, by=by, kind=kind, raw=raw, value=value)
    if typed.amounts:
        amounts.confirm(changed, by=by, amounts=typed.amounts)
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

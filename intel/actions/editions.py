"""The local strategy brief: made from a summary, written, validated, printed copy by copy."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from cross.audit import journal
from intel.actions import drafts, once
from intel.actions.reports import Overtaken
from intel.models import Edition, PrintedCopy, SummaryAudience
from intel.printing.content import BriefError, Print
from intel.printing.typeset import compile_brief
from intel.reading import brief, frozen
from intel.reading.first_words import first_words
from intel.references import next_in_series
from protocols.models import Protocol

PRESSES = 2  # copies set at the same time
NOT_THE_SAME = (
    "La note n’est plus celle qui a été imprimée : ces exemplaires ne peuvent plus être refaits à "
    "l’identique. S’il vous en faut, imprimez-en d’autres."
)
NOT_A_DRAFT = "Cette note est validée : rouvrez-la, en disant pourquoi, avant de la modifier."


@dataclass(frozen=True)
class Copy:
    """A printed copy and its very file."""

    number: int
    name: str
    pdf: bytes


def draft_key(edition):
    """The key of what a member is typing in this edition, see `intel.actions.drafts`."""
    return f"note-{edition.number}"


@transaction.atomic
def create(summary, *, by, title):
    """A new edition with the figures of the summary, frozen, and sentences to start from."""
    if summary.audience != SummaryAudience.PREFECTURE:
        raise ValidationError("Une note se prépare à partir d’une synthèse pour la préfecture.")
    figures = frozen.freeze(summary)
    edition = Edition(
        number=next_in_series(summary.department, kind="edition"),
        department=summary.department,
        summary=summary,
        title=title,
        figures=figures,
        figures_digest=frozen.digest(figures),
        created_by=by,
    )
    edition.words = _first_words(edition)
    edition.save(force_insert=True)
    # The journal cannot be changed: the digest there vouches for the one beside the figures.
    journal.record(by, "edition.created", edition, why=f"chiffres {edition.figures_digest}")
    return edition


def _first_words(edition):
    protocol = (
        Protocol.objects.in_force()
        .filter(department=edition.department_id)
        .order_by("-starts_on", "-pk")
        .first()
    )
    started = first_words(
        frozen.figures_of(edition),
        signatures=protocol.signatures.order_by("rank") if protocol else (),
        rhythm=protocol.meets_every if protocol else "",
    )
    return dict.fromkeys((part.code for part in brief.WRITTEN), "") | started | {"axes": []}


@transaction.atomic
def write(edition, *, by, title, words, version):
    """Replace the words; nothing else of an edition is ever written.

    `version` is the one the member had on the screen. Raises `Overtaken` when somebody has
    saved since.
    """
    current = _lock(edition)
    if current.state != Edition.State.DRAFT:
        raise ValidationError(NOT_A_DRAFT)
    if version != current.version:
        raise Overtaken(
            "Cette note a été enregistrée entre-temps par un autre agent. Rien n’a été écrasé : "
            "comparez les deux textes, puis enregistrez de nouveau."
        )
    drafts.drop(by=by, key=draft_key(current))
    if (title, words) == (current.title, current.words):
        return current
    current.title, current.words = title, words
    current.version += 1
    current.save(update_fields=["title", "words", "version"])
    journal.record(by, "edition.changed", current, why=f"version {current.version}")
    return current


@transaction.atomic
def validate(edition, *, by, version):
    """The text is the one to be printed; `version` is the one that was read before validating."""
    current = _lock(edition)
    if current.state != Edition.State.DRAFT:
        raise ValidationError("Cette note est déjà validée.")
    if version != current.version:
        raise Overtaken(
            f"La note a été modifiée entre-temps : elle en est à la version {current.version}. "
            "Relisez-la avant de la valider."
        )
    frozen.check(current)
    if not current.words.get("opening", "").strip():
        raise ValidationError("Rédigez « L’essentiel » avant de valider la note.")
    current.state = Edition.State.VALIDATED
    current.validated_by, current.validated_at = by, timezone.now()
    current.save(update_fields=["state", "validated_by", "validated_at"])
    journal.record(by, "edition.validated", current, why=f"version {current.version}")
    return current


@transaction.atomic
def reopen(edition, *, by, why):
    """Back to a draft: its next text is another version, so that no two prints are confused."""
    current = _lock(edition)
    if current.state != Edition.State.VALIDATED:
        raise ValidationError("Cette note est déjà en rédaction.")
    current.state = Edition.State.DRAFT
    current.validated_by = current.validated_at = None
    current.version += 1
    current.save(update_fields=["state", "validated_by", "validated_at", "version"])
    journal.record(by, "edition.reopened", current, why=why)
    return current


@transaction.atomic
def print_copies(edition, *, by, recipient, reason, count=1, entry_key=None):
    """Set `count` copies, each with its own number, written in the register and in the journal.

    Both are committed before anything can be sent. With the `entry_key` of a form that was sent
    already, nothing more is made and nothing handed back: they are registered, `copies_again`
    sets them. Raises ValidationError when the figures are no longer those that were frozen, or
    when the text cannot be set.
    """
    current = _lock(edition)
    if entry_key and _was_printed_with(entry_key, by):
        return []
    frozen.check(current)
    last = current.copies.aggregate(last=Max("copy_number"))["last"] or 0
    # To the second, as the document tells it.
    now = timezone.localtime().replace(microsecond=0)
    contents = [
        brief.gather(current, _copy(number, by, recipient, reason, now))
        for number in range(last + 1, last + 1 + count)
    ]
    copies = _typeset(current, contents)
    PrintedCopy.objects.bulk_create(
        PrintedCopy(
            edition=current,
            copy_number=copy.number,
            version=current.version,
            recipient=recipient,
            reason=reason,
            printed_by=by,
            printed_at=now,
            sha256=hashlib.sha256(copy.pdf).hexdigest(),
            entry_key=entry_key,
        )
        for copy in copies
    )
    for copy in copies:
        journal.record(
            by,
            "edition.printed",
            f"{current.number} v{current.version} exemplaire {copy.number}",
            why=reason,
            recipients=recipient,
            department=current.journal_department,
        )
    return copies


def print_key(edition, drawn, said):
    """The `entry_key` of the copies that a form asks for, see `intel.actions.once`."""
    return once.key_of(drawn, [edition.pk, said["recipient"], said["reason"], said["copies"]])


def _was_printed_with(entry_key, by):
    return PrintedCopy.objects.filter(printed_by=by, entry_key=entry_key).exists()


def copies_again(registered, *, by):
    """The very files of copies printed together: the same bytes, and nothing new in the register.

    Raises ValidationError when they would not be the same any more: each file has its digest.
    """
    edition = registered[0].edition
    contents = [
        brief.gather(
            edition,
            _copy(
                copy.copy_number,
                copy.printed_by,
                copy.recipient,
                copy.reason,
                timezone.localtime(copy.printed_at),
            ),
        )
        for copy in registered
    ]
    files = _typeset(edition, contents)
    for copy, file in zip(registered, files, strict=True):
        if hashlib.sha256(file.pdf).hexdigest() != copy.sha256:
            raise ValidationError(NOT_THE_SAME)
    for copy in registered[1:]:  # the door writes the line of the first
        journal.record(by, "edition.copied", copy)
    return files


def _typeset(edition, contents):
    return [
        Copy(content.copy.number, f"{edition.number}-exemplaire-{content.copy.number}.pdf", pdf)
        for content, pdf in zip(contents, _press(contents), strict=True)
    ]


def _copy(number, by, recipient, reason, now):
    return Print(
        number=number,
        recipient=recipient,
        printed_by=by.get_full_name(),
        printed_by_unit=str(by.unit),
        printed_at=now,
        reason=reason,
    )


def _press(contents):
    """Each content as a file; the press is a program of its own, so two run side by side."""
    try:
        with ThreadPoolExecutor(PRESSES) as presses:
            return list(presses.map(compile_brief, contents))
    except BriefError as fault:
        raise ValidationError(str(fault)) from fault


def _lock(edition):
    """Hold the row until the transaction ends, as it stands now."""
    return Edition.objects.select_for_update(of=("self",)).get(pk=edition.pk)

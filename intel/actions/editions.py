"""The local strategy brief: made from a summary, written. Then `edition_life`, and `copies`."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from cross.audit import journal
from intel import access
from intel.actions import drafts
from intel.actions.reports import Overtaken
from intel.models import Edition, SummaryAudience
from intel.reading import brief_sections, edition_parts, frozen
from intel.reading.first_words import first_words
from intel.references import next_in_series
from protocols import cadence
from protocols.models import Protocol
from protocols.reading.protocol import bound
from services.models import Service

NOT_A_DRAFT = (
    "Cette note n’est plus en rédaction. Validée, elle se renvoie en rédaction avec un motif ; "
    "publiée, elle se rectifie par une nouvelle note."
)


def draft_key(edition):
    """The key of what a member is typing in this edition, see `intel.actions.drafts`."""
    return f"note-{edition.number}"


@transaction.atomic
def create(summary, *, by, title):
    """A new edition with the figures of the summary, frozen, and sentences to start from."""
    edition = with_figures_of(summary, by=by, title=title)
    edition.words = _first_words(edition)
    edition.save(force_insert=True)
    # The journal cannot be changed: the digest there vouches for the one beside the figures.
    journal.record(by, "edition.created", edition, why=f"chiffres {edition.figures_digest}")
    return edition


def with_figures_of(summary, *, by, title, corrects=None, why=""):
    """An edition that is not saved yet, numbered, with all that it freezes and no words."""
    if summary.audience != SummaryAudience.PREFECTURE:
        raise ValidationError("Une note se prépare à partir d’une synthèse pour la préfecture.")
    figures = frozen.freeze(summary)
    edition = Edition(
        number=next_in_series(summary.department, kind="edition"),
        department=summary.department,
        summary=summary,
        title=title,
        corrects=corrects,
        why=why,
        follows=corrects or _before(summary),
        figures=figures,
        figures_digest=frozen.digest(figures),
        created_by=by,
    )
    _take_parts(edition)
    return edition


def _take_parts(edition):
    edition.parts = edition_parts.freeze(edition)
    edition.parts_digest = frozen.digest(edition.parts)


@transaction.atomic
def refresh(edition, *, by):
    """Take the strategy, the indicators and the rest as they stand now, in a draft alone.

    The figures of the summary stay. Hands back None when nothing has changed.
    """
    current = lock(edition)
    if not current.is_draft:
        raise ValidationError(NOT_A_DRAFT)
    held = current.parts_digest
    _take_parts(current)
    if current.parts_digest == held:
        return None
    current.version += 1
    current.save(update_fields=["parts", "parts_digest", "version"])
    journal.record(by, "edition.refreshed", current, why=f"éléments {current.parts_digest}")
    return current


def _before(summary):
    """The note in force of the last period before this one, of the same length."""
    quarters = Q(summary__period__contains="-Q")
    return (
        Edition.objects.filter(
            quarters if summary.is_quarter else ~quarters,
            department=summary.department_id,
            state=Edition.State.PUBLISHED,
            summary__ends_on__lt=summary.ends_on,
        )
        .order_by("-summary__ends_on", "-pk")
        .first()
    )


def _first_words(edition):
    protocol = (
        Protocol.objects.in_force()
        .filter(department=edition.department_id)
        .order_by("-starts_on", "-pk")
        .first()
    )
    started = first_words(
        frozen.figures_of(edition),
        signatures=bound(protocol) if protocol else (),
        rhythm=cadence.in_words(protocol) if protocol else "",
        courts=_courts_to_sign(edition, protocol),
    )
    return (
        dict.fromkeys((part.code for part in brief_sections.WRITTEN), "") | started | {"axes": []}
    )


def _courts_to_sign(edition, protocol):
    """Those that validate the note; none where prosecutors are named by the protocol."""
    if protocol and protocol.signatures.filter(service__kind=Service.Kind.PROSECUTOR).exists():
        return []
    return access.validating_courts(edition.department_id)


@transaction.atomic
def write(edition, *, by, title, words, version):
    """Replace the words; nothing else of an edition is ever written.

    `version` is the one the member had on the screen. Raises `Overtaken` when somebody has
    saved since.
    """
    current = lock(edition)
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


def lock(edition):
    """Hold the row until the transaction ends, as it stands now."""
    return Edition.objects.select_for_update(of=("self",)).get(pk=edition.pk)

"""A sheet handed to somebody on paper: numbered, in the journal before it leaves.

The journal is its register: the number counts the sheets of the same thing that the same unit has
printed, so that nobody learns from it what other units did.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cross.audit import journal
from cross.audit.models import Entry
from cross.printing.content import PrintError
from cross.printing.press import press
from intel import access
from intel.actions import copies, holding
from intel.reading import documents
from intel.reading.minutes import minutes_document
from intel.reading.register import register_document
from intel.reading.summary_maps import LAYERS
from protocols.reading import printed

NO_MAP = "Cette synthèse n’a pas de carte : rien n’est à imprimer."
STAYS = (
    "Cette fiche ne sort de son unité d’origine qu’avec son accord : demandez-le depuis la fiche."
)
PLACE_STAYS = "Les fiches qui citent ce lieu ne s’impriment pas sans l’accord de leur unité."


@transaction.atomic
def hand_report(report, *, by, recipient, reason):
    """The PDF of a row of `reading.sheet.rows(by)`, for somebody and for a reason."""
    if not report.may_leave:
        raise ValidationError(STAYS)
    holding.lock(report)
    return _handed(
        "report.printed",
        report,
        documents.report_document,
        by=by,
        recipient=recipient,
        reason=reason,
    )


@transaction.atomic
def hand_place(place, *, by, recipient, reason):
    """The PDF of a row of `reading.places.rows(by)`: what may leave, and no more."""
    if not access.leaving_places(by).filter(pk=place.pk).exists():
        raise ValidationError(PLACE_STAYS)
    return _handed(
        "place.printed", place, documents.place_document, by=by, recipient=recipient, reason=reason
    )


@transaction.atomic
def hand_protocol(protocol, *, by, recipient, reason):
    """The PDF of a protocol that `by` reads: its text, its clauses, its amendments, its seats."""
    return _handed(
        "protocol.printed",
        protocol,
        lambda row, by, copy: printed.protocol_document(row, copy),
        by=by,
        recipient=recipient,
        reason=reason,
    )


@transaction.atomic
def hand_minutes(meeting, *, by, recipient, reason):
    """The PDF of the minutes of a meeting: they name no report, whoever reads or prints them."""
    return _handed(
        "minutes.printed",
        meeting,
        lambda row, by, copy: minutes_document(row, copy),
        by=by,
        recipient=recipient,
        reason=reason,
    )


@transaction.atomic
def hand_map(shown, *, by, recipient, reason, paper):
    """The PDF of the layer that `shown`, the reader's own page of a summary, draws: the same
    figures as on his screen, masked where they are."""
    if not shown.is_drawn:
        raise ValidationError(NO_MAP)
    return _handed(
        "map.printed",
        shown.mapped,
        lambda row, by, copy: documents.map_document(shown, copy, paper),
        by=by,
        recipient=recipient,
        reason=reason,
        what=f"{LAYERS[shown.layer]}, {paper.upper()}",
    )


@transaction.atomic
def hand_register(protocol, *, by):
    """The PDF of what is declared of the processing: no report, no name but of units."""
    return _handed(
        "register.printed",
        protocol,
        register_document,
        by=by,
        recipient=str(by),
        reason="Registre des traitements",
    )


@transaction.atomic
def hand_certificate(tombstone, *, by):
    """The PDF that says what was erased, when and by which rule; it knows nothing else."""
    return _handed(
        "erasure.certified",
        tombstone,
        documents.certificate_document,
        by=by,
        recipient=str(by),
        reason="Preuve d’effacement",
    )


def _handed(verb, row, gather, *, by, recipient, reason, what=""):
    """`what` of the row was printed, in the journal, where it is not all of it."""
    copy = copy_of(verb, row, by=by, recipient=recipient, reason=reason)
    made = set_in_type(gather(row, by, copy))
    why = f"{what} : {reason}" if what else reason
    journal.record(by, verb, row, why=why, recipients=recipient)
    return made


def set_in_type(document):
    try:
        return press(document)
    except PrintError as fault:
        raise ValidationError(str(fault)) from fault


def copy_of(verb, row, *, by, recipient, reason):
    """This very copy, at this instant, with the next number of its unit."""
    before = Entry.objects.filter(verb=verb, target=row.journal_reference, unit=str(by.unit))
    now = timezone.localtime().replace(microsecond=0)
    return copies.copy_of(before.count() + 1, by, recipient, reason, now)

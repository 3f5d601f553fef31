"""A protocol before it is signed: written, signed, or thrown away. No report is read or written.

Who may is asked again here: the signature seats the cell that wrote it.
"""

from dataclasses import replace
from functools import partial

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils import timezone

from cross import gate
from cross.audit import journal
from cross.ui.templatetags.words import counted, day
from protocols import access, cadence, clauses
from protocols.actions.protocol import held, step_noted
from protocols.actions.seats import admit, excluded_by, seat_of
from protocols.models import Participation, Protocol, ProtocolStep, Signature

WRITTEN = ("title", "legal_basis", "starts_on", "ends_on", *clauses.COLUMNS)
ALREADY = "Un projet de protocole est déjà en cours d’écriture : complétez-le, ou supprimez-le."
NOT_THE_ANIMATOR = "Seul l’animateur de la cellule écrit un protocole, tant qu’elle y a sa place."
SIGNED_SINCE = "Ce protocole est signé : un avenant seul le change."


def _check_written(written):
    ends_on = written["ends_on"]
    if ends_on and ends_on < written["starts_on"]:
        raise ValidationError({"ends_on": "La fin du protocole doit suivre son début."})
    return written | clauses.check({name: written[name] for name in clauses.COLUMNS})


@transaction.atomic
def draft(department, *, by, **written):
    """Begin a protocol; `written` gives every column of `WRITTEN`."""
    if not access.draftable_departments(by).filter(pk=department.pk).exists():
        raise ValidationError(NOT_THE_ANIMATOR)
    try:
        with transaction.atomic():
            protocol = Protocol.objects.create(department=department, **_check_written(written))
    except IntegrityError as another:
        raise ValidationError(ALREADY) from another
    gate.forget()
    journal.record(by, "protocol.drafted", protocol)
    return protocol


def _held_draft(protocol, *, by):
    current = held(protocol)
    if current.signed_on is not None:
        raise ValidationError(SIGNED_SINCE)
    if not access.writable_drafts(by).filter(pk=current.pk).exists():
        raise ValidationError(NOT_THE_ANIMATOR)
    return current


@transaction.atomic
def rewrite(protocol, *, by, **written):
    current = _held_draft(protocol, by=by)
    for name, value in _check_written(written).items():
        setattr(current, name, value)
    current.save(update_fields=WRITTEN)
    journal.record(by, "protocol.rewritten", current)


@transaction.atomic
def discard(protocol, *, by):
    """Throw a draft away, with its signatures and its annexes."""
    current = _held_draft(protocol, by=by)
    journal.record(by, "protocol.discarded", current)
    files = [annex.file for annex in current.annexes.all()]
    current.delete()
    gate.forget()
    for file in files:
        transaction.on_commit(partial(file.delete, save=False), robust=True)


# --- Signatures -------------------------------------------------------------------------------


@transaction.atomic
def add_signature(protocol, *, by, **said):
    current = _held_draft(protocol, by=by)
    last = current.signatures.aggregate(rank=Max("rank"))["rank"] or 0
    Signature.objects.create(protocol=current, rank=last + 1, **said)
    journal.record(by, "protocol.rewritten", current, why=f"signataire : {said['capacity']}")


@transaction.atomic
def change_signature(signature, *, by, **said):
    current = _held_draft(signature.protocol, by=by)
    current.signatures.filter(pk=signature.pk).update(**said)
    journal.record(by, "protocol.rewritten", current, why=f"signataire : {said['capacity']}")


@transaction.atomic
def remove_signature(signature, *, by):
    current = _held_draft(signature.protocol, by=by)
    current.signatures.filter(pk=signature.pk).delete()
    journal.record(by, "protocol.rewritten", current, why=f"signataire ôté : {signature.capacity}")


@transaction.atomic
def move_signature(signature, *, by, up):
    """One rank up or down; the first stays first, the last stays last."""
    current = _held_draft(signature.protocol, by=by)
    rows = current.signatures.order_by("rank")
    row = rows.get(pk=signature.pk)
    before = (
        rows.filter(rank__lt=row.rank).last() if up else rows.filter(rank__gt=row.rank).first()
    )
    if before is None:
        return
    # Through a rank that nobody has: two rows never hold the same one.
    free = rows.last().rank + 1
    for signed, rank in ((row, free), (before, row.rank), (row, before.rank)):
        current.signatures.filter(pk=signed.pk).update(rank=rank)
    journal.record(by, "protocol.rewritten", current, why="ordre des signataires")


# --- The signature ----------------------------------------------------------------------------


def wanting(protocol):
    """What a draft still lacks before it can be signed, in sentences."""
    lacks = []
    signatures = list(protocol.signatures.order_by("rank"))
    if not signatures:
        lacks.append("Ajoutez les signataires.")
    unnamed = [signature.capacity for signature in signatures if not signature.signed_by.strip()]
    lacks += [f"Dites qui signe : {capacity}." for capacity in unnamed]
    if signatures and protocol.lead_service_id not in {each.service_id for each in signatures}:
        lacks.append(f"Le service animateur ne signe pas : {protocol.lead_service}.")
    if not protocol.is_permanent and not cadence.in_words(protocol):
        lacks.append("Une cellule non permanente travaille par réunions : fixez leur rythme.")
    return lacks


@transaction.atomic
def sign(protocol, *, by, signed_on, keeps_seats=False):
    """Record that it was signed: from its first day on, it is in force, and an amendment alone
    changes it.

    The cell is seated from today, so that it may seat the others before that first day. It had its
    place before it wrote: see `access.writes_drafts`. Two protocols of one department never run on
    the same day: nobody would know which one holds. `keeps_seats` gives the seats that run under
    the one before again, as far as the clauses of this one let them.
    """
    current = _held_draft(protocol, by=by)
    if lacks := wanting(current):
        raise ValidationError(lacks)
    _check_days(current, signed_on)
    before = access.last_signed(current.department_id)
    current.signatures.filter(signed_on=None).update(signed_on=signed_on)
    current.signed_on, current.signed_terms = signed_on, clauses.terms_of(current)
    current.save(update_fields=["signed_on", "signed_terms"])
    step_noted(current, ProtocolStep.Kind.SIGNED, signed_on, by=by)
    named = counted(current.signatures.count(), "signataire")
    journal.record(by, "protocol.signed", current, recipients=f"{named}, le {day(signed_on)}")
    admit(by.unit, current, by=by)
    if keeps_seats and before:
        for row in continued_seats(current, before):
            if row.group_id != by.unit.group_id:
                again = replace(seat_of(row), starts_on=current.starts_on)
                admit(row.group.unit, current, by=by, **vars(again))
    gate.forget()


def continued_seats(protocol, before):
    """The seats under `before`, an earlier protocol, that the signature may give again: of open
    units, running today and past the first day of this protocol, of a kind that its clauses
    allow."""
    rows = (
        Participation.objects.running()
        .filter(
            Q(ends_on=None) | Q(ends_on__gte=protocol.starts_on),
            content_object=before,
            group__unit__closed_on=None,
        )
        .select_related("group__unit__service", "permission")
        .order_by("group__unit__sort_key", "pk")
    )
    return [row for row in rows if not excluded_by(protocol, row)]


def _check_days(protocol, signed_on):
    if signed_on > timezone.localdate():
        raise ValidationError({"signed_on": "Un protocole se signe aujourd’hui ou avant."})
    if protocol.starts_on < signed_on:
        raise ValidationError(
            {
                "signed_on": f"Il entrerait en vigueur le {day(protocol.starts_on)}, avant sa "
                "signature : changez l’un des deux jours."
            }
        )
    others = Protocol.objects.signed().filter(
        Q(ends_on=None) | Q(ends_on__gte=protocol.starts_on), department=protocol.department_id
    )
    if protocol.ends_on:
        others = others.filter(starts_on__lte=protocol.ends_on)
    if other := others.first():
        until = f"jusqu’au {day(other.ends_on)}" if other.ends_on else "sans date de fin"
        raise ValidationError(
            f"Un protocole court déjà, {until} : mettez-y fin avant le {day(protocol.starts_on)}, "
            "ou changez l’entrée en vigueur de celui-ci."
        )

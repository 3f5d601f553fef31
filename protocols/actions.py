"""Keep a protocol and its seats. No report is read or written by any of it.

Each end holds at once: rights are asked of these rows at every page, export and job. Nothing is
written over: a protocol keeps its steps and amendments, a seat its former rows.
"""

from dataclasses import dataclass, replace
from datetime import date

from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from cross import gate
from cross.audit import journal
from cross.ui.templatetags.words import counted, day
from protocols import subjects
from protocols.models import (
    HAND_IN,
    READ_REPORTS,
    READ_SUMMARIES,
    Amendment,
    Participation,
    Protocol,
    ProtocolStep,
)

Kind = ProtocolStep.Kind


# --- The protocol -----------------------------------------------------------------------------


def _held(protocol):
    """The protocol as it stands, nobody else changing it meanwhile."""
    return Protocol.objects.select_for_update(of=["self"]).get(pk=protocol.pk)


def _has_ended(protocol):
    return protocol.ends_on is not None and protocol.ends_on < timezone.localdate()


def _noted(protocol, kind, day_, *, by, why, verb):
    ProtocolStep.objects.create(protocol=protocol, kind=kind, day=day_, why=why, by=by)
    gate.forget()
    journal.record(by, verb, protocol, why=why, recipients=f"{kind.label} : {day(day_)}")


def _check_why(why):
    if not why.strip():
        raise ValidationError({"why": "Indiquez le motif."})


@transaction.atomic
def suspend(protocol, *, by, from_day, why):
    """From that day on nothing is read under it, until it is resumed. Today: at this instant."""
    _check_why(why)
    current = _held(protocol)
    if _has_ended(current) or current.signed_on is None:
        raise ValidationError("Seul un protocole en vigueur se suspend.")
    if current.suspended_from:
        raise ValidationError(f"Ce protocole est déjà suspendu au {day(current.suspended_from)}.")
    if from_day < timezone.localdate():
        raise ValidationError({"from_day": "Choisissez aujourd’hui ou un jour à venir."})
    if current.ends_on and from_day > current.ends_on:
        raise ValidationError(
            {"from_day": f"Le protocole prend fin avant, le {day(current.ends_on)}."}
        )
    current.suspended_from = from_day
    current.save(update_fields=["suspended_from"])
    _noted(current, Kind.SUSPENDED, from_day, by=by, why=why, verb="protocol.suspended")


@transaction.atomic
def resume(protocol, *, by, why):
    """Lift the suspension, running or announced, at this instant."""
    _check_why(why)
    current = _held(protocol)
    if current.suspended_from is None:
        raise ValidationError("Ce protocole n’est pas suspendu.")
    current.suspended_from = None
    current.save(update_fields=["suspended_from"])
    today = timezone.localdate()
    _noted(current, Kind.RESUMED, today, by=by, why=why, verb="protocol.resumed")


@transaction.atomic
def end(protocol, *, by, last_day, why):
    """Set its last day. Past it, an amendment alone brings the protocol back."""
    _check_why(why)
    current = _held(protocol)
    if _has_ended(current) or current.signed_on is None:
        raise ValidationError("Seul un protocole en vigueur prend fin.")
    if last_day < max(timezone.localdate(), current.starts_on):
        raise ValidationError(
            {
                "last_day": "Choisissez aujourd’hui ou un jour à venir ; pour fermer l’accès "
                "sur-le-champ, suspendez le protocole."
            }
        )
    if current.ends_on and last_day > current.ends_on:
        raise ValidationError(
            {"last_day": "Un avenant seul prolonge un protocole : enregistrez-le."}
        )
    current.ends_on = last_day
    current.save(update_fields=["ends_on"])
    _noted(current, Kind.ENDED, last_day, by=by, why=why, verb="protocol.ended")


@transaction.atomic
def amend(protocol, *, by, signed_on, changes, ends_on=None):
    """Record an amendment; the end of the protocol moves with it."""
    current = _held(protocol)
    today = timezone.localdate()
    if current.signed_on is None:
        raise ValidationError("Ce protocole n’est pas signé.")
    if not current.signed_on <= signed_on <= today:
        raise ValidationError(
            {
                "signed_on": "Un avenant est signé entre la signature du protocole, le "
                f"{day(current.signed_on)}, et aujourd’hui."
            }
        )
    if ends_on and ends_on < today:
        raise ValidationError({"ends_on": "La nouvelle fin est un jour à venir."})
    before = current.ends_on
    if ends_on:
        current.ends_on = ends_on
        current.save(update_fields=["ends_on"])
    last = current.amendments.aggregate(rank=Max("rank"))["rank"] or 0
    amendment = Amendment.objects.create(
        protocol=current,
        rank=last + 1,
        signed_on=signed_on,
        changes=changes,
        ends_on=ends_on,
        by=by,
    )
    gate.forget()
    moved = f"fin : {_end(before)} → {_end(ends_on)}" if ends_on else "fin inchangée"
    journal.record(by, "protocol.amended", current, why=str(amendment), recipients=moved)
    return amendment


def _end(last):
    return day(last) if last else "sans date"


# --- Seats ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seat:
    """What a unit is given: in which quality, what it reads, from which day to which."""

    starts_on: date
    standing: str = Participation.Standing.PERMANENT
    reads_reports: bool = True
    hands_in: bool = False  # without reading anything
    contributes: bool = True
    subject: str = ""
    products: tuple = ()
    communes: tuple = ()
    ends_on: date | None = None

    @property
    def in_words(self):
        """For the journal: « référent au cas par cas, 1 produit, 2 communes, jusqu’au … »."""
        if self.hands_in:
            said = ["transmet sans consulter"]
        elif not self.reads_reports:
            said = ["synthèses seules"]
        else:
            said = [Participation.Standing(self.standing).label]
            if self.products:
                said.append(counted(len(self.products), "produit"))
            if self.communes:
                said.append(counted(len(self.communes), "commune"))
            said.append("contribue" if self.contributes else "lit seulement")
        said.append(f"jusqu’au {day(self.ends_on)}" if self.ends_on else "sans date de fin")
        return ", ".join(said)


def seat_of(participation):
    """The seat that a row gives."""
    return Seat(
        starts_on=participation.starts_on,
        standing=participation.standing,
        reads_reports=participation.reads_reports,
        hands_in=participation.hands_in,
        contributes=participation.contributes,
        subject=participation.subject,
        products=tuple(participation.products),
        communes=tuple(participation.communes.order_by("sort_key", "code")),
        ends_on=participation.ends_on,
    )


UNTIL_A_DAY = "Un référent au cas par cas participe jusqu’à une date."


def _check(seat):
    """What no row may say, in sentences a keeper can act on."""
    if seat.ends_on and seat.ends_on < seat.starts_on:
        raise ValidationError({"ends_on": "La participation doit finir après avoir commencé."})
    unknown = set(seat.products) - {code for code, _ in subjects.products()}
    if unknown:
        raise ValidationError({"products": "Choisissez des produits de la liste."})
    if seat.hands_in and (seat.reads_reports or not seat.contributes):
        raise ValueError("a seat that hands in reads nothing, and contributes")
    if seat.standing == Participation.Standing.PERMANENT:
        if seat.products or seat.communes:
            raise ValidationError(
                "Un représentant permanent lit tout ce qui est ouvert : ôtez produits et communes."
            )
    elif not seat.ends_on:
        raise ValidationError({"ends_on": UNTIL_A_DAY})


@transaction.atomic
def admit(unit, protocol, *, by, reads_reports=True, **given):
    """Seat `unit` under `protocol`; `given` holds the other words of `Seat`.

    A unit that does not read reports sits for the summaries alone (a prefecture), or hands in
    and reads nothing (a town hall). One that sat before gets a new row: the former ones are its
    history.
    """
    seat = Seat(reads_reports=reads_reports, **({"starts_on": timezone.localdate()} | given))
    participation = _give(unit, protocol, seat, by=by)
    journal.record(
        by,
        "unit.admitted",
        unit,
        why=f"{seat.in_words} ({protocol.journal_reference})",
        recipients=f"aucun siège → {seat.in_words}",
    )
    return participation


def _opened_by(seat):
    """The permission that a seat is: what it opens."""
    if seat.hands_in:
        return HAND_IN
    return READ_REPORTS if seat.reads_reports else READ_SUMMARIES


def _give(unit, protocol, seat, *, by):
    _check(seat)
    protocol = _held(protocol)
    rows = Participation.objects.filter(group=unit.group, content_object=protocol)
    last = seat.ends_on or date.max
    for other in rows.running_or_to_come():
        if other.starts_on <= last and (other.ends_on or date.max) >= seat.starts_on:
            raise ValidationError(f"{unit} participe déjà au protocole : modifiez son siège.")
    participation = Participation.objects.create(
        group=unit.group,
        permission=Permission.objects.get(
            content_type__app_label="protocols",
            codename=_opened_by(seat),
        ),
        content_object=protocol,
        standing=seat.standing,
        subject=seat.subject,
        products=list(seat.products),
        contributes=seat.contributes,
        starts_on=seat.starts_on,
        ends_on=seat.ends_on,
        given_by=by,
    )
    participation.communes.set(seat.communes)
    gate.forget()
    return participation


def _check_not_own(participation, *, by):
    if by is not None and participation.group_id == by.unit.group_id:
        raise ValidationError(
            "Nul ne touche au siège de sa propre unité : sans lui, plus personne ne tiendrait "
            "ce protocole."
        )


def _live(participation):
    """The row, still standing, and held; somebody else may have ended it meanwhile."""
    _held(participation.content_object)
    row = Participation.objects.running_or_to_come().filter(pk=participation.pk).first()
    if row is None:
        raise ValidationError("Ce siège a pris fin entre-temps : rechargez la page.")
    return row


def _close(row, *, by, why):
    row.ended_at, row.ended_by, row.ended_why = timezone.now(), by, why
    row.save(update_fields=["ended_at", "ended_by", "ended_why"])
    gate.forget()


@transaction.atomic
def change_seat(participation, seat, *, by, why):
    """Prolong it or change what it opens: the row ends at this instant, another one begins."""
    _check_why(why)
    row = _live(participation)
    _check_not_own(row, by=by)
    before, unit = seat_of(row), row.group.unit
    _close(row, by=by, why=why)
    changed = _give(unit, row.content_object, seat, by=by)
    journal.record(
        by,
        "seat.changed",
        unit,
        why=why,
        recipients=f"{before.in_words} → {seat.in_words}",
    )
    return changed


@transaction.atomic
def end_seat(participation, *, by, why, last_day=None):
    """End it at this instant, or after a day to come: every page, export and worker of that unit
    stops reading at the next query."""
    _check_why(why)
    row = _live(participation)
    _check_not_own(row, by=by)
    unit, today = row.group.unit, timezone.localdate()
    if last_day is None:
        _close(row, by=by, why=why)
        until = "à l’instant"
    else:
        if last_day < max(today, row.starts_on):
            raise ValidationError({"last_day": "Choisissez un jour à venir, ou laissez vide."})
        if row.ends_on and last_day > row.ends_on:
            raise ValidationError(
                {"last_day": f"Ce siège prend déjà fin le {day(row.ends_on)} : modifiez-le."}
            )
        shorter = seat_of(row)
        _close(row, by=by, why=why)
        _give(unit, row.content_object, replace(shorter, ends_on=last_day), by=by)
        until = f"le {day(last_day)}"
    journal.record(
        by,
        "unit.withdrawn",
        unit,
        why=why,
        recipients=f"{row.content_object.journal_reference} : fin {until}",
    )


@transaction.atomic
def withdraw(unit, protocol, *, by, why):
    """End whatever seat the unit has under the protocol, at this instant."""
    _check_why(why)
    seats = Participation.objects.filter(group=unit.group, content_object=protocol)
    standing = list(seats.running_or_to_come())
    if not standing:
        raise ValidationError("Cette unité ne participe pas, ou plus, au protocole.")
    for seat in standing:
        end_seat(seat, by=by, why=why)

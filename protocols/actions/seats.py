"""Keep the seats under a protocol. No report is read or written by any of it.

Each end holds at once: rights are asked of these rows at every page, export and job. Nothing is
written over: a unit keeps its former rows.
"""

from dataclasses import dataclass, replace
from datetime import date

from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cross import gate
from cross.audit import journal
from cross.ui.templatetags.words import counted, day
from protocols import subjects
from protocols.actions.protocol import check_why, held
from protocols.models import HAND_IN, READ_REPORTS, READ_SUMMARIES, Participation


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


# The seats that a clause may exclude, and what is said to who gives one.
EXCLUDED = {
    "calls_referents": (
        lambda seat: seat.standing == Participation.Standing.CASE_BY_CASE,
        "Le protocole n’appelle aucun référent au cas par cas : un avenant peut le changer.",
    ),
    "takes_contributors": (
        lambda seat: seat.hands_in,
        "Au titre du protocole, aucune unité ne transmet sans consulter : un avenant peut le "
        "changer.",
    ),
}


def excluded_by(protocol, seat):
    """Why the clauses of this protocol exclude such a seat, given or running; or nothing."""
    for column, (is_such, sentence) in EXCLUDED.items():
        if not getattr(protocol, column) and is_such(seat):
            return sentence
    return ""


def _give(unit, protocol, seat, *, by):
    _check(seat)
    protocol = held(protocol)
    if refusal := excluded_by(protocol, seat):
        raise ValidationError({"quality": refusal})
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
    held(participation.content_object)
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
    check_why(why)
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
    check_why(why)
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
    check_why(why)
    seats = Participation.objects.filter(group=unit.group, content_object=protocol)
    standing = list(seats.running_or_to_come())
    if not standing:
        raise ValidationError("Cette unité ne participe pas, ou plus, au protocole.")
    for seat in standing:
        end_seat(seat, by=by, why=why)

"""The life of a signed protocol: suspended, resumed, ended, amended. No report is read or written.

Each end holds at once: rights are asked of these rows at every page, export and job. Nothing is
written over: a protocol keeps its steps and its amendments.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from cross import gate
from cross.audit import journal
from cross.ui.templatetags.words import counted, day
from protocols import clauses
from protocols.models import (
    HAND_IN,
    Amendment,
    Participation,
    Protocol,
    ProtocolStep,
    Signature,
)

Kind = ProtocolStep.Kind


def held(protocol):
    """The protocol as it stands, nobody else changing it meanwhile."""
    return Protocol.objects.select_for_update(of=["self"]).get(pk=protocol.pk)


def _has_ended(protocol):
    return protocol.ends_on is not None and protocol.ends_on < timezone.localdate()


def step_noted(protocol, kind, day_, *, by, why=""):
    """One more step of its life, and rights are asked again."""
    ProtocolStep.objects.create(protocol=protocol, kind=kind, day=day_, why=why, by=by)
    gate.forget()


def _noted(protocol, kind, day_, *, by, why, verb):
    step_noted(protocol, kind, day_, by=by, why=why)
    journal.record(by, verb, protocol, why=why, recipients=f"{kind.label} : {day(day_)}")


def check_why(why):
    if not why.strip():
        raise ValidationError({"why": "Indiquez le motif."})


@transaction.atomic
def suspend(protocol, *, by, from_day, why):
    """From that day on nothing is read under it, until it is resumed. Today: at this instant."""
    check_why(why)
    current = held(protocol)
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
    check_why(why)
    current = held(protocol)
    if current.suspended_from is None:
        raise ValidationError("Ce protocole n’est pas suspendu.")
    current.suspended_from = None
    current.save(update_fields=["suspended_from"])
    today = timezone.localdate()
    _noted(current, Kind.RESUMED, today, by=by, why=why, verb="protocol.resumed")


@transaction.atomic
def end(protocol, *, by, last_day, why):
    """Set its last day. Past it, an amendment alone brings the protocol back."""
    check_why(why)
    current = held(protocol)
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
def amend(protocol, *, by, signed_on, changes, ends_on=None, settled=None, signatories=()):
    """Record an amendment; the end of the protocol and its clauses move with it.

    `settled` gives every column of `clauses.COLUMNS` as the amendment leaves it; without it no
    clause moves. What was before is kept beside what is after. `signatories` are the columns of
    their signatures, in the order of the original; without a day of its own, one is of
    `signed_on`.
    """
    current = held(protocol)
    _check_amendment(current, signed_on, ends_on)
    signed = [{**said, "signed_on": said.get("signed_on") or signed_on} for said in signatories]
    _check_signatories(current, signed)
    before = clauses.terms_of(current)
    if settled is not None:
        _settle(current, clauses.check(settled))
    if not current.signed_terms:
        current.signed_terms = before
    if ends_on:
        current.ends_on = ends_on
    after = clauses.terms_of(current)
    current.save(update_fields=["ends_on", "signed_terms", *clauses.COLUMNS])
    last = current.amendments.aggregate(rank=Max("rank"))["rank"] or 0
    amendment = Amendment.objects.create(
        protocol=current,
        rank=last + 1,
        signed_on=signed_on,
        changes=changes,
        ends_on=ends_on,
        terms=after,
        moved=clauses.moved(before, after),
        by=by,
    )
    Signature.objects.bulk_create(
        Signature(protocol=current, amendment=amendment, rank=rank, **said)
        for rank, said in enumerate(signed, start=1)
    )
    gate.forget()
    journal.record(
        by,
        "protocol.amended",
        current,
        why=f"{amendment}, {counted(len(signed), 'signataire')}",
        recipients=_moved_in_words(amendment),
    )
    return amendment


def _check_amendment(current, signed_on, ends_on):
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
    # Another one has been signed to follow it: two never run on the same day.
    follows = Protocol.objects.signed().filter(
        department=current.department_id, starts_on__gt=current.starts_on
    )
    if ends_on and (other := follows.filter(starts_on__lte=ends_on).first()):
        raise ValidationError(
            {"ends_on": f"Le protocole suivant entre en vigueur le {day(other.starts_on)}."}
        )


def _check_signatories(current, signed):
    today = timezone.localdate()
    for said in signed:
        if not said["signed_by"].strip():
            raise ValidationError(f"Dites qui signe : {said['capacity']}.")
        if not current.signed_on <= said["signed_on"] <= today:
            raise ValidationError(
                f"{said['capacity']} : la signature est d’un jour entre celle du protocole, le "
                f"{day(current.signed_on)}, et aujourd’hui."
            )


# What no clause may take away from seats that stand; `protocols.actions.seats` refuses new ones.
STANDING = {
    "calls_referents": (
        Q(standing=Participation.Standing.CASE_BY_CASE),
        "Des référents siègent encore au cas par cas : mettez d’abord fin à leur siège.",
    ),
    "takes_contributors": (
        Q(permission__codename=HAND_IN),
        "Des unités transmettent encore sans consulter : mettez d’abord fin à leur siège.",
    ),
}


def _settle(protocol, settled):
    """Write the clauses on the row in memory, unless a seat stands on what they take away."""
    for name, value in settled.items():
        setattr(protocol, name, value)
    standing = protocol.participations.running_or_to_come()
    for column, (seats, sentence) in STANDING.items():
        if not settled[column] and standing.filter(seats).exists():
            raise ValidationError({column: sentence})


def _moved_in_words(amendment):
    """For the journal: the end, then the names of the clauses that moved."""
    moved = amendment.moved
    said = "fin inchangée"
    if "ends_on" in moved:
        before, after = (date.fromisoformat(each) if each else None for each in moved["ends_on"])
        said = f"fin : {_end(before)} → {_end(after)}"
    labels = [each.label for each in clauses.CLAUSES.values() if moved.keys() & set(each.columns)]
    return "; ".join([said, *([", ".join(labels)] if labels else [])])


def _end(last):
    return day(last) if last else "sans date"

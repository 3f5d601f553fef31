"""Open an account, change it, close it; correct who is competent in a commune."""

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from cross import outbox
from cross.audit import journal
from cross.identity import connections, factors
from cross.ui.templatetags.words import day
from services import access
from services.models import FactorWithdrawal, Member
from services.roles import GIVEN_BY_HEADS, Right, Role, may

LONGEST_DAYS = 366  # of an authorisation, from today or from its first day


@transaction.atomic
def open_account(*, by, password, **fields):
    """A named person, one unit, an authorisation that ends."""
    member = Member(**fields)
    _check_given(member, by=by)
    _check_length(member)
    _give_password(member, password, by=by)
    member.full_clean()
    member.save()
    journal.record(by, "member.created", member, recipients=str(member.unit))
    return member


@transaction.atomic
def change_account(member, *, by, password="", **fields):
    """Effective at the member's next request: rights are asked each time."""
    # As it stands in the database: a form has already written on the row that it was given.
    stored = Member.objects.select_for_update(of=["self"]).get(pk=member.pk)
    changed = [name for name, value in fields.items() if getattr(stored, name) != value]
    if "outside_identity" in changed and factors.held_in_words(stored):
        raise ValidationError({"outside_identity": HELD})
    said = _in_words(stored, fields, [*changed, *(["password"] if password else [])])
    if member.pk == by.pk:
        _check_own(changed)
    else:
        _check_given(stored, by=by)
    for name, value in fields.items():
        setattr(member, name, value)
    if member.pk != by.pk:
        _check_given(member, by=by)
    if "authorised_until" in changed:
        _check_length(member)
    if password:
        _give_password(member, password, by=by)
    member.full_clean(exclude=["password"])
    member.save()
    if password or "outside_identity" in changed or not member.is_active:
        # The list of open sign-ins says so at once; rights are asked at each page anyway.
        connections.end_all(member, by=by, why="compte modifié")
    journal.record(by, "member.changed", member, why=said, recipients=str(member.unit))
    return member


HELD = (
    "Cet agent tient un second facteur, ou entre déjà par cette identité. Demandez-en d’abord le "
    "retrait, que deux personnes décident ; vous écrirez la nouvelle identité ensuite."
)
ASKED_ALREADY = "Le retrait est déjà demandé : une seconde personne doit le confirmer."
NOTHING_HELD = (
    "Cet agent ne tient aucun second facteur : donnez-lui un mot de passe depuis son compte."
)
ASKER_LEFT = (
    "Qui a demandé ce retrait ne tient plus ce compte : refusez la demande, puis faites-la de "
    "nouveau."
)
ANSWERED = "Cette demande n’attend plus de réponse : rien n’a été changé."


@transaction.atomic
def ask_withdrawal(member, *, by, password, reason):
    """First person: a telephone or a key is lost. Nothing changes yet, and the member is told."""
    if member.pk == by.pk:
        raise ValidationError("Demandez à un autre : nul ne retire ses propres facteurs perdus.")
    held = Member.objects.select_for_update(of=["self"]).get(pk=member.pk)
    _check_given(held, by=by)
    if not factors.held_in_words(held):
        raise ValidationError(NOTHING_HELD)
    if FactorWithdrawal.objects.filter(member=held, decision="").exists():
        raise ValidationError(ASKED_ALREADY)
    asked = FactorWithdrawal.objects.create(
        member=held, asked_by=by, reason=reason, password=make_password(password)
    )
    journal.record(by, "factor.withdrawal_asked", held, why=reason, recipients=str(held.unit))
    outbox.enqueue("tell_of_withdrawal_asked", args={"member": held.pk})
    return asked


@transaction.atomic
def confirm_withdrawal(asked, *, by):
    """Second person: nothing that was held opens any more, nor the old password, which would be
    enough to choose another factor."""
    asked = _waiting(access.waiting_withdrawals(by), asked)
    if not asked.asked_by.is_in_duty():
        raise ValidationError(ASKER_LEFT)
    held = Member.objects.select_for_update(of=["self"]).get(pk=asked.member_id)
    try:
        _check_given(held, by=asked.asked_by)  # who asked may keep other accounts by now
    except PermissionDenied as refusal:
        raise ValidationError(ASKER_LEFT) from refusal
    held.password = asked.password
    _note_who_gave_it(held, by=asked.asked_by)
    factors.withdraw(held)
    held.save(
        update_fields=["password", "password_by", "password_is_provisional", "outside_identity"]
    )
    asked.decide(FactorWithdrawal.Decision.ACCEPTED, by=by)
    connections.end_all(held, by=by, why="second facteur retiré")
    why = f"{asked.reason} (demandé par {asked.asked_by.get_full_name()})"
    journal.record(by, "factor.withdrawn", held, why=why, recipients=str(held.unit))
    outbox.enqueue("tell_of_withdrawal", args={"member": held.pk})


@transaction.atomic
def decline_withdrawal(asked, *, by, why):
    """Second person: the account stays as it is; why is in the journal."""
    asked = _waiting(access.waiting_withdrawals(by), asked)
    asked.decide(FactorWithdrawal.Decision.DECLINED, by=by)
    journal.record(by, "factor.withdrawal_declined", asked.member, why=why)


@transaction.atomic
def take_withdrawal_back(asked, *, by):
    asked = _waiting(access.own_withdrawals(by), asked)
    asked.decide(FactorWithdrawal.Decision.WITHDRAWN, by=by)
    journal.record(by, "factor.withdrawal_taken_back", asked.member)


def _waiting(rows, asked):
    """Decided once, whoever else decides at the same time."""
    found = rows.select_for_update(of=["self"]).filter(pk=asked.pk).first()
    if found is None:
        raise ValidationError(ANSWERED)
    return found


def _give_password(member, password, *, by):
    """A head who gave the password of an account and that account are one person, not two."""
    member.set_password(password)
    _note_who_gave_it(member, by=by)


def _note_who_gave_it(member, *, by):
    member.password_is_provisional = member.pk != by.pk
    if member.pk != by.pk:
        member.password_by = None if may(Right.ACCOUNTS)(by) else by


def _check_given(member, *, by):
    """May `by` keep an account such as this one? Whoever keeps all accounts, or the head of its
    unit, for the roles that a head gives. Asked of the account as it was and as it will be."""
    if may(Right.ACCOUNTS)(by):
        return
    if not may(Right.MANAGE_UNIT)(by):
        raise PermissionDenied
    if member.unit_id != by.unit_id or by.unit.closed_on:
        raise ValidationError("Un chef d’unité ne tient que les comptes de son unité.")
    if member.role not in GIVEN_BY_HEADS:
        raise ValidationError(
            {"role": "Un chef d’unité ne donne que les rôles de liaison et de lecteur."}
        )


def _check_length(member):
    first = max(member.authorised_from, timezone.localdate())
    if member.authorised_until - first > timedelta(days=LONGEST_DAYS):
        raise ValidationError(
            {"authorised_until": "Une habilitation dure douze mois au plus : choisissez une fin."}
        )


# What gives rights: nobody gives them to himself.
RIGHTS = ("role", "unit", "authorised_from", "authorised_until")


def _check_own(changed):
    if "is_active" in changed:
        raise ValidationError({"is_active": "Vous ne pouvez pas fermer votre propre compte."})
    faults = {
        name: "Demandez à un autre administrateur : nul ne change ses propres droits."
        for name in RIGHTS
        if name in changed
    }
    if faults:
        raise ValidationError(faults)


# Of what changed, the values that the journal repeats: those that give rights, never a person's.
TOLD = {
    "role": lambda value: Role(value).label,
    "authorised_from": day,
    "authorised_until": day,
    "is_active": lambda value: "oui" if value else "non",
}


def _in_words(stored, fields, names):
    """Which fields, and for those of `TOLD` from what to what: « rôle (… → …), mot de passe »."""
    words = {field.name: str(field.verbose_name) for field in Member._meta.fields}
    said = [
        f"{words[name]} ({TOLD[name](getattr(stored, name))} → {TOLD[name](fields[name])})"
        if name in TOLD
        else words[name]
        for name in names
    ]
    return ", ".join(said) or "rien de changé"


@transaction.atomic
def correct_commune(commune, *, by, zone, court, reason):
    """Set or lift (None) what a person knows better than the rule."""
    commune.zone_override = zone or None
    commune.court_override = court
    commune.override_reason = reason if (zone or court) else ""
    commune.save(
        update_fields=["zone_override", "court_override", "override_reason"],
    )
    journal.record(by, "commune.corrected", f"commune {commune.code}", why=reason)
    return commune

"""Open an account, change it, close it; correct who is competent in a commune."""

from django.core.exceptions import ValidationError
from django.db import transaction

from cross.audit import journal
from services.models import Member


@transaction.atomic
def open_account(*, by, password, **fields):
    """A named person, one unit, an authorisation that ends."""
    member = Member(**fields)
    member.set_password(password)
    member.full_clean()
    member.save()
    journal.record(by, "member.created", member, recipients=str(member.unit))
    return member


@transaction.atomic
def change_account(member, *, by, password="", **fields):
    """Effective at the member's next request: rights are asked each time."""
    # As it stands in the database: a form has already written on the row that it was given.
    stored = Member.objects.get(pk=member.pk)
    changed = [name for name, value in fields.items() if getattr(stored, name) != value]
    if member.pk == by.pk:
        _check_own(changed)
    for name, value in fields.items():
        setattr(member, name, value)
    if password:
        # Changing the password also closes every session of that account.
        member.set_password(password)
    member.full_clean(exclude=["password"])
    member.save()
    journal.record(
        by,
        "member.changed",
        member,
        why=_in_words([*changed, *(["password"] if password else [])]),
        recipients=str(member.unit),
    )
    return member


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


def _in_words(names):
    """Which fields, never their values: « rôle, mot de passe »."""
    words = {field.name: str(field.verbose_name) for field in Member._meta.fields}
    return ", ".join(words[name] for name in names) or "rien de changé"


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

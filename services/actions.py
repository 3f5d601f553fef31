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
    if member.pk == by.pk and not fields.get("is_active", True):
        raise ValidationError({"is_active": "Vous ne pouvez pas fermer votre propre compte."})
    for name, value in fields.items():
        setattr(member, name, value)
    if password:
        # Changing the password also closes every session of that account.
        member.set_password(password)
    member.full_clean(exclude=["password"])
    member.save()
    journal.record(by, "member.changed", member, recipients=str(member.unit))
    return member


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

"""What a unit that reads nothing hands in, and adds when the cell asks for more."""

from django.core.exceptions import ValidationError
from django.db import transaction

from intel import access
from intel.actions import complements, holding, life, once, reports
from intel.models import Complement
from intel.models.choices import Origin
from intel.states import State

FIELDS = ("facts", "commune", "place", "occurred_on", "products")
NOT_ASKED = "La cellule n’attend plus de précision sur cette contribution."


def send(*, by, sent=None, **said):
    """A report of `by`'s unit, open to the protocol; the same form sent twice makes one.

    `said` holds FIELDS, and `sent` is the key that the form was drawn with.
    """
    written = {"origin": Origin.PARTNER} | {name: said[name] for name in FIELDS if said.get(name)}
    entered = once.key_of(sent, [str(said.get(name)) for name in FIELDS]) if sent else None
    return once.record(
        lambda: reports.create(by=by, fields=written, entry_key=entered),
        lambda: access.brought_reports(by).filter(author=by, entry_key=entered).first(),
    )


@transaction.atomic
def complete(report, *, by, text, sent=None):
    """What the cell asked for; the report goes back to its queue. Sent twice, it is said once."""
    entered = once.key_of(sent, [report.pk, text]) if sent else None
    current = holding.lock(report)
    if entered and Complement.objects.of(current).filter(by=by, entry_key=entered).exists():
        return current
    if not access.unfinished_contributions(by).filter(pk=current.pk).exists():
        raise ValidationError(NOT_ASKED)
    complements.add(current, by=by, text=text, sent=sent)
    return life.move(current, by=by, target=State.RECEIVED)

"""The reserved annexes of a report: written by its unit, named to some of those who read it."""

from django.core.exceptions import ValidationError
from django.db import transaction

from cross.audit import journal
from intel import access
from intel.actions import once
from intel.actions.grants import grant_only
from intel.models import Annex, AnnexGroupGrant


def add(report, *, by, title, text, units, sent=None):
    """Write an annex and the grants of those who read it, in one go.

    Or find the one that the same form has just written; `sent` is the key it was drawn with.
    """
    named = sorted(unit.pk for unit in units)
    entered = once.key_of(sent, [report.pk, title, text, named]) if sent else None
    return once.record(
        lambda: _add(report, units, by=by, title=title, text=text, entry_key=entered),
        lambda: Annex.objects.of(report).filter(by=by, entry_key=entered).first(),
    )


def _add(report, units, *, by, **written):
    annex = Annex.objects.create(report=report, unit=by.unit, by=by, **written)
    _name(annex, units)
    journal.record(by, "annex.added", annex, recipients=_named(annex))
    return annex


@transaction.atomic
def change(annex, *, by, title, text, units):
    before = _named(annex)
    annex.title, annex.text = title, text
    annex.save(update_fields=["title", "text"])
    _name(annex, units)
    journal.record(by, "annex.changed", annex, recipients=f"{before} → {_named(annex)}")


@transaction.atomic
def remove(annex, *, by):
    journal.record(by, "annex.removed", annex, recipients=_named(annex))
    annex.delete()


def _name(annex, units):
    """Grants to these units and to that of the annex, and to no other."""
    readers = set(access.audience_of(annex.report).values_list("pk", flat=True))
    if any(unit.pk not in readers for unit in units):
        raise ValidationError({"units": "Choisissez des unités qui lisent la fiche."})
    groups = {unit.group_id for unit in units} | {annex.unit.group_id}
    grant_only(AnnexGroupGrant, annex, "read_annex", groups=groups)


def _named(annex):
    """To whom it is named, for the journal: units, in order."""
    return ", ".join(unit.short_name for unit in access.units_of_annex(annex))

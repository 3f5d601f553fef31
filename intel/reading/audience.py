"""Who sees a report, in words, before and after its unit narrows or widens it."""

from django.utils import timezone

from cross.ui.templatetags.words import counted, listed
from intel import access
from intel.models import Restriction

REVIEW_DAYS = 30


def choosable_units(member):
    """Units that may be named beside one's own, the cell first."""
    units = access.nameable_units(member).exclude(pk=member.unit_id)
    return units.order_by("-is_cell", "sort_key", "pk")


def present_restriction(report):
    """What the form of the restriction starts from."""
    restriction = Restriction.objects.of(report).first()
    if restriction is None:
        return {"review_on": timezone.localdate() + timezone.timedelta(days=REVIEW_DAYS)}
    return {
        "units": [unit.pk for unit in access.audience_of(report)],
        "reason": restriction.reason,
        "restriction_text": restriction.text,
        "review_on": restriction.review_on,
    }


def chosen_units(form, units):
    """The units ticked in a form of restriction, as it stands: sent, refused or just opened."""
    ticked = {str(value) for value in form["units"].value() or ()}
    return [unit for unit in units if str(unit.pk) in ticked]


def named_sentence(report, units):
    """Who will see `report` once it is restricted to `units`."""
    return _sentence([report.owner, *units], own=report.owner_id)


def open_sentence(report, member):
    """Who will see `report` once it is open to the whole protocol."""
    units = access.nameable_units(member).order_by("sort_key", "pk")
    return _sentence(list(units), own=report.owner_id)


def _sentence(units, *, own):
    names = [f"{unit} (la vôtre)" if unit.pk == own else str(unit) for unit in units]
    verb = "verront" if len(names) > 1 else "verra"
    return f"{counted(len(names), 'unité')} {verb} cette fiche : {listed(names)}."


def leaves_the_cell_out(report, units):
    """Is the cell, which sorts and directs, neither the owner nor among `units`?"""
    return not any(unit.is_cell for unit in [report.owner, *units])

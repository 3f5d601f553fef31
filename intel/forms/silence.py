"""The two fields of a silence, of a report or of an operation: why, and until which review."""

from cross.ui.forms import Day
from intel.forms.fields import ShortText
from intel.forms.named_units import REVIEW_HINT


def reason():
    return _told_when_kept(
        ShortText(
            label="Motif du silence",
            limit=300,
            required=False,
            help_text="Nécessaire en mode silencieux, lu par votre seule unité.",
        )
    )


def review_on():
    return _told_when_kept(
        Day(coming=True, label="Silence à revoir le", required=False, help_text=REVIEW_HINT)
    )


def _told_when_kept(field):
    """Its own words say when it is asked: « facultatif » would not be true of it."""
    field.says_when = True
    return field

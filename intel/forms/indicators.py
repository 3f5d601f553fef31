"""Which indicators are looked at."""

from django import forms

from cross.ui.forms import Form
from intel.forms.filters import NOT_A_CHOICE


def _choice(label):
    return forms.ChoiceField(
        label=label, required=False, error_messages={"invalid_choice": NOT_A_CHOICE}
    )


class IndicatorForm(Form):
    """The period and, for the cell, the service; the choices are handed as pairs."""

    marks_optional = False

    periode = _choice("Période")
    service = _choice("Service")

    def __init__(self, data, *, periods, services=None):
        super().__init__(data)
        self.fields["periode"].choices = periods
        if services is None:
            del self.fields["service"]
        else:
            self.fields["service"].choices = [("", "Tous les services"), *services]

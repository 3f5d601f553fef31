"""What is asked for a summary."""

from django import forms

from cross.ui.forms import Form


class BuildForm(Form):
    """Which period; the choices are handed by the view."""

    period = forms.ChoiceField(label="Période")

    def __init__(self, *args, periods, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = periods

"""What is asked for a summary."""

from django import forms

from cross.ui.forms import Form


class BuildForm(Form):
    """Which period; the choices are handed by the view."""

    period = forms.ChoiceField(label="Période")

    def __init__(self, *args, periods, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = periods


class CompareForm(Form):
    """Of one territory: which period, beside which other period, beside which other territory."""

    marks_optional = False

    periode = forms.ChoiceField(label="Période", required=False)
    et = forms.ChoiceField(label="Et la période", required=False)
    avec = forms.ChoiceField(label="Avec le territoire", required=False)

    def __init__(self, data, *, periods, territories):
        super().__init__(data)
        nothing = ("", "–")
        self.fields["periode"].choices = periods
        self.fields["et"].choices = [nothing, *periods]
        self.fields["avec"].choices = [nothing, *territories]

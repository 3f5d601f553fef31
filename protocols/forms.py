"""What is typed about a seat."""

from django import forms
from django.utils import timezone

from cross.ui.forms import Day, Form
from protocols.models import Participation
from services.models import Unit


class AdmitForm(Form):
    """Which unit, in which quality, what it reads, from when to when."""

    unit = forms.ModelChoiceField(label="Unité", queryset=Unit.objects.none())
    standing = forms.ChoiceField(label="Qualité", choices=Participation.Standing)
    reads_reports = forms.ChoiceField(
        label="Accès",
        choices=[("oui", "Contribue et lit les renseignements"), ("non", "Synthèses seules")],
    )
    subject = forms.CharField(label="Sujet", required=False, max_length=200)
    starts_on = Day(label="À partir du")
    ends_on = Day(label="Jusqu’au", required=False)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["starts_on"].initial = timezone.localdate()

    def clean(self):
        data = super().clean()
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", "La participation doit finir après avoir commencé.")
        if data.get("standing") == Participation.Standing.CASE_BY_CASE and not end:
            self.add_error("ends_on", "Un référent au cas par cas participe jusqu’à une date.")
        return data


class WithdrawForm(Form):
    unit = forms.ModelChoiceField(queryset=Unit.objects.none(), widget=forms.HiddenInput)
    why = forms.CharField(label="Motif du retrait", max_length=300)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units

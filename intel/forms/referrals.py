"""That a court was seized, and what it decided."""

from django import forms

from cross.ui.forms import Day
from intel.forms.once import SentOnce
from intel.models import Referral


class ReferralForm(SentOnce):
    """`courts` are those that may be named."""

    receives = {"courts": "court"}

    court = forms.ModelChoiceField(
        label="Tribunal judiciaire",
        queryset=None,
        empty_label="Choisir…",
        error_messages={"required": "Choisissez le tribunal dont le parquet a été saisi."},
    )
    sent_on = Day(
        label="Transmis le", error_messages={"required": "Indiquez le jour de la transmission."}
    )
    decision = forms.ChoiceField(
        label="Décision du parquet",
        required=False,
        choices=[("", "Pas encore connue"), *Referral.Decision.choices],
        widget=forms.RadioSelect,
    )
    decided_on = Day(label="Décidé le", required=False, help_text="Avec la décision.")
    decided_on.says_when = True

"""What is asked of whoever freezes an erasure."""

from django import forms

from cross.ui.forms import ActionForm, Day
from intel.models import LegalHold


class HoldForm(ActionForm):
    reference = forms.CharField(
        label="Référence de la fiche ou du lieu",
        max_length=60,
        required=False,
        help_text="Telle que le journal l’écrit, comme CROSS-88-2026-0001. Vide : tout le "
        "département est gelé.",
    )
    reason = forms.ChoiceField(label="Motif", choices=LegalHold.Reason.choices)
    review_on = Day(label="À revoir le", coming=True, help_text="Un an au plus.")


class RenewHoldForm(ActionForm):
    review_on = Day(label="À revoir le", coming=True, help_text="Un an au plus.")

"""What is asked of whoever freezes an erasure, or no longer does."""

from django import forms

from cross.ui.forms import ActionForm, Day
from intel.models import LegalHold


class HoldForm(ActionForm):
    """A whole department is never frozen because a reference was forgotten: it is chosen."""

    ONE, ALL = "une", "departement"

    extent = forms.ChoiceField(
        label="Ce que le gel garde",
        choices=[(ONE, "Une fiche ou un lieu"), (ALL, "Tout le département")],
        widget=forms.RadioSelect,
    )
    reference = forms.CharField(
        label="Référence de la fiche ou du lieu",
        max_length=60,
        required=False,
        help_text="Telle que le journal l’écrit, comme CROSS-88-2026-0001.",
    )
    reason = forms.ChoiceField(
        label="Motif", choices=[("", "Choisir…"), *LegalHold.Reason.choices]
    )
    review_on = Day(label="À revoir le", coming=True, help_text="Un an au plus.")

    def clean(self):
        """The extent is said by the reference from here on: none, the whole department."""
        extent = self.cleaned_data.pop("extent", None)
        named = self.cleaned_data.get("reference")
        if extent == self.ONE and not named:
            self.add_error("reference", "Donnez la référence de la fiche ou du lieu à garder.")
        if extent == self.ALL and named:
            self.add_error(
                "reference",
                "Vous gelez tout le département : effacez cette référence, ou choisissez "
                "« Une fiche ou un lieu ».",
            )
        return self.cleaned_data


class RenewHoldForm(ActionForm):
    review_on = Day(label="À revoir le", coming=True, help_text="Un an au plus.")


class LiftHoldForm(ActionForm):
    """What it kept goes for good the next night: somebody will ask why."""

    ending = forms.ChoiceField(
        label="Pourquoi le lever",
        choices=[("", "Choisir…"), *LegalHold.Ending.choices],
        error_messages={"required": "Dites pourquoi ce gel est levé."},
    )

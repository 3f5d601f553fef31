"""One decision for many reports: which one, and what it asks."""

from django import forms
from django.core.exceptions import ValidationError

from cross.ui.forms import ActionForm
from intel.actions.bulk import MALICIOUS
from intel.forms.fields import ShortText
from intel.models import Docket
from intel.states import AWAITING_TRIAGE, MOVES, Requirement

# What may be decided of many at once: the outcomes of triage, as the table of moves has them.
DECISIONS = {
    str(move.target): move for move in MOVES if move.origin in AWAITING_TRIAGE and move.key
}


class Decisions(forms.RadioSelect):
    """With `takes_keyboard`, the page opens with the keyboard on the first of them."""

    takes_keyboard = False

    def create_option(self, name, value, label, selected, index, **kwargs):
        option = super().create_option(name, value, label, selected, index, **kwargs)
        option["attrs"]["autofocus"] = self.takes_keyboard and index == 0
        return option


class BulkForm(ActionForm):
    """`find` gives the readable report of a reference, or None; `are_held` when somebody else has
    one of them open; `is_last` once the preview has been read."""

    marks_optional = False

    target = forms.ChoiceField(
        label="Décision",
        choices=[
            *((target, move.label) for target, move in DECISIONS.items()),
            (MALICIOUS, "Malveillant, contenu effacé"),
        ],
        widget=Decisions,
        error_messages={"required": "Choisissez la décision."},
    )
    why = ShortText(
        label="Motif",
        limit=250,
        required=False,
        help_text="Pour « Urgent », « À compléter » et « Hors champ ». Le contributeur le lira.",
    )
    original = ShortText(
        label="Fiche d’origine",
        limit=24,
        required=False,
        help_text="Pour « Doublon » : sa référence, par exemple CROSS-88-2026-48213.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    malice = forms.ChoiceField(
        label="Motif de la malveillance",
        choices=[("", "Choisir…"), *Docket.Malice.choices],
        required=False,
        help_text="Pour « Malveillant » seulement.",
    )
    takes_over = forms.BooleanField(
        label="Prendre la main sur les fiches qu’un autre agent a ouvertes", required=False
    )
    sure = forms.BooleanField(
        label="J’ai lu ce qui sera effacé, et que rien ne le rétablira.", required=False
    )

    def __init__(self, *args, find, are_held, is_last=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.find, self.is_last = find, is_last
        self.fields["target"].widget.takes_keyboard = not self.is_bound
        # Drawn by the preview of an erasure alone, where it is the one thing left to tick.
        self.fields["sure"].widget.attrs["autofocus"] = not is_last
        if not are_held:
            del self.fields["takes_over"]

    @property
    def is_malicious(self):
        return self.cleaned_data.get("target") == MALICIOUS

    def clean(self):
        said = super().clean()
        target = said.get("target")
        if target == MALICIOUS:
            self._want("malice", "Choisissez le motif de la malveillance.")
            if self.is_last:
                self._want("sure", "Cochez pour confirmer l’effacement.")
        elif target:
            requires = DECISIONS[target].requires
            if Requirement.REASON in requires:
                self._want("why", Requirement.REASON.label)
            if Requirement.ORIGINAL in requires:
                self._want("original", Requirement.ORIGINAL.label)
        return said

    def _want(self, name, sentence):
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, sentence)

    def clean_original(self):
        typed = self.cleaned_data["original"].upper()
        found = self.find(typed) if typed else None
        if typed and found is None:
            raise ValidationError(f"Aucune fiche que vous pouvez lire ne porte « {typed} ».")
        return found

    def said(self):
        """What the action wants beside the decision."""
        said, target = self.cleaned_data, self.cleaned_data["target"]
        if target == MALICIOUS:
            return {"malice": said["malice"]}
        requires = DECISIONS[target].requires
        told = {}
        if Requirement.REASON in requires:
            told["why"] = said["why"]
        if Requirement.ORIGINAL in requires:
            told["original"] = said["original"]
        return told

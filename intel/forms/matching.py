"""What is asked of whoever says what two reports are to one another, or lists a frequent value."""

from django import forms
from django.core.exceptions import ValidationError

from cross.ui.forms import ActionForm
from intel.extraction.identifiers import normalise
from intel.forms.fields import ShortText
from intel.models import Match
from intel.models.choices import IdentifierKind

Kind = Match.Kind
KEYS_OF = {Kind.DUPLICATE: "d", Kind.CORROBORATES: "c", Kind.UNRELATED: "s"}
OTHER = "Autre motif"
# The usual reasons, each chosen by its figure; another is written.
REASONS = {
    Kind.DUPLICATE: ("Même information transmise deux fois", "Même texte"),
    Kind.CORROBORATES: ("Même fait, autre origine", "Mêmes personnes ou même véhicule"),
    Kind.UNRELATED: ("Faits différents", "Personnes différentes", "Lieux différents"),
}
MEANS = {
    Kind.DUPLICATE: "Elle redit la même information : elle ne compte plus comme un fait.",
    Kind.CORROBORATES: "Elle confirme le même fait par une autre voie : un seul fait est compté.",
    Kind.UNRELATED: "Les deux fiches ne seront plus proposées ensemble.",
}


class DecideForm(ActionForm):
    """Why two reports are said to be this; `kind` is a `Match.Kind`."""

    marks_optional = False

    reason = forms.ChoiceField(
        label="Motif",
        widget=forms.RadioSelect,
        help_text="Au clavier : son chiffre, puis Entrée.",
        error_messages={"required": "Choisissez un motif."},
    )
    text = ShortText(label="Précision", limit=200, required=False)

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        said = (*REASONS[kind], OTHER)
        self.reasons = {str(rank): words for rank, words in enumerate(said, start=1)}
        self.fields["reason"].choices = [
            (rank, f"{rank}. {words}") for rank, words in self.reasons.items()
        ]

    def clean(self):
        super().clean()
        reason = self.reasons.get(self.cleaned_data.get("reason"))
        text = self.cleaned_data.get("text", "")
        if reason == OTHER and not text:
            self.add_error("text", "Écrivez le motif.")
        if reason:
            told = [] if reason == OTHER else [reason]
            self.cleaned_data["why"] = " : ".join([*told, *([text] if text else [])])
        return self.cleaned_data


def decide_form(kind, data=None):
    return DecideForm(data, kind=kind, auto_id=f"id_{kind}_%s")


class OtherForm(ActionForm):
    """The report to put beside one; `find` gives the readable one of a reference, or None."""

    avec = ShortText(
        label="Fiche à comparer",
        limit=24,
        help_text="Sa référence, par exemple CROSS-88-2026-48213.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Indiquez la référence d’une fiche."},
    )

    def __init__(self, *args, find, **kwargs):
        super().__init__(*args, **kwargs)
        self.find = find

    def clean_avec(self):
        reference = self.cleaned_data["avec"].upper()
        if self.find(reference) is None:
            raise ValidationError(
                f"Aucune autre fiche que vous pouvez rapprocher ne porte « {reference} »."
            )
        return reference


class FrequentForm(ActionForm):
    """A value that says nothing by being cited: of which kind, which, and why."""

    kind = forms.ChoiceField(label="Type", choices=[("", "Choisir…"), *IdentifierKind.choices])
    raw = ShortText(
        label="Valeur",
        limit=120,
        help_text="Telle qu’elle est écrite.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Écrivez la valeur."},
    )
    why = ShortText(
        label="Motif",
        limit=300,
        help_text="Par exemple : standard d’un hôtel, véhicule de location.",
        error_messages={"required": "Dites pourquoi cette valeur ne rapproche rien."},
    )

    def clean(self):
        said = super().clean()
        if said.get("kind") and said.get("raw"):
            try:
                said["value"] = normalise(said["kind"], said.pop("raw"))
            except ValueError as fault:
                self.add_error("raw", str(fault))
        return said

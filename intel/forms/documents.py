"""What is typed to hand a sheet to somebody."""

from django import forms

from cross.ui.forms import ActionForm
from intel.forms.fields import ShortText


class HandForm(ActionForm):
    recipient = ShortText(
        label="Destinataire",
        limit=150,
        help_text="La personne ou le service, tel qu’il sera imprimé sur chaque page.",
        error_messages={"required": "Indiquez à qui vous remettez cet exemplaire."},
    )
    reason = ShortText(
        label="Motif",
        limit=200,
        help_text="Imprimé sur chaque page et inscrit au journal.",
        error_messages={"required": "Dites pourquoi vous le remettez."},
    )


A4, A3 = "a4", "a3"


class MapForm(HandForm):
    """Of a map, on which paper too."""

    paper = forms.ChoiceField(
        label="Papier",
        choices=[(A4, "A4"), (A3, "A3")],
        initial=A4,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez le papier.",
            "invalid_choice": "Choisissez A4 ou A3.",
        },
    )
    paper.choice_hints = {
        A4: "La carte, puis ses chiffres en tableau.",
        A3: "La carte seule, pour l’affichage ou la réunion.",
    }

    field_order = ["paper", "recipient", "reason"]

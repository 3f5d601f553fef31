"""The filters of the journal, and what is asked of whoever keeps it."""

from django import forms

from cross.audit.models import Operation
from cross.audit.oddities import PATTERNS
from cross.audit.wording import VERBS
from cross.ui.forms import ActionForm, Day, Form


class JournalFilters(Form):
    marks_optional = False

    reference = forms.CharField(label="Référence", required=False, max_length=120)
    agent = forms.CharField(label="Agent ou unité", required=False, max_length=150)
    operation = forms.ChoiceField(
        label="Opération", required=False, choices=[("", "Toutes"), *Operation.choices]
    )
    du = Day(label="Du", required=False)
    au = Day(label="Au", required=False)
    action = forms.ChoiceField(
        label="Action",
        required=False,
        choices=[("", "Toutes"), *((verb, words.sentence) for verb, words in VERBS.items())],
    )

    def clean(self):
        data = super().clean()
        if data.get("du") and data.get("au") and data["du"] > data["au"]:
            self.add_error("au", "La fin de la période doit suivre son début.")
        return data


class OddityFilters(Form):
    marks_optional = False

    voir = forms.ChoiceField(
        label="Voir",
        required=False,
        choices=[("a-relire", "À relire"), ("vues", "Vues"), ("toutes", "Toutes")],
    )
    motif = forms.ChoiceField(
        label="Motif",
        required=False,
        choices=[("", "Tous"), *((name, each.title) for name, each in PATTERNS.items())],
    )


class SeenForm(ActionForm):
    words = forms.CharField(
        label="Ce que c’était",
        max_length=300,
        help_text="Une phrase, inscrite au journal. Par exemple : réunion du 12 à préparer.",
    )


class HandoutForm(ActionForm):
    """Lines for an authority. Without a filter, the whole journal of the department."""

    recipient = forms.CharField(
        label="Autorité destinataire",
        max_length=200,
        help_text="Par exemple : CNIL, service des contrôles.",
    )
    why = forms.CharField(label="Motif", max_length=300)
    since = Day(label="Du", required=False)
    until = Day(label="Au", required=False)
    agent = forms.CharField(label="Agent ou unité", required=False, max_length=150)
    reference = forms.CharField(label="Référence", required=False, max_length=120)

    def clean(self):
        data = super().clean()
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            self.add_error("until", "La fin de la période doit suivre son début.")
        return data

"""The filters of the journal."""

from django import forms

from cross.audit.models import Operation
from cross.audit.wording import VERBS
from cross.ui.forms import Day, Form


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

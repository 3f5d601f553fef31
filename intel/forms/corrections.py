"""A correction proposed of one field of a report, and what its owner answers."""

from copy import deepcopy

from django.core.exceptions import ValidationError

from cross.ui.forms import ActionForm
from intel.forms.days import DayField
from intel.forms.entry import EntryForm
from intel.forms.fields import ShortText

ACCEPT, DECLINE = "accepter", "refuser"


class CorrectionForm(ActionForm):
    """The field, as the entry asks for it, and why.

    `name` is one of `Correction.FIELDS`; `resolve(text)` answers a `reading.communes.Resolution`.
    """

    why = ShortText(
        label="Pourquoi",
        limit=300,
        help_text="Lu par l’unité d’origine seule.",
        error_messages={"required": "Dites ce qui vous le fait penser."},
    )

    def __init__(self, *args, name, label, resolve, today, **kwargs):
        field = deepcopy(EntryForm.base_fields[name])
        field.label, field.help_text = f"{label} : ce que la fiche devrait dire", ""
        field.says_when = True
        self.base_fields = {name: field, **type(self).base_fields}
        super().__init__(*args, **kwargs)
        self.resolve = resolve
        if isinstance(field := self.fields[name], DayField):
            field.today = today

    def clean_commune(self):
        found = self.resolve(self.cleaned_data["commune"])
        if found.commune is None:
            raise ValidationError(found.fault)
        return found.commune


class AnswerForm(ActionForm):
    answer = ShortText(
        label="Réponse",
        limit=300,
        required=False,
        help_text="Lue par l’unité qui propose.",
    )

    @property
    def declines(self):
        return self.data.get("decision") == DECLINE

"""What is asked to import a file of tips: the file, its source, and what its columns say."""

from typing import Any

from django import forms

from cross.ui.forms import Form
from intel.forms.fields import ShortText
from intel.importing.columns import TARGETS, faults_of_mapping

NO_COLUMN = "— aucune colonne —"


class UploadForm(Form):
    """A file, and the portal that exported it."""

    portal = ShortText(
        label="Source",
        limit=80,
        help_text="Le portail qui a produit le fichier. Ses colonnes sont retenues d’une fois sur "
        "l’autre, et ses références ne sont jamais importées deux fois.",
        widget=forms.TextInput(attrs={"list": "portails", "autocomplete": "off"}),
        error_messages={"required": "Indiquez le portail qui a produit le fichier."},
    )
    file = forms.FileField(
        label="Fichier",
        help_text="CSV, XLSX (Excel) ou ODS (LibreOffice), 50 Mo au plus\u00a0: une ligne de "
        "titres, puis une ligne par signalement.",
        error_messages={"empty": "Ce fichier est vide."},
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.ods"}),
    )


def _column_of(target):
    return forms.ChoiceField(
        label=target.label,
        required=target.required,
        help_text=target.hint,
        choices=[],
        error_messages={"required": "Choisissez la colonne qui la donne."},
    )


# Declared, and not added by __init__: the design system dresses the fields that it finds there.
Columns: Any = type(Form)(
    "Columns", (Form,), {target.name: _column_of(target) for target in TARGETS}
)


class MappingForm(Columns):
    """For each thing that a tip may say, the column that says it."""

    marks_optional = False  # its two groups say which are necessary

    def __init__(self, *args, header, mapping, **kwargs):
        kwargs.setdefault("initial", mapping)
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.choices = [("", NO_COLUMN), *((title, title) for title in header)]

    def clean(self):
        cleaned = super().clean()
        for target, sentence in faults_of_mapping(cleaned):
            if target not in self.errors:
                self.add_error(target, sentence)
        return cleaned

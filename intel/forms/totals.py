"""A file of totals that others counted."""

from django import forms

from cross.ui.forms import ActionForm


class TotalsFileForm(ActionForm):
    file = forms.FileField(
        label="Fichier",
        help_text="CSV, XLSX (Excel) ou ODS (LibreOffice) : une ligne de titres, puis un total "
        "par ligne.",
        error_messages={"empty": "Ce fichier est vide."},
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.ods"}),
    )

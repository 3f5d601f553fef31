"""What a reader adds to a report."""

from django import forms

from intel.forms.fields import LongText
from intel.forms.once import SentOnce


class ComplementForm(SentOnce):
    text = LongText(
        label="Complément",
        limit=5_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Ce que vous savez de plus. Daté et signé de vous, lu par qui lit la fiche.",
        error_messages={"required": "Écrivez ce que vous savez de plus."},
    )

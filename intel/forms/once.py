"""A form whose second sending makes nothing more."""

from django import forms

from cross.ui.forms import ActionForm
from intel.actions import once


class SentOnce(ActionForm):
    """Part of a form: the key it is drawn with, handed to the action as `sent`."""

    sent = forms.RegexField(
        r"^[0-9a-f]{32}\Z", required=False, initial=once.draw, widget=forms.HiddenInput
    )

    def clean_sent(self):
        return self.cleaned_data["sent"] or once.draw()

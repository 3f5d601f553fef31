"""A distribution list; receives the `units` and the other `lists` that it may hold."""

from django import forms

from cross.ui.forms import ActionForm
from intel.forms.fields import ShortText


class ListForm(ActionForm):
    receives = {"units": "units", "lists": "lists"}

    name = ShortText(
        label="Nom",
        limit=80,
        help_text="Par exemple : frontière, lycées d’Épinal.",
        error_messages={"required": "Donnez un nom à cette liste."},
    )
    units = forms.ModelMultipleChoiceField(
        label="Unités",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Au moins une, ou une autre liste.",
    )
    lists = forms.ModelMultipleChoiceField(
        label="Autres listes de votre unité",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Leurs unités en font alors partie, et suivent leurs changements.",
    )
    units.says_when = lists.says_when = True

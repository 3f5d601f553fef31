"""The reserved annex of a report; receives the `units` that read the report beside one's own."""

from django import forms

from cross.ui.forms import ActionForm
from intel.forms.fields import LongText, ShortText
from intel.forms.once import SentOnce


class AnnexForm(ActionForm):
    receives = {"units": "units"}

    title = ShortText(
        label="Intitulé",
        limit=160,
        error_messages={"required": "Donnez un intitulé à cette annexe."},
    )
    text = LongText(
        label="Texte",
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": "Écrivez le texte de l’annexe."},
    )
    units = forms.ModelMultipleChoiceField(
        label="Unités qui la lisent",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Parmi celles qui lisent la fiche. La vôtre la lit toujours ; si rien n’est "
        "coché, elle seule.",
    )
    units.says_when = True


class NewAnnexForm(SentOnce, AnnexForm):
    """The same, for one that is not written yet."""

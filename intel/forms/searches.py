"""A search that is kept, and how one hears of what enters it."""

from django import forms
from django.conf import settings

from cross.ui.forms import ActionForm
from cross.ui.templatetags.words import counted
from intel.actions import searches
from intel.forms.fields import ShortText
from intel.models import SearchAlert

Rhythm = SearchAlert.Rhythm
RHYTHMS = [("", "Ne pas être averti"), *Rhythm.choices]
MINE, UNIT = "moi", "unite"


class NameForm(ActionForm):
    """Its name, and whose it is; a guest keeps his own only (`may_share`)."""

    name = ShortText(
        label="Nom",
        limit=80,
        help_text="Lu par ceux qui voient cette recherche.",
        error_messages={"required": "Donnez un nom à cette recherche."},
    )
    whose = forms.ChoiceField(
        label="Pour qui",
        choices=[(MINE, "Pour moi seul"), (UNIT, "Pour toute mon unité")],
        widget=forms.RadioSelect,
        initial=MINE,
    )

    def __init__(self, *args, may_share, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["whose"].choice_hints = {
            UNIT: "Chacun y trouve les fiches qu’il lit, et elles seules."
        }
        if not may_share:
            del self.fields["whose"]

    def clean(self):
        said = super().clean()
        said["is_shared"] = said.pop("whose", MINE) == UNIT
        return said


class RhythmForm(ActionForm):
    rhythm = forms.ChoiceField(
        label="Être averti",
        choices=RHYTHMS,
        required=False,
        widget=forms.RadioSelect,
        initial="",
    )
    rhythm.says_when = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        hour, minutes = counted(searches.HOUR, "heure"), settings.SEARCH_ALERT_MINUTES
        self.fields["rhythm"].choice_hints = {
            Rhythm.NOW: f"Au plus tard {counted(minutes, 'minute')} après.",
            Rhythm.DAILY: f"À {hour}.",
            Rhythm.WEEKLY: f"À {hour}.",
        }


class SearchForm(NameForm, RhythmForm):
    """A new one."""

    field_order = ("name", "whose", "rhythm")

"""What a unit writes for itself about a report: a note, a task."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from cross.ui.forms import Day
from intel.forms.fields import LongText, ShortText
from intel.forms.once import SentOnce


class NoteForm(SentOnce):
    text = LongText(
        label="Note",
        limit=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Lue par les agents de votre unité qui lisent la fiche, et personne d’autre.",
        error_messages={"required": "Écrivez la note."},
    )


class TaskForm(SentOnce):
    """What, who, until when; receives the `colleagues` and the `units` it may be given to."""

    what = ShortText(
        label="À faire", limit=300, error_messages={"required": "Dites ce qui est à faire."}
    )
    to = forms.ChoiceField(label="Par qui", required=False)
    until = Day(coming=True, label="Pour le", required=False)

    def __init__(self, *args, colleagues, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.named = {f"agent-{each.pk}": each for each in colleagues}
        self.named |= {f"unite-{each.pk}": each for each in units}
        self.fields["to"].choices = [
            ("", "Mon unité, sans nommer personne"),
            *((key, _label(key, each)) for key, each in self.named.items()),
        ]

    def clean_to(self):
        return self.named.get(self.cleaned_data["to"])

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until and until < timezone.localdate():
            raise ValidationError("Ce jour est passé : choisissez-en un autre.")
        return until


def _label(key, each):
    return f"{each} (unité attributaire)" if key.startswith("unite-") else each.get_full_name()

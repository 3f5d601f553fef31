"""Who sees a report: narrowed, renewed, opened again."""

from django import forms

from cross.ui.forms import ActionForm, Day
from intel.forms import silence
from intel.forms.fields import ShortText
from intel.forms.named_units import REVIEW_HINT, NamedUnits
from intel.models import Restriction, SilentMode

POINTER, SILENT = "pointeur", "silence"
SILENCED = f"Mode silencieux : {SilentMode.MEANS}."


class RestrictForm(NamedUnits):
    """To which units, why, until when.

    Receives the `units` to choose from, and `lists`, the distribution lists opened among them.
    """

    reason = forms.ChoiceField(
        label="Motif",
        choices=Restriction.Reason,
        widget=forms.RadioSelect,
        error_messages={"required": "Indiquez pourquoi la diffusion est restreinte."},
    )
    restriction_text = ShortText(label="Précision", limit=300, required=False)
    review_on = Day(coming=True, label="À revoir le", help_text=REVIEW_HINT)
    looked_for = forms.ChoiceField(
        label="Si une autre unité cherche l’un de ses identifiants",
        choices=[
            (POINTER, "Elle apprend que mon unité est concernée, et qui appeler"),
            (SILENT, "Mode silencieux : elle n’apprend rien, mon unité seule est avertie"),
        ],
        widget=forms.RadioSelect,
        required=False,
        help_text="Le texte, la cotation, le lieu et la source ne sont jamais dits.",
    )
    silence_reason = silence.reason()
    silence_review_on = silence.review_on()

    def __init__(self, *args, units, lists=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.offer(units, lists)


class RenewForm(ActionForm):
    """Until when again, and why it is still needed."""

    review_on = Day(coming=True, label="Nouvelle date de révision", help_text=REVIEW_HINT)
    why = ShortText(
        label="Motif",
        limit=300,
        help_text="Pourquoi la restriction est encore nécessaire. Lu par qui lit la fiche.",
        error_messages={"required": "Dites pourquoi la restriction est encore nécessaire."},
    )


class AskReleaseForm(ActionForm):
    why = ShortText(
        label="Motif de la levée",
        limit=300,
        help_text="Lu par la seconde personne, puis inscrit à l’historique de la fiche.",
        error_messages={"required": "Indiquez pourquoi la restriction doit être levée."},
    )


class DeclineReleaseForm(ActionForm):
    why = ShortText(
        label="Motif du refus",
        limit=300,
        help_text="Lu par la personne qui a demandé la levée.",
        error_messages={"required": "Dites pourquoi la restriction est maintenue."},
    )


RENEW = "prolonger"
RENEWAL_ASKS = {
    "review_on": "Indiquez jusqu’à quand prolonger.",
    "why": "Dites pourquoi ces restrictions sont encore nécessaires.",
}
RELEASE_ASKS = {"release_why": "Indiquez pourquoi ces restrictions doivent être levées."}


class ReviewForm(ActionForm):
    """Several restrictions at once, renewed or proposed for release: each act has its fields."""

    marks_optional = False

    fiches = forms.MultipleChoiceField(
        error_messages={"required": "Cochez au moins une fiche."},
    )
    review_on = Day(
        coming=True, label="Nouvelle date de révision", required=False, help_text=REVIEW_HINT
    )
    why = ShortText(
        label="Pourquoi les restrictions sont encore nécessaires",
        limit=300,
        required=False,
        help_text="Le même motif pour chacune, lu par qui lit ces fiches.",
    )
    release_why = ShortText(
        label="Motif de la levée",
        limit=300,
        required=False,
        help_text="Lu par la seconde personne, puis inscrit à l’historique de chaque fiche.",
    )

    def __init__(self, *args, references, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["fiches"].choices = [(each, each) for each in references]

    @property
    def is_renewal(self):
        return RENEW in self.data

    def clean(self):
        data = super().clean()
        asked = RENEWAL_ASKS if self.is_renewal else RELEASE_ASKS
        for name, fault in asked.items():
            if not data.get(name) and name not in self.errors:
                self.add_error(name, fault)
        # What was typed for the other act is kept, and is no fault of this one.
        for name in (RENEWAL_ASKS | RELEASE_ASKS).keys() - asked.keys():
            self.errors.pop(name, None)
        return data

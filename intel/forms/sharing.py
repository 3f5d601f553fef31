"""Who sees a report: narrowed, renewed, opened again."""

from django import forms

from cross.ui.forms import ActionForm, Day
from intel.actions.lists import units_named
from intel.forms.fields import ShortText
from intel.models import Restriction

LATER = "Dans les trois mois. Passé ce jour, rien ne s’ouvre : on vous le rappelle."


class RestrictForm(ActionForm):
    """To which units, why, until when.

    Receives the `units` to choose from, and `lists`, the distribution lists opened among them.
    """

    units = forms.ModelMultipleChoiceField(
        label="Unités destinataires",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="La vôtre lit toujours ses fiches.",
    )
    lists = forms.MultipleChoiceField(
        label="Listes de diffusion",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Chaque unité de la liste est nommée.",
    )
    reason = forms.ChoiceField(
        label="Motif",
        choices=Restriction.Reason,
        widget=forms.RadioSelect,
        error_messages={"required": "Indiquez pourquoi la diffusion est restreinte."},
    )
    restriction_text = ShortText(label="Précision", limit=300, required=False)
    review_on = Day(label="À revoir le", help_text=LATER)

    def __init__(self, *args, units, lists=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units
        self.lists_by_key = {str(each.pk): each for each in lists}
        self.fields["lists"].choices = [(pk, each.name) for pk, each in self.lists_by_key.items()]
        self.fields["lists"].choice_hints = {
            pk: each.in_words for pk, each in self.lists_by_key.items()
        }
        if not lists:
            del self.fields["lists"]

    def chosen(self):
        """The units ticked, by themselves or by a list, as the form stands: sent or new."""
        ticked = {str(value) for value in self["units"].value() or ()}
        units = [unit for unit in self.fields["units"].queryset if str(unit.pk) in ticked]
        return list(units_named(units, self._lists_ticked()))

    def _lists_ticked(self):
        if "lists" not in self.fields:
            return []
        keys = map(str, self["lists"].value() or ())
        return [self.lists_by_key[key] for key in keys if key in self.lists_by_key]


class RenewForm(ActionForm):
    """Until when again, and why it is still needed."""

    review_on = Day(label="Nouvelle date de révision", help_text=LATER)
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


RENEW, RELEASE = "prolonger", "lever"


class ReviewForm(ActionForm):
    """Several restrictions at once: one reason, and one day when they are renewed."""

    marks_optional = False

    fiches = forms.MultipleChoiceField(
        error_messages={"required": "Cochez au moins une fiche."},
    )
    why = ShortText(
        label="Motif",
        limit=300,
        help_text="Le même pour toutes les fiches cochées.",
        error_messages={"required": "Écrivez le motif, lu par qui lit ces fiches."},
    )
    review_on = Day(label="Nouvelle date", required=False, help_text="Pour prolonger.")

    def __init__(self, *args, references, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["fiches"].choices = [(each, each) for each in references]

    @property
    def is_renewal(self):
        return RENEW in self.data

    def clean(self):
        data = super().clean()
        if self.is_renewal and not data.get("review_on") and "review_on" not in self.errors:
            self.add_error("review_on", "Indiquez jusqu’à quand prolonger.")
        return data

"""The clauses of a protocol as they are typed; `protocols.clauses` says what does not agree."""

from django import forms

from cross.ui.forms import ActionForm, Day
from protocols import clauses
from protocols.models import Rhythm

YES, NO = "oui", "non"
FREE = "autre"  # the value of the choice that fixes no day; the column keeps it empty
HOURS = ("%H:%M", "%Hh%M", "%H h %M", "%Hh", "%H h")


class YesNo(forms.TypedChoiceField):
    """One of two answers, each with what it switches on; cleaned to true or false."""

    def __init__(self, yes, no, **kwargs):
        super().__init__(
            choices=[(YES, yes), (NO, no)],
            coerce=lambda value: value == YES,
            widget=forms.RadioSelect,
            **kwargs,
        )

    def prepare_value(self, value):
        return {True: YES, False: NO}.get(value, value) if isinstance(value, bool) else value


class Days(forms.ChoiceField):
    """How the days of meetings are counted; « autre » is no rhythm."""

    def prepare_value(self, value):
        return value or FREE

    def clean(self, value):
        value = super().clean(value)
        return "" if value == FREE else value


class ClausesForm(ActionForm):
    """Receives the `services` that may lead; a clause that is not sent stays as it stands in
    `initial`."""

    receives = {"services": "lead_service"}

    lead_service = forms.ModelChoiceField(
        label="Service animateur",
        queryset=None,
        empty_label="Choisir un service",
        help_text="Sa cellule trie, cote et oriente les renseignements. Il est l’un des "
        "signataires.",
    )
    is_permanent = YesNo("Permanente", "Non permanente", label="Cellule")
    is_permanent.choice_hints = {
        YES: "Ses agents y travaillent toute l’année.",
        NO: "Elle travaille par réunions.",
    }
    rhythm = Days(
        label="Jours des réunions",
        choices=[
            (Rhythm.MONTH, "Chaque mois, le même jour"),
            (Rhythm.WEEKS, "Toutes les semaines, ou toutes les deux, trois…"),
            (FREE, "Sans jour fixé"),
        ],
        widget=forms.RadioSelect,
    )
    rhythm.choice_hints = {
        Rhythm.MONTH: "La date suivante est proposée d’elle-même ; un samedi ou un dimanche, "
        "c’est le lundi qui suit.",
        Rhythm.WEEKS: "La date suivante est proposée d’elle-même, comptée depuis la première.",
        FREE: "Chaque réunion se convoque à part.",
    }
    meets_on_day = forms.IntegerField(
        label="Jour du mois", required=False, help_text="Un nombre, de 1 à 28."
    )
    meets_every_weeks = forms.IntegerField(
        label="Toutes les … semaines", required=False, help_text="Un nombre, de 1 à 52."
    )
    meets_from = Day(
        label="Première réunion", required=False, help_text="Les semaines se comptent d’elle."
    )
    meets_every = forms.CharField(
        label="Rythme, en clair",
        required=False,
        max_length=60,
        help_text="Par exemple : une fois par trimestre. Laissez vide s’il n’est pas fixé.",
    )
    meets_at = forms.TimeField(
        label="Heure",
        required=False,
        input_formats=HOURS,
        help_text="Par exemple : 14:30.",
        error_messages={"invalid": "Écrivez l’heure comme 14:30."},
        widget=forms.TimeInput(format="%H:%M", attrs={"autocomplete": "off"}),
    )
    meets_where = forms.CharField(label="Lieu des réunions", required=False, max_length=150)
    calls_referents = YesNo("Oui", "Non", label="Référents appelés au cas par cas")
    calls_referents.choice_hints = {
        YES: "Chacun lit ce qui touche à son sujet, jusqu’à une date.",
        NO: "Un tel siège est refusé.",
    }
    takes_contributors = YesNo("Oui", "Non", label="Unités qui transmettent sans consulter")
    takes_contributors.choice_hints = {
        YES: "Une mairie, un bailleur apprend la suite de ses contributions, et ne lit rien "
        "d’autre.",
        NO: "Un tel siège est refusé.",
    }
    shares_elsewhere = YesNo("Permis", "Refusé", label="Partage avec d’autres départements")
    shares_elsewhere.choice_hints = {
        YES: "L’unité qui a rédigé une fiche ouverte peut la montrer ailleurs, avec un motif.",
        NO: "C’est refusé, et ce qui était partagé ne s’y ouvre plus.",
    }
    retention_months = forms.IntegerField(
        label="Durée de conservation, en mois",
        required=False,
        help_text="Comptée du dernier élément utile de chaque fiche, qui est ensuite effacée. "
        "Passé ce temps, une fiche est effacée la nuit, sauf gel. Laissez vide si le "
        "protocole n’en fixe pas.",
    )
    # Each is asked with its own rhythm.
    meets_on_day.says_when = meets_every_weeks.says_when = meets_from.says_when = True

    def __init__(self, data=None, files=None, *, protocol, **kwargs):
        standing = {name: getattr(protocol, name) for name in clauses.COLUMNS} if protocol else {}
        initial = standing | kwargs.pop("initial", {})
        super().__init__(data, files, initial=initial, **kwargs)

    def clean(self):
        """What is not sent is not changed: a clause is settled by who sees it."""
        data = super().clean()
        for name in clauses.COLUMNS:
            if self.add_prefix(name) not in self.data and name in self.initial:
                data[name] = self.initial[name]
                self.errors.pop(name, None)
        return data

    def settled(self):
        """Every clause of a valid form, by its column."""
        return {name: self.cleaned_data[name] for name in clauses.COLUMNS}

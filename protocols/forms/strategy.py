"""What is typed about a strategy, its axes and its actions; the actions say what is refused."""

from django import forms

from cross.ui.forms import ActionForm, Day, FirstChosen, Form
from protocols import quarters
from protocols.reading.strategy import LATE
from protocols.states import (
    ACTION_MOVES,
    STRATEGY_MOVES,
    ActionState,
    StrategyState,
)

READ_BY_ALL = (
    "Lu par toutes les unités du protocole, le parquet et la préfecture : ni nom, ni adresse, "
    "rien qui vienne d’une fiche."
)


class StrategyFilterForm(Form):
    """The filters of the page, as they are read in its address."""

    marks_optional = False

    unite = forms.ChoiceField(label="Unité chargée", required=False)
    etat = forms.ChoiceField(
        label="État", required=False, choices=[("", "Tous"), *ActionState.choices]
    )
    voir = forms.ChoiceField(
        label="Voir", required=False, choices=[("", "Toutes"), (LATE, "En retard")]
    )

    def __init__(self, data, *, units):
        super().__init__(data)
        self.fields["unite"].choices = [("", "Toutes"), *units]


class StrategyForm(ActionForm):
    title = forms.CharField(
        label="Intitulé",
        max_length=160,
        help_text="Par exemple : Plan départemental de lutte contre le trafic de stupéfiants.",
    )
    starts_on = Day(coming=True, label="À partir du")
    ends_on = Day(coming=True, label="Jusqu’au")


class AxisForm(ActionForm):
    title = forms.CharField(label="Intitulé de l’axe", max_length=160)
    objective = forms.CharField(
        label="Objectif",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=READ_BY_ALL,
    )


class _Moves(ActionForm):
    """Choose the next state among those that this one allows, with the reason."""

    state = forms.ChoiceField(label="Nouvel état", widget=forms.RadioSelect)
    why = forms.CharField(
        label="Motif",
        required=False,
        max_length=300,
        help_text="Gardé à l’historique, que lisent tous ceux qui lisent la stratégie.",
    )
    why.says_when = True

    def __init__(self, *args, states, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [(each.value, each.label) for each in states]
        if len(states) == 1:
            self.fields["state"].initial = states[0].value


class StrategyMoveForm(_Moves):
    def __init__(self, *args, strategy, **kwargs):
        allowed = STRATEGY_MOVES[StrategyState(strategy.state)]
        super().__init__(*args, states=[s for s in StrategyState if s in allowed], **kwargs)
        self.fields["state"].choice_hints = {
            StrategyState.ADOPTED: "Toutes les unités du protocole la lisent ; celles qui en sont "
            "chargées suivent leurs actions.",
            StrategyState.DRAFT: "Seuls ceux qui l’écrivent la lisent, comme avant son adoption.",
            StrategyState.ENDED: "Elle reste lue, et ne change plus.",
        }


class ActionMoveForm(_Moves):
    def __init__(self, *args, action, **kwargs):
        allowed = ACTION_MOVES[ActionState(action.state)]
        super().__init__(*args, states=[s for s in ActionState if s in allowed], **kwargs)
        self.fields["why"].help_text = (
            "Demandé pour suspendre, abandonner ou reprendre. Lu par tous ceux qui lisent la "
            "stratégie."
        )


class AxisChoice(forms.ModelChoiceField):
    def label_from_instance(self, axis):
        return str(axis)


class StrategyActionForm(ActionForm):
    """An action: what, who, when, and how one sees that it worked."""

    receives = {"units": "unit", "axes": "axis"}

    axis = AxisChoice(label="Axe", queryset=None, empty_label=None, widget=FirstChosen)
    title = forms.CharField(label="Action", max_length=200, help_text=READ_BY_ALL)
    unit = forms.ModelChoiceField(
        label="Unité chargée",
        queryset=None,
        empty_label="Choisir une unité",
        help_text="Une seule : elle dit chaque trimestre où en est l’action.",
    )
    partners = forms.CharField(
        label="Partenaires",
        required=False,
        max_length=300,
        help_text="Services, collectivités, bailleurs… séparés par des virgules.",
    )
    starts_on = Day(coming=True, label="Début", required=False)
    due_on = Day(coming=True, label="Échéance", required=False)
    indicator = forms.CharField(
        label="Indicateur",
        required=False,
        max_length=160,
        help_text="Ce que l’on compte pour voir que l’action porte.",
    )
    indicator_unit = forms.CharField(
        label="Unité de l’indicateur",
        required=False,
        max_length=40,
        help_text="Par exemple : contrôles, points, %.",
    )
    start_value = forms.DecimalField(
        label="Valeur de départ", required=False, max_digits=14, decimal_places=2, localize=True
    )
    target_value = forms.DecimalField(
        label="Valeur visée", required=False, max_digits=14, decimal_places=2, localize=True
    )


class LineForm(ActionForm):
    """What is said of an action for a quarter."""

    quarter = forms.TypedChoiceField(label="Trimestre", empty_value=None)
    state = forms.ChoiceField(label="État", choices=ActionState)
    value = forms.DecimalField(
        label="Valeur de l’indicateur",
        required=False,
        max_digits=14,
        decimal_places=2,
        localize=True,
    )
    words = forms.CharField(
        label="Où en est l’action",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=READ_BY_ALL,
        error_messages={"required": "Dites en une phrase où en est l’action."},
    )
    why = forms.CharField(
        label="Motif",
        required=False,
        max_length=300,
        help_text="Seulement si l’état change pour suspendue, abandonnée, ou reprend.",
    )
    why.says_when = True

    def __init__(self, *args, action, quarters_open, **kwargs):
        super().__init__(*args, **kwargs)
        days = {each.isoformat(): each for each in quarters_open}
        self.fields["quarter"].choices = [
            (code, quarters.in_words(each)) for code, each in days.items()
        ]
        self.fields["quarter"].coerce = days.get
        allowed = {ActionState(action.state), *ACTION_MOVES[ActionState(action.state)]}
        self.fields["state"].choices = [
            (each.value, each.label) for each in ActionState if each in allowed
        ]
        self.fields["state"].initial = action.state
        if action.indicator:
            unit = f" ({action.indicator_unit})" if action.indicator_unit else ""
            self.fields["value"].help_text = f"{action.indicator}{unit}."

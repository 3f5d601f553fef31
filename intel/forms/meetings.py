"""What is typed about a meeting: its day, its points, its guests, what was decided."""

from django import forms
from django.core.exceptions import ValidationError

from cross.ui.forms import ActionForm, Day
from intel.forms.fields import LongText, ShortText
from intel.models import MeetingDecision
from protocols.models import Attendance

Answer, Became = Attendance.Answer, MeetingDecision.Became
LONGEST_MINUTES = 24 * 60


class UnitChoice(forms.ModelChoiceField):
    """A unit of those offered, or none."""

    def __init__(self, **kwargs):
        super().__init__(queryset=None, required=False, **kwargs)


class ReportChoice(forms.ModelChoiceField):
    def label_from_instance(self, report):
        return f"{report.title} ({report.reference})"


class MeetingForm(ActionForm):
    """Its day, its hour, where, who chairs it."""

    receives = {"units": "chair"}

    held_on = Day(coming=True, label="Jour")
    starts_at = forms.TimeField(
        label="Heure",
        input_formats=["%H:%M", "%Hh%M", "%Hh", "%H h %M", "%H h", "%H"],
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "14:00"}),
        error_messages={
            "required": "Indiquez une heure, comme 14:00.",
            "invalid": "Écrivez l’heure ainsi : 14:00 ou 14h.",
        },
    )
    lasts = forms.IntegerField(
        label="Durée en minutes",
        min_value=10,
        max_value=LONGEST_MINUTES,
        initial=120,
        error_messages={"min_value": "Dix minutes au moins.", "max_value": "Un jour au plus."},
    )
    place = ShortText(
        label="Lieu",
        limit=200,
        help_text="Lu par toutes les unités convoquées, jamais envoyé par mail.",
    )
    chair = UnitChoice(label="Présidence", empty_label="La cellule")


class MoveMeetingForm(MeetingForm):
    why = ShortText(
        label="Motif", limit=300, required=False, help_text="Lu par ceux qui sont convoqués."
    )


class CancelMeetingForm(ActionForm):
    why = ShortText(
        label="Motif",
        limit=300,
        help_text="Lu par ceux qui étaient convoqués, inscrit au journal.",
        error_messages={"required": "Dites pourquoi : ceux qui étaient convoqués le lisent."},
    )


class ItemForm(ActionForm):
    """A point of the agenda. `find(reference)` gives the report that the member reads, or None."""

    receives = {"units": "rapporteur"}

    title = ShortText(
        label="Intitulé",
        limit=160,
        help_text="Lu par toutes les unités convoquées, préfecture comprise : ni référence, ni "
        "nom.",
    )
    minutes = forms.IntegerField(
        label="Minutes",
        required=False,
        min_value=1,
        max_value=480,
        error_messages={"min_value": "Une minute au moins.", "max_value": "Huit heures au plus."},
    )
    rapporteur = UnitChoice(label="Unité qui le présente", empty_label="La cellule")
    reports = LongText(
        label="Fiches à ajouter",
        limit=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Leurs références, séparées par une virgule ou une ligne. Chacun ne voit que "
        "celles qu’il lit déjà.",
    )

    def __init__(self, *args, find, **kwargs):
        super().__init__(*args, **kwargs)
        self.find = find

    def clean_reports(self):
        typed = self.cleaned_data["reports"].replace(",", "\n").replace(";", "\n").split("\n")
        found = []
        for words in filter(None, map(str.strip, typed)):
            report = self.find(words)
            if report is None:
                raise ValidationError(f"Aucune fiche que vous lisez ne porte « {words} ».")
            found.append(report)
        return found


class GuestForm(ActionForm):
    """Whom, and from which day to which he reads the reports of the point."""

    receives = {"guests": "guest"}

    guest = forms.ModelChoiceField(
        label="Référent",
        queryset=None,
        empty_label="Choisir une personne",
        error_messages={"required": "Choisissez une personne."},
    )
    starts_on = Day(coming=True, label="Lit les fiches du point à partir du")
    ends_on = Day(
        coming=True, label="Jusqu’au", help_text="Ce jour est compris, puis l’accès s’éteint."
    )


class AnswerForm(ActionForm):
    said = forms.ChoiceField(
        label="Votre unité sera",
        choices=[(each.value, each.label) for each in Answer if each != Answer.ABSENT],
        widget=forms.RadioSelect,
    )


class PresenceForm(ActionForm):
    """Who came: a choice a unit. `rows` are the attendances of the meeting."""

    others_came = forms.BooleanField(
        label="Toutes les unités qui restent à noter sont présentes", required=False
    )
    remarks = LongText(
        label="Observations",
        limit=4_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Paraît au compte rendu : ni référence, ni nom de personne mise en cause.",
    )

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            self.fields[f"unit-{row.unit_id}"] = forms.ChoiceField(
                label=str(row.unit),
                choices=[("", "À noter"), *Answer.choices],
                required=False,
                initial=row.noted,
            )

    def noted(self):
        rest = Answer.PRESENT if self.cleaned_data["others_came"] else ""
        return {row.unit_id: self.cleaned_data[f"unit-{row.unit_id}"] or rest for row in self.rows}

    def presences(self):
        return [self[f"unit-{row.unit_id}"] for row in self.rows]


class DecisionForm(ActionForm):
    """What was decided under a point; about one of its reports, that report is directed; under an
    axis, it is an action of the strategy from then on. No axis is asked of who writes none."""

    receives = {"units": "unit", "reports": "report", "axes": "axis"}

    text = ShortText(
        label="Décision",
        limit=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Écrivez ce qui a été décidé."},
    )
    report = ReportChoice(
        label="Fiche à orienter",
        queryset=None,
        required=False,
        empty_label="Aucune : la décision ne porte pas sur une fiche",
        to_field_name="reference",
    )
    unit = UnitChoice(label="Unité chargée", empty_label="Choisir une unité")
    due_on = Day(coming=True, label="Échéance", required=False)
    axis = forms.ModelChoiceField(
        label="Axe de la stratégie",
        queryset=None,
        required=False,
        empty_label="Aucun : elle se suit dans le compte rendu",
        help_text="Sous un axe, la décision devient une action de la stratégie.",
    )

    def __init__(self, *args, axes, **kwargs):
        super().__init__(*args, axes=axes, **kwargs)
        if not axes:
            del self.fields["axis"]

    def clean(self):
        data = super().clean()
        if data.get("report") and not data.get("unit"):
            self.add_error("unit", "Choisissez l’unité à laquelle la fiche est orientée.")
        if data.get("axis") and data.get("report"):
            self.add_error(
                "axis", "Une fiche orientée se suit par ses réponses : laissez « Aucun »."
            )
        elif data.get("axis") and not data.get("unit"):
            self.add_error("unit", "Choisissez l’unité qui mènera cette action.")
        return data


class AxisForm(ActionForm):
    """Under which axis of the strategy a decision is written."""

    receives = {"axes": "axis"}

    axis = forms.ModelChoiceField(
        label="Axe de la stratégie",
        queryset=None,
        empty_label="Choisir un axe",
        error_messages={"required": "Choisissez un axe."},
    )


class FollowForm(ActionForm):
    became = forms.ChoiceField(
        label="Suite", choices=Became.choices, required=False, widget=forms.RadioSelect
    )
    words = ShortText(
        label="Précision",
        limit=300,
        required=False,
        help_text="Lue par toutes les unités convoquées, préfecture comprise.",
    )

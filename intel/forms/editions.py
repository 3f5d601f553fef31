"""What is typed around a brief: its summary, its words, why it is reopened."""

from django import forms
from django.core.exceptions import ValidationError

from cross.printing.content import LONGEST_LINE
from cross.ui.forms import Form
from intel.forms.fields import LongText, ShortText
from intel.reading.brief_sections import SIGNATORIES, WRITTEN, signatories_of
from intel.reading.edition_words import AXIS_FIELDS, MOST_AXES, TITLE, axis_field, words_of

MOST_SIGNATORIES = 24
LONGEST_SECTION = 20_000
AXIS_STATES = ("À lancer", "Engagé", "Réalisé", "Suspendu", "Abandonné")
# How each part of an axis is typed: longest text, lines shown (1: a single line), hint.
AXIS_INPUTS = {
    "title": (LONGEST_LINE, 1, ""),
    "objective": (1000, 2, "Ce qui aura changé, et de combien."),
    "actions": (3000, 3, "Une par ligne."),
    "pilot": (LONGEST_LINE, 1, "Un seul service."),
    "partners": (500, 2, "Un par ligne."),
    "deadline": (LONGEST_LINE, 1, "Par exemple : 30 juin 2027."),
    "indicator": (LONGEST_LINE, 1, "Le chiffre suivi, et sa source."),
}


class EditionFilterForm(Form):
    """The state in which notes are listed; its choices are handed by the view."""

    marks_optional = False

    etat = forms.ChoiceField(label="État", required=False)

    def __init__(self, *args, states, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["etat"].choices = [("", "Toutes"), *states]


class NewEditionForm(Form):
    """Which summary gives the figures. `summaries`: choices by kind of period."""

    summary = forms.ChoiceField(
        label="Synthèse dont la note reprend les chiffres",
        help_text="Au trimestre : carte, communes, produits et origines. Au mois : le total et "
        "l’évolution sur douze mois.",
        error_messages={
            "required": "Choisissez une synthèse.",
            "invalid_choice": "Choisissez une synthèse de la liste.",
        },
    )
    title = ShortText(
        label="Titre de la note",
        limit=160,
        required=False,
        help_text="Laissé vide : « Note de stratégie locale », suivi de la période.",
    )

    def __init__(self, *args, summaries, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["summary"].choices = [("", "Choisir une synthèse"), *summaries]


class WordsForm(Form):
    """The words of a note and nothing else: no figure has a field here.

    `version` and `seen` tell what the member had on the screen, see `reading.edition_words`.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    title = ShortText(label="Titre de la note", limit=160)

    marks_optional = False

    def axes(self):
        """The groups of fields of each axis, and whether something is in them."""
        for rank in range(1, MOST_AXES + 1):
            fields = [self[axis_field(rank, name)] for name in AXIS_FIELDS]
            filled = any(field.value() or field.errors for field in fields)
            yield {"rank": rank, "fields": fields, "filled": filled, "title": fields[0].value()}

    def clean(self):
        data = super().clean()
        for rank in range(1, MOST_AXES + 1):
            self._check_axis(data, rank)
        return data

    def _check_axis(self, data, rank):
        """An axis is printed with a title and an objective, or not at all."""
        if not any(data.get(axis_field(rank, name)) for name in AXIS_FIELDS):
            return
        for name, what in (("title", "un titre"), ("objective", "un objectif")):
            field = axis_field(rank, name)
            if not data.get(field) and field not in self.errors:
                self.add_error(field, f"Donnez {what} à l’axe {rank}, ou videz ses autres champs.")

    def clean_signatories(self):
        text = self.cleaned_data[SIGNATORIES.code]
        signatories = signatories_of(text)
        if len(signatories) > MOST_SIGNATORIES:
            raise ValidationError(
                f"La note porte au plus {MOST_SIGNATORIES} signataires ; il y en a "
                f"{len(signatories)}."
            )
        for signatory in signatories:
            if max(len(signatory.capacity), len(signatory.name)) > LONGEST_LINE:
                raise ValidationError(
                    f"Raccourcissez la ligne « {signatory.capacity[:40]}… » : {LONGEST_LINE} "
                    "caractères au plus."
                )
        return text

    def typed(self):
        """Every field with its text: what was understood, and what was sent where it was not."""
        return {
            name: self.cleaned_data.get(name, self.data.get(name, ""))
            for name in self.fields
            if name not in {"version", "seen"}
        }

    def words(self):
        return words_of(self.cleaned_data)

    def own_title(self):
        return self.cleaned_data[TITLE]


def _section_input(part):
    return LongText(
        label=part.title,
        help_text=part.hint,
        required=False,
        limit=LONGEST_SECTION,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


def _axis_input(name, label):
    if name == "state":
        choices = [("", "Non précisé"), *((state, state) for state in AXIS_STATES)]
        return forms.ChoiceField(label=label, choices=choices, required=False)
    limit, lines, hint = AXIS_INPUTS[name]
    options = {"label": label, "help_text": hint, "required": False, "limit": limit}
    if lines == 1:
        return ShortText(**options)
    return LongText(**options, widget=forms.Textarea(attrs={"rows": lines}))


# A text a section and eight fields an axis, as their tables say.
WordsForm.base_fields |= {part.code: _section_input(part) for part in WRITTEN}
WordsForm.base_fields |= {
    axis_field(rank, name): _axis_input(name, label)
    for rank in range(1, MOST_AXES + 1)
    for name, label in AXIS_FIELDS.items()
}


class SendBackForm(Form):
    """Why a validated note is written again."""

    why = ShortText(
        label="Motif",
        limit=200,
        help_text="Ce qui doit changer. Qui rédige le lit sur la page de la note ; il est inscrit "
        "au journal.",
    )


class CorrectForm(Form):
    """Why a published note is replaced by another one of the same period."""

    why = ShortText(
        label="Motif de la rectification",
        limit=300,
        help_text="Imprimé en tête de la note rectificative. Par exemple : un total de saisies "
        "était celui de l’année.",
    )

"""What is asked of whoever answers a person: who she is, then what may be told of each report."""

from django import forms
from django.core.exceptions import ValidationError

from cross.ui.forms import ActionForm, Day
from intel.actions.persons import WORK, Answer, Decision, Request, Way
from intel.actions.targets import MOST, Wanted
from intel.forms.fields import LongText, ShortText
from intel.models.choices import IdentifierKind
from intel.reading.targets import read_targets
from intel.references import NAMES_A_REPORT

LONGEST_EXTRACT = 2_000
LONGEST_LINE = 120  # beyond it, a line in which nothing is recognised would not be looked for


class PersonForm(ActionForm):
    """Who asks, by which right, and what is looked for."""

    number = ShortText(
        label="Référence de la demande",
        limit=60,
        help_text="Celle de votre registre, inscrite au journal\u00a0: jamais le nom d’une "
        "personne.",
    )
    received_on = Day(label="Reçue le")
    way = forms.ChoiceField(label="Droit exercé", choices=Way.choices, widget=forms.RadioSelect)
    person = ShortText(
        label="Nom et prénom du demandeur",
        limit=120,
        help_text="Cherchés dans les fiches, et portés sur la réponse. Ni la recherche ni le nom "
        "ne sont gardés.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    born_on = Day(label="Date de naissance", required=False)
    others = LongText(
        label="Autres identifiants",
        limit=2_000,
        required=False,
        help_text="Numéro, plaque, adresse électronique, compte… un par ligne, si la demande en "
        "donne. Ce qui n’est pas reconnu est cherché comme un surnom.",
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )
    verified = forms.BooleanField(
        label="L’identité du demandeur a été vérifiée, ou la demande vient de la CNIL",
        error_messages={"required": "Vérifiez d’abord qui demande."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["way"].choice_hints = {way.value: way.hint for way in Way}

    def clean_others(self):
        text = self.cleaned_data["others"]
        if any(len(line.strip()) > LONGEST_LINE for line in text.splitlines()):
            raise ValidationError(
                f"Une ligne dépasse {LONGEST_LINE} caractères : un identifiant par ligne."
            )
        found = read_targets(text, most=MOST)
        if len(found) >= MOST:  # one more than what is left beside the name
            raise ValidationError(f"Donnez {MOST - 1} identifiants au plus.")
        return [self._wanted(kind or IdentifierKind.ALIAS, raw) for kind, raw in found]

    def clean(self):
        said = super().clean()
        if not self.errors:
            born = said["born_on"]
            name = f"{said['person']} {born:%d/%m/%Y}" if born else said["person"]
            wanted = [self._wanted(IdentifierKind.NAME, name), *said["others"]]
            self.asked = Request(
                number=said["number"],
                received_on=said["received_on"],
                way=Way(said["way"]),
                person=said["person"],
                wanted=tuple(wanted),
            )
        return said

    @staticmethod
    def _wanted(kind, raw):
        try:
            return Wanted.read(kind, raw)
        except ValueError as fault:
            raise ValidationError(str(fault)) from fault


class AnswerForm(ActionForm):
    """What may be told of each report that was found by what a `PersonForm` read."""

    marks_optional = False

    def __init__(self, data=None, *args, found, way, **kwargs):
        self.found = found
        # The button that was pressed: a sheet to work from is printed before anything is decided.
        self.is_decided = (data or {}).get("document") != WORK
        choices = [("", "À décider"), *Decision.choices]
        self.base_fields = {}
        for each in found:
            self.base_fields[f"decision_{each.reference}"] = forms.ChoiceField(
                label=f"Décision pour {each.reference}",
                choices=choices,
                required=self.is_decided,
                error_messages={"required": "Choisissez ce qui en est communiqué."},
            )
            self.base_fields[f"extract_{each.reference}"] = LongText(
                label=f"Ce qui est communiqué de {each.reference}",
                limit=LONGEST_EXTRACT,
                required=False,
                help_text="Tel que l’unité propriétaire l’a donné, sans rien d’un tiers.",
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        self.base_fields["document"] = forms.ChoiceField(label="Document", choices=way.documents)
        super().__init__(data, *args, **kwargs)

    def lines(self):
        """(what was found, its two fields), for the template."""
        return [
            (each, self[f"decision_{each.reference}"], self[f"extract_{each.reference}"])
            for each in self.found
        ]

    def clean(self):
        said = super().clean()
        self.answers = [answer for each in self.found if (answer := self._answer(each, said))]
        return said

    def _answer(self, each, said):
        decision = said.get(f"decision_{each.reference}", "")
        extract = said.get(f"extract_{each.reference}", "")
        if not self.is_decided:
            return Answer(each, Decision(decision) if decision else None, extract)
        if not decision:
            return None
        if decision != Decision.TOLD:
            return Answer(each, Decision(decision))
        if each.is_of_a_human_source:
            self.add_error(
                f"decision_{each.reference}",
                f"{each.reference} vient d’une source humaine\u00a0: rien n’en est communiqué.",
            )
        elif not extract.strip():
            self.add_error(
                f"extract_{each.reference}",
                f"Écrivez ce que l’unité propriétaire communique de {each.reference}.",
            )
        elif NAMES_A_REPORT.search(extract):
            self.add_error(
                f"extract_{each.reference}", "Ôtez la référence\u00a0: elle ne sort pas d’ici."
            )
        return Answer(each, Decision.TOLD, extract)

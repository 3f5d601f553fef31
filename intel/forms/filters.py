"""The filters of the list of reports."""

from dataclasses import replace

from django import forms

from cross.ui.forms import Day, Form
from intel.forms.fields import ShortText
from intel.models.choices import (
    Handling,
    IdentifierKind,
    InformationGrade,
    Mode,
    Origin,
    Product,
    SourceGrade,
)

NOT_A_CHOICE = "« %(value)s » n’est pas un choix de ce filtre : retirez-le."
MINE = (("moi", "Mes fiches"), ("unite", "Celles de mon unité"))
VALIDITIES = (("a_reverifier", "À revérifier"),)
RETURNS = (("en_retard", "Retour en retard"),)
FILES = (("avec", "Avec une pièce jointe"),)
REACHES = (
    ("200", "200 m"),
    ("500", "500 m"),
    ("1000", "1 km"),
    ("2000", "2 km"),
    ("", "5 km"),
    ("10000", "10 km"),
    ("20000", "20 km"),
    ("50000", "50 km"),
)
USUAL_REACH = 5_000
AUDIENCES = (("ouverte", "Ouverte à toutes les unités"), ("restreinte", "Restreinte"))


class Several(forms.MultipleChoiceField):
    """Values of one filter, of which any will do."""

    def __init__(self, label, choices=(), **kwargs):
        super().__init__(
            label=label,
            choices=choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": NOT_A_CHOICE},
            **kwargs,
        )


LOOKS = ("vu_par", "non_vu_par")


class OneUnit(forms.ChoiceField):
    """Through whose eyes the list is looked at."""

    def __init__(self, label):
        super().__init__(
            label=label, required=False, error_messages={"invalid_choice": NOT_A_CHOICE}
        )


class FilterForm(Form):
    """The filters of the list, named as they are read in the address.

    Receives its choices: `stages`, `units` and `lookable` (the units through whose eyes one may
    look: none for most) as pairs, `departments` as pairs (none when there is only one),
    `gives_returns` (does the member owe contributors their return?),
    `find_communes`, which gives the communes that a text means, `find_ground`, which gives where
    one looks from, `find_figure` and `find_indicator`, the figure of a summary or the indicator
    that is named; all three may refuse.
    """

    marks_optional = False

    q = ShortText(
        label="Recherche",
        required=False,
        limit=200,
        help_text="Mots, référence, plaque, téléphone…",
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    commune = ShortText(label="Commune", required=False, limit=80)
    autour = ShortText(
        label="Autour de",
        required=False,
        limit=140,
        help_text="Commune, lieu, ou latitude ; longitude.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    rayon = forms.ChoiceField(
        label="Rayon",
        choices=REACHES,
        required=False,
        error_messages={"invalid_choice": NOT_A_CHOICE},
    )
    etat = Several("État")
    produit = Several("Produit", Product.choices)
    origine = Several("Origine", Origin.choices)
    unite = Several("Unité contributrice")
    mode = Several("Mode opératoire", Mode.choices)
    source = Several("Cotation de la source", SourceGrade.choices)
    information = Several("Cotation de l’information", InformationGrade.choices)
    exploitation = Several("Code d’exploitation", Handling.choices)
    identifiant = Several("Identifiant cité", IdentifierKind.choices)
    pieces = Several("Pièces jointes", FILES)
    diffusion = Several("Diffusion", AUDIENCES)
    validite = Several("Validité", VALIDITIES)
    retour = Several("Retour au contributeur", RETURNS)
    departement = Several("Département")
    qui = Several("Contribution", MINE)
    recu_du = Day(label="Reçu du", required=False)
    recu_au = Day(label="Reçu au", required=False)
    faits_du = Day(label="Faits du", required=False)
    faits_au = Day(label="Faits au", required=False)
    vu_par = OneUnit("Vu par")
    non_vu_par = OneUnit("Non vu par")
    # What one figure of a summary counts: its key, the row, and facts rather than reports.
    synthese = forms.IntegerField(label="Derrière le chiffre", required=False, min_value=1)
    territoire = ShortText(label="Territoire", required=False, limit=80)
    faits = ShortText(label="Faits", required=False, limit=1)
    # What one indicator of the cell counts.
    indicateur = ShortText(label="Indicateur", required=False, limit=120)

    def __init__(
        self, data, *,
        stages, units, departments, lookable, gives_returns, find_communes, find_ground,
        find_figure, find_indicator,
    ):  # fmt: skip
        super().__init__(data)
        if not gives_returns:
            self.fields["retour"].choices = ()
        self.fields["etat"].choices = stages
        self.fields["unite"].choices = units
        self.fields["departement"].choices = departments
        for name in LOOKS:
            self.fields[name].choices = [("", "–"), *lookable]
            if not lookable:
                del self.fields[name]
        self.find_communes, self.find_ground = find_communes, find_ground
        self.find_figure, self.find_indicator = find_figure, find_indicator

    def clean_autour(self):
        """The ground that is meant; none asked, none given."""
        text = self.cleaned_data["autour"]
        return self.find_ground(text) if text else None

    def clean_indicateur(self):
        """The words and the condition of the figure; none asked, none given."""
        text = self.cleaned_data["indicateur"]
        return self.find_indicator(text) if text else None

    def clean_commune(self):
        """The communes meant; none asked, none given."""
        text = self.cleaned_data["commune"]
        communes = self.find_communes(text) if text else []
        if text and not communes:
            raise forms.ValidationError(
                f"Aucune commune ne correspond à « {text} » : choisissez-la dans la liste."
            )
        return communes

    def clean(self):
        data = super().clean()
        for start, end in (("recu_du", "recu_au"), ("faits_du", "faits_au")):
            if data.get(start) and data.get(end) and data[start] > data[end]:
                self.add_error(end, "La fin de la période doit suivre son début.")
        # How far is no filter of its own: it goes with where from.
        reach = int(data.pop("rayon", "") or USUAL_REACH)
        if data.get("autour"):
            data["autour"] = replace(data["autour"], reach=reach)
        self._find_figure(data)
        return data

    def _find_figure(self, data):
        """Which row, and whether its facts, are no filters of their own either."""
        territory, facts = data.pop("territoire", ""), data.pop("faits", "")
        if data.get("synthese"):
            try:
                data["synthese"] = self.find_figure(data["synthese"], territory, facts=bool(facts))
            except forms.ValidationError as refusal:
                self.add_error("synthese", refusal)

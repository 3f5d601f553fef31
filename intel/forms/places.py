"""What is said of a place: what all its readers know, what a report says of it, what was done."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from cross.ui.forms import ActionForm, Day, Form
from cross.ui.templatetags.words import of
from intel.actions.places import Described, Said
from intel.forms.fields import ShortText
from intel.forms.filters import NOT_A_CHOICE, Several
from intel.forms.where import OnTheGround
from intel.models import Place, PlaceOperation
from intel.models.choices import Product
from intel.place_states import PlaceState
from services.territory.points import metres_outside

DORMANT = (("30", "30 jours"), ("90", "3 mois"), ("180", "6 mois"), ("365", "un an"))
EVERYBODY = (
    "Lu par tous ceux qui lisent une fiche citant ce lieu : ni nom de personne, ni rien qui "
    "désigne une source."
)


class PlaceFilterForm(Form):
    """The filters of the list, named as they are read in the address."""

    marks_optional = False

    q = ShortText(
        label="Nom ou adresse",
        required=False,
        limit=120,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    commune = ShortText(label="Commune", required=False, limit=80)
    type = Several("Type", Place.Kind.choices)
    etat = Several("État", PlaceState.choices)
    produit = Several("Produit", Product.choices)
    sans = forms.ChoiceField(
        label="Sans observation depuis",
        choices=[("", "–"), *DORMANT],
        required=False,
        error_messages={"invalid_choice": NOT_A_CHOICE},
    )

    # What one indicator of the cell counts.
    indicateur = ShortText(label="Indicateur", required=False, limit=120)

    def __init__(self, data, *, find_communes, find_indicator):
        super().__init__(data)
        self.find_communes, self.find_indicator = find_communes, find_indicator

    def clean_indicateur(self):
        text = self.cleaned_data["indicateur"]
        return self.find_indicator(text) if text else None

    def clean_commune(self):
        text = self.cleaned_data["commune"]
        communes = self.find_communes(text) if text else []
        if text and not communes:
            raise ValidationError(
                f"Aucune commune ne correspond à « {text} » : écrivez son nom ou son code."
            )
        return communes


# Outlines are drawn to a few hundred metres, and a car park lies across a border.
FAR_METRES = 2_000


class PlaceForm(OnTheGround):
    """Gives a `Described`."""

    WITHOUT_POINT = "le lieu n’est pas dessiné sur la carte"
    field_order = (
        "name", "kind", "on_public_way", "is_daily", "commune", "commune_code", "address", "point",
    )  # fmt: skip

    name = ShortText(
        label="Nom du lieu",
        limit=120,
        help_text=EVERYBODY,
        error_messages={"required": "Donnez un nom à ce lieu."},
    )
    kind = forms.ChoiceField(
        label="Type",
        choices=Place.Kind,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez le type de lieu."},
    )
    on_public_way = forms.BooleanField(label="Sur la voie publique", required=False)
    is_daily = forms.BooleanField(label="Présence quotidienne de vendeurs", required=False)
    address = ShortText(label="Adresse", limit=200, required=False, help_text=EVERYBODY)
    # Drawn once a point is far from its commune.
    is_there = forms.BooleanField(label="Le point est bien là, hors de la commune", required=False)
    is_far = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The two facts are asked of a point de deal: no « facultatif » beside them.
        for name in ("on_public_way", "is_daily", "is_there"):
            self.fields[name].says_when = True
        self.fields["kind"].choice_hints = {
            Place.Kind.DEALING_PLACE: "Hall, parking, bar, logement…",
            Place.Kind.DEALING_POINT: "Voie publique et présence quotidienne : les deux.",
        }

    def clean(self):
        """A point far from its commune is a slip of one of the two, unless somebody says not:
        figures take the commune, maps and cells the point."""
        said = super().clean()
        is_there = said.pop("is_there", False)
        if said.get("point") and said.get("commune"):
            away = metres_outside(said["commune"].outline, *said["point"])
            self.is_far = away > FAR_METRES
            if self.is_far and not is_there:
                self.add_error(
                    "point",
                    f"Ce point est à {round(away / 1000)} km {of(said['commune'].name)} : "
                    "corrigez l’un ou l’autre, ou confirmez ci-dessous.",
                )
        return said

    def described(self):
        said = {**self.cleaned_data}
        said.pop("commune_code", None)
        return Described(**said)


class SaidForm(ActionForm):
    """What one report says of a place.

    `places` are those it may be about (none when it is known), `destinations` those it may have
    moved to, `reports` those that may say it (none when it is known).
    """

    place = forms.ChoiceField(
        label="Lieu",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez un lieu, ou créez-le.",
            "invalid_choice": "Choisissez un des lieux proposés.",
        },
    )
    report = forms.ChoiceField(
        label="Fiche qui le dit",
        help_text="Ce que vous écrivez ici est lu par ceux qui lisent cette fiche, eux seuls.",
        error_messages={"required": "Choisissez la fiche qui le dit."},
    )
    seen_on = Day(label="Constaté le", error_messages={"required": "Indiquez le jour."})
    state = forms.ChoiceField(
        label="État du lieu",
        choices=[("", "Ne rien en dire"), *PlaceState.choices],
        required=False,
    )
    moved_to = forms.ChoiceField(
        label="Déplacé vers",
        required=False,
        help_text="La fiche citera aussi ce lieu.",
    )
    hours = ShortText(
        label="Horaires", limit=200, required=False, help_text="Par exemple : de 14 h à 2 h."
    )
    products = forms.MultipleChoiceField(
        label="Produits", choices=Product, required=False, widget=forms.CheckboxSelectMultiple
    )
    lookouts = ShortText(
        label="Guetteurs", limit=200, required=False, help_text="Nombre, postes, moyens d’alerte."
    )
    stash = ShortText(
        label="Nourrice", limit=200, required=False, help_text="Où le produit est gardé."
    )

    def __init__(self, *args, places=None, destinations=(), reports=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = {str(each.key): each for each in (*(places or ()), *destinations)}
        self.reports = {each.reference: each for each in reports or ()}
        self._offer("place", places)
        self._offer("report", reports)
        self.fields["moved_to"].choices = [("", "–"), *(_named(each) for each in destinations)]
        self._bound_fields_cache.clear()

    def _offer(self, name, rows):
        if rows is None:
            del self.fields[name]
        elif name == "place":
            self.fields[name].choices = [_named(each) for each in rows]
        else:
            self.fields[name].choices = [
                (each.reference, f"{each.reference} · {each.title}") for each in rows
            ]

    def said(self):
        """(the place, the report, what is said); None for what was known beforehand."""
        told = {**self.cleaned_data, "products": tuple(self.cleaned_data["products"])}
        place = self.rows.get(told.pop("place", None))
        report = self.reports.get(told.pop("report", None))
        told["moved_to"] = self.rows.get(told["moved_to"])
        return place, report, Said(**told)


def _named(place):
    return str(place.key), f"{place.name} ({place.commune.name})"


class OperationForm(ActionForm):
    """What our unit did at a place."""

    kind = forms.ChoiceField(
        label="Type d’opération",
        choices=[("", "Choisissez"), *PlaceOperation.Kind.choices],
        error_messages={"required": "Choisissez le type d’opération."},
    )
    day = Day(label="Date", error_messages={"required": "Indiquez la date."})
    result = ShortText(
        label="Résultat",
        limit=300,
        help_text=f"Par exemple : deux interpellations, 40 g de résine. {EVERYBODY}",
        error_messages={"required": "Dites ce qui en est sorti, ou « sans résultat »."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = timezone.localdate()

"""What is typed about a seat; the actions say what is refused."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from cross.ui.forms import ActionForm, Day
from protocols import subjects
from protocols.actions.seats import UNTIL_A_DAY, Seat, seat_of
from protocols.forms.protocol import WhyForm
from protocols.models import Participation

Standing = Participation.Standing
SUMMARIES, HANDS_IN = "syntheses", "transmet"
YES, NO = "oui", "non"


class CommuneNames(forms.CharField):
    """Names or Insee codes, separated by commas; cleaned to communes of `among`."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.among = None

    def clean(self, value):
        names = [" ".join(name.split()) for name in super().clean(value).split(",")]
        return tuple(dict.fromkeys(self._commune(name) for name in names if name))

    def _commune(self, name):
        found = self.among.called(name).first()
        if found is None:
            raise ValidationError(
                f"« {name[:60]} » n’est pas une commune du département : écrivez son nom entier "
                "ou son code Insee."
            )
        return found


class SeatForm(ActionForm):
    """In which quality a unit sits, what it reads and about what, from when to when."""

    quality = forms.ChoiceField(
        label="Qualité",
        choices=[
            (Standing.PERMANENT, "Représentant permanent"),
            (Standing.CASE_BY_CASE, "Référent au cas par cas"),
            (SUMMARIES, "Synthèses seules"),
            (HANDS_IN, "Transmet sans consulter"),
        ],
        widget=forms.RadioSelect,
    )
    quality.choice_hints = {
        Standing.PERMANENT: "Lit tout ce qui est ouvert dans le département.",
        Standing.CASE_BY_CASE: "Lit ce qui touche à son sujet, jusqu’à une date.",
        SUMMARIES: "N’ouvre aucun renseignement : une préfecture, par exemple.",
        HANDS_IN: "Apprend la suite de ses contributions, et ne lit rien d’autre : une mairie, un "
        "bailleur.",
    }
    contributes = forms.ChoiceField(
        label="Participation",
        choices=[(YES, "Contribue et lit"), (NO, "Lit seulement")],
        widget=forms.RadioSelect,
        initial=YES,
    )
    subject = forms.CharField(
        label="Sujet",
        required=False,
        max_length=200,
        help_text="Pour un référent : ce pour quoi il est appelé, en quelques mots.",
    )
    products = forms.MultipleChoiceField(
        label="Produits du sujet",
        required=False,
        choices=subjects.products,
        widget=forms.CheckboxSelectMultiple,
    )
    communes = CommuneNames(
        label="Communes du sujet",
        required=False,
        max_length=2_000,
        help_text="Séparées par des virgules. Un référent lit ce qui touche à l’un des produits "
        "ou à l’une des communes ; sans l’un ni l’autre, les seules fiches où il est nommé.",
    )
    starts_on = Day(coming=True, label="À partir du")
    ends_on = Day(
        coming=True,
        label="Jusqu’au",
        required=False,
        help_text="Ce jour est compris. Obligatoire pour un référent.",
    )
    subject.says_when = ends_on.says_when = True

    def __init__(self, *args, communes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["communes"].among = communes
        self.fields["products"].widget.inline = True
        self.fields["starts_on"].initial = timezone.localdate()

    def clean(self):
        data = super().clean()
        is_referent = data.get("quality") == Standing.CASE_BY_CASE
        if is_referent and not data.get("subject", "").strip():
            self.add_error("subject", "Dites en quelques mots pour quel sujet il est appelé.")
        if is_referent and not data.get("ends_on") and "ends_on" not in self.errors:
            self.add_error("ends_on", UNTIL_A_DAY)
        if not is_referent:
            # Out of sight then: what is left there is no fault, and no part of the seat.
            for name in ("products", "communes"):
                self.errors.pop(name, None)
                data[name] = ()
        return data

    def seat(self):
        """What a valid form says, in the words of the actions."""
        data = self.cleaned_data
        hands_in = data["quality"] == HANDS_IN
        reads = data["quality"] not in {SUMMARIES, HANDS_IN}
        return Seat(
            starts_on=data["starts_on"],
            standing=data["quality"] if reads else Standing.PERMANENT,
            reads_reports=reads,
            hands_in=hands_in,
            contributes=hands_in or (reads and data["contributes"] == YES),
            subject=data["subject"],
            products=tuple(data["products"]),
            communes=data["communes"],
            ends_on=data["ends_on"],
        )


class UnitField(forms.ModelChoiceField):
    """Says beside a unit that it sits already."""

    def label_from_instance(self, unit):
        return f"{unit} (siège en cours)" if unit.is_seated else str(unit)


class AdmitForm(SeatForm):
    receives = {"units": "unit"}
    field_order = ["unit"]

    unit = UnitField(label="Unité", queryset=None, empty_label="Choisir une unité")


class ChangeSeatForm(WhyForm, SeatForm):
    def __init__(self, *args, participation, **kwargs):
        super().__init__(*args, initial=_typed(seat_of(participation)), **kwargs)


def _quality(seat):
    if seat.hands_in:
        return HANDS_IN
    return seat.standing if seat.reads_reports else SUMMARIES


def _typed(seat):
    """A seat as the fields of the form show it."""
    return {
        "quality": _quality(seat),
        "contributes": YES if seat.contributes else NO,
        "subject": seat.subject,
        "products": list(seat.products),
        "communes": ", ".join(commune.name for commune in seat.communes),
        "starts_on": seat.starts_on,
        "ends_on": seat.ends_on,
    }


class EndSeatForm(WhyForm):
    last_day = Day(
        coming=True,
        label="Dernier jour",
        required=False,
        help_text="Ce jour est compris. Laissez vide pour fermer l’accès à l’instant.",
    )

    field_order = ["last_day", "why"]

"""What is looked for, what is planned, what was decided."""

from django import forms
from django.core.exceptions import ValidationError

from cross.ui.forms import ActionForm, Day
from intel.actions.operations import faults_of
from intel.actions.targets import MOST, Wanted
from intel.extraction.cleaning import spaced
from intel.forms import silence
from intel.forms.fields import LongText, ShortText
from intel.forms.where import OnTheGround
from intel.models import DeconflictionHit, OutsideCheck, PlannedEvent
from intel.models.choices import IdentifierKind


class TargetsForm(ActionForm):
    """One identifier, or several pasted as they come."""

    text = LongText(
        label="Identifiants",
        limit=5_000,
        help_text=(
            f"{MOST} au plus, un par ligne ou dans un texte collé : numéro, plaque, adresse "
            "électronique, compte, IMEI, nom avec date de naissance…"
        ),
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Écrivez au moins un identifiant."},
    )


class RowsForm(ActionForm):
    """Each identifier that was read, with its kind: to be corrected, left aside, then looked for.

    `rows` is a list of (kind, as written).
    """

    marks_optional = False
    LEFT = "rien"

    def __init__(self, *args, rows, **kwargs):
        choices = [("", "Type à choisir"), *IdentifierKind.choices, (self.LEFT, "Ne pas vérifier")]
        self.ranks = range(1, len(rows) + 1)
        # Before the parent, which gives each field its looks.
        self.base_fields = {}
        for rank, (kind, raw) in zip(self.ranks, rows, strict=True):
            self.base_fields[f"raw_{rank}"] = ShortText(
                label=f"Identifiant {rank}", limit=120, required=False, initial=raw
            )
            self.base_fields[f"kind_{rank}"] = forms.ChoiceField(
                label=f"Type {rank}", choices=choices, required=False, initial=kind
            )
        super().__init__(*args, **kwargs)

    @classmethod
    def sent(cls, data):
        """The form as it was sent: as many rows as there are, `MOST` at most."""
        ranks = range(1, MOST + 1)
        rows = [("", "") for rank in ranks if f"raw_{rank}" in data]
        return cls(data, rows=rows)

    def lines(self):
        """Pairs of bound fields, for the template."""
        return [(self[f"raw_{rank}"], self[f"kind_{rank}"]) for rank in self.ranks]

    def clean(self):
        said = super().clean()
        self.wanted = [
            wanted for rank in self.ranks if (wanted := self._wanted(rank, said)) is not None
        ]
        if not self.wanted and not self.errors:
            raise ValidationError("Gardez au moins un identifiant à vérifier.")
        return said

    def _wanted(self, rank, said):
        raw, kind = said.get(f"raw_{rank}", ""), said.get(f"kind_{rank}", "")
        if kind == self.LEFT or not raw:
            return None
        if not kind:
            self.add_error(f"kind_{rank}", f"Dites ce qu’est « {raw} », ou ne le vérifiez pas.")
            return None
        try:
            return Wanted.read(kind, raw)
        except ValueError as fault:
            self.add_error(f"raw_{rank}", str(fault))
            return None


class Moment(forms.DateTimeField):
    """A day and an hour, picked in the browser or typed as 03/09/2026 21:30."""

    def __init__(self, **kwargs):
        kwargs.setdefault(
            "widget",
            forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        )
        kwargs.setdefault("input_formats", ["%d/%m/%Y %H:%M", "%d/%m/%Y à %H:%M"])
        super().__init__(**kwargs)
        self.error_messages["invalid"] = "Écrivez le jour et l’heure comme 03/09/2026 21:30."


CUT = (
    "{} en a d’autres\u00a0: seuls les {} premiers par leur nom sont proposés. Pour un autre, "
    "écrivez les coordonnées que sa page affiche."
)


class EventForm(OnTheGround):
    WITHOUT_POINT = "toute la commune compte"
    field_order = ("kind", "commune", "commune_code", "place", "known_place", "point")

    kind = forms.ChoiceField(
        label="Type d’opération",
        choices=[("", "Choisissez"), *PlannedEvent.Kind.choices],
        error_messages={"required": "Choisissez le type d’opération."},
    )
    place = ShortText(
        label="Adresse ou lieu",
        limit=200,
        required=False,
        help_text="Pour mémoire, et pour votre unité seule\u00a0: la vérification n’en tient pas "
        "compte.",
    )
    known_place = forms.ChoiceField(
        label="Lieu connu",
        required=False,
        help_text="L’un de ceux que vous lisez dans cette commune\u00a0: son point est pris, sans "
        "coordonnées à écrire.",
        error_messages={"invalid_choice": "Choisissez un des lieux proposés."},
    )
    radius = forms.IntegerField(
        label="Rayon, en mètres",
        required=False,
        min_value=PlannedEvent.SMALLEST_METRES,
        max_value=PlannedEvent.LARGEST_METRES,
        help_text=(
            f"Sans précision : {PlannedEvent.TOWN_METRES}\u00a0m en zone police, "
            f"{spaced(PlannedEvent.COUNTRY_METRES)}\u00a0m en zone gendarmerie."
        ),
        error_messages={"invalid": "Écrivez un nombre entier de mètres."},
    )
    starts_at = Moment(label="Début", error_messages={"required": "Indiquez le début."})
    ends_at = Moment(label="Fin", error_messages={"required": "Indiquez la fin."})
    contact = ShortText(
        label="Contact pendant l’opération",
        limit=120,
        help_text="Nom et téléphone : l’autre unité n’apprend rien de plus.",
        error_messages={"required": "Indiquez qui appeler en cas de conflit."},
    )
    is_silent = forms.BooleanField(
        label="Mode silencieux : en cas de conflit, n’avertir que mon unité", required=False
    )
    silence_reason = silence.reason()
    silence_review_on = silence.review_on()

    def __init__(self, *args, places, **kwargs):
        """`places`, a `reading.operations.KnownPlaces`: those whose point may be taken."""
        super().__init__(*args, **kwargs)
        self.known = places
        self.places = {str(place.key): place for place in places.rows}
        if places.is_cut:
            self.fields["known_place"].help_text = CUT.format(
                places.commune.name, len(places.rows)
            )
        self.fields["known_place"].choices = [
            ("", "Aucun"),
            *((key, self._named(place)) for key, place in self.places.items()),
        ]

    def _named(self, place):
        there = self.known.commune and place.commune_id == self.known.commune.pk
        return place.name if there else f"{place.name} ({place.commune.name})"

    def clean(self):
        said = super().clean()
        said.pop("commune_code", None)
        if place := self.places.get(said.pop("known_place", "")):
            self._take(place, said)
        for name, fault in faults_of(said).items():
            self.add_error(name, fault)
        return said

    def _take(self, place, said):
        """The point of a known place, unless another one was typed."""
        commune = said.get("commune")
        if self._is_typed("point"):
            fault = "Gardez le lieu connu ou les coordonnées, pas les deux."
        elif commune and commune.pk != place.commune_id:
            fault = f"Ce lieu est à {place.commune.name}, non à {commune.name}."
        else:
            said["point"] = place.x, place.y
            return
        self.add_error("known_place", fault)

    def _is_typed(self, name):
        """Is it other than nothing, and than what the form began with?"""
        begun, typed = (
            self.fields[name].to_python(text or "")
            for text in (self.initial.get(name), self[name].data)
        )
        return typed not in {"", begun}


class OutcomeForm(ActionForm):
    outcome = forms.ChoiceField(
        label="Ce qui a été décidé",
        choices=DeconflictionHit.Outcome,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce que les unités ont décidé."},
    )


class OutsideForm(ActionForm):
    """That the national file was asked: nothing of what it holds."""

    fnos_on = Day(
        label="Vérifié le", error_messages={"required": "Indiquez le jour de la consultation."}
    )
    fnos_by = ShortText(
        label="Agent qui a consulté le fichier",
        limit=100,
        error_messages={"required": "Indiquez qui a consulté le fichier."},
    )
    fnos_result = forms.ChoiceField(
        label="Résultat",
        choices=OutsideCheck.Result,
        widget=forms.RadioSelect,
        error_messages={"required": "Indiquez le résultat."},
    )

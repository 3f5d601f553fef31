"""What is cited under an action, and what came of it: typed, and resolved among what one reads."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from cross.ui.forms import ActionForm, Day, FirstChosen
from protocols import subjects
from protocols.outcomes import OutcomeKind

MOST_CITED = 20


class _Named(forms.CharField):
    """Names separated by commas, each one row of `among`: hidden and absent are one answer."""

    by = "name__iexact"
    unknown = "« %s » ne correspond à rien que vous lisiez."

    def __init__(self, **kwargs):
        super().__init__(max_length=1_000, **kwargs)
        self.among = None

    def clean(self, value):
        names = [" ".join(name.split()) for name in re.split(r"[,;\n]", super().clean(value))]
        names = list(dict.fromkeys(filter(None, names)))
        if len(names) > MOST_CITED:
            raise ValidationError(f"Citez-en {MOST_CITED} au plus à la fois.")
        return [self._found(name) for name in names]

    def _found(self, name):
        if "\0" in name:
            raise ValidationError(self.unknown % "…")
        rows = list(self.among.filter(**{self.by: name})[:2])
        if not rows:
            raise ValidationError(self.unknown % name[:60])
        if len(rows) > 1:
            raise ValidationError(
                f"« {name[:60]} » désigne plusieurs lieux : citez-le depuis une de ses fiches."
            )
        return rows[0]


class ReportReferences(_Named):
    by = "reference__iexact"
    unknown = "« %s » n’est pas la référence d’une fiche que vous lisez et suivez."


class PlaceNames(_Named):
    unknown = "« %s » n’est pas le nom d’un lieu que vous lisez."


class CiteForm(ActionForm):
    """References to reports and to places, for the eyes of their own readers."""

    reports = ReportReferences(
        label="Fiches",
        required=False,
        help_text="Leurs références, séparées par des virgules : CROSS-88-2026-0001.",
    )
    places = PlaceNames(
        label="Lieux", required=False, help_text="Leurs noms exacts, séparés par des virgules."
    )

    def __init__(self, *args, reports, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reports"].among, self.fields["places"].among = reports, places

    def clean(self):
        data = super().clean()
        if not self.errors and not (data.get("reports") or data.get("places")):
            self.add_error("reports", "Citez au moins une fiche ou un lieu.")
        return data


class OutcomeForm(ActionForm):
    """What came of it: a kind, a day, a figure. `reports` and `places` are None where they are
    not asked: for who opens none, and from the sheet of a report."""

    kind = forms.ChoiceField(
        label="Résultat",
        choices=OutcomeKind,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un résultat."},
    )
    day = Day(label="Jour")
    figure = forms.IntegerField(
        label="Chiffre",
        required=False,
        min_value=0,
        localize=True,
        help_text="Selon le résultat : personnes interpellées, grammes saisis, ou euros d’avoirs "
        "saisis.",
    )
    product = forms.ChoiceField(label="Produit saisi", required=False)
    commune = forms.CharField(
        label="Commune où le trafic s’est déplacé",
        required=False,
        max_length=80,
        help_text="Pour un trafic déplacé.",
    )
    reports = ReportReferences(
        label="Fiches qui l’ont permis",
        required=False,
        help_text="Leurs références, séparées par des virgules. Le résultat s’affichera sur ces "
        "fiches ; seuls ceux qui lisent une fiche en voient la référence ici.",
    )
    places = PlaceNames(
        label="Lieux concernés",
        required=False,
        help_text="Leurs noms exacts, séparés par des virgules.",
    )
    destination = PlaceNames(
        label="Lieu où le trafic s’est déplacé",
        required=False,
        help_text="Son nom exact, si vous le connaissez et que le trafic s’est déplacé.",
    )

    def __init__(self, *args, reports, places, communes, **kwargs):
        super().__init__(*args, **kwargs)
        self.communes = communes
        for name in ("figure", "product", "commune"):
            self.fields[name].says_when = True
        self.fields["day"].initial = timezone.localdate()
        self.fields["product"].choices = [("", "Sans objet"), *subjects.products()]
        among = {"reports": reports, "places": places, "destination": places}
        for name, rows in among.items():
            if rows is None:
                del self.fields[name]
            else:
                self.fields[name].among = rows

    def clean_commune(self):
        name = self.cleaned_data["commune"].strip()
        if not name:
            return None
        found = self.communes.called(name).first()
        if found is None:
            raise ValidationError(
                f"« {name[:60]} » n’est pas une commune du département : écrivez son nom entier "
                "ou son code Insee."
            )
        return found

    def clean_destination(self):
        found = self.cleaned_data["destination"]
        if len(found) > 1:
            raise ValidationError("Un seul lieu d’arrivée.")
        return found[0] if found else None


class TakeUpForm(ActionForm):
    """Under which axis a proposed line goes, and to whom."""

    receives = {"axes": "axis", "units": "unit"}

    axis = forms.ModelChoiceField(label="Axe", queryset=None, empty_label=None, widget=FirstChosen)
    unit = forms.ModelChoiceField(
        label="Unité chargée", queryset=None, empty_label=None, widget=FirstChosen
    )

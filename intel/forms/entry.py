"""The entry of a report: four compulsory inputs, everything else optional.

Checks what was typed and nothing else: communes, units, neighbourhoods and files are handed to it.
No input carries `maxlength`: a browser would cut a pasted text without a word.
"""

import re
from datetime import datetime, time

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from cross.ui.templatetags.words import at, day, file_size
from intel.actions.entry import Typed
from intel.actions.reports import NO_SECOND_ORIGIN
from intel.actions.sharing import Narrowing, faults_of_restriction
from intel.forms.days import DayField
from intel.forms.fields import LongText, ShortText
from intel.forms.human_source import TwoTexts
from intel.forms.named_units import REVIEW_HINT, NamedUnits
from intel.forms.spotted import Spotted
from intel.forms.where import InCommune
from intel.models import Restriction
from intel.models.choices import (
    Handling,
    InformationGrade,
    Mode,
    Origin,
    Product,
    SourceGrade,
)

PROTOCOL, NAMED = "protocole", "nommees"
FOLDS = {
    "details": (
        "subject", "place", "neighbourhood", "days_and_hours", "received_on", "products", "modes",
        "vehicles", "persons",
    ),
    "handling": ("source_grade", "information_grade", "handling", "handling_note"),
    "files": ("files", "kept_files"),
    "comment": ("comment",),
}  # fmt: skip
AUDIENCE_FIELDS = ("audience", "units", "reason", "restriction_text", "review_on")
GRADE_FIELDS = ("source_grade", "information_grade")


class FilesField(forms.FileField):
    """Several files at once. They are stored before the form is checked, see `views.entry`."""

    class Widget(forms.FileInput):
        allow_multiple_selected = True

    widget = Widget

    def clean(self, value, initial=None):
        return ()


def split_labels(field, choices):
    """« H0 : exploitable par… » becomes a short label with the rest written under it."""
    parts = {code: re.split(r"\s:\s", label, maxsplit=1) for code, label in choices}
    field.choices = [(code, part[0]) for code, part in parts.items()]
    field.choice_hints = {code: part[-1] for code, part in parts.items()}


class EntryForm(InCommune, NamedUnits, TwoTexts, Spotted):
    """Everything a contributor may say at once.

    `resolve(text, chosen)` answers a `reading.communes.Resolution`; `units` are those that may be
    named beside one's own, `lists` the distribution lists, opened; `files` the `DraftFile` rows
    already received; `audience` False when the form changes a report: who sees it is changed on
    its sheet; `review_on` the day proposed for looking at a restriction again.
    """

    marks_optional = False  # « quatre réponses suffisent » says it once for all

    facts = LongText(
        label="Que s’est-il passé ?",
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Ce qui a été vu ou rapporté. Ni avis, ni nom d’une source.",
        error_messages={"required": "Décrivez les faits : ce qui a été vu ou rapporté."},
    )
    commune = ShortText(
        label="Où ?",
        limit=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Commune : son nom, même abrégé, ou son code.",
        error_messages={"required": "Indiquez au moins la commune."},
    )
    occurred_on = DayField(label="Quand ?", required=False, help_text="17/09, hier… ou le début.")
    occurred_until = DayField(label="Jusqu’au", required=False, help_text="Pour une période.")
    undated = forms.BooleanField(label="Date non précisée", required=False)
    origin = forms.ChoiceField(
        label="D’où vient l’information ?",
        choices=Origin,
        widget=forms.RadioSelect,
        error_messages={"required": "Indiquez d’où vient l’information."},
    )
    source_code = ShortText(
        label="Code de la source",
        limit=40,
        required=False,
        help_text="Code opaque, lisible par votre seule unité. Jamais un nom.",
    )
    subject = ShortText(
        label="Objet",
        limit=160,
        required=False,
        help_text="À défaut, les premiers mots des faits.",
    )
    place = ShortText(
        label="Lieu", limit=200, required=False, help_text="Adresse, rue, repère, lieu-dit."
    )
    neighbourhood = forms.ChoiceField(label="Quartier", required=False)
    days_and_hours = ShortText(
        label="Jours et créneaux",
        limit=200,
        required=False,
        help_text="Par exemple : le vendredi, de 22 h à 1 h.",
    )
    received_on = DayField(
        label="Reçu le", required=False, help_text="Si ce n’est pas aujourd’hui."
    )
    products = forms.MultipleChoiceField(
        label="Produits", choices=Product, required=False, widget=forms.CheckboxSelectMultiple
    )
    modes = forms.MultipleChoiceField(
        label="Modes opératoires",
        choices=Mode,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    vehicles = ShortText(
        label="Véhicules", limit=300, required=False, help_text="Modèle, couleur, usage."
    )
    persons = ShortText(
        label="Individus",
        limit=500,
        required=False,
        help_text="Nombre, signalement, rôle. Ni opinion, ni origine, ni santé.",
    )

    source_grade = forms.ChoiceField(
        label="Fiabilité de la source",
        choices=SourceGrade,
        required=False,
        widget=forms.RadioSelect,
    )
    information_grade = forms.ChoiceField(
        label="Valeur de l’information",
        choices=InformationGrade,
        required=False,
        widget=forms.RadioSelect,
    )
    handling = forms.ChoiceField(
        label="Code d’exploitation", initial=Handling.H0, required=False, widget=forms.RadioSelect
    )
    handling_note = ShortText(label="Précision sur l’exploitation", limit=300, required=False)

    files = FilesField(label="Ajouter des fichiers", required=False)
    kept_files = forms.MultipleChoiceField(
        label="Fichiers reçus",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Décochez ceux qui ne doivent pas être joints.",
    )
    comment = LongText(
        label="Commentaire de l’analyste",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Votre appréciation, signée de vous, à part des faits.",
    )

    audience = forms.ChoiceField(
        label="Qui doit voir cette fiche ?",
        choices=[(PROTOCOL, "Toutes les unités du protocole"), (NAMED, "Unités nommées")],
        initial=PROTOCOL,
        required=False,
        widget=forms.RadioSelect,
    )
    reason = forms.ChoiceField(
        label="Motif de la restriction",
        required=False,
        choices=[("", "Choisir un motif"), *Restriction.Reason.choices],
    )
    restriction_text = ShortText(label="Précision sur le motif", limit=300, required=False)
    review_on = DayField(
        label="À revoir le",
        required=False,
        coming=True,
        help_text=REVIEW_HINT,
    )
    why = ShortText(label="Motif de la modification", limit=300, required=False)
    saisie = forms.CharField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args,
        resolve,
        today,
        units=(),
        lists=(),
        neighbourhoods=(),
        files=(),
        review_on=None,
        may_comment=False,
        audience=True,
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.resolve, self.today = resolve, today
        self.neighbourhoods = {str(each.pk): each for each in neighbourhoods}
        self.received = {str(file.pk): file for file in files}
        for field in self.fields.values():
            if isinstance(field, DayField):
                field.today = today
        if audience and not self.is_bound:
            self.fields["facts"].widget.attrs["autofocus"] = True
            self.fields["review_on"].initial = review_on
        self._offer_choices()
        self.offer(units, lists)
        self._leave_out(
            comment=not may_comment,
            neighbourhood=not neighbourhoods,
            kept_files=not files,
            why=audience,
            source_code="raw_text" not in self.fields,
        )
        if not audience:
            # Who sees a report and what it is worth are changed on its sheet.
            self._leave_out(**dict.fromkeys([*AUDIENCE_FIELDS, *GRADE_FIELDS], True))
        if self["origin"].value() == Origin.HUMAN_SOURCE:
            facts = self.fields["facts"]
            facts.label = "Texte partagé"
            facts.help_text = "Récrit avec vos mots : tous les destinataires le liront."

    def _offer_choices(self):
        fields = self.fields
        split_labels(fields["handling"], Handling.choices)
        fields["neighbourhood"].choices = [
            ("", "–"), *((pk, str(each)) for pk, each in self.neighbourhoods.items())
        ]  # fmt: skip
        fields["kept_files"].choices = [
            (pk, f"{file.name} ({file_size(file.size)})") for pk, file in self.received.items()
        ]

    def _leave_out(self, **names):
        for name, is_left_out in names.items():
            if is_left_out:
                self.fields.pop(name, None)

    # --- Checks ---------------------------------------------------------------------------------

    def clean_handling(self):
        return self.cleaned_data["handling"] or Handling.H0

    def clean_information_grade(self):
        grade = self.cleaned_data["information_grade"]
        if grade == InformationGrade.ONE:
            raise ValidationError(NO_SECOND_ORIGIN)
        return grade

    def clean(self):
        super().clean()
        self.take_spotted()
        self._check_when()
        self._check_handling()
        self._check_neighbourhood()
        self.check_two_texts()
        if self.cleaned_data.get("audience") == NAMED:
            self._check_audience()
        return self.cleaned_data

    def _check_when(self):
        first, last = (self.cleaned_data.get(name) for name in ("occurred_on", "occurred_until"))
        undated = self.cleaned_data.get("undated")
        if "occurred_on" in self.errors or "occurred_until" in self.errors:
            return
        if undated and (first or last):
            self.add_error(
                "undated", "Une date est indiquée : effacez-la, ou décochez « Date non précisée »."
            )
        elif not undated and not first:
            told = "Indiquez le début de la période." if last else (
                "Indiquez une date, ou cochez « Date non précisée »."
            )  # fmt: skip
            self.add_error("occurred_on", told)
        elif first and last and last < first:
            self.add_error(
                "occurred_until",
                f"La période finit le {day(last)}, avant de commencer le {day(first)} : "
                "inversez les deux dates.",
            )

    def _check_handling(self):
        if self.cleaned_data.get("handling") == Handling.H3 and not self.cleaned_data.get(
            "handling_note"
        ):
            self.add_error("handling_note", "Avec H3, précisez la restriction.")
        if self.cleaned_data.get("source_code") and self.cleaned_data.get("origin") not in {
            Origin.HUMAN_SOURCE,
            None,
        }:
            self.add_error(
                "source_code",
                "Ce code ne vaut que pour une source humaine : effacez-le, ou changez l’origine.",
            )

    def _check_neighbourhood(self):
        chosen = self.neighbourhoods.get(self.cleaned_data.get("neighbourhood") or "")
        commune = self.cleaned_data.get("commune")
        if chosen and commune and not chosen.lies_in(commune):
            self.add_error(
                "neighbourhood",
                f"Ce quartier n’est pas {at(commune.name)} : corrigez l’un ou l’autre.",
            )

    def _check_audience(self):
        said = self.cleaned_data
        if not said.get("reason"):
            self.add_error("reason", "Choisissez le motif de la restriction.")
        faults = faults_of_restriction(
            said.get("reason"), said.get("restriction_text", ""), said.get("review_on")
        )
        for name in faults.keys() - self.errors.keys():
            self.add_error(name, faults[name])

    # --- How it is drawn ------------------------------------------------------------------------

    def open_folds(self):
        """Folds that hold a value or a fault: nothing that was typed is out of sight."""
        return {
            fold: any(self.errors.get(name) or self._is_filled(name) for name in names)
            for fold, names in FOLDS.items()
        }

    def _is_filled(self, name):
        if name not in self.fields:
            return False
        value = self[name].value()
        return bool(value) and value != self.fields[name].initial

    # --- What was said --------------------------------------------------------------------------

    def typed(self):
        """The valid form, in the words of `actions.entry`."""
        said = self.cleaned_data
        fields = {
            name: said[name]
            for name in (
                "origin", "facts", "subject", "commune", "place", "days_and_hours", "products",
                "modes", "vehicles", "persons", "handling", "handling_note", "source_code",
            )
            if name in self.fields
        }  # fmt: skip
        fields["products"] = self.products_said()
        fields["occurred_on"], fields["occurred_until"] = said["occurred_on"], _end(said)
        if self.neighbourhoods:
            fields["neighbourhood"] = self.neighbourhoods.get(said["neighbourhood"])
        if said["received_on"] and "received_on" in self.changed_data:
            fields["received_at"] = self._instant_of(said["received_on"])
        return Typed(
            fields=fields,
            identifiers=said["identifiers"],
            amounts=said["amounts"],
            grade=(said.get("source_grade", ""), said.get("information_grade", "")),
            comment=said.get("comment", ""),
            restriction=self._narrowing(),
            files=tuple(self.received[pk] for pk in said.get("kept_files", ())),
            why=said.get("why", ""),
            original=self.original(),
        )

    def _instant_of(self, on):
        """Now, or noon of the day: what is known to the day only has no better hour."""
        if on == self.today:
            return timezone.now()
        return timezone.make_aware(datetime.combine(on, time(12)))

    def _narrowing(self):
        said = self.cleaned_data
        if said.get("audience") != NAMED:
            return None
        return Narrowing(
            units=self.named_units(),
            reason=said["reason"],
            text=said["restriction_text"],
            review_on=said["review_on"],
        )


def _end(said):
    """The last day of a span; none for a single day."""
    return said["occurred_until"] if said["occurred_until"] != said["occurred_on"] else None

"""What a unit that reads nothing hands in: two answers are enough."""

from django import forms
from django.utils import timezone

from intel.forms.days import DayField
from intel.forms.fields import LongText, ShortText
from intel.forms.once import SentOnce
from intel.forms.where import InCommune
from intel.models.choices import Product


class ContributionForm(InCommune, SentOnce):
    """`resolve(text, chosen)` answers a `reading.communes.Resolution`."""

    facts = LongText(
        label="Que s’est-il passé ?",
        limit=5_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Ce qui a été vu ou rapporté : où, quand, comment. Ne dites pas qui vous l’a "
        "confié ; ne nommez une personne que si c’est nécessaire.",
        error_messages={"required": "Décrivez les faits : ce qui a été vu ou rapporté."},
    )
    commune = ShortText(
        label="Commune",
        limit=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Son nom, même abrégé, ou son code.",
        error_messages={"required": "Indiquez la commune."},
    )
    place = ShortText(
        label="Lieu", limit=200, required=False, help_text="Rue, bâtiment, parc, arrêt de bus…"
    )
    occurred_on = DayField(
        label="Jour des faits", required=False, help_text="Par exemple 17/09/2026, ou hier."
    )
    products = forms.MultipleChoiceField(
        label="Produits, si vous le savez",
        required=False,
        choices=Product,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, resolve, **kwargs):
        super().__init__(*args, **kwargs)
        self.resolve = resolve
        self.fields["occurred_on"].today = timezone.localdate()
        self.fields["products"].widget.inline = True

    def clean(self):
        said = super().clean()
        said.pop("commune_code", None)
        return said


class PrecisionForm(SentOnce):
    text = LongText(
        label="Votre réponse",
        limit=5_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Elle s’ajoute à votre contribution, datée et signée.",
        error_messages={"required": "Écrivez ce que la cellule vous demande."},
    )

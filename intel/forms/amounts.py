"""A sum, a price or a quantity, as it is written in the text."""

from django import forms
from django.core.exceptions import ValidationError

from cross.ui.forms import ActionForm
from intel.extraction.amounts import Amount, find_amounts, read_value
from intel.extraction.products import find_products
from intel.forms.fields import ShortText
from intel.models.choices import AmountKind, Product

LONGEST = 120
EXAMPLES = "50 €, 40 € le gramme, 2 kg, 10 pochons"


class AmountsField(forms.MultipleChoiceField):
    """Ticked findings, sent as « type|valeur|tel qu’écrit »; gives pairs (Amount, as written)."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value):
        return True  # checked one by one below: what was found depends on a text still changing

    def clean(self, value):
        return tuple(dict.fromkeys(self._pair(each) for each in super().clean(value)))

    def _pair(self, each):
        kind, _, rest = each.partition("|")
        value, _, raw = rest.partition("|")
        try:
            if kind not in AmountKind.values or not raw or len(raw) > LONGEST:
                raise ValueError(each)
            return read_value(kind, value), raw
        except ValueError as fault:
            raise ValidationError(
                "Un montant coché n’a pas été compris : cochez-le de nouveau."
            ) from fault


class AmountForm(ActionForm):
    """What one would write in the facts, read in the same way; the product may be said apart."""

    raw = ShortText(
        label="Montant ou quantité",
        limit=LONGEST,
        help_text=f"Tel qu’il est écrit : {EXAMPLES}…",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Écrivez la somme, le prix ou la quantité."},
    )
    product = forms.ChoiceField(
        label="Produit", choices=[("", "Non précisé"), *Product.choices], required=False
    )

    def clean(self):
        data = super().clean()
        raw = data.get("raw")
        if raw:
            found = find_amounts(raw, find_products(raw))
            if len(found) == 1:
                amount = read_value(found[0].kind, found[0].value)
                product = data.get("product") or amount.product
                data["amount"] = Amount(amount.kind, amount.number, amount.unit, product)
            else:
                said = "Plusieurs montants sont écrits" if found else "Aucun montant n’est reconnu"
                self.add_error("raw", f"{said} : écrivez-en un, par exemple {EXAMPLES}.")
        return data

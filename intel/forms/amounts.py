"""A sum, a price or a quantity, as it is written in the text."""

from django import forms

from cross.ui.forms import ActionForm
from intel.extraction.amounts import Amount, find_amounts, read_value
from intel.extraction.identifiers import LONGEST
from intel.extraction.products import find_products
from intel.forms.fields import ShortText
from intel.models.choices import Product

EXAMPLES = "50 €, 40 € le gramme, 2 kg, 10 pochons"


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

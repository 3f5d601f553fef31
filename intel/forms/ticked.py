"""What was found in a text and ticked by hand: each box says what it is and how it was written."""

from django import forms
from django.core.exceptions import ValidationError

from intel.extraction.amounts import read_value
from intel.extraction.identifiers import LONGEST, normalise
from intel.models.choices import AmountKind, IdentifierKind, Product

# What ticked words fill: the field, by the kind of the finding.
FILLED_BY = {
    "place": "place",
    "hours": "days_and_hours",
    "neighbourhood": "neighbourhood",
    "product": "products",
}


class TickedField(forms.MultipleChoiceField):
    """Boxes whose choices depend on a text still changing: each is read by itself, and once."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value):
        return True  # `read` says which ones are

    def clean(self, value):
        return tuple(dict.fromkeys(self.read(each) for each in super().clean(value)))

    def read(self, each):
        """What a box says; ValidationError when it was not drawn by us."""
        raise NotImplementedError


class IdentifiersField(TickedField):
    """Findings sent as « type|tel qu’écrit »; gives triples (kind, raw, normalised)."""

    def read(self, each):
        kind, _, raw = each.partition("|")
        if kind not in IdentifierKind.values or not raw or len(raw) > LONGEST:
            raise ValidationError(
                "Un identifiant coché n’a pas été compris : cochez-le de nouveau."
            )
        try:
            return kind, raw, normalise(kind, raw)
        except ValueError as fault:
            raise ValidationError(str(fault)) from fault


class AmountsField(TickedField):
    """Findings sent as « type|valeur|tel qu’écrit »; gives pairs (Amount, as written)."""

    def read(self, each):
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


class SpottedField(TickedField):
    """Words that fill another field, sent as « type|mots »; gives those pairs."""

    def read(self, each):
        kind, _, words = each.partition("|")
        if kind not in FILLED_BY or (kind == "product" and words not in Product.values):
            raise ValidationError("Un repère coché n’a pas été compris : cochez-le de nouveau.")
        return kind, words.strip()

    def clean(self, value):
        return tuple((kind, words) for kind, words in super().clean(value) if words)

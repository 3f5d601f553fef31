"""What a text fills in an entry: what was found in it and ticked joins what was typed."""

from collections.abc import Mapping
from typing import Any

from cross.ui.forms import ActionForm
from intel.extraction.letters import fold
from intel.forms.ticked import FILLED_BY, AmountsField, IdentifiersField, SpottedField


class Spotted(ActionForm):
    """The part of an entry that its text fills, beside the fields that `FILLED_BY` names.

    `neighbourhoods` are those that may be chosen, by key.
    """

    identifiers = IdentifiersField(label="Identifiants repérés", required=False)
    amounts = AmountsField(label="Montants repérés", required=False)
    spotted = SpottedField(label="Repères du texte", required=False)

    neighbourhoods: Mapping[str, Any] = {}

    def take_spotted(self):
        """Ticked words join what was typed in their field; the same words are not said twice."""
        for kind, words in self.cleaned_data.get("spotted", ()):
            name = FILLED_BY[kind]
            if name not in self.fields or name in self.errors:
                continue
            typed = self.cleaned_data.get(name) or ""
            if kind == "neighbourhood":
                self._take_neighbourhood(typed, words)
            elif kind == "product":
                self.cleaned_data[name] = list(dict.fromkeys([*typed, words]))
            elif fold(words) not in fold(typed):
                self._take_words(name, f"{typed}, {words}" if typed else words)

    def _take_neighbourhood(self, typed, key):
        if key not in self.neighbourhoods or typed not in {"", key}:
            self.add_error(
                "neighbourhood",
                "Un autre quartier est coché sous le texte : gardez l’un ou l’autre.",
            )
        else:
            self.cleaned_data["neighbourhood"] = key

    def _take_words(self, name, words):
        if len(words) > self.fields[name].limit:
            self.add_error(
                name,
                "Trop long avec ce qui est coché sous le texte : décochez ou raccourcissez.",
            )
        else:
            self.cleaned_data[name] = words

    def products_so_far(self):
        """The codes chosen in the field or ticked under the text, in a form not yet sent."""
        chosen, spotted = (self[name].value() or () for name in ("products", "spotted"))
        return [*chosen, *_products_ticked(spotted)]

    def products_said(self):
        """« 200 g de cocaïne », ticked by hand, has said the product when nothing else does."""
        said = self.cleaned_data
        return said["products"] or _products_of(said["amounts"])


def _products_ticked(spotted):
    pairs = [each.partition("|") for each in spotted]
    return [words for kind, _, words in pairs if kind == "product"]


def _products_of(amounts):
    return list(dict.fromkeys(amount.product for amount, _ in amounts if amount.product))

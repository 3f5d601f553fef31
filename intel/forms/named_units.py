"""To which units a report is restricted: ticked one by one, or by the lists that hold them."""

from django import forms

from cross.ui.forms import ActionForm
from intel.actions.lists import units_named
from intel.actions.sharing import LONGEST_DAYS

REVIEW_HINT = (
    f"Dans les {LONGEST_DAYS} jours. Passé ce jour, rien ne s’ouvre : on vous le rappelle."
)


class NamedUnits(ActionForm):
    """Part of a form; `offer` hands it the units and the lists to choose from."""

    units = forms.MultipleChoiceField(
        label="Unités nommées",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="La vôtre lit toujours ses fiches ; si rien n’est coché, elle seule.",
    )
    lists = forms.MultipleChoiceField(
        label="Listes de diffusion",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Chaque unité de la liste est nommée.",
    )
    units.says_when = lists.says_when = True

    def offer(self, units, lists):
        """`units`: those that may be named beside one's own; `lists`: see `reading.lists`."""
        fields = self.fields
        self.units_by_key = {str(unit.pk): unit for unit in units}
        self.lists_by_key = {str(each.pk): each for each in lists}
        fields["units"].choices = [(pk, str(unit)) for pk, unit in self.units_by_key.items()]
        if any(unit.is_cell for unit in units):
            fields["units"].help_text += " Sans la cellule, la fiche ne sera ni triée ni orientée."
        fields["lists"].choices = [(pk, each.name) for pk, each in self.lists_by_key.items()]
        fields["lists"].choice_hints = {
            pk: each.in_words for pk, each in self.lists_by_key.items()
        }
        # What is sent of a list that is gone, or another unit's, is refused and not left aside:
        # the report would be narrower than its author thinks.
        if not lists and not (self.is_bound and self["lists"].value()):
            del fields["lists"]

    def named_units(self):
        """The units ticked, each once, as the form stands: sent, refused or just opened.

        What is not offered is left aside.
        """
        return units_named(
            self._ticked("units", self.units_by_key), self._ticked("lists", self.lists_by_key)
        )

    def _ticked(self, name, rows):
        keys = map(str, self[name].value() or ()) if name in self.fields else ()
        return [rows[key] for key in keys if key in rows]

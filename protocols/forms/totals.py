"""What is typed of a total that somebody else counted."""

from django import forms

from cross.ui.forms import ActionForm, Day, Form
from protocols import subjects
from protocols.models import Nomenclature, OutsideTotal

MOST = 10**12


class YearForm(Form):
    marks_optional = False

    annee = forms.ChoiceField(label="Année", required=False)

    def __init__(self, data, *, years):
        super().__init__(data)
        self.fields["annee"].choices = [(str(year), str(year)) for year in years]


def _value():
    return forms.IntegerField(
        label="Valeur",
        min_value=0,
        max_value=MOST,
        localize=True,
        help_text="En grammes pour une saisie ; sinon un nombre d’amendes ou de personnes.",
    )


class TotalForm(ActionForm):
    kind = forms.ChoiceField(label="Total", choices=OutsideTotal.Kind, widget=forms.RadioSelect)
    product = forms.ChoiceField(label="Produit", required=False, help_text="Pour une saisie.")
    nomenclature = forms.ChoiceField(
        label="Nomenclature",
        required=False,
        choices=[("", "Sans objet"), *Nomenclature.choices[:2]],
        help_text="Pour des personnes mises en cause : comment elles ont été comptées.",
    )
    starts_on = Day(label="Du")
    ends_on = Day(label="Au")
    value = _value()
    source = forms.CharField(
        label="Source",
        max_length=160,
        help_text="Qui l’a compté et publié, et quand : SSMSI, base communale, juillet 2026.",
    )
    product.says_when = nomenclature.says_when = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["product"].choices = [("", "Sans objet"), *subjects.products()]


class CorrectTotalForm(ActionForm):
    value = _value()
    why = forms.CharField(
        label="Motif de la correction",
        max_length=300,
        help_text="L’ancienne valeur reste lisible, avec ce motif.",
    )

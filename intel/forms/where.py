"""A commune as people write it, and a point when somebody has its degrees."""

from django import forms
from django.core.exceptions import ValidationError

from cross.ui.forms import ActionForm
from intel.forms.fields import ShortText
from services.territory.points import metres_of, read_degrees


class CandidateField(forms.ChoiceField):
    """One of the communes proposed for a doubtful name; `clean_commune` makes use of it."""

    widget = forms.RadioSelect
    says_when = True  # drawn only when the name is doubtful, and then it is needed

    def valid_value(self, value):
        return True  # a name corrected since makes the former candidates void, not wrong


class InCommune(ActionForm):
    """Asks for a `commune` of its own and sets `resolve(text, chosen)`, which answers a
    `reading.communes.Resolution`."""

    commune_code = CandidateField(label="Laquelle ?", required=False)

    def clean_commune(self):
        found = self.resolve(self.cleaned_data["commune"], self.data.get("commune_code", ""))
        if found.commune:
            return found.commune
        self.fields["commune_code"].choices = [
            (each.code, f"{each.name} ({each.code})") for each in found.candidates
        ]
        raise ValidationError(found.fault)


class OnTheGround(InCommune):
    """A commune and, when it is known, a point: metres in the projection `srid`.

    `WITHOUT_POINT` says what happens without one.
    """

    WITHOUT_POINT = ""

    commune = ShortText(
        label="Commune",
        limit=120,
        help_text="Son nom, même abrégé, ou son code.",
        error_messages={"required": "Indiquez la commune."},
    )
    # Wide enough for the link of a map.
    point = ShortText(label="Coordonnées du point", limit=2_000, required=False)

    def __init__(self, *args, resolve, srid, **kwargs):
        super().__init__(*args, **kwargs)
        self.resolve, self.srid = resolve, srid
        self.fields["point"].help_text = (
            "Latitude et longitude, par exemple 48,1744\u00a0; 6,4503. Sur un téléphone, appuyez "
            "longuement sur la carte, puis copiez les chiffres ou le lien affichés. Sans elles, "
            f"{self.WITHOUT_POINT}."
        )

    def clean_point(self):
        text = self.cleaned_data["point"]
        if not text:
            return None
        try:
            return metres_of(*read_degrees(text), self.srid)
        except ValueError:
            raise ValidationError(
                "Écrivez la latitude puis la longitude en degrés, comme 48,1744\u00a0; 6,4503, ou "
                "collez le lien entier d’une carte\u00a0: un lien abrégé ne dit pas où."
            ) from None

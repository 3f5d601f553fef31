"""Words that somebody who knows the house would try first."""

import re
import unicodedata

from django.core.exceptions import ValidationError

WORDS = (
    "cross", "stupefiants", "stupefiant", "drogues", "drogue", "trafic", "renseignements",
    "renseignement", "gendarmerie", "gendarme", "police", "policier", "judiciaire", "douanes",
    "douane", "douanier", "frontieres", "prefecture", "prefet", "parquet", "procureur", "tribunal",
    "commissariat", "brigade", "cellule", "departement", "motdepasse",
)  # fmt: skip
LEFT = 8  # characters, once they are taken out


class HouseWordsValidator:
    """Refuses a password that is little more than such words, or than the unit of its member."""

    def validate(self, password, user=None):
        left = _plain(password)
        for word in sorted({*WORDS, *_of_unit(user)}, key=len, reverse=True):
            left = left.replace(word, "")
        if len(left) < LEFT:
            raise ValidationError(self.get_help_text(), code="house_words")

    def get_help_text(self):
        return (
            "Le mot de passe ne doit pas tenir en des mots de la maison (service, unité, "
            f"département, « cross »…) : il doit en rester {LEFT} caractères une fois ôtés."
        )


def _of_unit(user):
    if user is None or getattr(user, "unit_id", None) is None:
        return []
    told = f"{user.unit} {user.unit.department}"
    return [word for each in re.split(r"[\W_]+", told) if len(word := _plain(each)) > 2]


def _plain(text):
    """Without accents, capitals and spaces."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in apart if not unicodedata.combining(each) and each != " ")

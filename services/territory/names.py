"""French place names: their article, their complements, and how people type them.

The source keeps the article apart, as an Insee code (TNCC) beside the bare name: 2 and "Thillot"
for Le Thillot. The code also settles what the ear decides (d’Épinal, but de Haguenau). Source of
the codes: Insee, documentation of the *code officiel géographique*, variable TNCC.
"""

import re
import unicodedata

# TNCC: article, "of". In a commune's name the article is part of the name and keeps its capital:
# la commune de La Bresse, but le maire du Thillot.
COMMUNE_FORMS = {
    0: ("", "de "),
    1: ("", "d’"),
    2: ("Le ", "du "),
    3: ("La ", "de La "),
    4: ("Les ", "des "),
    5: ("L’", "de L’"),
    6: ("Aux ", "des "),
    7: ("Las ", "de Las "),
    8: ("Los ", "de Los "),
}

# TNCC: article, "of", "in".
DEPARTMENT_FORMS = {
    0: ("", "de ", "en "),
    1: ("", "d’", "en "),
    2: ("le ", "du ", "dans le "),
    3: ("la ", "de la ", "dans la "),
    4: ("les ", "des ", "dans les "),
    5: ("l’", "de l’", "dans l’"),
}

# Departments where usage does not follow the article.
FEMININE_WITH_EN = {
    "07", "09", "16", "17", "19", "21", "24", "2A", "2B", "31", "33", "43", "44", "48", "52", "53",
    "57", "70", "73", "74", "76", "85", "87", "91", "93", "971", "972", "973",
}  # fmt: skip
TOWNS_AND_ISLANDS = {"75", "974", "976"}

CONTRACTIONS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}


def typographic(name):
    """The apostrophe of print, as everywhere on screen."""
    return name.replace("'", "’")


def commune_name(name, tncc):
    """("Thillot", 2) gives "Le Thillot"."""
    return typographic(COMMUNE_FORMS[tncc][0] + name)


def commune_of(name, tncc):
    """The complement: ("Thillot", 2) gives "du Thillot", ("Épinal", 1) "d’Épinal"."""
    return typographic(COMMUNE_FORMS[tncc][1] + name)


def department_names(code, name, tncc):
    """Name, with article, of, in: Vosges, les Vosges, des Vosges, dans les Vosges."""
    article, of, inside = DEPARTMENT_FORMS[tncc]
    if code in TOWNS_AND_ISLANDS:
        inside = "à "
    elif code in FEMININE_WITH_EN:
        inside = "en "
    return tuple(typographic(start + name) for start in ("", article, of, inside))


def folded(text):
    """Lower case without accents, as the database function f_unaccent folds a sort key."""
    ligatures = text.lower().replace("œ", "oe").replace("æ", "ae").replace("’", "'")
    letters = unicodedata.normalize("NFKD", ligatures)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def search_words(text):
    """The words of a place name as people type it: "St-Dié" gives ["saint", "die"]."""
    return [CONTRACTIONS.get(word, word) for word in re.findall(r"[a-z0-9]+", folded(text))]

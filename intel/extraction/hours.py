"""Days and hours at which things happen, in running French text.

"tous les soirs de 18 h à 20 h", "du lundi au vendredi", "vers 22h30", "le week-end et la nuit",
"après la sortie des classes". Days of the calendar ("hier", "le 17 septembre") are dates, and how
long something lasts ("36 h de garde", "à 2 heures de route") is neither.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from intel.extraction.dates import WEEKDAY
from intel.extraction.findings import Finding, without_overlaps
from intel.extraction.letters import fold

KIND = "hours"

PART = r"(?:matins?|midis?|apres[- ]?midis?|soirs?|soirees?|nuits?)"
DAY = rf"{WEEKDAY}s?"
DAY_PART = rf"{DAY}(?: (?:en )?{PART})?"
FIGURE = r"(?<![\d:,.])(?:[01]?\d|2[0-4])"
# "18h", "18 h 30", "3 heures", "22:40", "minuit"; "du matin" settles which.
CLOCK = (
    rf"(?:{FIGURE} ?(?:heures?(?: [0-5]\d)?|h ?[0-5]\d|h)(?![\w/])"
    rf"|{FIGURE}:[0-5]\d(?!\d)|minuit\b|midi\b)"
    r"(?: (?:du matin|de l'apres-midi|du soir))?"
)
SCHOOL = r"(?:classes?|cours|ecoles?|colleges?|lycees?)"
SOMETIMES = r"(?:(?:presque|quasi|quasiment) )?"

# The longest form first: it wins where two start together.
FORMS = (
    rf"(?:de|entre) {CLOCK} (?:a|et|jusqu'a) {CLOCK}",
    rf"{CLOCK} ?[-/] ?{CLOCK}",
    rf"du {DAY} au {DAY}",
    rf"{SOMETIMES}tou(?:te?)?s? les (?:(?:deux|trois|quatre|15|quinze) )?"
    rf"(?:jours|{PART}|week-?ends?|semaines?|journees"
    rf"|{DAY_PART}(?:,? (?:et|ou) (?:les )?{DAY_PART})*)",
    rf"{SOMETIMES}chaque (?:jour|{PART}|week-?end|semaine|{DAY_PART})",
    rf"les? {DAY_PART}(?:(?:, | et | ou )(?:les? )?{DAY_PART})*",
    r"(?:le|les|en) week-?ends?",
    r"en (?:(?:toute )?(?:fin|debut|milieu) (?:de |d')"
    rf"(?:matinee|journee|semaine|{PART}))",
    r"en (?:semaine|journee|soiree|matinee|pleine nuit)",
    r"tard (?:le soir|la nuit|dans la nuit)|au petit matin|de (?:nuit|jour)(?= comme de)",
    r"a la (?:nuit tombee|tombee de la nuit|tombee du jour)|jour et nuit|nuit et jour",
    r"toute la (?:nuit|journee|soiree|matinee)|entre midi et deux",
    r"24 ?(?:h|heures)? ?(?:/|sur) ?24(?: ?h)?|7 ?(?:jours|j)? ?(?:/|sur) ?7(?: ?j)?",
    rf"(?:a|apres|avant|pendant|des|vers) (?:la |l')(?:sortie|fin|heure|entree|rentree|ouverture)"
    rf" (?:des |du |de l'|de la ){SCHOOL}",
    r"(?:a|pendant) (?:la recreation|la recre|les recreations|les recres)"
    r"|(?:apres|avant|pendant) (?:les cours|l'ecole|les vacances(?: scolaires)?)",
    r"(?:aux|pendant les) heures de (?:sortie|pointe|fermeture|bureau|repas)",
    rf"(?:a partir de|apres|avant|des|vers|a|jusqu'a|depuis|aux alentours de|sur les) {CLOCK}"
    rf"(?:(?:, | et | ou ){CLOCK})*",
    # Of a moment, unless it goes on: "le soir du match", "la nuit du 12", "le matin même".
    r"(?:le|au) (?:matin|midi|soir)(?! (?:du|des|de l|meme|ou il|ou elle|d'avant|dernier)\b)"
    r"|l'apres[- ]midi(?! (?:du|des|meme)\b)|(?:de |)la nuit(?! (?:du|des|derniere|meme)\b)"
    r"|le jour(?! (?:du|des|de|ou|meme|j|dit|venu)\b)|les (?:matins|midis|soirs|nuits)",
    # Bare, "2 h" may also be how long it lasts: with two figures, or minutes, rather an hour.
    r"(?<![\d:,.])(?:1\d|2[0-4]|0\d|\d(?= ?h ?[0-5]\d)) ?h(?: ?[0-5]\d)?(?![\w/])",
)
ANY = re.compile(rf"(?<![\w-])(?:{'|'.join(f'(?:{form})' for form in FORMS)})(?![\w])")
# A length of time: "pendant 12 h", "à 2 heures de route", "35 h par semaine".
LASTING_BEFORE = re.compile(
    r"(?:pendant|durant|dure|duree|en|apres|dans|sous|il y a|toutes les|chaque|environ|de|plus de"
    r"|moins de|pour|quelques) $"
)
LASTING_AFTER = re.compile(r" (?:de (?!l')|d'|par |plus tard|apres|avant|sur 24)|/| ?\d")
IS_LENGTH = re.compile(r"(?:a )?\d\d? ?(?:heures?|h)")
# What may stand between two pieces of one schedule.
BETWEEN = re.compile(
    r",? (?:(?:et|ou|puis|mais) )?(?:(?:jamais|sauf|pas|surtout|parfois|souvent|notamment|plutot"
    r"|principalement|meme|aussi) )?"
)
LONGEST = 200


def _pieces(folded: str, taken: Sequence[Finding]) -> Iterator[tuple[int, int]]:
    for match in ANY.finditer(folded):
        start, end = match.span()
        if any(start < other.end and other.start < end for other in taken):
            continue
        if not (_is_a_length(folded, start, end) or _is_a_rent(folded, start)):
            yield start, end


def _is_a_length(folded: str, start: int, end: int) -> bool:
    if not IS_LENGTH.fullmatch(folded, start, end):
        return False
    if LASTING_AFTER.match(folded, end):
        return True
    return folded[start].isdigit() and bool(
        LASTING_BEFORE.search(folded, max(0, start - 16), start)
    )


def _is_a_rent(folded: str, start: int) -> bool:
    """ "120 euros la nuit"."""
    return folded[:start][-7:].endswith(("€ ", "euros ", "eur "))


def _joined(folded: str, pieces: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pieces that follow each other make one schedule."""
    joined: list[tuple[int, int]] = []
    for start, end in pieces:
        last = joined[-1] if joined else None
        if (
            last
            and end - last[0] <= LONGEST
            and start - last[1] < 24
            and BETWEEN.fullmatch(folded, last[1], start)
        ):
            joined[-1] = (last[0], end)
        else:
            joined.append((start, end))
    return joined


def find_hours(text: str, dates: Sequence[Finding]) -> list[Finding]:
    """Habits and times of day said in ``text``; ``dates`` are those found in it.

    ``value`` is folded, ``label`` as written, each on one line.
    """
    folded = fold(text)
    found = []
    for start, end in _joined(folded, _pieces(folded, dates)):
        raw = text[start:end]
        value, label = " ".join(folded[start:end].split()), " ".join(raw.split())
        found.append(Finding(start, end, KIND, value, raw, label))
    return without_overlaps(found)

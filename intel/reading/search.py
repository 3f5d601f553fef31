"""What the search box asks for: a reference, an identifier, words of the texts and a commune."""

import re
from collections import defaultdict
from functools import reduce
from operator import or_

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Concat, Replace
from django.utils import timezone

from intel.extraction.identifiers import normalise
from intel.models import Identifier
from intel.models.choices import IdentifierKind
from intel.references import REPORT, SHORTEST
from services.models import Commune, Department
from services.models.territory import Unaccented
from services.territory.names import search_words

# "CROSS-88-2026-48213", and what people say over the phone: "88-2026-48213", "2026-48213".
REFERENCE = re.compile(
    r"(?:CROSS[- ]?)?(?:(2[AB]|\d{2,3})[- ])?(20\d{2})[-/ ](\d{1,7})", re.IGNORECASE
)
NUMBER = re.compile(rf"\d{{{SHORTEST},7}}")
FIRST_YEAR = 2020  # of what was taken over from before
# "quotes", -without, or: what websearch_to_tsquery reads as more than a word.
OPERATORS = re.compile(r'"|(?:^|\s)-\S|(?:^|\s)(?:or|OU)(?:\s|$)')
MOST_IDENTIFIED = 1000  # reports found by identifier, sent to the planner as constants


def reference_in(words, *, department):
    """The reference that `words` are, or ""; `department` is the code when none is said."""
    found = REFERENCE.fullmatch(words.strip())
    if not found:
        return ""
    code, year, number = found.groups()
    written = f"{int(number):0{SHORTEST}}"
    return REPORT.format(department=(code or department).upper(), year=year, number=written)


def references_of(words, *, departments):
    """Those that the bare number "79530" may end, whatever their year: exact, so that an index
    finds them. Whether a report bears one of them, and is read, is for the list to say."""
    number = words.strip()
    if not NUMBER.fullmatch(number):
        return []
    years = range(FIRST_YEAR, timezone.localdate().year + 1)
    codes = Department.objects.filter(pk__in=departments).values_list("code", flat=True)
    return [
        REPORT.format(department=code, year=year, number=number)
        for code in codes
        for year in years
    ]


def asked(words, *, readable, departments):
    """The condition that `words` put on reports.

    `readable` are the reports in which an identifier may be found; `departments` those whose
    communes may be named. Every arm of the answer can enter an index: identifiers are looked up
    first and come as constants, for a subquery in an OR would read the whole department.
    """
    condition = Q(search=query_of(words))
    if references := references_of(words, departments=departments):
        condition |= Q(reference__in=references)
    named, rest = _commune_in(words, departments)
    if named is not None:
        condition |= Q(commune=named) & (Q(search=query_of(rest)) if rest else Q())
    identified = _identified(words, readable)
    if identified:
        condition |= Q(pk__in=identified)
    return condition


def query_of(words):
    """French stems without accents, as the search column has them."""
    with_or = re.sub(r"(?<=\s)OU(?=\s)", "or", words)
    folded = Unaccented(_text(with_or))
    return SearchQuery(folded, config="french", search_type="websearch")


def _text(value):
    return Value(value, output_field=TextField())


def written_as(words):
    """The identifiers that these words write, whatever their kind; None when they write none."""
    kinds = defaultdict(list)  # of each value: most kinds write these words the same way
    for kind in IdentifierKind:
        try:
            kinds[normalise(kind, words)].append(kind)
        except ValueError:
            continue  # these words cannot be such an identifier
    same = (Q(value=value, kind__in=of) for value, of in kinds.items())
    return reduce(or_, same) if kinds else None


def _identified(words, readable):
    wanted = written_as(words)
    if wanted is None:
        return []
    found = Identifier.objects.of_all(readable).filter(wanted).order_by("-report_id")
    return list(found.values_list("report_id", flat=True).distinct()[:MOST_IDENTIFIED])


def _commune_in(words, departments):
    """(commune, the other words), or (None, ""): "cocaïne st dié" names Saint-Dié-des-Vosges."""
    said = search_words(words)
    if not said or OPERATORS.search(words):
        return None, ""
    whole = " ".join(said)
    communes = Commune.objects.filter(department__in=departments).annotate(
        plain=Replace(Replace("sort_key", _text("-"), _text(" ")), _text("'"), _text(" ")),
        inside=Concat(_text(" "), F("plain"), _text(" ")),
        said=_text(f" {whole} "),
    )
    candidates = list(
        communes.filter(Q(said__contains=F("inside")) | Q(plain__startswith=f"{whole} "))
        .only("name", "code")
        .order_by("-population", "code")[:20]
    )
    named = [commune for commune in candidates if f" {commune.plain} " in f" {whole} "]
    if named:
        longest = max(named, key=lambda commune: len(commune.plain))
        return longest, f" {whole} ".replace(f" {longest.plain} ", " ", 1).strip()
    return (candidates[0], "") if len(candidates) == 1 else (None, "")


def communes_named(text, departments):
    """The communes that a filter means: one by its code or its whole name, else all that match."""
    within = Commune.objects.filter(department__in=departments).only(
        "name", "code", "department", "centre_x", "centre_y", "sort_key"
    )
    code = re.search(r"(?:^|\()(\d[\dABab]\d{3})\)?$", text.strip())
    if code:
        found = within.filter(code=code[1].upper())
        if found:
            return list(found)
    matching = list(within.matching(text).order_by("sort_key", "code"))
    words = search_words(text)
    exact = [commune for commune in matching if search_words(commune.name) == words]
    return exact or matching

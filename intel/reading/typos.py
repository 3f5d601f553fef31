"""« Vouliez-vous dire … »: words that nothing has, put right by one letter.

A word is proposed only when reports that its reader reads have it, and written as they write it.
No list of words is kept: it would name what is hidden, and outlive what is erased. Each way of
changing one letter is looked for in the latest reports, where usual words are; then, when none is
there, in the index of the search, all of them in one statement. What is hidden takes nobody's
place, for each is asked apart.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from string import ascii_lowercase, digits

from django.contrib.postgres.search import SearchQuery
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Left

from cross import gate
from intel.extraction.identifiers import normalise, show
from intel.extraction.letters import TOKEN, fold
from intel.models import Identifier
from intel.models.choices import IdentifierKind
from intel.reading import search
from intel.reading.capped import count_each
from intel.reading.sql import sql_of
from services.models import Commune
from services.territory.names import search_words

SHORTEST, LONGEST = 4, 24  # letters of a word worth putting right
MOST_WORDS = 8
MOST_WRONG = 2
SAMPLE = 400  # reports, the latest
COUNTED = 50  # enough to tell the usual word from the rare one
PROPOSED = 3
LOOKED_INTO = 5  # reports, for how a word is written
EXCLUDED = re.compile(r"(?:^|\s)-$")
CONNECTORS = frozenset({"ou", "or", "et"})


@dataclass(frozen=True)
class Proposal:
    """What to look for instead, and the words that were put right in it."""

    words: str
    instead: tuple


@dataclass(frozen=True)
class Word:
    """One word of what was typed, where it stands, and as it is compared."""

    start: int
    end: int
    plain: str


@dataclass(frozen=True)
class Known:
    """The reports whose words are known, all answered to one member: `latest` first, in the shape
    of pages; `readable`, in that of counts; `fitting`, those of these that other filters keep."""

    latest: QuerySet
    readable: QuerySet
    fitting: QuerySet
    departments: tuple


def proposals(words, known):
    """What may have been meant, the likeliest first; nothing when each word is known.

    What is proposed finds at least one of the reports that fit.
    """
    numbers = _identifiers(words, known.readable)
    if numbers:
        return numbers
    typed = _words_of(words)
    wrong = _unknown(typed, known)
    if not 0 < len(wrong) <= MOST_WRONG:
        return []
    *others, last = wrong
    for word in others:
        # Put right one after the other, each without those that are still wrong.
        left = _without(words, [each for each in wrong if each is not word])
        found = _put_right(word, left, known)
        if not found:
            return []
        words = _replaced(words, word, found[0].instead[0])
        shift = len(found[0].instead[0]) - (word.end - word.start)
        last = Word(last.start + shift, last.end + shift, last.plain)
    return _put_right(last, words, known)


def _words_of(words):
    plain = fold(words)
    found = []
    for match in TOKEN.finditer(plain):
        is_word = SHORTEST <= len(match[0]) <= LONGEST and match[0].isalpha()
        if is_word and match[0] not in CONNECTORS and not EXCLUDED.search(plain[: match.start()]):
            found.append(Word(*match.span(), match[0]))
    return found[:MOST_WORDS]


def _without(words, unwanted):
    for word in sorted(unwanted, key=lambda each: -each.start):
        # As many letters: those that stay are where they were.
        words = f"{words[: word.start]}{' ' * (word.end - word.start)}{words[word.end :]}"
    return words


def _replaced(words, word, instead):
    return f"{words[: word.start]}{instead}{words[word.end :]}"


# --- What nothing has -------------------------------------------------------------------------


def _unknown(typed, known):
    """Those of the words that no readable report has, and no commune's name either."""
    left = {each.plain for each in typed}
    if left:
        left -= {word for word, _, _ in _sampled(known.latest, left)}
    if left:
        left -= {word for word, _, _ in _indexed(known.readable, {word: word for word in left})}
    if left:
        left -= _words_of_communes(known.departments)
    return [each for each in typed if each.plain in left]


def _words_of_communes(departments):
    names = Commune.objects.filter(department__in=departments).values_list("name", flat=True)
    return gate.once(
        ("words of communes", *departments),
        lambda: {word for name in names for word in search_words(name)},
    )


# --- By one letter ----------------------------------------------------------------------------


def one_letter_away(word, letters=ascii_lowercase):
    """What `word` becomes by a letter too many, missing, wrong, or two that change places."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    return {
        *(left + right[1:] for left, right in cuts if right),
        *(left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1),
        *(left + letter + right[1:] for left, right in cuts if right for letter in letters),
        *(left + letter + right for left, right in cuts for letter in letters),
    } - {word, ""}


def _put_right(word, words, known):
    nearby = one_letter_away(word.plain)
    asked = {each: _replaced(words, word, each) for each in nearby}
    usual = _grouped(_sampled(known.latest, nearby))
    ways = _that_find([(each, asked[each[0]]) for each in usual], known.fitting)
    ways = ways or _grouped(_indexed(known.fitting, asked))
    if ways:
        first, *others = ways
        written = [_as_written(first, asked[first[0]], known.fitting), *map(_shortest, others)]
    else:
        written = _communes_near(word, words, nearby, known)
    return [Proposal(_replaced(words, word, each), (each,)) for each in written]


def _grouped(found):
    """The ways to write a word that the index takes for one, together; the usual ones first."""
    groups, counts = defaultdict(list), {}
    for word, stems, times in found:
        groups[stems].append(word)
        counts[stems] = times
    best = sorted(groups, key=lambda stems: (-counts[stems], stems))
    return [groups[stems] for stems in best[:PROPOSED]]


def _that_find(pairs, fitting):
    """Of pairs (ways, words), the ways whose words find something."""
    counts = count_each([fitting.filter(search=search.query_of(words)) for _, words in pairs])
    return [ways for (ways, _), count in zip(pairs, counts, strict=True) if count]


def _shortest(ways):
    return min(ways, key=lambda way: (len(way), way))


# Ways to read a table that are not its index of the search, closed for one statement.
WALKS = ("seqscan", "indexscan", "indexonlyscan")
SWITCH = "SELECT " + ", ".join(f"set_config('enable_{walk}', %s, true)" for walk in WALKS)


class Told(SearchQuery):
    """The query of the row that stands around, in the statement below."""

    def as_sql(self, compiler, connection, **context):
        return "told.asked", []


def _sampled(latest, words):
    """[(word, its stem, how many have it)] of the latest reports that are read. One query."""
    if (sample := sql_of(latest.values("search")[:SAMPLE])) is None:
        return []
    sql, params = sample
    # Only the ORM's own SQL is put together; what was typed stays in the parameters.
    statement = f"""
        WITH told AS MATERIALIZED (
          SELECT word, stem FROM unnest(%s::text[]) AS word,
            unnest(tsvector_to_array(to_tsvector('pg_catalog.french', public.f_unaccent(word))))
              AS stem
        ), sample AS MATERIALIZED ({sql}),
        seen AS (
          SELECT stem, count(*) AS times FROM sample, unnest(tsvector_to_array(search)) AS stem
          WHERE stem IN (SELECT stem FROM told) GROUP BY stem
        )
        SELECT word, stem, times FROM told JOIN seen USING (stem) ORDER BY word
        """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [sorted(words), *params])
        return cursor.fetchall()


def _indexed(reports, asked):
    """[(key, its stems, how many up to COUNTED)] of what reports have, of {key: words}.

    One statement. The words come as rows, so that each is a scan of the index that stops at what
    is counted; told to guess how many reports have an unknown word, the planner would rather read
    the department through, and must not.
    """
    rows = reports.filter(search=Told("")).order_by().values("pk")[:COUNTED]
    if (told := sql_of(rows)) is None:
        return []
    sql, params = told
    # Only the ORM's own SQL is put together; what was typed stays in the parameters.
    statement = f"""
        WITH told AS MATERIALIZED (
          SELECT word, websearch_to_tsquery('pg_catalog.french', public.f_unaccent(words)) AS asked
          FROM unnest(%s::text[], %s::text[]) AS typed (word, words)
          WHERE numnode(plainto_tsquery('pg_catalog.french', public.f_unaccent(word))) > 0
        ), once AS (SELECT DISTINCT asked FROM told),
        counted AS (
          SELECT asked, (SELECT count(*) FROM ({sql}) AS found) AS times FROM once AS told
        )
        SELECT word, asked::text, times FROM counted JOIN told USING (asked) WHERE times > 0
        ORDER BY word
        """  # noqa: S608
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SWITCH, ["off"] * len(WALKS))
        cursor.execute(statement, [list(asked), list(asked.values()), *params])
        found = cursor.fetchall()
        cursor.execute(SWITCH, ["on"] * len(WALKS))
    return found


def _as_written(ways, words, reports):
    """The one of `ways` that a report writes, with its accents."""
    texts = (
        reports.filter(search=search.query_of(words))
        .order_by()
        .values_list("subject", Left("facts", 2_000), "place")[:LOOKED_INTO]
    )
    for told in texts:
        for text in told:
            for match in TOKEN.finditer(fold(text)):
                if match[0].replace("œ", "oe") in ways:
                    return text[slice(*match.span())].lower()
    return _shortest(ways)


def _communes_near(word, words, nearby, known):
    """Words of the names of communes, one letter away, where something is found."""
    near = sorted(_words_of_communes(known.departments) & nearby)[:PROPOSED]
    found = [
        search.asked(
            _replaced(words, word, name), readable=known.readable, departments=known.departments
        )
        for name in near
    ]
    counts = count_each([known.fitting.filter(condition) for condition in found])
    return [name for name, count in zip(near, counts, strict=True) if count]


# --- A number with a wrong figure -------------------------------------------------------------

PLATE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


def _identifiers(words, readable):
    """A plate or a telephone that readable reports cite, one figure away from what was typed."""
    wanted = {}
    for kind, letters in ((IdentifierKind.PLATE, PLATE), (IdentifierKind.PHONE, digits)):
        try:
            value = normalise(kind, words)
        except ValueError:
            continue
        near = one_letter_away(value, letters)
        # A number is as long as it is: a figure is wrong, or two have changed places.
        wanted[kind] = [each for each in near if len(each) == len(value)]
    found = []
    for kind, values in wanted.items():
        cited = Identifier.objects.of_all(readable).filter(kind=kind, value__in=values)
        found += cited.values_list("kind", "value").distinct().order_by("value")[:PROPOSED]
    return [Proposal(show(kind, value), (show(kind, value),)) for kind, value in found][:PROPOSED]

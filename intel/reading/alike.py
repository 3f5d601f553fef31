"""Texts that say the same thing in nearly the same words, whatever the number of reports.

No index of trigrams: on whole texts it is several times the table, and answers for every common
word. The words of a text that few reports have lead straight to the others that have them, by the
index of the search; how much two texts really share is then counted on these few.

How rare a word is, is learnt from the reports that the reader reads: what he is not shown changes
nothing in what he is.
"""

from django.contrib.postgres.search import SearchQuery
from django.db import connection

from intel.reading.sql import sql_of

SAMPLE = 400  # reports, the latest: enough to tell « véhicule » from a nickname
RARE = 100  # a word of less than one report in a hundred
RARE_ANYWAY = 3  # reports, when there are few
MOST_RARE = 8
NEARLY_ALL = 5  # rarest words, all of which a copy has, common or not
LEAST_SHARED, LEAST_SHARE = 8, 0.6


class Lexemes(SearchQuery):
    """A query already made of the words of the column, as they are."""

    template = "%(expressions)s::tsquery"


def words_of(text, reports):
    """The words of `text`, the rarest first: (word, how many of the sample have it); and its size.

    `reports` is an answered queryset, latest first: the sample is taken from it. One query.
    """
    if (sample := sql_of(reports.values("search")[:SAMPLE])) is None:
        return [], 0
    sql, params = sample
    # Only the ORM's own SQL is put together; the text stays in the parameters.
    asked = f"""
        WITH told AS (
          SELECT lexeme FROM unnest(to_tsvector('pg_catalog.french', public.f_unaccent(%s)))
        ), sample AS MATERIALIZED ({sql}),
        seen AS (
          SELECT word, count(*) AS times FROM sample, unnest(tsvector_to_array(search)) AS word
          WHERE word IN (SELECT lexeme FROM told) GROUP BY word
        )
        SELECT lexeme, coalesce(times, 0), (SELECT count(*) FROM sample)
        FROM told LEFT JOIN seen ON word = lexeme
        ORDER BY 2, length(lexeme) DESC, lexeme
        """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(asked, [text, *params])
        found = cursor.fetchall()
    return [(word, times) for word, times, _ in found], found[0][2] if found else 0


def asked_by(words, size):
    """The query of the reports that share rare words; None when no text could."""
    return Lexemes(text_of(words, size)) if len(words) >= LEAST_SHARED else None


def text_of(words, size):
    """Two of the rarest words, or all of the five rarest when each is common, as a tsquery."""
    rare = [word for word, times in words if times <= max(RARE_ANYWAY, size // RARE)][:MOST_RARE]
    pairs = [
        f"({_quoted(word)} & ({' | '.join(map(_quoted, rare[rank + 1 :]))}))"
        for rank, word in enumerate(rare[:-1])
    ]
    copy = " & ".join(_quoted(word) for word, _ in words[:NEARLY_ALL])
    return " | ".join([*pairs, f"({copy})"])


def _quoted(word):
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def share(words, others):
    """How much of the shorter text the two have in common, from 0 to 1; 0 when they do not."""
    common = len(words & others)
    if common < LEAST_SHARED:
        return 0
    found = common / min(len(words), len(others))
    return found if found >= LEAST_SHARE else 0

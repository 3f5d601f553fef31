"""Why a row was found: the words around what was looked for, and the identifier that it cites."""

import re
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchHeadline
from django.db.models import CharField, OuterRef, Value
from django.db.models.functions import Concat, Left

from intel.extraction.identifiers import show
from intel.extraction.letters import TOKEN, fold
from intel.models import Identifier
from intel.reading import search
from services.models.territory import Unaccented

READ = 2_000  # characters of the facts that are looked into
LENGTH, BEFORE = 160, 50
# Of no language: nobody types them, and cleaning takes nothing of theirs.
OPENS, CLOSES, PARTS = "\ue000", "\ue001", "\ue002"
MARKED = re.compile(f"{OPENS}(.*?){CLOSES}", re.DOTALL)


@dataclass(frozen=True)
class Excerpt:
    """`parts` are pairs of a text and whether it was looked for; `cited` are identifiers."""

    parts: tuple = ()
    cited: tuple = ()

    def __bool__(self):
        return bool(self.parts or self.cited)


def excerpts_of(rows, words, reports):
    """{key of a report: Excerpt} of a page; `reports`, answered, hold them. One query.

    The comment of the cell is left out: whoever reads from outside is not shown it.
    """
    told = Concat(Left("facts", READ), Value(f" {PARTS} "), "place")
    same = search.written_as(words)
    cited = Identifier.objects.filter(report=OuterRef("pk"))
    cited = cited.filter(same) if same else cited.none()
    pair = Concat("kind", Value("|"), "value", output_field=CharField())
    found = (
        reports.filter(pk__in=[row.pk for row in rows])
        .order_by()
        .annotate(
            told=told,
            marked=SearchHeadline(
                Unaccented(told),
                search.query_of(words),
                config="french",
                start_sel=OPENS,
                stop_sel=CLOSES,
                highlight_all=True,
            ),
            cited=ArraySubquery(cited.order_by("kind", "value").values_list(pair)),
        )
        .values_list("pk", "told", "marked", "cited")
    )
    return {
        pk: Excerpt(_first_marked(text, marked), tuple(map(_shown, values)))
        for pk, text, marked, values in found
    }


def _shown(pair):
    kind, _, value = pair.partition("|")
    return show(kind, value)


def _first_marked(told, marked):
    """Of the facts, or else of the place."""
    wanted = {fold(word) for word in MARKED.findall(marked)}
    parts = (_around_marks(part.strip(), wanted) for part in told.split(PARTS)) if wanted else ()
    return next(filter(None, parts), ())


def _around_marks(text, wanted):
    """The text as it was written, accents and all, where its wanted words are."""
    spans = [
        match.span()
        for match in TOKEN.finditer(fold(text))
        if _open(match[0]) in wanted
    ]  # fmt: skip
    if not spans:
        return ()
    start, end = _window(text, spans[0][0])
    parts, at = [], start
    for left, right in spans:
        if left >= at and right <= end:
            parts += [(text[at:left], False), (text[left:right], True)]
            at = right
    parts.append((text[at:end], False))
    lead, tail = "… " if start else "", " …" if end < len(text) else ""
    return tuple(part for part in [(lead, False), *parts, (tail, False)] if part[0])


def _open(word):
    return word.replace("œ", "oe").replace("æ", "ae")


def _window(text, first):
    """Whole words, a little before the first one that was looked for."""
    start = max(0, first - BEFORE)
    if start:
        start = text.find(" ", start, first) + 1 or first
    end = min(len(text), start + LENGTH)
    if end < len(text):
        end = max(text.rfind(" ", first, end), first) if " " in text[first:end] else end
    return start, end

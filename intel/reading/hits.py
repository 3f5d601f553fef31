"""A pasted list of values: which of them the reports that one reads cite, and how many do.

One query for the whole list. Whatever is not found here may still be known to another unit by a
restricted report: that is for deconfliction to say, by a numbered check.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db import connection
from django.db.models import CharField, Expression

from intel import access
from intel.actions.targets import MOST as CHECKED_AT_ONCE
from intel.extraction.identifiers import normalise, show
from intel.models import Identifier
from intel.models.choices import IdentifierKind
from intel.reading.capped import Capped
from intel.reading.sql import sql_of
from intel.reading.targets import SHOWN_ALIKE, read_targets

MOST = 200
SHOWN = 5  # reports of each value
COUNTED = 1_000  # of each; beyond, « plus de 1 000 »


@dataclass(frozen=True)
class Wanted:
    """A value as it was read: one writing for each kind that it can be."""

    raw: str
    kind: str  # "" when nothing tells
    values: tuple  # pairs (kind, value)


@dataclass(frozen=True)
class Hit:
    """What was found of one value under one kind; `times` is 0 when nothing was."""

    raw: str
    written: str
    kind: str
    times: int = 0
    is_possible: bool = False  # a name of the same words, whose birth is not the same
    reports: tuple = ()  # (key, reference), the latest first

    @property
    def label(self):
        return IdentifierKind(self.kind).label if self.kind else "Type non reconnu"

    @property
    def count(self):
        return Capped(min(self.times, COUNTED), self.times > COUNTED)

    @property
    def more(self):
        return self.times - len(self.reports)


@dataclass(frozen=True)
class Table:
    hits: tuple

    @property
    def found(self):
        return [hit for hit in self.hits if hit.times]

    @property
    def missing(self):
        return [hit for hit in self.hits if not hit.times]

    @property
    def found_first(self):
        return [*self.found, *self.missing]

    @property
    def lots(self):
        """Those that are not found, as many at once as a check takes: (first rank, last, text)."""
        raw = [hit.raw for hit in self.missing]
        starts = range(0, len(raw), CHECKED_AT_ONCE)
        lots = [(start, raw[start : start + CHECKED_AT_ONCE]) for start in starts]
        return [(start + 1, start + len(lot), "\n".join(lot)) for start, lot in lots]

    @property
    def kinds(self):
        return list(dict.fromkeys(hit.label for hit in self.hits))


class Told(Expression):
    """A column of the row that stands around, in the statement below."""

    def __init__(self, name):
        super().__init__(output_field=CharField())
        self.name = name

    def as_sql(self, compiler, connection):
        return f"told.{self.name}", []


def read_values(text):
    """The values of a pasted text, each once, in its order; one more than `MOST` when too many."""
    read, seen = [], set()
    for kind, raw in read_targets(text, most=10 * MOST):
        values = tuple(_values(kind, raw))
        key = (kind, values) if values else raw
        if key not in seen:
            seen.add(key)
            read.append(Wanted(raw, kind, values))
    return read[: MOST + 1]


def _values(kind, raw):
    """Its writing, or one for each kind that it could be when nothing tells."""
    for each in [kind] if kind else IdentifierKind:
        try:
            yield str(each), normalise(each, raw)
        except ValueError:
            continue  # it cannot be such an identifier


def table_of(wanted, reports, *, shown=SHOWN):
    """The hits of these values in `reports`, answered to somebody: all in one query."""
    lines, names = defaultdict(list), defaultdict(set)
    for kind, value, times, key, reference in _cited(wanted, reports, shown):
        lines[kind, value].append((times, key, reference))
        if kind == IdentifierKind.NAME:
            names[value.partition("|")[0]].add(value)
    hits = []
    for each in wanted:
        found = []
        for kind, value in each.values:
            near = {value}
            if kind == IdentifierKind.NAME:
                near |= {name for name in names[value.partition("|")[0]] if _may_be(value, name)}
            found += [
                _hit(each, kind, other, lines[kind, other], is_possible=other != value)
                for other in sorted(near)
                if (kind, other) in lines
            ]
        hits += found or [Hit(each.raw, _written(each), each.kind)]
    return Table(tuple(hits))


def _hit(wanted, kind, value, cited, *, is_possible):
    return Hit(
        raw=wanted.raw,
        written=show(kind, value) if kind in SHOWN_ALIKE else wanted.raw,
        kind=kind,
        times=cited[0][0],
        is_possible=is_possible,
        reports=tuple((key, reference) for _, key, reference in cited),
    )


def _may_be(name, other):
    """Of two names of the same words: is one of the births not said?"""
    return not (name.partition("|")[2] and other.partition("|")[2])


def _written(wanted):
    if wanted.kind in SHOWN_ALIKE and wanted.values:
        return show(*wanted.values[0])
    return wanted.raw


def _cited(wanted, reports, shown):
    """(kind, value, how many reports up to COUNTED, key and reference of the latest of them)."""
    pairs = sorted({pair for each in wanted for pair in each.values})
    if not pairs:
        return []
    this = {"kind": Told("kind"), "value": Told("value")}
    cited = Identifier.objects.of_all(reports).filter(**this)
    latest = cited.order_by("-report__received_at", "-report")
    rows = latest.values("report", "report__reference", "report__received_at")[: COUNTED + 1]
    if (found := sql_of(rows)) is None:
        return []
    sql, params = found
    # Only the ORM's own SQL is put together; what was pasted stays in the parameters.
    statement = f"""
        WITH pasted AS (SELECT kind, value FROM unnest(%s::text[], %s::text[]) AS p (kind, value)),
        told AS MATERIALIZED (
          SELECT kind, value FROM pasted UNION
          SELECT i.kind, i.value FROM pasted p JOIN intel_identifier i
            ON i.kind = 'name' AND split_part(i.value, '|', 1) = split_part(p.value, '|', 1)
          WHERE p.kind = 'name'
        )
        SELECT kind, value, count(*), array_agg(report_id ORDER BY at DESC, report_id DESC),
          array_agg(reference ORDER BY at DESC, report_id DESC)
        FROM told, LATERAL ({sql}) AS cited (report_id, reference, at)
        GROUP BY kind, value ORDER BY kind, value
        """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [*map(list, zip(*pairs, strict=True)), *params])
        found = cursor.fetchall()
    return [
        (kind, value, times, pk, reference)
        for kind, value, times, keys, references in found
        for pk, reference in list(zip(keys, references, strict=True))[:shown]
    ]


def hits_of(member, wanted):
    """The same, in the reports that `member` lists."""
    return table_of(wanted, access.listed_reports(member))

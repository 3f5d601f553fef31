"""What the cell has to say of two reports, and what it said; the values that bring none together.

Pairs are looked for each time, among what the member reads: nothing is stored of a pair before
somebody says something of it, and a report that he may no longer read takes its pairs with it.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, Value
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from cross.ui import keyset
from intel import access
from intel.actions import life
from intel.bundles import WORDS
from intel.extraction.identifiers import show
from intel.forms.matching import KEYS_OF, MEANS, decide_form
from intel.models import FrequentValue, Identifier, Match, Report
from intel.models.choices import IdentifierKind
from intel.reading import nearby
from intel.reading.capped import COUNTED_UP_TO, Capped
from intel.reading.list import COLUMNS
from intel.reading.nearby import CITED, PLACED, is_frequent
from intel.reading.sql import sql_of
from services.models.territory import Unaccented

RECENT = timedelta(days=90)  # what came in since is brought together with whatever was known
PAGE = 20
FREQUENT_FROM = 10  # reports: from there on a value is proposed for the list, and pairs nobody
MOST_PROPOSED = 20
COMPARED = (*COLUMNS, "facts", "place", "neighbourhood", "days_and_hours", "vehicles", "persons",
            "modes", "duplicate_of", "fact", "commune__name", "commune__code")  # fmt: skip


# --- Pairs to decide --------------------------------------------------------------------------


@dataclass
class Pair:
    """Two keys of reports and how near they are; `later` was numbered last.

    `report`, received last, and `other` are theirs, once `_filled` has read them.
    """

    weight: int
    later: int
    earlier: int
    report: Report | None = None
    other: Report | None = None
    reasons: str = ""

    @property
    def cursor(self):
        """Numbers of reports are veiled, as in any other address."""
        sides = keyset.veil(self.later), keyset.veil(self.earlier)
        return keyset.SEPARATOR.join((str(self.weight), *sides))

    @property
    def url(self):
        return address_of(self.report, self.other)


def address_of(report, other):
    """The page that puts these two side by side."""
    return f"{reverse('match_pair', args=[report.reference])}?avec={other.reference}"


# What is near a recent report: another that cites the same value, or a recent one of the same
# place. A value or a place of too many reports makes no pair: it belongs on the list.
PAIRS = """
WITH recent AS MATERIALIZED ({recent}),
cited AS (
  SELECT DISTINCT kind, value FROM intel_identifier JOIN recent ON report_id = recent.pk
), citing AS MATERIALIZED (
  SELECT report_id, kind, value, count(*) OVER (PARTITION BY kind, value) AS times
  FROM ({citing}) AS read JOIN cited USING (kind, value)
), placed AS MATERIALIZED (
  SELECT pk, commune_id, folded, count(*) OVER (PARTITION BY commune_id, folded) AS times
  FROM recent WHERE folded <> ''
), near AS (
  SELECT greatest(a.report_id, b.report_id) AS later, least(a.report_id, b.report_id) AS earlier,
    {cited} AS weight
  FROM citing a JOIN citing b USING (kind, value)
  WHERE a.times < {most} AND a.report_id <> b.report_id
    AND a.report_id IN (SELECT pk FROM recent)
    AND (a.report_id > b.report_id OR b.report_id NOT IN (SELECT pk FROM recent))
  UNION ALL
  SELECT a.pk, b.pk, {placed} FROM placed a JOIN placed b USING (commune_id, folded)
  WHERE a.times < {most} AND a.pk > b.pk
), weighed AS (
  SELECT later, earlier, sum(weight)::int AS weight FROM near GROUP BY later, earlier
), waiting AS (
  SELECT weight, later, earlier, count(*) OVER () AS how_many FROM weighed
  JOIN intel_report a ON a.id = later JOIN intel_report b ON b.id = earlier
  WHERE a.fact_id <> b.fact_id AND NOT EXISTS (
    SELECT FROM intel_match said WHERE said.undone_at IS NULL
      AND (said.report_id, said.other_id) IN ((later, earlier), (earlier, later)))
)
SELECT weight, later, earlier, how_many FROM waiting
"""
FIRST, BACK = "weight DESC, later DESC, earlier DESC", "weight, later, earlier"
AFTER = f"WHERE (weight, later, earlier) < (%s, %s, %s) ORDER BY {FIRST} LIMIT %s"
BEFORE = f"WHERE (weight, later, earlier) > (%s, %s, %s) ORDER BY {BACK} LIMIT %s"
NEAREST = f"ORDER BY {FIRST} LIMIT %s"
THIS_ONE = "WHERE (later, earlier) = (%s, %s)"


def _asked(member, ending, params=()):
    """What waits for a word of `member`, as PAIRS ends with `ending`; one query.

    Lines (weight, later, earlier, how many wait in all).
    """
    readable = _matchable(member)
    since = timezone.now() - RECENT
    recent = readable.filter(received_at__gte=since).annotate(folded=Lower(Unaccented("place")))
    listed = is_frequent(Value(member.unit.department_id))
    citing = Identifier.objects.of_all(readable).exclude(listed)
    found = sql_of(recent.values("pk", "commune_id", "folded"))
    cited = sql_of(citing.values("report_id", "kind", "value"))
    if found is None or cited is None:
        return []
    (said, values), (read, more) = found, cited
    # The ORM's own SQL and names of this module; whatever was typed stays in the parameters.
    asked = PAIRS.format(recent=said, citing=read, cited=CITED, placed=PLACED, most=FREQUENT_FROM)
    with connection.cursor() as cursor:
        cursor.execute(f"{asked} {ending}", [*values, *more, *params])
        return cursor.fetchall()


def _matchable(member):
    """Duplicates are left out: what they repeat is brought together in their place."""
    return access.matchable_reports(member).filter(duplicate_of=None)


@dataclass(frozen=True)
class Queue:
    """A page of pairs, and how many wait in all."""

    page: keyset.Page
    count: Capped


def queue_of(member, query):
    """A page of pairs to decide, the nearest first. Three queries."""
    after, before = (_read(query.get(name)) for name in (keyset.AFTER, keyset.BEFORE))
    if before and not after:
        lines = _asked(member, BEFORE, [*before, PAGE + 1])
        pairs = [Pair(*line[:3]) for line in lines[:PAGE]][::-1]
        previous = pairs[0].cursor if len(lines) > PAGE else None
        following = pairs[-1].cursor if pairs else None
    else:
        ending, cursor = (AFTER, after) if after else (NEAREST, ())
        lines = _asked(member, ending, [*cursor, PAGE + 1])
        pairs = [Pair(*line[:3]) for line in lines[:PAGE]]
        previous = pairs[0].cursor if after and pairs else None
        following = pairs[-1].cursor if len(lines) > PAGE else None
    if not pairs and (after or before):
        return queue_of(member, {})  # everything there was decided: back to the nearest
    count = lines[0][3] if lines else 0
    return Queue(
        keyset.Page(_filled(member, pairs), previous, following),
        Capped(min(count, COUNTED_UP_TO), count > COUNTED_UP_TO),
    )


def first(member):
    """The nearest pair left to decide, or None."""
    return _one(member, NEAREST, [1])


def place_of(member, report, other):
    """Where this pair stands in the queue, for `following`; None when it is not in it."""
    keys = sorted((report.pk, other.pk), reverse=True)
    lines = _asked(member, THIS_ONE, keys)
    return lines[0][:3] if lines else None


def following(member, place):
    """The pair after `place`, or the nearest that is left; None when nothing is."""
    after = _one(member, AFTER, [*place, 1]) if place else None
    return after or first(member)


def _one(member, ending, params):
    lines = _asked(member, ending, params)
    return next(iter(_filled(member, [Pair(*line[:3]) for line in lines])), None)


def _read(text):
    """A cursor: a weight and two numbers, or None."""
    parts = (text or "").split(keyset.SEPARATOR)
    if len(parts) != 3 or not parts[0].isdecimal() or len(parts[0]) > 9:
        return None
    try:
        return int(parts[0]), keyset.unveil(parts[1]), keyset.unveil(parts[2])
    except ValueError:
        return None


def _filled(member, pairs):
    """The same with their reports and why they are near; those read meanwhile by nobody go."""
    keys = {key for pair in pairs for key in (pair.later, pair.earlier)}
    rows = {row.pk: row for row in _rows(_matchable(member).filter(pk__in=keys))}
    values = values_of(rows.values(), member)
    kept = [pair for pair in pairs if pair.later in rows and pair.earlier in rows]
    for pair in kept:
        pair.report, pair.other = directed(rows[pair.later], rows[pair.earlier])
        pair.reasons = reasons_of(pair.report, pair.other, values)
    return kept


def _rows(reports):
    """With what is compared: the first words, the place as it is folded, the words of the text."""
    return (
        reports.select_related("commune", "owner__service", "neighbourhood")
        .only(*COMPARED, "owner__service__short_name", "neighbourhood__name")
        .with_opening()
        .annotate(folded=Lower(Unaccented("place")), words=WORDS)
    )


def directed(one, another):
    """The one received last first: it speaks of what the other told."""
    return sorted((one, another), key=lambda each: (each.received_at, each.pk), reverse=True)


def values_of(reports, member):
    """{key of a report: its values (kind, value)}, without those that bring nothing together."""
    listed = is_frequent(Value(member.unit.department_id))
    cited = Identifier.objects.filter(report__in=[report.pk for report in reports])
    told = defaultdict(set)
    rows = cited.exclude(listed).unguarded(because="of reports that were answered")
    for report, kind, value in rows.values_list("report", "kind", "value"):
        told[report].add((kind, value))
    return told


def reasons_of(report, other, values):
    """Why these two are near, in words; `values` as `values_of` gives them."""
    clues = nearby.clues_between(report, values[report.pk])
    other.cited = sorted(f"{kind}|{value}" for kind, value in values[report.pk] & values[other.pk])
    other.has_place = bool(report.folded) and other.folded == report.folded
    nearby.weigh(clues, other, frozenset(report.words))
    return nearby.reasons_of(clues, other)


# --- Two reports side by side -----------------------------------------------------------------


def openable(member):
    """The gate's rows for one side of a pair."""
    return _rows(access.matchable_reports(member))


@dataclass
class Decision:
    """One button: what it says of the two, its key, and the form that asks why."""

    kind: str
    label: str
    means: str
    key: str
    form: object
    is_open: bool = False


@dataclass(frozen=True)
class Side:
    """One of the two: its identifiers, each with `is_common`."""

    report: Report
    identifiers: list


@dataclass(frozen=True)
class Comparison:
    report: Report  # received last
    other: Report
    sides: list
    reasons: str
    said: Match | None  # what was said of them and holds
    decisions: list


def other_of(member, report, reference):
    """The other side, of the same department: hidden, absent and the same are all None."""
    readable = openable(member).exclude(pk=report.pk)
    return readable.filter(reference=reference.strip().upper()).first()


def compared(member, report, other, *, sent=None):
    """Both, and what may be said of them. `sent` is a (kind, form) that was refused."""
    report, other = directed(report, other)
    values = values_of((report, other), member)
    common = values[report.pk] & values[other.pk]
    reasons = reasons_of(report, other, values)
    said = access.readable_matches(member).live().about(report).about(other)
    said = said.select_related("by__unit", "report", "other", "step").first()
    return Comparison(
        report=report,
        other=other,
        sides=[Side(each, _identifiers(each, common)) for each in (report, other)],
        reasons=reasons,
        said=said,
        decisions=[] if said or report.fact_id == other.fact_id else _decisions(sent),
    )


def _identifiers(report, common):
    found = list(Identifier.objects.of(report).order_by("kind", "value"))
    for each in found:
        each.shown = show(each.kind, each.value)
        each.is_common = (each.kind, each.value) in common
    return found


def _decisions(sent):
    made = [
        Decision(kind.value, kind.label, MEANS[kind], KEYS_OF[kind], decide_form(kind))
        for kind in Match.Kind
    ]
    for decision in made:
        if sent and decision.kind == sent[0]:
            decision.form, decision.is_open = sent[1], True
    return made


# --- What was said ----------------------------------------------------------------------------


def decided(member, query):
    """What was said of pairs that this member reads whole, the latest first; one query."""
    return keyset.page_of(_said(member), query, keys=("at", "id"), size=PAGE)


def _said(member):
    ours = access.readable_matches(member).filter(report__department=member.unit.department_id)
    people = ("by__unit", "undone_by__unit", "step")
    return ours.select_related("report__commune", "other__commune", *people)


def just_said(member, key):
    """What this member has just said, as long as it holds; else None."""
    try:
        named = UUID(key)
    except ValueError:
        return None
    said = _said(member).live().filter(by=member.pk, key=named).first()
    return said if said and life.is_fresh(said.at) else None


def may_match(member, report):
    """Does the member say what `report` is to another?"""
    return access.matchable_reports(member).filter(pk=report.pk).exists()


# What the other report is to this one: when the match starts from this one, when it does not.
BONDS = {
    Match.Kind.DUPLICATE: ("Fiche d’origine", "Doublon de cette fiche"),
    Match.Kind.CORROBORATES: ("Corroborée par cette fiche", "Corrobore cette fiche"),
    Match.Kind.UNRELATED: ("Sans lien", "Sans lien"),
}


def said_of(report, member):
    """What was said of `report` and another that he reads too, latest first.

    Each with `beside`, the other one, and its `bond`.
    """
    said = access.readable_matches(member).live().about(report)
    found = list(said.select_related("by__unit", "report", "other", "step").order_by("-at", "-pk"))
    for match in found:
        starts_here = match.report_id == report.pk
        match.beside = match.other if starts_here else match.report
        match.bond = BONDS[match.kind][0 if starts_here else 1]
    return found


# --- Values of too many reports ---------------------------------------------------------------


@dataclass(frozen=True)
class Frequent:
    """A value and how many reports that the member reads cite it."""

    kind: str
    value: str
    times: int
    listed: FrequentValue | None = None

    @property
    def shown(self):
        return show(self.kind, self.value)

    @property
    def label(self):
        return IdentifierKind(self.kind).label


def frequent(member):
    """The values on the list, and those that so many reports cite that they might be."""
    listed = list(access.endable_values(member).select_related("by").order_by("-at", "-pk"))
    times = _times(member, listed)
    on_it = [
        Frequent(each.kind, each.value, times.get((each.kind, each.value), 0), each)
        for each in listed
    ]
    known = {(each.kind, each.value) for each in listed}
    return on_it, [
        Frequent(kind, value, count)
        for (kind, value), count in times.items()
        if (kind, value) not in known
    ]


def _times(member, listed):
    """{(kind, value): reports}, of the values listed and of the most cited others."""
    cited = Identifier.objects.of_all(access.matchable_reports(member)).values("kind", "value")
    counted = cited.annotate(times=Count("pk"))
    of_list = Q()
    for each in listed:
        of_list |= Q(kind=each.kind, value=each.value)
    most = counted.filter(times__gte=FREQUENT_FROM).order_by("-times", "kind", "value")
    rows = list(most.exclude(of_list)[:MOST_PROPOSED] if listed else most[:MOST_PROPOSED])
    rows += list(counted.filter(of_list)) if listed else []
    return {(row["kind"], row["value"]): row["times"] for row in rows}

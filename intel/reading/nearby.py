"""Reports that may speak of the same thing as another, written or still being typed.

Only what the member may read, in the department of the report, out of draft and in scope. Two
reports are near when they cite the same identifier, whatever the place; when they name the same
place, or are of the same neighbourhood, of one commune, around the same days; or when they say the
same in nearly the same words.

What the cell has said of two reports is said: the pair is not proposed again, nor are two of one
fact. A value on the list of frequent ones brings nothing near.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchRank
from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.functions import Concat, Least, Lower
from django.utils import timezone

from cross.ui.templatetags.words import counted, listed, percent
from intel import access
from intel.bundles import WORDS
from intel.extraction.identifiers import show
from intel.models import FrequentValue, Identifier, Match
from intel.models.choices import Product
from intel.reading import alike
from intel.reading.list import COLUMNS
from intel.states import NOT_COUNTED
from services.models.territory import Unaccented

DAYS = timedelta(days=90)
MOST_NEARBY = 8
# Beyond, nobody compares: the latest of each way are enough to choose the nearest from.
MOST_CITING, MOST_PLACED, MOST_ALIKE = 60, 30, 20


@dataclass(frozen=True)
class Clues:
    """What is compared: of a report, or of what is being typed. `pk` is None until it is one."""

    department: int
    commune: int | None = None
    place: str = ""
    neighbourhood: int | None = None
    received_at: datetime = field(default_factory=timezone.now)
    occurred_on: date | None = None
    products: tuple = ()
    text: str = ""
    identifiers: frozenset = frozenset()  # pairs (kind, normalised value)
    pk: int | None = None
    fact: int | None = None


def clues_of(report, identifiers):
    """Those of a report; `identifiers` are its confirmed ones."""
    return clues_between(report, {(each.kind, each.value) for each in identifiers})


def clues_between(report, values):
    """The same, of its values (kind, value)."""
    return Clues(
        department=report.department_id,
        commune=report.commune_id,
        place=report.place,
        neighbourhood=report.neighbourhood_id,
        received_at=report.received_at,
        occurred_on=report.occurred_on,
        products=tuple(report.products),
        text=f"{report.subject} {report.facts}",
        identifiers=frozenset(values),
        pk=report.pk,
        fact=report.fact_id,
    )


def nearby(report, member, identifiers):
    """Those that are near `report`, the nearest first; see `near_to`."""
    return near_to(clues_of(report, identifiers), member)


def candidates_for(report, member, identifiers):
    """The likely originals: those that are near, then the latest of the commune and those days.

    None that is a duplicate itself.
    """
    near = [each for each in nearby(report, member, identifiers) if each.duplicate_of_id is None]
    clues = clues_of(report, identifiers)
    others = (
        _around(clues, member)
        .filter(_same_days(clues), duplicate_of=None)
        .exclude(pk__in=[each.pk for each in near])
        .select_related("commune", "owner")
        .only(*COLUMNS)
        .with_opening()
        .order_by("-received_at", "-pk")
    )
    return near + list(others[: MOST_NEARBY - len(near)])


def near_to(clues, member):
    """The reports near `clues`, the nearest first, each with its `reasons`. Two queries.

    Each way of being near is walked by an index of its own; an OR of them would read the whole
    department. Each keeps a few; they are then weighed against one another.
    """
    words, size = [], 0
    if clues.text.strip():
        latest = _around(clues, member).order_by("-received_at", "-pk")
        words, size = alike.words_of(clues.text, latest)
    ways = [
        way
        for way in (
            _citing(clues, member),
            _placed(clues, member),
            _alike(clues, member, words, size),
        )
        if way is not None
    ]
    if not ways:
        return []
    first, *others = ways
    found = list(
        _around(clues, member)
        .filter(pk__in=first.union(*others, all=True) if others else first)
        .select_related("commune", "owner")
        .only(*COLUMNS, "place", "neighbourhood", "duplicate_of", "commune__name")
        .alias(folded=_folded("place"))
        .with_opening()
        .annotate(
            has_place=_has_place(clues),
            words=WORDS,
            cited=_cited(clues),
        )
    )
    return _weighed(clues, found, frozenset(word for word, _ in words))


def _around(clues, member):
    """Where the near ones are looked for: what is read, but for what was said already."""
    reports = (
        access.listed_reports(member, for_page=True)
        .filter(department=clues.department)
        .exclude(state__in=NOT_COUNTED)
    )
    if clues.pk is None:
        return reports
    said = Match.objects.live()
    return (
        reports.exclude(pk=clues.pk)
        .exclude(fact=clues.fact)
        .exclude(pk__in=said.filter(report=clues.pk).values("other"))
        .exclude(pk__in=said.filter(other=clues.pk).values("report"))
    )


def _folded(text):
    return Lower(Unaccented(text))


# --- The ways of being near: keys of reports --------------------------------------------------


def _same_values(clues, identifiers):
    """Of `identifiers`, those that say what `clues` say, but the values on the list."""
    pairs = Q()
    for kind, value in sorted(clues.identifiers):
        pairs |= Q(kind=kind, value=value)
    return identifiers.filter(pairs).exclude(is_frequent(Value(clues.department)))


def is_frequent(department):
    """Is this identifier on the list of `department`, an expression?"""
    return Exists(
        FrequentValue.objects.filter(
            department=department,
            kind=OuterRef("kind"),
            value=OuterRef("value"),
            ended_at=None,
        )
    )


def _citing(clues, member):
    """Of those that are read alone: what is hidden takes nobody's place."""
    if not clues.identifiers:
        return None
    cited = _same_values(clues, Identifier.objects.of_all(_around(clues, member)))
    return cited.order_by("-report").values("report")[:MOST_CITING]


def _same_days(clues):
    """The same commune, received around the same time."""
    span = (clues.received_at - DAYS, clues.received_at + DAYS)
    return Q(commune=clues.commune, received_at__range=span)


def _placed(clues, member):
    """The same place or neighbourhood of the commune, received around the same days."""
    same = Q()
    if place := clues.place.strip():
        same |= Q(folded=_folded(Value(place)))
    if clues.neighbourhood:
        same |= Q(neighbourhood=clues.neighbourhood)
    if clues.commune is None or not same:
        return None
    return (
        _around(clues, member)
        .filter(_same_days(clues))
        .alias(folded=_folded("place"))
        .filter(same)
        .order_by("-received_at")
        .values("pk")[:MOST_PLACED]
    )


def _alike(clues, member, words, size):
    query = alike.asked_by(words, size)
    if query is None:
        return None
    return (
        _around(clues, member)
        .filter(search=query)
        .alias(rank=SearchRank(F("search"), query))
        .order_by("-rank")
        .values("pk")[:MOST_ALIKE]
    )


def _cited(clues):
    """What a report cites in common: an array of « kind|value »."""
    if not clues.identifiers:
        return Value([], output_field=ArrayField(CharField()))
    same = _same_values(clues, Identifier.objects.filter(report=OuterRef("pk")))
    told = Concat("kind", Value("|"), "value", output_field=CharField())
    return ArraySubquery(same.order_by("kind", "value").values_list(told))


def _has_place(clues):
    """Does a report name the very place, in any case and accents?"""
    named = Q(place__gt="", folded=_folded(Value(clues.place))) if clues.place.strip() else Q()
    return Case(When(named, then=Value(True)), default=Value(False)) if named else Value(False)


# --- Which are the nearest, and why -----------------------------------------------------------

# An identifier says more than a place; a whole text told again says as much.
CITED, ALIKE, PLACED, AROUND = 4, 6, 3, 2


def _weighed(clues, found, words):
    """The nearest of `found`, each with its `weight` and `reasons`."""
    for each in found:
        weigh(clues, each, words)
    near = [each for each in found if each.weight]
    near.sort(key=lambda each: (each.weight, each.received_at, each.pk), reverse=True)
    for each in (nearest := near[:MOST_NEARBY]):
        each.reasons = reasons_of(clues, each)
    return nearest


def weigh(clues, other, words):
    """Give `other` its weight: it has `cited`, `has_place` and `words`."""
    other.is_there = other.commune_id == clues.commune
    other.is_then = abs(clues.received_at - other.received_at) <= DAYS
    other.has_place = other.has_place and other.is_there
    other.is_around = other.is_there and other.neighbourhood_id == (clues.neighbourhood or 0)
    other.share = alike.share(words, frozenset(other.words))
    weight = CITED * len(other.cited) + ALIKE * other.share
    if other.is_then:
        weight += PLACED if other.has_place else AROUND if other.is_around else 0
    other.weight = weight + other.is_there + other.is_then if weight else 0


def reasons_of(clues, other):
    """Why the two are near, in words, once `weigh` has compared them; nothing when they are not.

    The reader reads both.
    """
    return listed(_reasons(clues, other)) if other.weight else ""


def _reasons(clues, other):
    for each in other.cited:
        kind, _, value = each.partition("|")
        yield f"{show(kind, value)} en commun"
    if other.share:
        yield f"texte semblable ({percent(other.share)} des mots)"
    if other.is_there:
        yield "même commune"
    if other.has_place:
        yield "même lieu"
    elif other.is_around:
        yield "même quartier"
    if set(other.products) & set(clues.products) - {Product.UNKNOWN}:
        yield "même produit"
    if clues.occurred_on and other.occurred_on:
        days = (clues.occurred_on - other.occurred_on).days
        yield f"faits {_apart(days)}" if days else "faits du même jour"
    days = (timezone.localdate(clues.received_at) - timezone.localdate(other.received_at)).days
    yield f"réception {_apart(days)}" if days else "réception le même jour"


def _apart(days):
    return f"{counted(abs(days), 'jour')} {'plus tôt' if days > 0 else 'plus tard'}"


# --- How many, for each row of a queue --------------------------------------------------------


def how_many_near(member):
    """Of the same place or identifier, for each row of a queue of reports: an expression.

    Texts that are alike are left to the sheet: each would be a search of its own.
    """
    others = (
        access.listed_reports(member, for_page=True)
        .filter(department=OuterRef("department"))
        .exclude(pk=OuterRef("pk"))
        .exclude(fact=OuterRef("fact"))
        .exclude(state__in=NOT_COUNTED)
        .filter(~Exists(_said_of_both()))
        .alias(folded=_folded("place"))
    )
    same = Q(
        (~Q(folded="") & Q(folded=_folded(OuterRef("place"))))
        | Q(neighbourhood=OuterRef("neighbourhood")),
        commune=OuterRef("commune"),
        received_at__range=(_shifted(-DAYS), _shifted(DAYS)),
    )
    linked = Identifier.objects.filter(Exists(_own_values())).values("report")
    # Two counts, and not an OR: that one would read the whole department for each row.
    elsewhere = others.alias(is_same=Case(When(same, then=True), default=False)).filter(
        pk__in=linked, is_same=False
    )
    return Least(_count(others.filter(same)) + _count(elsewhere), Value(MOST_NEARBY))


def _said_of_both():
    """What was said of a row and of one of the others, whichever way."""
    row, other = OuterRef(OuterRef("pk")), OuterRef("pk")
    either = Q(report=row, other=other) | Q(report=other, other=row)
    return Match.objects.live().filter(either)


def _own_values():
    """The identifiers of a row that say what another report's says."""
    own = Identifier.objects.filter(
        report=OuterRef(OuterRef(OuterRef("pk"))), kind=OuterRef("kind"), value=OuterRef("value")
    )
    return own.exclude(is_frequent(OuterRef("report__department")))


def _count(reports):
    """How many, and no more than are told: the rest stays unread."""
    shown = ArraySubquery(reports.order_by().values("pk")[:MOST_NEARBY])
    return Func(shown, function="cardinality", output_field=IntegerField())


def _shifted(delta):
    return ExpressionWrapper(OuterRef("received_at") + Value(delta), DateTimeField())

"""Reports that may speak of the same thing as another: where the original of a duplicate is found.

Only what the member may read, in the department of the report, out of draft and in scope.

A commune and a few weeks are shared by many reports that have nothing to do with one another:
besides them, two reports are near when they name the same place or the same product. An
identifier in common is enough by itself.
"""

from datetime import timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.functions import Cast, Least, Left, Lower

from cross.ui.templatetags.words import counted, listed
from intel import access
from intel.models import Identifier
from intel.models.choices import Product
from intel.models.report import title_of
from intel.reading.list import COLUMNS, OPENING
from intel.states import NOT_COUNTED
from services.models.territory import Unaccented

DAYS = timedelta(days=90)
MOST_CANDIDATES = 8
MOST_NEARBY = 5
TEXTS = ArrayField(CharField())


def _around(report, member):
    return (
        access.listed_reports(member, for_page=True)
        .filter(department=report.department_id)
        .exclude(pk=report.pk)
        .exclude(state__in=NOT_COUNTED)
        .annotate(opening=Left("facts", OPENING))
    )


def _same_days(report):
    """The same commune, received around the same time."""
    span = (report.received_at - DAYS, report.received_at + DAYS)
    return Q(commune=report.commune_id, received_at__range=span)


def _folded(text):
    return Lower(Unaccented(text))


def _told(products):
    """Products that say something: « non précisé » is nothing in common."""
    unknown = Cast(Value(Product.UNKNOWN.value), CharField())
    return Func(products, unknown, function="array_remove", output_field=TEXTS)


def _same_thing(*, place, neighbourhood, products):
    """The same place in any case and accents, the same neighbourhood, or a product in common."""
    return (
        (~Q(folded="") & Q(folded=place))
        | Q(neighbourhood=neighbourhood)
        | Q(products__overlap=_told(products))
    )


def _with_headings(reports):
    found = list(reports)
    for each in found:
        each.heading = title_of(each.subject, each.opening)
    return found


def candidates_for(report, member):
    """The likely originals, latest first: of the same days, and no duplicates themselves."""
    near = _around(report, member).filter(_same_days(report), duplicate_of=None)
    return _with_headings(
        near.select_related("commune", "owner")
        .only(*COLUMNS)
        .order_by("-received_at", "-pk")[:MOST_CANDIDATES]
    )


def nearby(report, member, identifiers):
    """Those that are near `report`, an identifier in common first; each with `reasons`.

    Two queries, each in the order of an index: an OR of the two would read the whole department.
    """
    place = _folded(Value(report.place))
    near = (
        _around(report, member)
        .alias(folded=_folded("place"))
        .annotate(has_place=~Q(folded="") & Q(folded=place))
        .order_by("-received_at", "-pk")
        .select_related("commune")
        .defer("facts", "comment", "search")
    )
    values = [each.value for each in identifiers]
    shared = Identifier.objects.filter(report=OuterRef("pk"), value__in=values)
    linked = list(near.filter(Exists(shared))[:MOST_NEARBY]) if values else []
    thing = _same_thing(
        place=place,
        neighbourhood=Value(report.neighbourhood_id, output_field=BigIntegerField()),
        products=Value(report.products, output_field=TEXTS),
    )
    left = MOST_NEARBY - len(linked)
    same = near.filter(_same_days(report) & thing).exclude(pk__in=[each.pk for each in linked])
    found = _with_headings(linked + (list(same[:left]) if left else []))
    for rank, each in enumerate(found):
        each.has_shared = rank < len(linked)
        each.reasons = _reasons(report, each)
    return found


def how_many_near(member):
    """As many as `nearby` gives, for each row of a queue of reports: an expression."""
    same = Q(
        _same_thing(
            place=_folded(OuterRef("place")),
            neighbourhood=OuterRef("neighbourhood"),
            products=OuterRef("products"),
        ),
        commune=OuterRef("commune"),
        received_at__range=(_shifted(-DAYS), _shifted(DAYS)),
    )
    others = (
        access.listed_reports(member, for_page=True)
        .filter(department=OuterRef("department"))
        .exclude(pk=OuterRef("pk"))
        .exclude(state__in=NOT_COUNTED)
        .alias(folded=_folded("place"))
    )
    values = Identifier.objects.filter(report=OuterRef(OuterRef(OuterRef("pk")))).values("value")
    linked = Identifier.objects.filter(value__in=values).values("report")
    # Two counts, and not an OR: that one would read the whole department for each row.
    elsewhere = others.alias(is_same=Case(When(same, then=True), default=False)).filter(
        pk__in=linked, is_same=False
    )
    return Least(_count(others.filter(same)) + _count(elsewhere), Value(MOST_NEARBY))


def _count(reports):
    """How many, and no more than are shown: the rest stays unread."""
    shown = ArraySubquery(reports.order_by().values("pk")[:MOST_NEARBY])
    return Func(shown, function="cardinality", output_field=IntegerField())


def _shifted(delta):
    return ExpressionWrapper(OuterRef("received_at") + Value(delta), DateTimeField())


def _reasons(report, other):
    reasons = ["identifiant en commun"] if other.has_shared else []
    if other.commune_id == report.commune_id:
        reasons.append("même commune")
    if other.has_place:
        reasons.append("même lieu")
    elif other.neighbourhood_id and other.neighbourhood_id == report.neighbourhood_id:
        reasons.append("même quartier")
    if set(other.products) & set(report.products) - {Product.UNKNOWN}:
        reasons.append("même produit")
    days = (report.received_at.date() - other.received_at.date()).days
    if days:
        reasons.append(f"{counted(abs(days), 'jour')} {'avant' if days > 0 else 'après'}")
    else:
        reasons.append("même jour")
    return listed(reasons)

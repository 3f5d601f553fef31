"""Places as a member reads them: the list, its map, the page of one, what a report cites.

Whatever is said of a place comes from the reports that this member reads; his state of it, its
hours and its products are those that the latest of them says.
"""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone

from cross.ui import keyset
from intel import access
from intel.indicators.naming import places_named
from intel.models import Place, PlaceObservation, PlaceOperation
from intel.place_states import START, PlaceState
from intel.reading import place_maps, search
from intel.reading.capped import count_each
from intel.reading.communes import label
from intel.reading.filters import departments_of
from services.models import Department
from services.models.territory import Unaccented
from services.territory.names import folded
from services.territory.points import show_degrees

SIZE = 50
CANDIDATES = 20
DESTINATIONS = 100
NEVER = date(1, 1, 1)
KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

# As words are folded before they are looked for.
PLAIN = {
    "plain_name": Lower(Unaccented("name")),
    "plain_address": Lower(Unaccented("address")),
}
TONES = {
    PlaceState.SIGNALLED: "new",
    PlaceState.CONFIRMED: "progress",
    PlaceState.ACTIVE: "alert",
    PlaceState.UNDER_PRESSURE: "waiting",
    PlaceState.DISMANTLED: "done",
    PlaceState.REBUILT: "alert",
    PlaceState.MOVED: "quiet",
}


@dataclass
class Told:
    """What the reports that are read say of one place: of each thing, the latest word."""

    state: PlaceState = START
    since: date | None = None  # the first day of that state, as far as is said
    seen_on: date | None = None
    hours: str = ""
    products: list = field(default_factory=list)
    lookouts: str = ""
    stash: str = ""
    reports: dict = field(default_factory=dict)  # {key: reference}

    @property
    def tone(self):
        return TONES[self.state]

    def hear(self, said):
        """One more observation, later than those before."""
        if said.state and (said.state != self.state or self.since is None):
            self.state, self.since = PlaceState(said.state), said.seen_on
        self.seen_on = said.seen_on
        self.hours = said.hours or self.hours
        self.products = said.product_labels or self.products
        self.lookouts = said.lookouts or self.lookouts
        self.stash = said.stash or self.stash
        self.reports[said.report_id] = said.report.reference


def tell(places, reports):
    """Give each place its `told`, from `reports`, answered to somebody. One query."""
    places = list(places)
    said = access.observations(reports).filter(place__in=[place.pk for place in places])
    told = {place.pk: Told() for place in places}
    for each in (
        said.select_related("report")
        .order_by("seen_on", "pk")
        .only(
            "place",
            "seen_on",
            "state",
            "hours",
            "products",
            "lookouts",
            "stash",
            "report__reference",
        )
    ):
        told[each.place_id].hear(each)
    for place in places:
        place.told = told[place.pk]
    return places


# --- The list ---------------------------------------------------------------------------------


def _dormant(days):
    limit = timezone.localdate() - timedelta(days=int(days))
    return Q(seen_last__lt=limit)


def _words(words):
    said = folded(words)
    return Q(plain_name__contains=said) | Q(plain_address__contains=said)


CONDITIONS = {
    "q": _words,
    "commune": lambda communes: Q(commune__in=[commune.pk for commune in communes]),
    "type": lambda values: Q(kind__in=values),
    "etat": lambda values: Q(present__in=values),
    "sans": _dormant,
    "indicateur": lambda named: named[1],
}


@dataclass(frozen=True)
class Listing:
    form: object
    page: keyset.Page
    count: int
    count_capped: bool
    chosen: list
    map: place_maps.Marked | None
    unmapped: int  # of this page, those without a point of their own


def asked_of(member, query, make_form):
    """The filters of the address, read for `member`: the form, checked."""
    departments = departments_of(member)
    form = make_form(
        query,
        find_communes=lambda text: search.communes_named(text, departments),
        find_indicator=partial(places_named, member),
    )
    form.is_valid()
    return form


def chosen_places(member, form, *, leaving=False):
    """Those that fit what is asked; none while a filter is refused: its error says why."""
    reports = reports_of(member, leaving=leaving, for_page=True)
    places = _annotated(
        (access.leaving_places if leaving else access.listed_places)(member), reports
    )
    if form.errors:
        return places.none()
    wanted = {name: value for name, value in form.cleaned_data.items() if value}
    if products := wanted.pop("produit", None):
        said = access.observations(reports).filter(place=OuterRef("pk"))
        places = places.filter(Exists(said.filter(products__overlap=products)))
    return places.filter(*(CONDITIONS[name](value) for name, value in wanted.items()))


def reports_of(member, *, leaving=False, for_page=False):
    reports = access.listed_reports(member, for_page=for_page)
    return access.leaves_unit_freely(reports, member) if leaving else reports


def _annotated(places, reports):
    """With what is asked of them: the present state, the last day that somebody said something."""
    said = access.observations(reports).filter(place=OuterRef("pk"))
    last = said.latest_first().values("seen_on")[:1]
    return places.annotate(
        present=Coalesce(
            Subquery(said.latest_states()[:1]), Value(START.value), output_field=CharField()
        ),
        seen_last=Coalesce(Subquery(last), Value(NEVER), output_field=DateField()),
        **PLAIN,
    )


def listing_for(member, query, make_form):
    form = asked_of(member, query, make_form)
    places = chosen_places(member, form)
    page = keyset.page_of(
        places.select_related("commune").defer("commune__outline"),
        query,
        keys=("seen_last", "id"),
        size=SIZE,
    )
    tell(page.rows, reports_of(member))
    for rank, place in enumerate(page.rows, start=1):
        place.rank = rank
    [count] = count_each([places])
    return Listing(
        form=form,
        page=page,
        count=count.value,
        count_capped=count.is_capped,
        chosen=chips_of(form),
        map=place_maps.of_listed(member, page.rows, form.cleaned_data.get("commune")),
        unmapped=sum(not place.has_point for place in page.rows),
    )


def chips_of(form):
    """The filters in force, in words, each with what to take out of the address."""
    chips = []
    for name, value in form.cleaned_data.items():
        bound = form.fields[name]
        if not value:
            continue
        if name == "q":
            pairs = [(form.data[name], f"« {value} »")]
        elif name == "indicateur":
            pairs = [(form.data[name], value[0])]
        elif name == "commune":
            several = f"« {form.data[name]} » ({len(value)} communes)"
            pairs = [(form.data[name], several if len(value) > 1 else value[0].name)]
        else:
            words = dict(bound.choices)
            pairs = [
                (each, words[each]) for each in ([value] if isinstance(value, str) else value)
            ]
        chips += [
            {"name": name, "value": each, "label": bound.label, "text": text}
            for each, text in pairs
        ]
    return chips


# --- The page of one --------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """What one report said, one day; `moved_to` only when the member reads that place."""

    said: object
    moved_to: Place | None
    may_remove: bool

    @property
    def state(self):
        return PlaceState(self.said.state).label if self.said.state else ""

    @property
    def tone(self):
        return TONES[self.said.state] if self.said.state else ""


@dataclass(frozen=True)
class PlaceSheet:
    told: Told
    lines: list[Line]
    comes_from: list[Place]
    operations: list[PlaceOperation]  # each with `may_remove`
    map: str
    degrees: str


def rows(member):
    """Readable places, with what this member may do there and whether something stays in."""
    reports = access.readable_reports(member)
    this = OuterRef("pk")
    held = access.observations(access.stays_in_unit(reports, member)).filter(place=this)
    return (
        access.readable_places(member)
        .select_related("commune", "department")
        .defer("commune__outline", "department__outline")
        .annotate(
            is_ours=Exists(access.own_places(member).filter(pk=this)),
            may_change=Exists(access.editable_places(member).filter(pk=this)),
            may_work=Exists(access.workable_places(member).filter(pk=this)),
            holds_back=Exists(held),
        )
    )


def sheet_of(place, member, *, leaving=False):
    """The page of a row of `rows(member)`; `leaving` keeps what may be printed."""
    reports = access.readable_reports(member)
    free = access.leaves_unit_freely(reports, member)
    tell([place], free if leaving else reports)
    shown = access.observations(free if leaving else reports).filter(place=place)
    removable = access.removable_observations(member).filter(pk=OuterRef("pk"))
    said = list(
        shown.select_related("report", "moved_to")
        .annotate(
            may_remove=Exists(removable),
            reads_target=Exists(access.readable_places(member).filter(pk=OuterRef("moved_to"))),
        )
        .latest_first()
    )
    return PlaceSheet(
        told=place.told,
        lines=[
            Line(each, each.moved_to if each.reads_target else None, each.may_remove)
            for each in said
        ],
        comes_from=_comes_from(place, member, free if leaving else reports),
        operations=_operations_of(place, member),
        map=place_maps.around(place),
        degrees=_degrees(place) if place.has_point else "",
    )


def _comes_from(place, member, reports):
    """Those that are said to have moved here."""
    moved = access.observations(reports).filter(moved_to=place)
    return list(
        access.readable_places(member).filter(pk__in=moved.values("place")).order_by("name")
    )


def _operations_of(place, member):
    removable = access.removable_operations(member).filter(pk=OuterRef("pk"))
    done = access.readable_operations(member).filter(place=place)
    return list(
        done.annotate(may_remove=Exists(removable)).select_related("unit").order_by("-day", "-pk")
    )


def _degrees(place):
    return show_degrees(place.x, place.y, place.department.srid)


def present(place):
    """What the form that changes a place starts from."""
    return {
        "name": place.name,
        "kind": place.kind,
        "on_public_way": place.on_public_way,
        "is_daily": place.is_daily,
        "commune": label(place.commune),
        "address": place.address,
        "point": _degrees(place) if place.has_point else "",
    }


# --- What a report cites, and may cite --------------------------------------------------------

# For a row of the sheet of a report: is there anything to be asked for?
ARE_CITED = Exists(PlaceObservation.objects.live().filter(report=OuterRef("pk")))


def cited_by(report, member):
    """What a report says of places, the latest first: its reader reads each of them."""
    said = access.readable_observations(member).filter(report=report)
    removable = access.removable_observations(member).filter(pk=OuterRef("pk"))
    rows = said.select_related("place__commune", "moved_to").annotate(may_remove=Exists(removable))
    return [Line(each, each.moved_to, each.may_remove) for each in rows.latest_first()]


def candidates(report, member, words, wanted=""):
    """Places that a report may cite: those of its commune, or those whose name is typed.

    `wanted` is the key of one that is offered in any case.
    """
    places = access.citable_places(member, report)
    if words:
        found = places.annotate(**PLAIN).filter(_words(words))
    else:
        found = places.filter(commune=report.commune_id)
    rows = list(_to_choose(found)[:CANDIDATES])
    if KEY.fullmatch(wanted) and wanted not in {str(each.key) for each in rows}:
        rows += _to_choose(places.filter(key=wanted))
    return rows


def destinations(department, commune, member, *, but=None):
    """Where a place of a commune may have moved: those of the same commune first."""
    places = access.readable_places(member).filter(department=department)
    if but:
        places = places.exclude(pk=but.pk)
    near = Case(When(commune=commune, then=0), default=1, output_field=IntegerField())
    return list(_to_choose(places, near)[:DESTINATIONS])


def _to_choose(places, *first):
    return (
        places.select_related("commune").defer("commune__outline").order_by(*first, "name", "pk")
    )


def reports_that_may_say(place, member):
    """Reports that cite a place and to which this member adds: the latest first."""
    cites = access.readable_observations(member).filter(place=place)
    reports = access.enrichable_reports(member).filter(pk__in=cites.values("report"))
    return list(reports.order_by("-received_at", "-pk")[:SIZE])


def departments_where_made(member):
    """Where this member makes places: the departments to which his unit contributes."""
    return Department.objects.filter(pk__in=access.standing(member).contributes_in)

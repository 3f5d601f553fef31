"""The list of reports as a member reads it: what was asked, one page of it, how many there are.

Page, count and facets start from the same rule and the same filters. Unless an exact count is
asked, facets are counted on `FACETS_UP_TO` reports at most and the list alone up to
`COUNTED_UP_TO`: a department of a million reports opens as fast as a small one.
"""

import datetime
from dataclasses import dataclass, replace

from django.db.models import CharField, DateField, F, Func, IntegerField, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.http import QueryDict

from cross.ui import keyset
from cross.ui.templatetags.words import counted
from intel import access
from intel.reading import excerpts, search, typos
from intel.reading.capped import Capped, count_each
from intel.reading.facets import FACETS_UP_TO, counts_of, facets_of, ways_out
from intel.reading.filters import Asked, asked_by, chips_of, departments_of
from intel.states import State

SIZES = (20, 50, 100)
SIZE = 50

# --- Order ------------------------------------------------------------------------------------

# The life of a report, not the alphabet.
_stage_rank = Func(
    Value([state.value for state in State]), F("state"), function="array_position",
    output_field=IntegerField(),
)  # fmt: skip

# Name in the address: (annotations, keys). Every key is without nulls and the last is unique.
SORTS = {
    "recu": ({}, ("received_at", "id")),
    "faits": (
        {"happened_on": Coalesce("occurred_on", Value(datetime.date(1, 1, 1)),
                                 output_field=DateField())},
        ("happened_on", "received_at", "id"),
    ),
    "commune": (
        {"place_key": Cast("commune__sort_key", CharField())},
        ("place_key", "received_at", "id"),
    ),
    "unite": (
        {"unit_key": Cast("owner__sort_key", CharField())},
        ("unit_key", "received_at", "id"),
    ),
    "cotation": (
        {"grade_key": Concat("source_grade", "information_grade", output_field=CharField())},
        ("grade_key", "received_at", "id"),
    ),
    "etat": ({"stage_rank": _stage_rank}, ("stage_rank", "received_at", "id")),
}  # fmt: skip
SORT = "-recu"

COLUMNS = (
    "reference", "department", "state", "audience", "subject", "occurred_on", "occurred_until",
    "received_at", "valid_until", "products", "source_grade", "information_grade", "origin",
    "handling",
    "commune__name", "commune__centre_x", "commune__centre_y", "owner__short_name", "owner__name",
)  # fmt: skip


# The order that an index gives: the page is read whole as the index is walked. For the others the
# keys of the whole set are sorted first, from the covering index, and only the page is read whole.
WALKED = frozenset({"recu"})


def page_of(member, asked, query, sort, size):
    """One page of what is asked, in that order."""
    rows = _searched(asked)
    return ordered_page(
        lambda for_page: asked.of(rows(member, for_page=for_page)), query, sort, size
    )


def _searched(asked):
    """Among what: a reference names any sheet that one reads, those of other departments too."""
    return access.readable_reports if asked.names_one else access.listed_reports


def ordered_page(read, query, sort, size):
    """One page of `read(for_page)`, answered reports in the shape that is asked, in that order."""
    name = sort.removeprefix("-")
    annotations, keys = SORTS[name]
    is_walked = name in WALKED
    reports = read(is_walked)
    rows = reports.annotate(**annotations)
    rows = _whole(rows) if is_walked else rows.only("pk", "received_at")
    page = keyset.page_of(rows, query, keys=keys, size=size, ascending=not sort.startswith("-"))
    if not is_walked:
        found = {row.pk: row for row in _whole(reports.filter(pk__in=[row.pk for row in page]))}
        page = replace(page, rows=[found[row.pk] for row in page if row.pk in found])
    return page


def _whole(reports):
    """What a row of the list shows; of the facts, their first words alone."""
    return reports.select_related("commune", "owner").only(*COLUMNS).with_opening()


@dataclass(frozen=True)
class Listing:
    """The list as the page shows it; `count` is a floor when `count_capped`."""

    asked: Asked
    page: keyset.Page
    count: int
    count_capped: bool
    facets: list
    chosen: list
    ways_out: list
    sort: str
    size: int
    query: QueryDict  # the address of what is shown: what was meant, when the typed has nothing
    missing: str = ""  # the reference asked for, when the member reads no such sheet
    meant: tuple = ()  # typos.Proposal: what is shown is the first one

    @property
    def is_search(self):
        return "q" in self.asked.wanted

    @property
    def ground(self):
        """Where one looks from, or None."""
        circle = self.asked.wanted.get("autour")
        return circle and circle.ground

    @property
    def figure(self):
        """The figure of a summary that the list stands behind, or None."""
        return self.asked.wanted.get("synthese")

    @property
    def corrected(self):
        """Of a figure looked at alone: that its list is not what the summary counted."""
        return self.figure.corrected(self.count) if self._is_a_figure_alone else ""

    @property
    def facts_told(self):
        """Of a figure looked at alone, whose list is what the summary counted: its facts."""
        is_whole = self._is_a_figure_alone and not self.corrected
        return counted(self.figure.facts, "fait") if is_whole else ""

    @property
    def _is_a_figure_alone(self):
        is_alone = self.asked.given.keys() == {"synthese"} and not self.count_capped
        return self.figure is not None and is_alone

    @property
    def has_dates(self):
        """Is a date asked, or refused? Its fields are then shown open."""
        asked = self.asked.wanted.keys() | self.asked.form.errors.keys()
        return bool(asked & {"recu_du", "recu_au", "faits_du", "faits_au"})

    @property
    def has_ground(self):
        """The same of the fields that say where from, and how far."""
        return bool(
            {"autour", "rayon"} & (self.asked.wanted.keys() | self.asked.form.errors.keys())
        )

    @property
    def only_row(self):
        """The one sheet that a reference typed in the search box names, or None."""
        rows = self.page.rows
        return rows[0] if self.asked.names_one and len(rows) == 1 else None


def sort_of(query):
    """The order that the address asks for, the latest first when it asks for none."""
    sort = query.get("tri", SORT)
    return sort if sort.removeprefix("-") in SORTS else SORT


def size_of(query):
    return int(query["par"]) if query.get("par") in map(str, SIZES) else SIZE


def listing_for(member, query):
    """The list that `query` (the QueryDict of the address) asks for, as `member` may read it.

    When nothing has the words that were typed, what is shown is what they were likely to be.
    """
    asked = asked_by(member, query)
    sort, size = sort_of(query), size_of(query)
    page = page_of(member, asked, query, sort, size)
    meant = () if page.rows else _meant(member, asked, query)
    if meant:
        query = query.copy()
        query["q"] = meant[0].words
        asked = asked_by(member, query)
        page = page_of(member, asked, query, sort, size)
    _say_why(page.rows, asked, member)
    readable = _searched(asked)(member)
    at_most = None if "exact" in query else FACETS_UP_TO
    counts = None if asked.form.errors else counts_of(readable, asked.given, at_most=at_most)
    if counts:
        count = Capped(counts.total)
    else:
        # Beside a filter, the probe misleads the planner into indexes of the whole country.
        is_bare = asked.wanted.keys() <= {"q"}
        [count] = count_each([asked.of(_searched(asked)(member, for_page=is_bare))])
    return Listing(
        asked=asked,
        page=page,
        count=count.value,
        count_capped=count.is_capped,
        facets=facets_of(asked, counts),
        chosen=chips_of(asked),
        ways_out=[] if page.rows or asked.form.errors else ways_out(readable, asked),
        sort=sort,
        size=size,
        query=query,
        missing="" if page.rows or not asked.names_one else _reference_asked(asked, member),
        meant=meant,
    )


def _meant(member, asked, query):
    """What may have been meant by words that nothing has; nothing beyond the first page."""
    is_further = keyset.AFTER in query or keyset.BEFORE in query
    if "q" not in asked.wanted or asked.names_one or asked.form.errors or is_further:
        return ()
    readable = access.listed_reports(member)
    others = (condition for name, condition in asked.given.items() if name != "q")
    known = typos.Known(
        latest=access.listed_reports(member, for_page=True).order_by("-received_at", "-pk"),
        readable=readable,
        fitting=readable.filter(*others),
        departments=tuple(departments_of(member)),
    )
    return tuple(typos.proposals(asked.wanted["q"], known))


def _say_why(rows, asked, member):
    """Give each row of the page its `excerpt` and its `position`, when they are asked for."""
    if not rows:
        return
    if "q" in asked.wanted and not asked.names_one:
        reports = access.listed_reports(member, for_page=True)
        found = excerpts.excerpts_of(rows, asked.wanted["q"], reports)
        for row in rows:
            row.excerpt = found.get(row.pk)
    if "autour" in asked.wanted:
        for row in rows:
            row.position = asked.wanted["autour"].position_of(row)


def _reference_asked(asked, member):
    return search.reference_in(asked.wanted["q"], department=member.unit.department.code)

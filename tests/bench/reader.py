"""A liaison of one department, and each question asked through the code of the pages and by hand.

A question is asked of two querysets, the one that pages are made of and the one that counts are:
the same questions serve this product's rule and guardian's shortcut.
"""

# ruff: noqa: S608 - SQL of this module's own constants

from urllib.parse import urlencode

from django.db import connection
from django.db.models import Count
from django.http import QueryDict

from cross.ui import keyset
from intel import access
from intel.models import Report
from intel.reading import capped, facets, filters, search
from intel.reading import list as listing
from services.models import Department, Member, Unit
from tests.bench import world

# One text in eight holds "guetteur" or "cocaïne", one in seventy the name, one in six "parking".
SEARCHES = {
    "two words and a name": f"guetteur cocaïne {world.WORDS[400]}",
    "three frequent words": "guetteur cocaïne filature",
    "a common word": "parking",
}
FILTERED = "produit=cocaine&etat=clos"
PAGES = ("list page", "filtered list", "deep page", *(f"full text, {name}" for name in SEARCHES))


class Reader:
    def __init__(self, code):
        self.department = Department.objects.get(code=code)
        unit = Unit.objects.filter(department=self.department).order_by("pk")[3]
        self.member = Member.objects.select_related("unit__department").get(unit=unit)
        self.parameters = {
            "department": self.department.pk,
            "group": unit.group_id,
            "unit": unit.pk,
            "permission": access.permission_id(Report, "read_report"),
            "closed": list(filters.states_of(["clos"])),
        }
        self.cursor = self._far_down()

    def _far_down(self):
        """(instant, key) of the row two fifths of the way down."""
        total = self.counted().count()
        latest_first = self.paged().order_by("-received_at", "-id")
        return latest_first.values_list("received_at", "id")[total * 2 // 5]

    def paged(self):
        return access.listed_reports(self.member, for_page=True)

    def counted(self):
        return access.listed_reports(self.member)

    def page(self, reports, query=""):
        """A page of the list in its usual order, as `listing.ordered_page` reads it."""
        _, keys = listing.SORTS["recu"]
        rows = listing._whole(reports)
        return keyset.page_of(rows, QueryDict(query), keys=keys, size=listing.SIZE)

    def page_of_the_list(self):
        query = QueryDict("")
        asked = filters.asked_by(self.member, query)
        return listing.page_of(self.member, asked, query, listing.SORT, listing.SIZE)

    def in_the_box(self, words):
        """What the search box finds: by words, and by the identifier or the commune they are."""
        condition = search.asked(words, readable=self.counted(), departments=[self.department.pk])
        return self.page(self.paged().filter(condition))

    def planned(self, words):
        """The plan of a page of what holds these words."""
        reports = self.paged().filter(search=search.query_of(words))
        return reports.order_by("-received_at", "-id")[: listing.SIZE + 1].explain()

    def questions(self, paged=None, counted=None):
        """{name: how it is asked} of these querysets, of ours when none is given."""
        paged, counted = paged or self.paged, counted or self.counted
        asked = filters.asked_by(self.member, QueryDict(FILTERED))
        at, pk = self.cursor
        further = urlencode({keyset.AFTER: f"{at.isoformat()}{keyset.SEPARATOR}{keyset.veil(pk)}"})
        said = {
            f"full text, {name}": lambda words=words: self.page(
                paged().filter(search=search.query_of(words))
            )
            for name, words in SEARCHES.items()
        }
        return {
            "list page": lambda: self.page(paged()),
            "filtered list": lambda: self.page(asked.of(paged())),
            "deep page": lambda: self.page(paged(), further),
            "exact count": lambda: counted().count(),
            "capped count": lambda: capped.count_each([paged()]),
            "facets": lambda: facets.counts_of(counted(), {}, at_most=None),
            "per commune": lambda: list(
                counted().order_by().values_list("commune").annotate(n=Count("pk"))
            ),
            **said,
        }

    def floors(self):
        """{name: the least that answers the same question}, in SQL written by hand."""
        at, pk = self.cursor
        said = {
            f"full text, {name}": lambda words=words: self.asks("search", words=words)
            for name, words in SEARCHES.items()
        }
        return {
            "list page": lambda: self.asks("page"),
            "filtered list": lambda: self.asks("filtered"),
            "deep page": lambda: self.asks("deep", at=at, id=pk),
            "exact count": lambda: self.asks("count"),
            "capped count": lambda: self.asks("capped"),
            "facets": lambda: self.asks("facets"),
            "per commune": lambda: self.asks("communes"),
            **said,
        }

    def asks(self, floor, **more):
        with connection.cursor() as cursor:
            cursor.execute(FLOORS[floor], self.parameters | more)
            return cursor.fetchall()

    def check(self, questions):
        """Nothing is timed before it answers what the floor does."""
        floors = self.floors()
        for name, ask in questions.items():
            assert _plain(name, ask()) == _plain_floor(name, floors[name]()), name
        assert floors["list page"](), "an empty page proves nothing"


def _plain(name, found):
    """What `found` says, in a form that its floor can be compared with."""
    if name in PAGES:
        return [row.pk for row in found]
    if name == "capped count":
        return found[0].value
    if name == "facets":
        return found.total, dict(found.by["etat"])
    return sorted(found) if name == "per commune" else found


def _plain_floor(name, lines):
    if name in PAGES:  # one row more, as the page reads to know whether there is a next one
        return [line[0] for line in lines[: listing.SIZE]]
    if name == "capped count":
        return min(lines[0][0], capped.COUNTED_UP_TO)
    if name == "facets":
        total = next(count for *values, count in lines if not any(v is not None for v in values))
        return total, {state: count for state, *_, count in lines if state is not None}
    return sorted(lines) if name == "per commune" else lines[0][0]


# The least that answers: open rows and granted rows of one department, by hand.
ROWS = (
    "WHERE r.department_id = %(department)s AND (r.state <> 'brouillon' OR r.owner_id = %(unit)s)"
)
SEEN = f"""{ROWS} AND (r.audience = 0 OR r.id IN (
    SELECT content_object_id FROM intel_reportgroupgrant
    WHERE permission_id = %(permission)s AND group_id = %(group)s))"""
PROBED = f"""{ROWS} AND (r.audience = 0 OR (
    SELECT true FROM intel_reportgroupgrant g WHERE g.content_object_id = r.id
      AND g.permission_id = %(permission)s AND g.group_id = %(group)s) IS NOT NULL)"""
LATEST = "ORDER BY r.received_at DESC, r.id DESC LIMIT 51"


def page_sql(condition=""):
    """The columns that the list shows; names are joined to the rows of the page alone."""
    return f"""
        SELECT r.id, r.reference, r.department_id, r.state, r.audience, r.subject, r.occurred_on,
          r.occurred_until, r.received_at, r.products, r.source_grade, r.information_grade,
          r.origin, r.handling, left(r.facts, 200), c.name, u.short_name, u.name
        FROM (SELECT * FROM intel_report r {PROBED} {condition} {LATEST}) r
          JOIN services_commune c ON c.id = r.commune_id JOIN services_unit u ON u.id = r.owner_id
        {LATEST}"""


FLOORS = {
    "page": page_sql(),
    "filtered": page_sql(
        "AND r.products && ARRAY['cocaine']::varchar[] AND state = ANY (%(closed)s)"
    ),
    "deep": page_sql("AND (r.received_at, r.id) < (%(at)s, %(id)s)"),
    "search": page_sql("AND search @@ websearch_to_tsquery('french', f_unaccent(%(words)s))"),
    "count": f"SELECT count(*) FROM intel_report r {SEEN}",
    "capped": f"""
        SELECT count(*) FROM (
          SELECT r.id FROM intel_report r {PROBED} LIMIT {capped.COUNTED_UP_TO + 1}) r""",
    "facets": f"""
        SELECT state, products, origin, owner_id, audience, count(*) FROM intel_report r {SEEN}
        GROUP BY GROUPING SETS ((state), (products), (origin), (owner_id), (audience), ())""",
    "communes": f"SELECT commune_id, count(*) FROM intel_report r {SEEN} GROUP BY commune_id",
}

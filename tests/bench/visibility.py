"""Who sees what, at the size of the country: pages, counts, facets, search, seats.

Each question is asked twice in turn: through the code of the pages, and by a query written by hand
on the same rows, whose answer must be the same before anything is timed. What a member's seats say
is asked once a request (`standing`), and has a row of its own.
"""

# ruff: noqa: S608 - SQL of this module's own constants

import math
from contextlib import contextmanager
from urllib.parse import urlencode

from django.db import connection, transaction
from django.db.models import Count
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from guardian.shortcuts import get_objects_for_user

from cross import gate
from cross.ui import keyset
from intel import access
from intel.models import Audience, Report, ReportGroupGrant, ReportMemberGrant, ReportShare
from intel.reading import capped, facets, filters, search
from intel.reading import list as listing
from intel.states import State
from protocols.actions import admit, withdraw
from protocols.models import Protocol
from services.models import Department, Member, Unit
from tests.bench import world
from tests.bench.measure import Row, in_turn, limit_row, milliseconds, ratio_row

BECAUSE = "a benchmark reads without permission, to compare"
# Reports of each department: a million in one, a hundred with a hundredth of them, a fiftieth.
SIZES = {
    world.BIG: world.REPORTS,
    world.MIDDLE: world.REPORTS // 50,
    **dict.fromkeys(world.HUNDRED, world.REPORTS // 100),
}
# One text in eight holds "guetteur" or "cocaïne", one in seventy the name, one in six "parking".
SHARED = 300
SEARCHES = {
    "two words and a name": f"guetteur cocaïne {world.WORDS[400]}",
    "three frequent words": "guetteur cocaïne filature",
    "a common word": "parking",
}


def rows(say):
    with world.own_database():
        world.fill(say, SIZES)
        with one_request():
            for code, label in ((world.BIG, "one department"), (world.HUNDRED[42], "over 100")):
                yield from department(Reader(code), label)
            yield from growth()
            yield from seats()
            yield grants_per_report()
            yield against_guardian()


@contextmanager
def one_request():
    """What the gate opens around a view: the standing of a member is asked once within it."""
    token = gate._once.set({})
    try:
        yield
    finally:
        gate._once.reset(token)


class Reader:
    """A liaison of one department, with the same questions asked through the ORM and by hand."""

    def __init__(self, code):
        self.department = Department.objects.get(code=code)
        unit = Unit.objects.filter(department=self.department).order_by("pk")[3]
        self.member = Member.objects.select_related("unit__department").get(unit=unit)
        self.parameters = {
            "department": self.department.pk,
            "group": unit.group_id,
            "unit": unit.pk,
            "permission": access.permission_id(Report, "read_report"),
        }
        access.standing(self.member)

    def readable(self, **shape):
        return access.listed_reports(self.member, **shape)

    def page(self, reports=None, query=""):
        """A page of the list in its usual order, as `listing.page_of` reads it."""
        if reports is None:
            reports = self.readable(for_page=True)
        _, keys = listing.SORTS["recu"]
        rows = listing._whole(reports)
        return keyset.page_of(rows, QueryDict(query), keys=keys, size=listing.SIZE)

    def page_of_the_list(self):
        query = QueryDict("")
        asked = filters.asked_by(self.member, query)
        return listing.page_of(self.member, asked, query, listing.SORT, listing.SIZE)

    def asked(self, words):
        return search.asked(words, readable=self.readable(), departments=[self.department.pk])

    def holding(self, words):
        """By their words alone."""
        return self.readable(for_page=True).filter(search=search._query(words))

    def found(self, words):
        """What the search box finds: by words, and by the identifier or the commune they are."""
        return self.readable(for_page=True).filter(self.asked(words))

    def floor(self, name, **more):
        with connection.cursor() as cursor:
            cursor.execute(FLOORS[name], self.parameters | more)
            return cursor.fetchall()


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
    "deep": page_sql("AND (r.received_at, r.id) < (%(at)s, %(id)s)"),
    "search": page_sql("AND search @@ websearch_to_tsquery('french', f_unaccent(%(words)s))"),
    "count": f"SELECT count(*) FROM intel_report r {SEEN}",
    "facets": f"""
        SELECT state, products, origin, owner_id, audience, count(*) FROM intel_report r {SEEN}
        GROUP BY GROUPING SETS ((state), (products), (origin), (owner_id), (audience), ())""",
    "communes": f"SELECT commune_id, count(*) FROM intel_report r {SEEN} GROUP BY commune_id",
}


def same_page(page, lines):
    """The floor reads one row more, as the page does to know whether there is a next one."""
    assert [row.pk for row in page] == [line[0] for line in lines[: listing.SIZE]]


def department(reader, label):
    scope = {"department": reader.department.pk}
    unpermitted = Report.objects.filter(**scope).unguarded(because=BECAUSE)
    same_page(reader.page(), reader.floor("page"))
    same_page(reader.page_of_the_list(), reader.floor("page"))
    assert len(reader.page()), "an empty page proves nothing"
    took = in_turn(
        {
            "page": reader.page,
            "bare": lambda: reader.page(unpermitted),
            "floor": lambda: reader.floor("page"),
        }
    )
    yield ratio_row(f"list page, {label}", took["page"], took["bare"], 1.8, words="unpermitted")
    yield ratio_row(f"list page, {label}", took["page"], took["floor"], 6.5)
    yield with_invitations(reader, label, unpermitted)
    yield from with_shares(reader, label, unpermitted)
    yield deep(reader, label)
    assert reader.readable().count() == reader.floor("count")[0][0] > 0
    took = in_turn(
        {"count": lambda: reader.readable().count(), "floor": lambda: reader.floor("count")}
    )
    yield ratio_row(f"exact count, {label}", took["count"], took["floor"], 1.5)
    yield capped_count(reader, label)
    yield all_facets(reader, label)
    yield communes(reader, label)
    for words in SEARCHES:
        yield from full_text(reader, words, label)
    yield from whole_list(reader, label)


def with_invitations(reader, label, unpermitted):
    """The page of a member invited to five restricted reports of his own department besides."""
    now = timezone.now()
    restricted = unpermitted.filter(audience=Audience.RESTRICTED).exclude(state=State.DRAFT)
    with transaction.atomic():
        ReportMemberGrant.objects.bulk_create(
            ReportMemberGrant(
                user=reader.member,
                content_object_id=pk,
                permission_id=reader.parameters["permission"],
                starts_at=now,
                expires_at=now + timezone.timedelta(days=1),
                by=reader.member,
                reason="mesure",
            )
            for pk in restricted.order_by("-id").values_list("pk", flat=True)[:5]
        )
        gate.forget()
        access.standing(reader.member)
        took = in_turn({"page": reader.page, "bare": lambda: reader.page(unpermitted)})
        transaction.set_rollback(True)
    gate.forget()
    access.standing(reader.member)
    name = f"list page of somebody invited, {label}"
    return ratio_row(name, took["page"], took["bare"], 1.8, words="unpermitted")


def with_shares(reader, label, unpermitted):
    """The page once another department shows SHARED of its reports, and the list of these."""
    ours = Protocol.objects.get(department=reader.department)
    elsewhere = Report.objects.exclude(department=reader.department).filter(
        department__code__in=[world.MIDDLE, world.HUNDRED[7]], audience=Audience.PROTOCOL
    )
    shown = elsewhere.exclude(state=State.DRAFT).unguarded(because=BECAUSE)
    with transaction.atomic():
        ReportShare.objects.bulk_create(
            ReportShare(report_id=pk, protocol=ours, by=reader.member, why="mesure")
            for pk in shown.order_by("-id").values_list("pk", flat=True)[:SHARED]
        )
        gate.forget()
        assert access.standing(reader.member).shared_with

        def theirs():
            return reader.page(access.shared_reports(reader.member, for_page=True))

        assert len(theirs()) == listing.SIZE
        took = in_turn(
            {"page": reader.page, "bare": lambda: reader.page(unpermitted), "theirs": theirs}
        )
        transaction.set_rollback(True)
    gate.forget()
    access.standing(reader.member)
    name = f"list page once {SHARED} reports are shown from elsewhere, {label}"
    yield ratio_row(name, took["page"], took["bare"], 1.8, words="unpermitted")
    yield limit_row(f"  the list of these, {label}", took["theirs"], "ms", 50)


def deep(reader, label):
    """The page that starts two fifths of the way down, reached by its cursor."""
    total = reader.readable().count()
    latest_first = reader.readable(for_page=True).order_by("-received_at", "-id")
    at, pk = latest_first.values_list("received_at", "id")[total * 2 // 5]
    query = urlencode({keyset.AFTER: f"{at.isoformat()}{keyset.SEPARATOR}{pk}"})
    same_page(reader.page(query=query), reader.floor("deep", at=at, id=pk))
    took = in_turn({"first": reader.page, "deep": lambda: reader.page(query=query)})
    return ratio_row(
        f"deep page (keyset), {label}", took["deep"], took["first"], 1.5, words="first page"
    )


def capped_count(reader, label):
    """As far as a list is counted, beyond which it says « plus de »."""
    took = in_turn({"count": lambda: capped.count_each([reader.readable(for_page=True)])})
    return limit_row(f"count capped at {capped.COUNTED_UP_TO}, {label}", took["count"], "ms", 3)


def all_facets(reader, label):
    counted, lines = facets.counts_of(reader.readable(), {}, at_most=None), reader.floor("facets")
    states = {state: count for state, *_, count in lines if state is not None}
    total = next(count for *values, count in lines if not any(v is not None for v in values))
    assert (counted.total, counted.by["etat"]) == (total, states)
    took = in_turn(
        {
            "facets": lambda: facets.counts_of(reader.readable(), {}, at_most=None),
            "floor": lambda: reader.floor("facets"),
        }
    )
    return ratio_row(f"facets in one query, {label}", took["facets"], took["floor"], 1.5)


def communes(reader, label):
    def counted():
        return list(reader.readable().order_by().values_list("commune").annotate(n=Count("pk")))

    assert sorted(counted()) == sorted(reader.floor("communes"))
    took = in_turn({"communes": counted, "floor": lambda: reader.floor("communes")})
    return ratio_row(f"per commune, {label}", took["communes"], took["floor"], 2)


def full_text(reader, name, label):
    words = SEARCHES[name]
    same_page(reader.page(reader.holding(words)), reader.floor("search", words=words))
    same_page(reader.page(reader.found(words)), reader.floor("search", words=words))
    took = in_turn(
        {
            "words": lambda: reader.page(reader.holding(words)),
            "box": lambda: reader.page(reader.found(words)),
            "floor": lambda: reader.floor("search", words=words),
        }
    )
    yield ratio_row(f"full text, {name}, {label}", took["words"], took["floor"], 3)
    ratio = took["box"] / took["floor"]
    yield Row(
        f"  the same if it is no identifier nor commune, {label}",
        took["box"], "ms", took["floor"], ratio,
    )  # fmt: skip
    plan = reader.holding(words).order_by("-received_at", "-id")[: listing.SIZE + 1].explain()
    if name != "a common word":  # found faster by walking the latest
        used = "report_dept_search" in plan
        yield Row(f"  by the composite index, {label}", used, "", target="yes", met=used)


def whole_list(reader, label):
    """What the page of the list waits for: page, count and facets; and the standing, once."""

    def standing():
        gate.forget()
        access.standing(reader.member)

    took = in_turn(
        {
            "standing": standing,
            "list": lambda: listing.listing_for(reader.member, QueryDict("")),
        }
    )
    yield Row(f"standing of a member, once a request, {label}", took["standing"], "ms")
    yield Row(f"list with its count and facets, {label}", took["list"], "ms")


def growth():
    """Exponent of what a member waits for, from a fiftieth of the data to all of it."""
    small, big = Reader(world.MIDDLE), Reader(world.BIG)
    step = math.log(SIZES[world.BIG] / SIZES[world.MIDDLE])
    acts = {"list page": Reader.page}
    for name, words in SEARCHES.items():
        acts[name] = lambda reader, words=words: reader.page(reader.found(words))
    for name, act in acts.items():
        took = in_turn({"small": lambda a=act: a(small), "big": lambda a=act: a(big)})
        exponent = math.log(took["big"] / took["small"]) / step
        yield limit_row(f"growth of {name}, 20k to 1M", exponent, "exponent", 0.2)


def seats():
    """Withdraw a unit and admit it again: effective at the next query, no report is read."""
    reader = Reader(world.BIG)
    protocol = Protocol.objects.get(department=reader.department)
    unit = reader.member.unit
    taken = {"withdraw": [], "admit": []}
    with CaptureQueriesContext(connection) as asked:
        withdraw(unit, protocol, by=None, why="mesure")
        admit(unit, protocol, by=None, starts_on="2020-09-24", ends_on=None)
    assert not any("intel_report" in query["sql"] for query in asked.captured_queries)
    for _ in range(7):
        taken["withdraw"].append(
            milliseconds(lambda: withdraw(unit, protocol, by=None, why="mesure"))
        )
        assert not reader.readable().exists()
        taken["admit"].append(
            milliseconds(
                lambda: admit(unit, protocol, by=None, starts_on="2020-09-24", ends_on=None)
            )
        )
        assert reader.readable().exists()
    for name, times in taken.items():
        yield limit_row(f"{name} a unit everywhere", sorted(times)[3], "ms", 50)


def grants_per_report():
    grants = ReportGroupGrant.objects.count()
    reports = Report.objects.all().unguarded(because=BECAUSE).count()
    return limit_row("grant rows a report", grants / reports, "rows", 1)


GRANT_ALL = f"""
INSERT INTO intel_reportgroupgrant (content_object_id, permission_id, group_id)
SELECT r.id, %(permission)s, %(group)s FROM intel_report r {SEEN} ON CONFLICT DO NOTHING"""
TAKE_DRAFTS = """
DELETE FROM intel_reportgroupgrant g USING intel_report r WHERE r.id = g.content_object_id
  AND g.group_id = %(group)s AND r.state = 'brouillon' AND r.owner_id <> %(unit)s"""


def against_guardian():
    """The same page by guardian's own shortcut, with the rows it needs to give the same answer.

    A grant of this one unit on every report it reads. What the shortcut does not pay here: the
    rows of the 39 other units, and the end of an invitation, which it does not know. Comes last:
    the rows stay, and are settled before anything is timed.
    """
    reader = Reader(world.BIG)

    def shortcut():
        found = get_objects_for_user(reader.member, "intel.read_report", Report)
        found = found.filter(department=reader.department.pk)
        return reader.page(found.unguarded(because=BECAUSE))

    for sql in (GRANT_ALL, TAKE_DRAFTS):
        with connection.cursor() as cursor:
            cursor.execute(sql, reader.parameters)
    world.run("VACUUM ANALYZE intel_reportgroupgrant")
    assert [row.pk for row in shortcut()] == [row.pk for row in reader.page()]
    took = in_turn({"ours": reader.page, "guardian": shortcut}, most=15)
    ratio = took["ours"] / took["guardian"]
    return Row(
        "list page against get_objects_for_user, one department",
        took["ours"], "ms", took["guardian"], ratio, "≤ 0.01 × guardian", ratio <= 0.01,
    )  # fmt: skip

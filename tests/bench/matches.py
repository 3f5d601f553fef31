"""What is near an entry, among 100,000 reports of one department; the pairs that wait for a word.

The reports of `world` are given places (a thousand names a department, some drawn far more often
than others), a telephone each, of which one report in three shares another's and one in a hundred
a switchboard's, and for one in two hundred the text of another with a few words more.

The floor asks the same three questions in SQL written by hand, of somebody who reads everything,
of words already chosen.
"""

from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from intel import access
from intel.models import Identifier
from intel.reading import alike, nearby
from services.models import Member
from services.roles import Role
from tests.bench import world
from tests.bench.measure import Row, in_turn, limit_row

HERE = "M00"
REPORTS = world.REPORTS // 10
MOST_MS, MOST_PAGE_MS = 150, 300

GIVE_PLACES = """
UPDATE intel_report SET place = 'Rue ' || (1000 * power(random(), 2))::int WHERE id % 5 <> 0
"""
GIVE_IDENTIFIERS = """
INSERT INTO intel_identifier (report_id, kind, raw, value, by_id, at)
SELECT id, 'phone', 'x', CASE WHEN id % 100 = 0 THEN '+33300000000' ELSE '+33639' || lpad((id / 3)::text, 6, '0') END,
  author_id, now()
FROM intel_report
"""
COPY_TEXTS = """
UPDATE intel_report AS later SET facts = earlier.facts || ' vu encore hier'
FROM intel_report AS earlier WHERE later.id % 200 = 1 AND earlier.id = later.id - 777
"""
FLOOR = """
WITH near AS (
  (SELECT report_id AS id FROM intel_identifier
   WHERE (kind, value) = ('phone', %(phone)s) ORDER BY report_id DESC LIMIT 60)
  UNION ALL
  (SELECT id FROM intel_report
   WHERE department_id = %(department)s AND commune_id = %(commune)s
     AND received_at BETWEEN %(since)s AND %(until)s
     AND lower(f_unaccent(place)) = lower(f_unaccent(%(place)s))
   ORDER BY received_at DESC LIMIT 30)
  UNION ALL
  (SELECT id FROM intel_report
   WHERE department_id = %(department)s AND search @@ %(words)s::tsquery
   ORDER BY ts_rank(search, %(words)s::tsquery) DESC LIMIT 20)
)
SELECT id, subject, left(facts, 200), place, received_at, tsvector_to_array(search)
FROM intel_report WHERE id IN (SELECT id FROM near)
"""


def rows(say):
    with world.own_database():
        world.fill(say, {HERE: REPORTS})
        for statement in (COPY_TEXTS, GIVE_PLACES, GIVE_IDENTIFIERS):
            world.run(statement.replace("%", "%%"))
        world.run("VACUUM ANALYZE")
        member = Member.objects.order_by("pk")[3]
        yield from entries(member)
        yield from pages(member)


def entries(member):
    """A copied text of a known place and telephone; the same, citing the switchboard."""
    typed = _typed(member)
    for name, phone in (("a copied text", None), ("the switchboard", "+33300000000")):
        clues = nearby.clues_between(typed, {("phone", phone or _phone_of(typed))})
        found = nearby.near_to(clues, member)
        if not found or (phone is None and found[0].share < alike.LEAST_SHARE):
            raise AssertionError(f"{name}: the text copied is not the nearest")
        floor = _floor(clues, member)
        took = in_turn({"ours": lambda c=clues: nearby.near_to(c, member), "floor": floor})
        yield Row(
            f"near an entry, {name}, {REPORTS:,} reports",
            took["ours"],
            "ms",
            took["floor"],
            took["ours"] / took["floor"],
            f"≤ {MOST_MS} ms",
            took["ours"] <= MOST_MS,
        )


def _typed(member):
    """A recent report that holds a copied text, as if it were being typed."""
    copies = access.listed_reports(member).filter(facts__endswith="vu encore hier")
    return copies.exclude(place="").order_by("-received_at")[REPORTS // 2_000]


def _phone_of(report):
    told = Identifier.objects.filter(report=report.pk + 1).unguarded(because="benchmark")
    return told.values_list("value", flat=True)[0]


def _floor(clues, member):
    latest = access.listed_reports(member, for_page=True).order_by("-received_at", "-pk")
    words, size = alike.words_of(clues.text, latest)
    asked = {
        "phone": next(value for _, value in clues.identifiers),
        "department": clues.department,
        "commune": clues.commune,
        "place": clues.place,
        "since": clues.received_at - nearby.DAYS,
        "until": clues.received_at + nearby.DAYS,
        "words": alike.text_of(words, size),
    }
    return lambda: world.run(FLOOR, **asked)


def pages(member):
    """The whole answers: the fragment under the entry form, the page of pairs."""
    Member.objects.filter(pk=member.pk).update(role=Role.ANALYST)
    client = Client()
    client.force_login(Member.objects.get(pk=member.pk), backend="services.backend.MemberBackend")
    typed = _typed(member)
    form = {"facts": typed.facts, "commune": typed.commune.code, "place": typed.place,
            "saisie": "nouveau-0123456789ab"}  # fmt: skip
    first = client.get(reverse("match_queue")).url
    took = in_turn(
        {
            "fragment": lambda: _answered(client.post(reverse("entry_matches"), form)),
            "pairs": lambda: _answered(client.get(first)),
        },
        least=3,
    )
    yield limit_row(
        f"near an entry, whole answer, {REPORTS:,} reports", took["fragment"], "ms", MOST_MS
    )
    yield limit_row(
        f"pairs to decide, page, {REPORTS:,} reports", took["pairs"], "ms", MOST_PAGE_MS
    )


def _answered(answer):
    if answer.status_code != 200:
        raise AssertionError(f"{answer.status_code} for {urlencode(answer.request)}")

"""What is near an entry, among 100,000 reports of one department; the pairs that wait for a word.

The reports of `world` are given places (a thousand names a department, some drawn far more often
than others), a telephone each, of which one report in three shares another's and one in a hundred
a switchboard's, and for one in two hundred the text of another with a few words more.

The floor asks the same three questions in SQL written by hand, of somebody who reads everything,
of words already chosen.
"""

from django.test import Client
from django.urls import reverse

from intel import access
from intel.models import Identifier
from intel.reading import alike, nearby
from services.models import Member
from services.roles import Role
from tests.bench import world
from tests.bench.measure import Row, in_turn, limit_row

HERE = "A00"  # of the letters that an address of a report may have
REPORTS = world.REPORTS // 10
MOST_MS, MOST_PAGE_MS = 150, 300
SWITCHBOARD = "+33353010000"

GIVE_PLACES = """
UPDATE intel_report SET place = 'Rue ' || (1000 * power(random(), 2))::int WHERE id % 5 <> 0
"""
GIVE_IDENTIFIERS = """
INSERT INTO intel_identifier (report_id, kind, raw, value, by_id, at)
SELECT id, 'phone', 'x',
  CASE WHEN id % 100 = 0 THEN '+33353010000' ELSE '+33639' || lpad((id / 3)::text, 6, '0') END,
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
        Member.objects.filter(pk=member.pk).update(role=Role.ANALYST)
        member = Member.objects.get(pk=member.pk)
        client = Client()
        client.force_login(member, backend="services.backend.MemberBackend")
        yield from entries(client, member)
        first = client.get(reverse("match_queue"))["Location"]
        took = in_turn({"pairs": lambda: _answered(client.get(first))}, least=3)
        name = f"pairs to decide, whole page, {REPORTS:,} reports"
        yield limit_row(name, took["pairs"], "ms", MOST_PAGE_MS)


def entries(client, member):
    """The whole answer under the entry form: a text copied, of a known place and telephone."""
    typed = _typed(member)
    for name, phone in (
        ("a telephone of three", _phone_of(typed)),
        ("a switchboard", SWITCHBOARD),
    ):
        form = {
            "facts": f"{typed.facts} {phone}",
            "commune": typed.commune.code,
            "place": typed.place,
            "saisie": "nouveau-0123456789ab",
        }
        clues = nearby.clues_between(typed, {("phone", phone)})
        if not any(each.share for each in nearby.near_to(clues, member)):
            raise AssertionError(f"{name}: the text that was copied is not near")
        acts = {
            "ours": lambda said=form: _answered(client.post(reverse("entry_matches"), said)),
            "floor": _floor(clues, member),
        }
        took = in_turn(acts, least=3)
        ours, floor = took["ours"], took["floor"]
        yield Row(
            f"near an entry, {name}, whole answer, {REPORTS:,} reports",
            ours,
            "ms",
            floor,
            ours / floor,
            f"≤ {MOST_MS} ms",
            ours <= MOST_MS,
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


def _answered(answer):
    if answer.status_code != 200:
        raise AssertionError(answer.status_code)

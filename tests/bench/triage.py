"""The queue on the day a portal sends a thousand tips, of which two in three repeat another.

Among 100,000 reports of one department, a thousand are fresh tips that nobody has seen: some of
them say, give or take a word, what one of forty says. The whole answer is timed: the page, the
decision that leads to the next one, and the folding alone.
"""

from django.test import Client
from django.urls import reverse

from intel.bundles import bundles_of
from intel.models import Report
from intel.reading import triage
from intel.states import State
from services.models import Member
from services.roles import Role
from tests.bench import world
from tests.bench.measure import in_turn, limit_row

HERE = "B00"  # of the letters that an address of a report may have
REPORTS = world.REPORTS // 10
FRESH = min(1_000, REPORTS // 4)
SOURCES = 40
MOST_PAGE_MS, MOST_FOLD_MS = 1_000, 250

# Nothing waits but what has just come.
TREAT_THE_OTHERS = """
UPDATE intel_report SET state = 'archive' WHERE state IN ('recu', 'trie', 'cote', 'urgent')
"""
RECEIVE = """
UPDATE intel_report SET state = 'recu', origin = 'citizen', audience = 0, duplicate_of_id = NULL,
  place = 'Rue ' || id %% 50
WHERE id > (SELECT max(id) FROM intel_report) - %(fresh)s
"""
COPY = """
UPDATE intel_report AS later SET facts = earlier.facts || ' merci ' || later.id,
  commune_id = earlier.commune_id
FROM intel_report AS earlier
WHERE later.id > (SELECT max(id) FROM intel_report) - %(fresh)s AND later.id %% 3 <> 0
  AND earlier.id = (SELECT max(id) FROM intel_report) - %(fresh)s - 1 - later.id %% %(sources)s
"""


def rows(say):
    with world.own_database():
        world.fill(say, {HERE: REPORTS})
        world.run(TREAT_THE_OTHERS)
        world.run(RECEIVE, fresh=FRESH)
        world.run(COPY, fresh=FRESH, sources=SOURCES)
        world.run("VACUUM ANALYZE")
        member = Member.objects.order_by("pk")[3]
        Member.objects.filter(pk=member.pk).update(role=Role.ANALYST)
        member = Member.objects.get(pk=member.pk)
        client = Client()
        client.force_login(member, backend="services.backend.MemberBackend")
        queue = triage.waiting(member, triage.asked_by({}))
        folded = len(bundles_of(queue).folded)
        if not FRESH // 3 < folded < FRESH:
            raise AssertionError(f"{folded} of {FRESH} are folded")
        last = queue.values_list("reference", flat=True).last()
        acts = {
            "fold": lambda: bundles_of(queue),
            "first": lambda: _answered(client.get(reverse("triage_queue"), follow=True)),
            "item": lambda: _answered(client.get(reverse("triage_item", args=[last]))),
            "decide": lambda: _decide(client, member),
        }
        took = in_turn(acts, least=3)
        fresh = f"{FRESH:,} fresh tips, {folded:,} of them folded"
        yield limit_row(f"queue, first page, {fresh}", took["first"], "ms", MOST_PAGE_MS)
        yield limit_row(f"queue, an item, {fresh}", took["item"], "ms", MOST_PAGE_MS)
        yield limit_row(f"queue, a decision and the next, {fresh}", took["decide"], "ms",
                        MOST_PAGE_MS)  # fmt: skip
        yield limit_row(f"queue, folding alone, {fresh}", took["fold"], "ms", MOST_FOLD_MS)


def _decide(client, member):
    """As one key does: the move, then the page of the next."""
    report = triage.first(member, triage.asked_by({}))
    sent = {"target": State.SORTED, "seen": report.state}
    _answered(client.post(reverse("triage_decide", args=[report.reference]), sent, follow=True))
    moved = Report.objects.filter(pk=report.pk).unguarded(because="benchmark").get()
    if moved.state != State.SORTED:
        raise AssertionError(moved.state)


def _answered(answer):
    if answer.status_code != 200 or b"signalements semblables" not in answer.content:
        raise AssertionError(f"{answer.status_code}, or nothing folded")

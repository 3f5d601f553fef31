"""Search among 100,000 reports: a slip of the pen, a radius, a list of values, what enters.

The reports of `world` are given a telephone each (one in a hundred a switchboard's), the places of
`places`, and communes a centre every kilometre. A list of 200 values is compared with the same
lookup in SQL written by hand, of somebody who reads everything.
"""

from datetime import timedelta
from functools import partial
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cross.audit import journal
from intel import access
from intel.actions import searches
from intel.models import SearchAlert
from services.models import Commune, Member
from tests.bench import matches, places, world
from tests.bench.measure import Row, in_turn, limit_row, milliseconds

HERE = "B20"  # of the letters that an address of a report may have
REPORTS = world.REPORTS // 10
MOST_MS = 300
VALUES = 200
FOLLOWERS, CHANGED = 40, 500
ALERTS_MOST_MS = 5_000

GIVE_CENTRES = """
UPDATE services_commune SET centre_x = id % 25 * 1000, centre_y = id / 25 % 40 * 1000
"""
FLOOR = """
SELECT kind, value, count(*), (array_agg(report_id ORDER BY report_id DESC))[:5]
FROM intel_identifier WHERE kind = 'phone' AND value = ANY(%(values)s) GROUP BY 1, 2
"""


def rows(say):
    with world.own_database():
        world.fill(say, {HERE: REPORTS})
        world.run(matches.GIVE_IDENTIFIERS.replace("%", "%%"))
        world.run(GIVE_CENTRES.replace("%", "%%"))
        world.run(places.MAKE_PLACES, places=places.PLACES, reports=REPORTS)
        world.run(places.CITE, cited=places.CITED, reports=REPORTS)
        world.run("VACUUM ANALYZE")
        member = Member.objects.select_related("unit__department").order_by("pk")[3]
        client = Client()
        client.force_login(member, backend="services.backend.MemberBackend")
        yield from lists(client, member)
        yield list_of_values(client)
        yield alerts()


def lists(client, member):
    """Whole pages of the list."""
    place = access.listed_places(member).exclude(x=None).earliest("pk")
    commune = Commune.objects.order_by("pk")[300]
    asked = {
        "a letter wrong in a usual word": {"q": "parkign"},
        "a letter wrong beside another word": {"q": "gutteur cocaine"},
        "nothing near": {"q": "zzzzzzzz"},
        "5 km around a commune": {"autour": commune.code},
        "500 m around a place": {"autour": place.name, "rayon": "500"},
        "with a telephone, of a product": {"identifiant": "phone", "produit": "cocaine"},
        "with a file": {"pieces": "avec"},
        "words and a radius": {"q": "parking", "autour": commune.code},
    }
    address = reverse("report_list")
    acts = {name: partial(_listed, client, address, query) for name, query in asked.items()}
    for name, ms in in_turn(acts, least=5).items():
        yield limit_row(f"search, {name}, whole page, {REPORTS:,} reports", ms, "ms", MOST_MS)


def _listed(client, address, query):
    answer = client.get(f"{address}?{urlencode(query)}")
    if answer.status_code != 200 or b"filtre n\xe2\x80\x99a pas" in answer.content:
        raise AssertionError(f"{query}: {answer.status_code}, or not understood")


def list_of_values(client):
    """Half of them known, a switchboard among them."""
    known = [f"+33639{number:06}" for number in range(10, 10 + VALUES // 2 - 1)]
    values = [matches.SWITCHBOARD, *known]
    values += [f"+33638{number:06}" for number in range(VALUES - len(values))]
    text = "\n".join(values)

    def ours():
        answer = client.post(reverse("value_hits"), {"text": text})
        if answer.content.count(b'data-label="Type"') != VALUES:
            raise AssertionError("the list was not read whole")

    took = in_turn({"ours": ours, "floor": partial(world.run, FLOOR, values=values)}, least=5)
    value, floor = took["ours"], took["floor"]
    name = f"{VALUES} values at once, whole page, {REPORTS:,} reports"
    return Row(
        name, value, "ms", floor, value / floor, f"≤ {MOST_MS} ms", value <= MOST_MS
    )  # fmt: skip


def alerts():
    """What a run costs when every follower has a search and many reports were changed."""
    followers = Member.objects.select_related("unit__department").order_by("pk")[:FOLLOWERS]
    for member in followers:
        searches.save(
            by=member,
            name="Mesure",
            query=urlencode({"q": "parking", "produit": "cocaine"}),
            rhythm=SearchAlert.Rhythm.NOW,
        )
    changed = access.listed_reports(followers[0]).order_by("-pk")[:CHANGED]
    for report in changed.defer("search"):
        journal.record(None, "report.changed", report)
    now = timezone.now() + timedelta(minutes=1)
    took = milliseconds(lambda: searches.run_alerts(now))
    name = f"alerts of {FOLLOWERS} searches, {CHANGED} reports changed, {REPORTS:,} reports"
    return limit_row(name, took, "ms", ALERTS_MOST_MS)

"""Pages as a browser gets them: queries and time on the demonstration, lists of 100,000 reports.

Through Django's test client: every layer of ours, without the network. Each page is asked by the
first of the players of the journeys that it opens to.
"""

import logging
import statistics
from functools import partial
from urllib.parse import urlencode

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from intel import access
from services.models import Member
from tests.bench import world
from tests.bench.measure import limit_row, times_in_turn
from tests.house.test_doors import DOORS
from tests.house.test_queries import MOST, MOST_OF_A_FULL_PAGE
from tests.journeys import world as journey
from tests.journeys.world import PLAYERS

MANY = 100_000 * world.REPORTS // 1_000_000
# Milliseconds, where it is not 300 of a list or 100 of a page.
AT_MOST = {
    # The term of every report is worked out anew, for somebody who looks once a month.
    "retention": 1_000,
    # The file of a stranger is read in the jail, which is a process of its own: three tenths of a
    # second. The first rows of the other are tried one by one as well, which is not allowed for.
    "import_page": 400,
    "import_columns": 400,
}
ANALYST, LIAISON, PREFECTURE = "analyste", "liaison.gendarmerie", "prefecture"


def rows(say):
    # Doors are tried until one opens: refusals are meant.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    with world.own_database():
        say("making the demonstration…")
        call_command("seed_demo", departments="88", verbosity=0)
        yield from every_page(say)
    with world.own_database():
        say(f"making a demonstration of {MANY:,} reports…")
        call_command("seed_demo", reports=MANY, verbosity=0)
        world.run("VACUUM ANALYZE")
        yield from long_lists()


def signed_in(username):
    client = Client()
    client.force_login(
        Member.objects.get(username=username), backend="services.backend.MemberBackend"
    )
    return client


def every_page(say):
    clients = {name: signed_in(username) for name, username in PLAYERS.items()}
    named = journey.make()
    opened = {}
    for name, (how, arguments, welcome) in DOORS.items():
        if how == "get":
            address = reverse(name, kwargs={key: named[value] for key, value in arguments.items()})
            readers = {who: clients[who] for who in PLAYERS if who in welcome}
            opened[name] = next(whole_pages(address, readers), None)
    closed = sorted(name for name, page in opened.items() if page is None)
    say(f"no page at this address (a file, a fragment, a job, a way on): {', '.join(closed)}")
    pages = {name: page for name, page in opened.items() if page is not None}
    taken = times_in_turn({name: page for name, (_, page) in pages.items()}, most=15)
    for name, (who, page) in sorted(pages.items()):
        with CaptureQueriesContext(connection) as queries:
            page()
        label = f"page {name}, {PLAYERS[who]}"
        most = MOST_OF_A_FULL_PAGE.get(name, MOST)
        asked = sum("SAVEPOINT" not in query["sql"] for query in queries)
        yield limit_row(label, asked, "queries", most)
        yield limit_row(label, statistics.median(taken[name]), "ms", AT_MOST.get(name, 100))


def whole_pages(address, readers):
    """(who, how to get the page) for each of `readers` that gets a whole page at this address."""
    for who, client in readers.items():
        answer = client.get(address)
        is_html = answer.headers.get("Content-Type", "").startswith("text/html")
        if answer.status_code == 200 and is_html and b"</html>" in answer.content:
            yield who, partial(client.get, address)


def long_lists():
    """Each long list, under the questions that cost most, asked by whoever reads it."""
    analyst, liaison, dpo = signed_in(ANALYST), signed_in(LIAISON), signed_in("dpo")
    acts = {}
    for label, query in QUESTIONS.items():
        address = reverse("report_list") + ("?" + urlencode(query) if query else "")
        acts[f"list, {label}"] = partial(liaison.get, address)
    acts["list, a page far down"] = far_down(liaison)
    for name in ("home", "summary_list", "import_list", "edition_list", "service_list"):
        acts[name] = partial(analyst.get, reverse(name))
    acts["triage"] = partial(analyst.get, reverse("triage_queue"), follow=True)
    acts["home of a liaison"] = partial(liaison.get, reverse("home"))
    acts["journal"] = partial(dpo.get, reverse("journal"))
    acts["indicators"] = partial(signed_in("animatrice").get, reverse("indicator_page"))
    acts["indicators kept"] = partial(signed_in(PREFECTURE).get, reverse("indicator_page"))
    acts["retention"] = partial(dpo.get, reverse("retention_page"))
    for label, act in acts.items():
        assert act().status_code == 200, label
    taken = times_in_turn(acts, least=10, most=40)
    for label, times in taken.items():
        p95 = statistics.quantiles(times, n=20, method="inclusive")[-1]
        most = AT_MOST.get(label, 300)
        yield limit_row(f"{MANY:,} reports, {label}, p95", p95, "ms", most)


QUESTIONS = {
    "first page": {},
    "100 rows": {"par": "100"},
    "three words": {"q": "guetteur cocaïne parking"},
    "a common word": {"q": "cannabis"},
    "a word nobody wrote": {"q": "xylophone"},
    "a plate": {"q": "AB-123-CD"},
    "a commune": {"commune": "Épinal"},
    "a product and a stage": {"produit": "cocaine", "etat": "orientes"},
    "restricted": {"diffusion": "restreinte"},
    "a month": {"recu_du": "2026-03-01", "recu_au": "2026-03-31"},
    "by commune": {"tri": "commune"},
    "by date of the facts": {"tri": "-faits"},
    "by stage": {"tri": "etat"},
    "counted exactly": {"exact": "1"},
}


def far_down(client):
    """The page two fifths of the way down, by its cursor."""
    member = Member.objects.get(username=LIAISON)
    readable = access.readable_reports(member).order_by("-received_at", "-id")
    at, pk = readable.values_list("received_at", "id")[MANY * 2 // 5]
    address = f"{reverse('report_list')}?{urlencode({'apres': f'{at.isoformat()}~{pk}'})}"
    return partial(client.get, address)

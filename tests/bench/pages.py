"""Pages as a browser gets them: queries and time on the demonstration, lists of 100,000 reports.

Through Django's test client: every layer of ours, without the network. Each page is asked by the
first of the demonstration's accounts that it opens to.
"""

import logging
import statistics
from functools import partial
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from intel import access, periods
from intel.actions import drafts, editions, imports, summaries
from intel.states import State
from protocols.models import Participation, Protocol
from services.models import Commune, Department, Member
from tests.bench import world
from tests.bench.measure import limit_row, times_in_turn
from tests.house.test_doors import DOORS

MANY = 100_000 * world.REPORTS // 1_000_000
ANALYST, LIAISON, PREFECTURE = "analyste", "liaison.gendarmerie", "prefecture"
ACCOUNTS = (
    ANALYST, "animatrice", LIAISON, PREFECTURE, "technique", "dpo", "referent", "chef.douane",
)  # fmt: skip
TIPS = "reference;description;commune\nSIG-1;Vente tous les soirs.;Épinal\n"
KEY = "nouveau-0123456789ab"


def rows(say):
    # Doors are tried until one opens: refusals are meant.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    with world.own_database():
        say("making the demonstration…")
        call_command("seed_demo", verbosity=0)
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
    clients = {username: signed_in(username) for username in ACCOUNTS}
    named = what_addresses_name()
    opened = {}
    for name, (how, arguments, _) in DOORS.items():
        if how == "get":
            opened[name] = next(pages_of(name, arguments, clients, named), None)
    closed = sorted(name for name, page in opened.items() if page is None)
    say(f"no page at this address (a file, a fragment, a job, a way on): {', '.join(closed)}")
    pages = {name: page for name, page in opened.items() if page is not None}
    taken = times_in_turn({name: page for name, (_, page) in pages.items()}, most=15)
    for name, (username, page) in sorted(pages.items()):
        with CaptureQueriesContext(connection) as queries:
            page()
        label = f"page {name}, {username}"
        yield limit_row(label, len(queries), "queries", 15)
        yield limit_row(label, statistics.median(taken[name]), "ms", 100)


def pages_of(name, arguments, clients, named):
    """(username, how to get the page) for each account that gets a whole page at this address."""
    for username, client in clients.items():
        values = {key: named[value](username, name) for key, value in arguments.items()}
        if None in values.values():
            continue
        address = reverse(name, kwargs=values)
        answer = client.get(address)
        is_html = answer.headers.get("Content-Type", "").startswith("text/html")
        if answer.status_code == 200 and is_html and b"</html>" in answer.content:
            yield username, partial(client.get, address)


def what_addresses_name():
    """What each argument of DOORS stands for: a function of the account and of the page."""
    members = {member.username: member for member in Member.objects.filter(username__in=ACCOUNTS)}
    vosges = Department.objects.get(code="88")
    drafts.keep(by=members[ANALYST], key=KEY, fields={"facts": ["Vu hier à Golbey."]})
    batch = imports.receive(
        SimpleUploadedFile("signalements.csv", TIPS.encode()), portal="P", by=members[ANALYST]
    )
    summary = access.readable_summaries(members[PREFECTURE]).latest("ends_on")
    draft = editions.create(summary, by=members[PREFECTURE], title="En rédaction")
    validated = access.readable_editions(members[ANALYST]).latest("number")
    year = periods.year_of(timezone.localdate()).previous()
    job = summaries.ask(vosges, year, by=members[ANALYST])

    def report(username, name):
        return the_report(members[username], name)

    def readable_summary(username, name):
        found = access.readable_summaries(members[username]).order_by("-ends_on", "pk").first()
        return found and found.pk

    fixed = {
        "import": batch.pk,
        "edition": validated.number,
        "draft_edition": draft.number,
        "protocol": Protocol.objects.get(department=vosges).key,
        "seat": Participation.objects.filter(group=members[LIAISON].unit.group).first().key,
        "member": members[LIAISON].pk,
        "unit_member": Member.objects.get(username="liaison.douane").pk,
        "commune": Commune.objects.filter(department=vosges).municipalities().first().code,
        "key": KEY,
        "job": job.pk,
        "attachment": None,
        "identifier": None,
    }
    named = {key: lambda username, name, value=value: value for key, value in fixed.items()}
    return named | {"report": report, "summary": readable_summary}


def the_report(member, name):
    """The sheet with the longest history among those on which the member has most to do."""
    reports = {
        "triage_item": access.triable_reports,
        "change_report": access.editable_reports,
        "restrict_report": access.editable_reports,
    }.get(name, access.readable_reports)(member)
    found = reports.exclude(state=State.DRAFT).order_by("-version", "-id").first()
    return found and found.reference


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


# Milliseconds: the term of every report is worked out anew, for somebody who looks once a month.
AT_MOST = {"retention": 1_000}
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

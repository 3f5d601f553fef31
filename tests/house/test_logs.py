"""The technical log, the number of a request, slow statements, the figures of the private port:
what happened and where, never a word of a record nor of what somebody typed."""

import json
import logging
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from celery.signals import setup_logging
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import path, reverse

from cross import breakdown, gate, urls
from cross.audit import journal
from cross.log import JsonLine, Line
from cross.outbox.models import Job, Pulse
from cross.watching import counted, gathered, requests, serving
from tests import factories

CANARY = "quetzalcoatlus"
NUMBER = re.compile(r"[0-9a-f]{32}")


class Refused(Exception):
    """One of ours, whose words quote what was refused."""


BREAKDOWNS = {
    "value": lambda: int(CANARY),
    "key": lambda: {}[CANARY],
    "words": lambda: (_ for _ in ()).throw(Refused(f"{CANARY} est refusé")),
    "suspicious": lambda: (_ for _ in ()).throw(SuspiciousOperation(CANARY)),
    "database": lambda: statement(f"SELECT '{CANARY}'::int"),
    "table": lambda: statement(f"TABLE {CANARY}"),
    "assertion": lambda: (_ for _ in ()).throw(AssertionError(CANARY)),
    "unicode": lambda: CANARY.encode("utf-16").decode("ascii"),
    "deep": lambda: deep(200, CANARY),
    "behind": lambda: behind(CANARY),
}


def statement(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def deep(left, word):
    return deep(left - 1, word) if left else int(word)


def behind(word):
    try:
        int(word)
    except ValueError as error:
        raise Refused(word) from error


@gate.members
def broken(request, how):
    held_here = f"{CANARY} dans une variable"
    BREAKDOWNS[how]()
    return HttpResponse(held_here)


@gate.members
def slow(request):
    statement(f"SELECT pg_sleep(0.02), '{CANARY}' FROM services_unit LIMIT 1")  # noqa: S608
    return HttpResponse("vu")


urlpatterns = [
    *urls.urlpatterns,
    path("cassee/<how>/", broken, name="broken"),
    path("lente/", slow, name="slow"),
]
handler500 = urls.handler500


@pytest.fixture
def log():
    """`log(formatter)`: what the log writes from here on, as that formatter writes it."""
    handlers = []

    def start(formatter):
        lines = []
        handler = logging.Handler()
        handler.setFormatter(formatter)
        handler.emit = lambda record: lines.append(handler.format(record))
        handlers.append(handler)
        logging.getLogger().addHandler(handler)
        return lines

    quiet = logging.getLogger("cross.requests")
    level = quiet.level
    quiet.setLevel(logging.INFO)
    yield start
    quiet.setLevel(level)
    for handler in handlers:
        logging.getLogger().removeHandler(handler)


@pytest.fixture
def plain(log):
    return log(Line("%(levelname)s %(name)s: %(message)s"))


@pytest.fixture
def objects(log):
    return log(JsonLine())


# --- Breakdowns ---------------------------------------------------------------------------------


def test_a_breakdown_tells_no_content_in_its_page_or_in_the_log(
    cast, enter, plain, objects, settings, figure
):
    settings.ROOT_URLCONF = __name__
    client = enter(cast.anna)
    client.raise_request_exception = False
    for how in BREAKDOWNS:
        del plain[:], objects[:]
        with transaction.atomic():  # the database refuses whatever follows a statement that failed
            answer = client.post(f"/cassee/{how}/", {"facts": f"{CANARY} tapé"})
            transaction.set_rollback(True)
        page = answer.content.decode()
        assert answer.status_code == (400 if how == "suspicious" else 500), how
        assert CANARY not in page, how
        assert CANARY not in "".join(plain + objects), how
        number = answer.headers["X-Request-Id"]
        assert NUMBER.fullmatch(number)
        assert f"[{number}]" in "".join(plain)
        if answer.status_code == 500:
            assert "Référence de l’incident" in page
            assert number in page
            [told] = [each for each in map(json.loads, objects) if each["level"] == "error"]
            assert (told["route"], told["request"]) == ("broken", number)
            assert told["exception"]
            assert "in broken" in told["way"]
    figure("B34", f"{len(BREAKDOWNS)} breakdowns with a canary: 0 in a page, 0 in a log")


def test_a_line_of_a_request_names_the_route_and_never_the_address(
    cast, vosges, enter, objects, plain
):
    report = factories.report(cast.diane, vosges["Épinal"])
    client = enter(cast.diane)
    client.get(reverse("report_list"), {"q": CANARY, "commune": "Golbey"})
    client.get(report.get_absolute_url())
    client.get(f"/{CANARY}/?q={CANARY}")
    client.get(f"/renseignements/{CANARY}/")
    client.get("/", headers={"host": f"{CANARY}.exemple.invalid"})
    client.post(f"/renseignements/{CANARY}/mouvement/", {"x": CANARY}, headers={"referer": CANARY})
    client.put(f"/renseignements/?q={CANARY}")
    told = "".join(plain + objects)
    assert CANARY not in told
    assert "Golbey" not in told
    assert report.reference not in told
    assert cast.diane.username not in told
    asked = [each for each in map(json.loads, objects) if each["logger"] == "cross.requests"]
    assert [each.get("route") for each in asked][:2] == ["report_list", "report_page"]
    assert {"at", "level", "request", "method", "status", "ms", "queries"} <= set(asked[0])
    assert asked[0]["at"].endswith("+00:00")
    assert [each for each in map(json.loads, objects) if "request" not in each] == []
    refused = [each for each in map(json.loads, objects) if each["message"].startswith("405")]
    assert [each["message"] for each in refused] == ["405 on report_list"]


@pytest.mark.django_db
def test_when_its_own_page_breaks_a_breakdown_still_says_its_number(monkeypatch, plain):
    def broken(*_):
        raise ValueError(CANARY)

    monkeypatch.setattr(breakdown, "render_to_string", broken)
    answer = breakdown.breakdown(None)
    assert answer.status_code == 500
    assert "Référence" in answer.content.decode()
    assert CANARY not in answer.content.decode() + "".join(plain)


def test_nobody_writes_a_line_of_the_log(cast, enter, plain, objects):
    enter(cast.anna).get("/nulle%0APART%0D%0AERROR forged/")
    enter(cast.anna).get("/", headers={"host": "a\nERROR forged"})
    assert [line for line in plain if "\n" in line] == []
    assert "forged" not in "".join(plain + objects)


def test_the_worker_logs_as_the_web_does(plain, objects):
    assert setup_logging.receivers  # else Celery puts a handler of its own
    logger = logging.getLogger("celery.app.trace")
    with requests.work("un-travail"):
        context = {"name": "outbox.work", "exc": CANARY, "traceback": CANARY, "args": CANARY}
        logger.error("Task %(name)s raised: %(exc)s\n%(traceback)s", context)
        try:
            int(CANARY)
        except ValueError:
            logging.getLogger("cross.outbox.doing").exception("job %s failed", 12)
    assert CANARY not in "".join(plain + objects)
    assert "[un-travail]" in plain[0]
    assert "job 12 failed [un-travail]" in plain[1]
    assert {json.loads(each)["request"] for each in objects} == {"un-travail"}


# --- The number of a request --------------------------------------------------------------------


@pytest.mark.django_db
def test_the_proxy_alone_gives_a_number_and_only_when_it_is_said_to(settings):
    def number(given):
        return Client().get("/connexion/", headers={"x-request-id": given}).headers["X-Request-Id"]

    good = "0f8fad5b-d9cb-469f-a165-70867728950e"
    assert NUMBER.fullmatch(number(good))
    settings.REQUEST_ID_HEADER = "X-Request-Id"
    assert number(good) == good
    for forged in ("", "court", "a" * 65, "a b c d e f g", "<script>1234", "é" * 12):
        assert NUMBER.fullmatch(number(forged)), forged


def test_two_requests_have_two_numbers_and_outside_there_is_none(cast, enter):
    client = enter(cast.anna)
    numbers = {client.get("/aide/").headers["X-Request-Id"] for _ in range(3)}
    assert len(numbers) == 3
    assert requests.number() == ""


# --- Slow statements ----------------------------------------------------------------------------


def test_a_slow_statement_is_told_by_its_print_its_tables_and_its_route(
    cast, enter, objects, settings
):
    settings.ROOT_URLCONF = __name__
    settings.SLOW_QUERY_MS = 15
    enter(cast.anna).get("/lente/")
    [told] = [
        each
        for each in map(json.loads, objects)
        if each["logger"] == "cross.slow" and each["tables"] == ["services_unit"]
    ]
    assert told["route"] == "slow"
    assert told["ms"] >= 15
    assert re.fullmatch("[0-9a-f]{12}", told["statement"])
    assert CANARY not in "".join(objects)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("SELECT a FROM t WHERE b='x''y' AND c=12", "SELECT a FROM t WHERE b='' AND c=3", True),
        ("SELECT a FROM t WHERE b IN (%s, %s)", "SELECT  a FROM t\nWHERE b IN (%s, %s, %s)", True),
        ("SELECT a FROM t WHERE b = %s", "SELECT a FROM u WHERE b = %s", False),
    ],
)  # fmt: skip
def test_the_print_of_a_statement_is_that_of_its_shape(one, other, alike):
    assert (requests.fingerprint(one) == requests.fingerprint(other)) == alike


# --- Figures ------------------------------------------------------------------------------------


def test_figures_name_routes_and_work_and_nothing_of_anybody(cast, vosges, enter):
    report = factories.report(cast.diane, vosges["Épinal"], facts=f"Un {CANARY}.")
    client = enter(cast.diane)
    client.get(report.get_absolute_url())
    client.get(f"/renseignements/?q={CANARY}")
    client.get(f"/{CANARY}/")
    Job.objects.create(kind="build_summary", args={"summary": 1}, requested_by=str(cast.diane))
    Pulse.objects.create(name="worker", at="2026-01-01T00:00:00Z")
    journal.record(cast.diane, "report.read", report)
    text = serving.told().decode()
    assert 'cross_requests_total{method="GET",route="report_page",status="200"}' in text
    assert 'route="nowhere"' in text
    for name in (
        "cross_request_seconds_bucket", "cross_queries_total", "cross_up", "cross_jobs",
        "cross_job_oldest_seconds", "cross_jobs_unsent_oldest_seconds", "cross_pulse_age_seconds",
        "cross_journal_unsealed", "cross_disk_bytes", "cross_database_connections",
        "cross_database_bytes", "cross_migrations_waiting",
    ):  # fmt: skip
        assert re.search(rf"^{name}\{{", text, re.MULTILINE), name
    hidden = [CANARY, report.reference, cast.diane.username, cast.diane.last_name, "Golbey"]
    assert [word for word in hidden if word in text] == []
    labels = set(re.findall(r'[{,](\w+)="', text))
    assert labels <= {
        "route", "method", "status", "le", "directive", "reason", "what", "part", "state", "who",
        "kind", "queue", "journal", "database", "letters",
    }  # fmt: skip
    assert 'cross_migrations_waiting{database="whole"} 0.0' in text


@pytest.mark.django_db
def test_a_database_that_does_not_answer_leaves_the_other_figures(monkeypatch):
    def down():
        raise OperationalError

    monkeypatch.setattr(gathered, "unsealed", down)
    text = serving.told().decode()
    assert 'cross_up{part="database"} 0.0' in text
    assert 'cross_disk_bytes{what="free"}' in text


@pytest.mark.django_db
def test_the_site_serves_no_figure(cast, enter):
    for address in ("/metrics", "/metrics/", "/mesures/"):
        assert enter(cast.tom).get(address).status_code == 404
    assert counted.EVERY


@pytest.mark.django_db(transaction=True)
def test_the_private_port_serves_them_from_every_process_and_nothing_else(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path / "figures"
    folder.mkdir()
    environment = os.environ | {
        "CROSS_METRICS_PORT": str(port),
        "PROMETHEUS_MULTIPROC_DIR": str(folder),
        "DATABASE_URL": re.sub(
            r"///[^?]*", f"///{connection.settings_dict['NAME']}", os.environ["DATABASE_URL"]
        ),
    }
    count = (
        "import django; django.setup();"
        "from cross.watching import counted;"
        "counted.refusals.labels('too long').inc()"
    )
    for _ in range(2):
        subprocess.run(
            [sys.executable, "-c", count], cwd=settings.BASE_DIR, check=True,
            env=environment | {"DJANGO_SETTINGS_MODULE": "cross.settings"},
        )  # fmt: skip
    server = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "cross.watching"],
        cwd=settings.BASE_DIR,
        env=environment,
    )
    try:
        text = scraped(port)
        assert 'cross_refusals_total{reason="too long"} 2.0' in text
        assert 'cross_up{part="database"} 1.0' in text
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/autre")
        with refused.value as answer:
            assert answer.code == 404
            assert "Python" not in answer.headers["Server"]
    finally:
        server.terminate()
        server.wait(10)


def scraped(port):
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as answer:
                return answer.read().decode()
        except urllib.error.URLError:
            assert time.monotonic() < end
            time.sleep(0.2)

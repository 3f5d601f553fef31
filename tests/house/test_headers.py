"""What browsers are told of every answer, whatever kind of answer it is, and what they tell back.

Every address of the table of doors, by somebody whom it lets in and by a stranger; then the kinds
of answers that no door gives: static files, breakdowns, refusals before any door.
"""

import base64
import json
import re
import secrets
import subprocess
import sys
from collections import Counter

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import path, reverse

from cross import gate, nav, refusals, urls
from cross.watching import counted
from tests import factories
from tests.house.test_doors import DOORS, text_of

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Origin-Agent-Cluster": "?1",
    "Reporting-Endpoints": 'refus="/navigateur/refus/"',
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
}
STRICT = {
    "default-src": "'none'",
    "object-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "report-uri": "/navigateur/refus/",
    "report-to": "refus",
}


@pytest.fixture
def https(settings):
    """As `CROSS_HTTPS=1` sets it; clients made from here on ask over TLS."""
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True


def directives(answer):
    """The policy of an answer, by directive."""
    parts = answer.headers["Content-Security-Policy"].split(";")
    return {name: " ".join(rest) for name, *rest in (part.split() for part in parts)}


def faults_of(answer, *, static=False):
    """What its headers lack, in words."""
    told = [
        f"{name}: {answer.headers.get(name)}"
        for name, value in ALWAYS.items()
        if answer.headers.get(name) != value
    ]
    policy = directives(answer)
    if "sandbox" not in policy:  # that of a file is stricter still, and has its own test
        told += [name for name, value in STRICT.items() if policy.get(name) != value]
    if "unsafe" in answer.headers["Content-Security-Policy"]:
        told.append("an unsafe source")
    if policy.get("default-src") != "'none'":
        told.append("default-src")
    if "camera=()" not in answer.headers.get("Permissions-Policy", ""):
        told.append("Permissions-Policy")
    if not re.fullmatch(r"[0-9a-f]{32}", answer.headers.get("X-Request-Id", "")):
        told.append("X-Request-Id")
    if static:
        return told
    if "no-store" not in answer.headers.get("Cache-Control", ""):
        told.append("Cache-Control")
    if answer.headers.get("X-Frame-Options") != "DENY":
        told.append("X-Frame-Options")
    kind = answer.headers.get("Content-Type", "")
    # Of a file that was joined, the characters are not ours to name: it is saved, not shown.
    attached = answer.headers.get("Content-Disposition", "").startswith("attachment")
    if kind.startswith("text/") and "charset=utf-8" not in kind and not attached:
        told.append(f"a text without its charset: {kind}")
    if "Server" in answer.headers or "X-Powered-By" in answer.headers:
        told.append("names what serves it")
    return told


def kind_of(answer):
    if answer.headers.get("Content-Disposition"):
        return "file"
    return {3: "redirect", 4: "refusal"}.get(answer.status_code // 100, "page")


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("https")
def test_every_answer_of_every_door_carries_its_headers(cast, world, enter, figure):
    clients, seen, wrong = {None: Client()}, Counter(), []
    for name, (how, arguments, welcome) in sorted(DOORS.items()):
        address = reverse(name, kwargs={key: world[value] for key, value in arguments.items()})
        for who in (min(welcome), None):
            client = clients.get(who) or clients.setdefault(who, enter(cast[who]))
            with transaction.atomic():
                ask = client.post if how == "post" else client.get
                answer = ask(address, secure=True)
                text_of(answer)
                transaction.set_rollback(True)
            seen[kind_of(answer)] += 1
            wrong += [f"{name} for {who}: {fault}" for fault in faults_of(answer)]
    assert wrong == []
    assert {"page", "file", "redirect", "refusal"} <= set(seen)
    told = f"{sum(seen.values())} answers of {len(DOORS)} doors, {dict(seen)}"
    for row in ("B21", "B36"):
        figure(row, told)


@gate.members
def broken(request):
    raise ZeroDivisionError


urlpatterns = [*urls.urlpatterns, path("cassee/", broken)]
handler500 = urls.handler500


@pytest.mark.usefixtures("https")
def test_answers_that_no_door_gives_carry_them_too(cast, enter, settings):
    client = enter(cast.anna)
    client.raise_request_exception = False
    absent = client.get("/nulle-part/", secure=True)
    refused = client.put("/renseignements/", secure=True)
    other_site = client.post("/", secure=True, headers={"sec-fetch-site": "cross-site"})
    too_long = Client().post(
        "/", b"x" * 100_001, content_type="application/octet-stream", secure=True
    )
    no_host = client.get("/", secure=True, headers={"host": "autre.exemple.invalid"})
    nul = client.get("/a%00b/", secure=True)
    told = [absent, refused, other_site, too_long, no_host, nul]
    assert [answer.status_code for answer in told] == [404, 405, 403, 413, 400, 404]
    static = client.get("/static/css/base.css", secure=True)
    assert static.status_code == 200
    assert "Access-Control-Allow-Origin" not in static.headers
    assert faults_of(static, static=True) == []
    static.close()
    settings.ROOT_URLCONF = __name__
    breakdown = client.get("/cassee/", secure=True)
    assert breakdown.status_code in {500, 503}
    for answer in [*told, breakdown]:
        assert faults_of(answer) == [], answer.status_code


def test_leaving_clears_what_the_browser_keeps(cast, enter):
    request = RequestFactory().get("/")
    request.user = cast.anna
    client = enter(cast.anna)
    answer = client.post(nav.page_furniture(request)["sign_out_url"])
    assert answer.status_code == 302
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in Client().get("/connexion/").headers


def test_there_is_no_administration_site(cast, enter):
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    for address in ("/admin/", "/admin/login/", "/django-admin/"):
        assert enter(cast.tom).get(address).status_code == 404


def test_the_title_of_a_sheet_is_its_reference(cast, vosges, enter):
    report = factories.report(cast.diane, vosges["Épinal"], subject="Un objet à taire")
    page = enter(cast.diane).get(report.get_absolute_url()).content.decode()
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)[1]
    assert report.reference in title
    assert "taire" not in title


# --- What browsers tell back --------------------------------------------------------------------

OLD = {"csp-report": {"document-uri": "https://x/", "violated-directive": "style-src 'self'"}}
NEW = [
    {"type": "csp-violation", "body": {"effectiveDirective": "script-src-elem"}},
    {"type": "csp-violation", "body": {"effectiveDirective": "canari jaune"}},
    {"type": "coep", "body": {"blockedURL": "https://x/"}},
]


@pytest.fixture
def told(monkeypatch):
    """`told(body)`: what was counted of it."""
    monkeypatch.setattr(refusals, "allowance", refusals.Allowance(refusals.MOST_A_MINUTE))

    def tell(body):
        found = []
        monkeypatch.setattr(counted.browser_refusals, "labels", lambda name: Inc(found, name))
        client = Client(enforce_csrf_checks=True)
        answer = client.post(
            reverse("browser_refusals"), body, content_type="application/csp-report"
        )
        assert (answer.status_code, answer.content, client.cookies) == (204, b"", {})
        return found

    return tell


class Inc:
    def __init__(self, found, name):
        self.inc = lambda: found.append(name)


@pytest.mark.django_db
def test_what_a_browser_refused_is_counted_and_not_kept(told, caplog):
    assert told(json.dumps(OLD)) == ["style-src"]
    assert told(json.dumps(NEW)) == ["script-src-elem", "other", "coep"]
    assert "canari" not in caplog.text
    assert "https" not in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body", [b"", b"{", b"[" * 10_000, b'"x"', b"[1, null]", b'{"csp-report": 3}', b"\xff\xfe"]
)
def test_what_is_no_report_counts_nothing(told, body):
    assert told(body) == []


@pytest.mark.django_db
def test_who_floods_with_reports_is_counted_a_minute_s_worth(told):
    assert told(json.dumps(NEW[:1] * 1_000)) == []  # too long to be read
    few = json.dumps(NEW[:1] * 100)
    assert len(told(few)) == refusals.MOST_A_REPORT
    assert sum(len(told(few)) for _ in range(9)) == refusals.MOST_A_MINUTE - len(NEW[:1] * 20)


# --- Production ---------------------------------------------------------------------------------

SHOWN = """
import json, django
django.setup()
from django.conf import settings
names = ("SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY",
    "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_HTTPONLY", "SECURE_SSL_REDIRECT",
    "DEBUG", "USE_X_FORWARDED_HOST", "SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SAMESITE")
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def test_the_settings_of_production_pass_every_check(tmp_path):
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    (keys / "1.key").touch(mode=0o600)
    (keys / "1.key").write_bytes(base64.b64encode(secrets.token_bytes(32)))
    environment = {
        "CROSS_KEYS": str(keys),
        "CROSS_HTTPS": "1",
        "CROSS_HOSTS": "cross.exemple.invalid",
        "CROSS_SECRET_KEY": "k" * 30 + "Secret-de-cet-essai-0123456789",
        "CROSS_HOME": str(tmp_path),
        "CROSS_SCANNER": "tcp://clamav:3310",
        "DATABASE_URL": "postgresql:///nobody?host=/nowhere",
        "DJANGO_SETTINGS_MODULE": "cross.settings",
        "EMAIL_URL": "smtp+tls://mail.exemple.invalid",
        "PYTHONPATH": str(settings.BASE_DIR),
    }

    def run(*words):
        return subprocess.run(
            [sys.executable, *words], cwd=settings.BASE_DIR, env=environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    checked = run("manage.py", "check", "--deploy", "--fail-level", "DEBUG")
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout
    assert json.loads(run("-c", SHOWN).stdout) == {
        "SESSION_COOKIE_NAME": "__Host-session",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_HTTPONLY": True,
        "SECURE_SSL_REDIRECT": True,
        "DEBUG": False,
        "USE_X_FORWARDED_HOST": False,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_SAMESITE": "Lax",
    }

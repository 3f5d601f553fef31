"""A real browser: Debian's Chromium, driven by Playwright.

    def test_it(browse, cast):
        page = browse(cast.anna, width=390, theme="dark")
        page.goto("/tri/")

Without Chromium the tests are skipped and say so; with REQUIRE_BROWSER=1 they fail instead. With
SLOWED_BROWSER=8 scripts take eight times as long: a test that looks too early shows it.
"""

import os
import shutil
import time
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


# What is read of a page at once, without Playwright's own waiting for what it should be.
READINGS = ("all", "all_inner_texts", "count", "get_attribute", "inner_text", "input_value",
            "is_checked", "is_visible", "text_content")  # fmt: skip
PATIENCE = 30_000  # milliseconds: that of every other wait, where `expect` has five seconds


# What is on its way into the page, or just there: htmx has the focus to settle, and its scripts.
UNDER_WAY = ".htmx-request, .htmx-swapping, .htmx-settling"


def wait_until_settled(page):
    """Nothing of htmx is on its way: a click returns as soon as what it asked for has begun."""
    page.wait_for_load_state()
    page.locator(UNDER_WAY).first.wait_for(state="detached", timeout=PATIENCE)


@contextmanager
def reading_when_settled():
    """A page is read once what it had asked for is there."""
    from playwright.sync_api import Locator

    def patient(plain):
        def read(locator, *args, **options):
            wait_until_settled(locator.page)
            return plain(locator, *args, **options)

        return read

    plain = {name: getattr(Locator, name) for name in READINGS}
    for name, reading in plain.items():
        setattr(Locator, name, patient(reading))
    try:
        yield
    finally:
        for name, reading in plain.items():
            setattr(Locator, name, reading)


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import expect, sync_playwright

    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("Chromium is required and absent: apt-get install chromium")
        pytest.skip("no Chromium here: apt-get install chromium")
    # Playwright runs a loop in this thread, and the ORM refuses to work beside one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE)
    with reading_when_settled(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def browse(chromium, live_server, settings):
    """`browse(member)` gives a page of the running site, signed in; nobody when None. Whoever
    signs in by the page is asked no second factor, as in the demonstration."""
    settings.SECOND_FACTOR = False
    with browsing(chromium, live_server.url) as open_page:
        yield open_page
    # What the last page had asked is still being answered: the tables are emptied after it.
    wait_for_the_server()


OTHERS = """
FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


def wait_for_the_server(seconds=10):
    """Until nobody else is at work in the database, three times in a row: a request that has just
    come in holds nothing yet."""
    until = time.monotonic() + seconds
    quiet = 0
    while quiet < 3 and time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) {OTHERS} AND state <> 'idle'")
            [at_work] = cursor.fetchone()
        quiet = 0 if at_work else quiet + 1
        time.sleep(0.04)


def end_other_sessions():
    """A request whose browser left is never finished by wsgiref, and keeps its connection."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_terminate_backend(pid) {OTHERS}")


def session_of(member):
    """The key of a new session: a client of its own, or it would end that of the one before."""
    client = Client()
    client.force_login(member, backend="services.backend.MemberBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def press_when_settled(page):
    """A heading is seen before the scripts that answer the keys have run, on a busy machine."""
    press = page.keyboard.press

    def press_then(key, **options):
        wait_until_settled(page)
        press(key, **options)

    page.keyboard.press = press_then


# What is fetched when one scrolls to it bears a mark once it is there.
ARRIVED = """
addEventListener("htmx:afterSettle", (event) => {
  event.detail.target.setAttribute("data-arrived", "")
})
"""
LAZY = "[hx-trigger^=intersect]:visible"


def bring_what_comes_last(page):
    """What is fetched when one scrolls to it is there before the page is looked at."""
    for region in page.locator(f"{LAZY}:not([data-arrived])").all():
        region.scroll_into_view_if_needed()
    page.locator(f"{LAZY}:not([data-arrived])").first.wait_for(state="detached")
    page.evaluate("scrollTo(0, 0)")


# What htmx says of a request that ends because its page was left for another.
GIVEN_UP = ("htmx:sendAbort,", "htmx:afterRequest,")


@contextmanager
def browsing(chromium, address, session_of=session_of):
    """Pages of the site that runs at `address`, each with cookies of its own, closed at the end.

    `session_of(member)` gives the key of a session. A console error, a refusal of the
    content-security policy or a script's failure fails the test.
    """
    contexts, complaints = [], []

    def open_page(member=None, *, width=1440, height=900, theme="light", script=True):
        context = chromium.new_context(
            base_url=address,
            viewport={"width": width, "height": height},
            color_scheme=theme,
            locale="fr-FR",
            java_script_enabled=script,
        )
        contexts.append(context)
        if member is not None:
            name, value = settings.SESSION_COOKIE_NAME, session_of(member)
            context.add_cookies([{"name": name, "value": value, "url": address}])
        page = context.new_page()
        if slowed := os.environ.get("SLOWED_BROWSER"):
            session = context.new_cdp_session(page)
            session.send("Emulation.setCPUThrottlingRate", {"rate": float(slowed)})
        page.add_init_script(ARRIVED)
        press_when_settled(page)
        page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
        page.on(
            "console",
            lambda said: (
                complaints.append(f"{page.url}: {said.text}")
                if said.type == "error" and not said.text.startswith(GIVEN_UP)
                else None
            ),
        )
        return page

    open_page.complaints = complaints
    try:
        yield open_page
    finally:
        for context in contexts:
            context.close()
    assert complaints == []


def sign_in(page, username, password=None):
    """Through the page, as people do; the password of the cast unless said."""
    from tests.factories import PASSWORD

    page.goto("/connexion/")
    page.get_by_label("Identifiant").fill(username)
    page.get_by_label("Mot de passe").fill(password or PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(lambda url: "/connexion/" not in url)


LOOK = """
async (runOnly) => {
  const { passes, violations } = await axe.run({ runOnly, resultTypes: ["violations"] })
  return {
    passes: passes.length,
    violations: violations.map((fault) => [fault.id, fault.nodes.map((node) => node.html)]),
  }
}
"""


def assert_accessible(page, only=RULES):
    """No violation of WCAG 2.2 AA that axe can see; `only` as axe's own `runOnly`."""
    from axe_playwright_python.sync_playwright import Axe

    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate(LOOK, only)
    assert found["passes"], "axe looked at nothing"
    assert found["violations"] == []


def assert_fits(page):
    """Nothing makes the page itself scroll sideways."""
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

"""What another site tries on somebody who is signed in here: it writes nothing and learns nothing.

Requests carry what a browser would say of where they come from (Fetch Metadata); one that says
nothing is answered as ever, by the same doors.
"""

import re
import statistics
import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from intel.models import Report
from tests import factories
from tests.house.conftest import examples


def said(site, mode="navigate", dest="document"):
    return {"sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": dest}


@pytest.fixture
def hidden(cast, vosges):
    return factories.report(cast.diane, vosges["Épinal"], units=[])


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("mode", ["navigate", "cors", "no-cors"])
def test_a_write_of_another_site_is_refused(cast, vosges, enter, site, mode):
    """Whatever token it holds: the client here is not asked for one."""
    report = factories.report(cast.diane, vosges["Épinal"])
    client = enter(cast.anna)
    address = reverse("triage_decide", args=[report.reference])
    sent = {"target": "trie", "seen": "recu"}
    answer = client.post(address, sent, headers=said(site, mode))
    assert answer.status_code == 403
    assert Report.objects.unguarded(because="test").get(pk=report.pk).state == "recu"
    assert client.post(address, sent, headers=said("same-origin", mode)).status_code == 302


@pytest.mark.parametrize(
    ("mode", "dest"),
    [
        ("no-cors", "image"),
        ("no-cors", "script"),
        ("no-cors", "style"),
        ("cors", "empty"),
        ("navigate", "iframe"),
        ("navigate", "frame"),
        ("navigate", "embed"),
        ("navigate", "object"),
        ("websocket", "websocket"),
        ("", ""),
    ],
)
def test_what_another_site_loads_is_refused(cast, vosges, enter, hidden, mode, dest):
    """Readable, hidden or absent, one answer: there is nothing to tell apart."""
    readable = factories.report(cast.diane, vosges["Golbey"])
    client = enter(cast.anna)
    addresses = [readable.get_absolute_url(), hidden.get_absolute_url(), "/nulle-part/"]
    answers = [client.get(each, headers=said("cross-site", mode, dest)) for each in addresses]
    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize(
    "headers",
    [{}, said("none"), said("same-origin"), said("same-origin", "cors", "empty"),
     said("cross-site")],
)  # fmt: skip
def test_a_link_that_is_followed_opens_and_so_does_a_silent_client(cast, enter, headers):
    assert enter(cast.anna).get("/renseignements/", headers=headers).status_code == 200


@pytest.mark.parametrize("host", ["autre.exemple.invalid", "testserver.autre", "", "a b", "x:y:z"])
@pytest.mark.django_db
def test_another_name_than_ours_is_answered_by_no_page(host):
    client = Client(raise_request_exception=False)
    assert client.get("/connexion/", headers={"host": host}).status_code == 400
    forwarded = client.get("/connexion/", headers={"x-forwarded-host": host})
    assert forwarded.status_code == 200
    assert not host or host not in forwarded.content.decode()


def test_a_hidden_report_and_an_absent_one_take_the_same_time(cast, enter, hidden, figure):
    client = enter(cast.louise)
    addresses = [hidden.get_absolute_url(), "/renseignements/CROSS-88-2026-99999/"]
    asked, took = [], {address: [] for address in addresses}
    for address in addresses:
        client.get(address)  # whatever is only loaded once
    for address in addresses:
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        asked.append([re.split(" WHERE | VALUES ", query["sql"])[0] for query in queries])
    assert asked[0] == asked[1]
    for _ in range(examples(quick=15, whole=1_000)):
        for address in addresses:
            began = time.perf_counter()
            client.get(address)
            took[address].append((time.perf_counter() - began) * 1000)
    ours, theirs = (statistics.median(took[address]) for address in addresses)
    told = f"medians {ours:.2f} and {theirs:.2f} ms over {len(took[addresses[0]])} requests each"
    figure("B3", f"{len(asked[0])} statements, the same; {told}")

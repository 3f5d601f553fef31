"""Whole responses over 100,000 reports, as a browser gets them: list, facets, search, sheet, file.

Through Django's test client: every layer of ours, without the network.
"""

import statistics
from datetime import timedelta
from functools import partial
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from intel import access
from intel.models import Audience
from tests.bench.measure import limit_row, times_in_turn
from tests.bench.reader import SEARCHES, Reader


def rows(code, count):
    reader = Reader(code)
    client = Client()
    client.force_login(reader.member, backend="services.backend.MemberBackend")
    acts = {name: partial(client.get, address) for name, address in addresses(reader).items()}
    for name, act in acts.items():
        answer = act()
        assert answer.status_code == 200, name
        assert b"".join(answer), name
    taken = times_in_turn({name: whole(act) for name, act in acts.items()}, least=20, most=40)
    for name, times in taken.items():
        p95 = statistics.quantiles(times, n=20, method="inclusive")[-1]
        yield limit_row(f"response, {count:,} reports, {name}, p95", p95, "ms", 300)


def whole(act):
    """A file is answered in pieces: all of them are waited for."""
    return lambda: b"".join(act())


def addresses(reader):
    """{what is asked: its address}; a restricted sheet, which the unit was named on."""
    a_list = reverse("report_list")
    readable = access.readable_reports(reader.member)
    # The two that end with the latest: a small country receives nothing in some.
    day = timezone.localdate(readable.latest("received_at").received_at)
    week = {"recu_du": str(day - timedelta(days=13)), "recu_au": str(day)}
    named = readable.filter(audience=Audience.RESTRICTED)
    sheet = named.order_by("-id").first().reference
    file = urlencode(week | {"format": "csv"})
    return {
        "list": a_list,
        "list, counted exactly with its facets": f"{a_list}?exact=1",
        "filtered list": f"{a_list}?{urlencode({'produit': 'cocaine', 'etat': 'clos'})}",
        **{
            f"search, {name}": f"{a_list}?{urlencode({'q': words})}"
            for name, words in SEARCHES.items()
        },
        "sheet": reverse("report_page", args=[sheet]),
        "export of two weeks, CSV": f"{reverse('export_reports')}?{file}",
    }

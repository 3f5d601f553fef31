"""The timeline of a report, the chart of its links, the map of its places: from what is read."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from cross.audit.models import Entry
from intel.actions import annexes, complements, matching, places, reports, unit_work
from intel.reading.links import MOST_REPORTS
from tests import factories

PLATE = ("plate", "AB-123-CD", "AB123CD")
PHONE = ("phone", "06 39 98 77 10", "+33639987710")
OTHER = ("phone", "06 39 98 77 11", "+33639987711")


@pytest.fixture
def report(cast, vosges):
    return factories.report(cast.diane, vosges["Épinal"], identifiers=[PLATE, PHONE])


def page(client, address):
    return client.get(address, follow=True).content.decode().replace("\u00a0", " ")


def timeline(client, report):
    return page(client, f"{report.get_absolute_url()}chronologie/")


def links(client, report):
    return page(client, f"{report.get_absolute_url()}liens/")


def hall(report, by, name="Hall des Iris", **said):
    commune = report.commune
    described = places.Described(name, "lieu", commune, point=(commune.centre_x, 500))
    place = places.create(described, by=by)
    day = timezone.localdate() - timedelta(days=5)
    places.cite(place, report, places.Said(day, **said), by=by)
    return place


READERS = ("diane", "louise", "anna", "gilles")
OTHERS = ("rose", "claire", "ines", "tom", "paul")


@pytest.mark.parametrize("path", ["chronologie/", "liens/"])
def test_who_opens_them(cast, enter, report, path):
    address = f"{report.get_absolute_url()}{path}"
    opened = {
        who for who in (*READERS, *OTHERS) if enter(cast[who]).get(address).status_code == 200
    }
    assert opened == set(READERS)


# --- Timeline -----------------------------------------------------------------------------------


def test_the_timeline_tells_everything_in_order(cast, enter, report):
    place = hall(report, cast.diane, state="actif")
    places.note_operation(
        place, by=cast.louise, kind="controle", day=timezone.localdate(), result="Trois contrôles"
    )
    complements.add(report, by=cast.louise, text="Vu aussi à Golbey.")
    reports.grade(report, by=cast.anna, source="B", information="2")
    html = timeline(enter(cast.bruno), report)
    said = ("Hall des Iris : actif", "Faits", "Reçue", "Enregistrée", "Complément",
            "Cotation donnée")  # fmt: skip
    assert [html.index(f">{each}<") for each in said] == sorted(
        html.index(f">{each}<") for each in said
    )
    assert "Identifiants confirmés" in html
    assert "AB-123-CD" in html
    assert "Trois contrôles" in html


def test_what_is_kept_apart_is_in_nobody_else_s_timeline(cast, enter, report):
    annexes.add(report, by=cast.diane, title="FAUVETTE", text="FAUVETTE", units=[])
    unit_work.note(report, by=cast.diane, text="FAUVETTE")
    unit_work.give(report, by=cast.diane, what="FAUVETTE", to=None)
    for who in READERS:
        assert "FAUVETTE" not in timeline(enter(cast[who]), report)


# --- Links --------------------------------------------------------------------------------------


def test_the_chart_and_its_table_say_the_same(cast, vosges, enter, report):
    near = factories.report(cast.louise, vosges["Golbey"], identifiers=[PLATE, OTHER])
    html = links(enter(cast.bruno), report)
    [chart] = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    table = html[html.index("<tbody>") :]
    for said in ("AB-123-CD", near.reference):
        assert said in chart
        assert said in table
    assert f'<a href="{near.get_absolute_url()}"' in chart
    assert "06 39 98 77 11" in chart.replace("\u202f", " ")  # one step further
    line = Entry.objects.filter(verb="report.listed", target=report.reference).get()
    assert near.reference in line.why


def test_what_one_does_not_read_links_nothing(cast, vosges, enter, report):
    before = {who: links(enter(cast[who]), report) for who in ("bruno", "anna", "gilles")}
    hidden = factories.report(
        cast.louise, vosges["Golbey"], units=[], identifiers=[PLATE, OTHER], subject="FAUVETTE"
    )
    place = hall(report, cast.diane)
    places.cite(place, hidden, places.Said(timezone.localdate()), by=cast.louise)
    draft = factories.report(cast.louise, vosges["Golbey"], draft=True, identifiers=[PLATE])
    for who, html in before.items():
        after = links(enter(cast[who]), report)
        for secret in (hidden.reference, draft.reference, "FAUVETTE", "98 77 11"):
            assert secret not in after.replace("\u202f", " ")
        assert html.count("<path") + 1 == after.count("<path")  # the place, and nothing else
    assert hidden.reference in links(enter(cast.louise), report)
    assert draft.reference not in links(enter(cast.louise), report)


def test_a_frequent_value_links_nothing(cast, vosges, enter, report):
    near = factories.report(cast.louise, vosges["Golbey"], identifiers=[PHONE])
    assert near.reference in links(enter(cast.bruno), report)
    matching.list_value(by=cast.anna, kind="phone", value=PHONE[2], why="Standard")
    assert near.reference not in links(enter(cast.bruno), report)


def test_places_link_too_and_the_chart_is_bounded(cast, vosges, enter, report):
    place = hall(report, cast.diane)
    near = [
        factories.report(cast.louise, vosges["Golbey"], identifiers=[PLATE])
        for _ in range(MOST_REPORTS + 3)
    ]
    seen = factories.report(cast.louise, vosges["Golbey"])
    places.cite(place, seen, places.Said(timezone.localdate()), by=cast.louise)
    html = links(enter(cast.bruno), report)
    assert "Hall des Iris" in html
    assert seen.reference in html
    assert sum(each.reference in html for each in near) == MOST_REPORTS - 1
    assert "il y en a d’autres" in html


def test_nothing_cited_is_said(cast, vosges, enter):
    bare = factories.report(cast.diane, vosges["Épinal"])
    html = links(enter(cast.diane), bare)
    assert "<svg" not in html
    assert "ne cite ni identifiant" in html


# --- Map ----------------------------------------------------------------------------------------


def test_the_places_of_the_sheet_are_on_a_map(cast, enter, report):
    assert "Carte des lieux cités" not in page(enter(cast.louise), report.get_absolute_url())
    hall(report, cast.diane)
    for who in ("louise", "gilles"):
        html = page(enter(cast[who]), report.get_absolute_url())
        [chart] = re.findall(r"<svg[^>]*class=\"map\".*?</svg>", html, re.DOTALL)
        assert "Hall des Iris" in html[html.index("Carte des lieux cités") :]
        assert "Les lieux que cite cette fiche" in chart
    assert enter(cast.paul).get(report.get_absolute_url()).status_code == 404

"""What a handling code says travels with the text; H2 leaves with the owner's accord alone."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cross.audit.models import Entry
from intel.actions import accords, life
from intel.models import HandlingAccord
from intel.models.choices import Handling
from tests import factories

KINDS = ("csv", "ods", "xlsx")


@pytest.fixture
def held(cast, vosges):
    return factories.report(
        cast.diane, vosges["Épinal"], handling="H2", handling_note="Source fragile",
        subject="Livraison de nuit",
    )  # fmt: skip


@pytest.fixture
def free(cast, vosges):
    return factories.report(cast.diane, vosges["Golbey"], subject="Vente en terrasse")


def export(client, **query):
    return client.get(reverse("export_reports"), {"format": "csv"} | query)


def rows_of(answer):
    return b"".join(answer).decode() if answer.streaming else None


def ask(client, report, **fields):
    sent = {"recipient": "Parquet de Nancy", "why": "Réquisition à préparer"} | fields
    return client.post(reverse("ask_accord", args=[report.reference]), sent)


def decide(client, accord, **fields):
    until = (timezone.localdate() + timedelta(days=20)).isoformat()
    return client.post(reverse("decide_accord", args=[accord.key]), {"until": until} | fields)


def the_accord():
    return HandlingAccord.objects.all().unguarded(because="test").get()


@pytest.mark.parametrize("handling", Handling.values)
def test_the_code_stands_wherever_the_text_is_shown(cast, vosges, enter, handling):
    note = "Voir le rédacteur" if handling == "H3" else ""
    report = factories.report(
        cast.diane, vosges["Épinal"], handling=handling, handling_note=note, subject="Un dépôt"
    )
    life.move(report, by=cast.anna, target="urgent", why="Livraison ce soir")
    addresses = [
        "/", "/renseignements/", report.get_absolute_url(), "/tri/",
        f"/tri/{report.reference}/", f"{report.get_absolute_url()}versions/",
        f"{report.get_absolute_url()}cotation/",
    ]  # fmt: skip
    for address in addresses:
        page = enter(cast.anna).get(address, follow=True).content.decode()
        assert "Un dépôt" in page, address
        assert f'data-code="{handling}"' in page, address
    sheet = enter(cast.louise).get(report.get_absolute_url()).content.decode()
    on_paper = re.search(r"cx-printed--code.*?>(.*?)</p>", sheet)[1]
    assert report.reference in on_paper
    assert handling in on_paper
    assert note in on_paper


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_leaves_out_what_is_held_and_says_so(cast, enter, held, free, kind):
    client = enter(cast.louise)
    page = export(client, format=kind)
    assert not page.streaming
    text = page.content.decode()
    assert held.reference in text
    assert free.reference not in text
    assert reverse("ask_accord", args=[held.reference]) in text
    assert not Entry.objects.filter(verb="report.exported").exists()
    file = export(client, format=kind, laisser="1")
    assert file.streaming
    content = b"".join(file)
    if kind == "csv":
        assert free.reference in content.decode()
        assert held.reference not in content.decode()
    line = Entry.objects.get(verb="report.exported")
    assert line.target.startswith("1\u00a0fiche ")
    assert line.why == "1\u00a0fiche laissée faute d’accord"


def test_its_own_unit_prints_and_exports_it_freely(cast, enter, held, free):
    client = enter(cast.karim)
    assert held.reference in rows_of(export(client))
    url = held.get_absolute_url()
    assert client.post(f"{url}imprimer/").url == f"{url}?imprimer"
    page = client.get(f"{url}?imprimer").content.decode()
    assert "data-print" in page
    assert "data-held" not in page


def test_another_unit_does_not_print_it(cast, enter, held, free):
    client, url = enter(cast.louise), held.get_absolute_url()
    answer = client.post(f"{url}imprimer/")
    assert answer.url == reverse("ask_accord", args=[held.reference])
    assert not Entry.objects.filter(verb="report.printed").exists()
    # Nor does an address typed by hand, nor the browser's own menu: paper says why.
    page = client.get(f"{url}?imprimer").content.decode()
    assert "data-print" not in page
    assert "data-held" in page
    assert client.post(f"{free.get_absolute_url()}imprimer/").url.endswith("?imprimer")


def test_nothing_is_left_when_all_are_held(cast, enter, held):
    client = enter(cast.louise)
    assert "Exporter l" not in export(client).content.decode()
    answer = client.get(reverse("export_reports"), {"format": "csv", "laisser": "1"}, follow=True)
    assert "sans l’accord de celle d’origine" in answer.content.decode()
    assert not Entry.objects.filter(verb="report.exported").exists()


def test_the_owner_gives_its_accord_until_a_day(cast, enter, held, free):
    client, owner = enter(cast.louise), enter(cast.karim)
    assert ask(client, held).url == held.get_absolute_url()
    accord = the_accord()
    page = owner.get(reverse("request_list")).content.decode()
    assert "Parquet de Nancy" in page
    assert "Réquisition à préparer" in page
    assert "Accord demandé" in owner.get(held.get_absolute_url()).content.decode()
    assert decide(owner, accord).status_code == 302
    line = Entry.objects.get(verb="accord.given")
    assert line.target == held.reference
    assert line.recipients.startswith("Commissariat, pour Parquet de Nancy, jusqu’au ")
    assert held.reference in rows_of(export(client))
    assert client.post(f"{held.get_absolute_url()}imprimer/").url.endswith("?imprimer")
    assert "Parquet de Nancy" in client.get(held.get_absolute_url()).content.decode()
    # To that unit alone, and not beyond that day.
    assert not export(enter(cast.bruno)).streaming
    HandlingAccord.objects.filter(pk=accord.pk).update(
        until=timezone.localdate() - timedelta(days=1)
    )
    assert not export(client).streaming


def test_the_owner_refuses_and_says_why(cast, enter, held):
    ask(enter(cast.louise), held)
    decide(enter(cast.diane), the_accord(), decision="refuser", answer="Source trop exposée")
    page = enter(cast.louise).get(reverse("request_list")).content.decode()
    assert "Refusé" in page
    assert "Source trop exposée" in page
    assert not export(enter(cast.louise)).streaming
    assert Entry.objects.get(verb="accord.declined").why == "Source trop exposée"
    # Asked again, once at a time for a unit.
    assert ask(enter(cast.louise), held).status_code == 302
    assert ask(enter(cast.louise), held).status_code == 422


@pytest.mark.parametrize(
    ("who", "asks", "decides", "takes_back"),
    [
        ("diane", False, True, False),  # free already
        ("karim", False, True, False),
        ("louise", True, False, True),
        ("bruno", True, False, False),
        ("anna", True, False, False),
        ("gilles", True, False, False),
        ("rose", False, False, False),
        ("claire", False, False, False),
        ("tom", False, False, False),
        ("paul", False, False, False),
    ],
)
def test_who_asks_decides_and_takes_back(cast, enter, held, who, asks, decides, takes_back):
    accord = accords.ask(held, by=cast.louise, recipient="Parquet", why="x")
    client = enter(cast[who])
    shown = client.get(reverse("ask_accord", args=[held.reference])).status_code == 200
    assert shown is asks
    assert (decide(client, accord).status_code == 302) is decides
    back = client.post(reverse("withdraw_accord", args=[accord.key]))
    assert (back.status_code == 302) is takes_back


@pytest.mark.parametrize("first", ["given", "declined", "withdrawn"])
def test_an_accord_decided_in_two_tabs_is_told_in_the_second(cast, enter, held, first):
    accord = accords.ask(held, by=cast.louise, recipient="Parquet", why="x")
    owner, asker = enter(cast.diane), enter(cast.louise)
    withdraw = reverse("withdraw_accord", args=[accord.key])
    acts = {
        "given": lambda: decide(owner, accord),
        "declined": lambda: decide(owner, accord, decision="refuser"),
        "withdrawn": lambda: asker.post(withdraw),
    }
    assert acts[first]().status_code == 302
    decision = the_accord().decision
    owner.get(reverse("request_list"))
    asker.get(reverse("request_list"))
    for client, act in ((owner, acts["given"]), (asker, acts["withdrawn"])):
        answer = act()
        assert answer.url == reverse("request_list")
        assert "Quelqu’un vient d’y répondre" in client.get(answer.url).content.decode()
    assert the_accord().decision == decision
    assert decide(enter(cast.paul), accord).status_code == 404


def test_a_report_that_is_free_needs_no_accord(cast, enter, free):
    assert ask(enter(cast.louise), free).status_code == 404


def test_a_stranger_learns_nothing_of_an_accord(cast, enter, held):
    """Paul, of another department."""
    accord = accords.ask(held, by=cast.louise, recipient="Parquet de Nancy", why="Réquisition")
    client = enter(cast.paul)
    assert ask(client, held).status_code == 404
    assert decide(client, accord).status_code == 404
    for address in (reverse("request_list"), reverse("report_list"), "/"):
        page = client.get(address).content.decode()
        assert "Parquet de Nancy" not in page
        assert held.reference not in page

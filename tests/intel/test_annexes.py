"""A part of a report that fewer units read than the rest; the others never learn of it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from cross.audit.models import Entry
from intel import access
from intel.actions import annexes, sharing
from intel.models import Annex
from tests import factories

CANARY = "MESANGE"
READERS = {"diane", "karim", "louise"}


@pytest.fixture
def report(cast, vosges):
    return factories.report(cast.diane, vosges["Épinal"])


@pytest.fixture
def annex(cast, report):
    """Diane's, named to Louise's unit."""
    return annexes.add(
        report,
        by=cast.diane,
        title=f"{CANARY} intitulé",
        text=f"{CANARY} texte",
        units=[cast.louise.unit],
    )


def page(client, address):
    """Without what differs at each request."""
    answer = client.get(address, follow=True)
    parts = answer.streaming_content if answer.streaming else [answer.content]
    text = b"".join(parts).decode(errors="replace")
    text = re.sub(r'(csrfmiddlewaretoken" value=|data-token=)"[^"]+"', "", text)
    return re.sub(r"\d{1,2}:\d{2}|\d+ ms", "", text)


def pages(report):
    address = report.get_absolute_url()
    return (
        "/",
        "/tri/",
        address,
        f"{address}versions/",
        f"{address}?imprimer",
        f"/tri/{report.reference}/",
        f"/renseignements/?q={CANARY}",
        "/renseignements/",
        "/renseignements/export/",
    )


def test_who_reads_an_annex(cast, enter, report, annex):
    read = {
        who
        for who in cast
        if who != "fanny" and CANARY in page(enter(cast[who]), report.get_absolute_url())
    }
    assert read == READERS


@pytest.mark.usefixtures("stopped_clock")
def test_the_others_see_the_very_pages_of_a_report_without_it(cast, enter, report):
    others = [who for who in cast if who not in {*READERS, "fanny", "ines"}]
    clients = {who: enter(cast[who]) for who in others}
    addresses = [address for address in pages(report) if CANARY not in address]
    before = {who: [page(clients[who], each) for each in addresses] for who in others}
    annex = annexes.add(report, by=cast.diane, title=CANARY, text=CANARY, units=[cast.louise.unit])
    annexes.change(annex, by=cast.karim, title=CANARY, text=f"{CANARY} bis", units=[])
    assert before == {who: [page(clients[who], each) for each in addresses] for who in others}
    for who in (*others, "ines"):
        client = enter(cast[who])
        assert f"annexe {annex.pk}" not in page(client, report.get_absolute_url())
        assert client.get(f"/annexes/{annex.key}/").status_code in {403, 404}


def test_the_journal_knows_of_it_and_not_what_it_says(cast, enter, report, annex):
    annexes.change(annex, by=cast.diane, title=f"{CANARY} 2", text=CANARY, units=[])
    enter(cast.karim).post(f"/annexes/{annex.key}/supprimer/")
    lines = Entry.objects.filter(verb__startswith="annex.").order_by("pk")
    assert [(line.verb, line.recipients) for line in lines] == [
        ("annex.added", "Brigade des douanes, Commissariat"),
        ("annex.changed", "Brigade des douanes, Commissariat → Brigade des douanes"),
        ("annex.removed", "Brigade des douanes"),
    ]
    assert CANARY not in page(enter(cast.ines), "/journal/")
    assert not Annex.objects.unguarded(because="test").exists()


def test_a_unit_that_loses_the_report_loses_the_annex(cast, enter, report, annex):
    narrowing = sharing.Narrowing(
        units=(cast.anna.unit,),
        reason="source",
        text="",
        review_on=timezone.localdate() + timedelta(days=30),
    )
    sharing.restrict(report, by=cast.diane, narrowing=narrowing)
    assert enter(cast.louise).get(report.get_absolute_url()).status_code == 404
    assert not access.readable_annexes(cast.louise).exists()
    assert CANARY not in page(enter(cast.anna), report.get_absolute_url())
    assert CANARY in page(enter(cast.diane), report.get_absolute_url())


def test_the_same_form_sent_twice_writes_one(cast, enter, report):
    client, address = enter(cast.diane), f"{report.get_absolute_url()}annexes/"
    html = client.get(address).content.decode()
    key = re.search(r'name="sent" value="(\w{32})"', html)[1]
    typed = {"title": CANARY, "text": CANARY, "units": [cast.louise.unit.pk], "sent": key}
    answers = [client.post(address, typed) for _ in range(2)]
    assert {answer.url for answer in answers} == {f"{report.get_absolute_url()}#annexes"}
    assert Annex.objects.of(report).count() == 1
    assert Entry.objects.filter(verb="annex.added").count() == 1
    client.post(address, typed | {"units": []})
    assert Annex.objects.of(report).count() == 2
    assert enter(cast.paul).post(address, typed).status_code == 404


def test_its_address_tells_nothing_of_the_others(cast, enter, report, annex):
    """Nor does any number: what is named by its rank is nowhere."""
    page_of_diane = page(enter(cast.diane), report.get_absolute_url())
    assert f"/annexes/{annex.key}/" in page_of_diane
    for who in ("diane", "louise", "paul"):
        assert enter(cast[who]).get(f"/annexes/{annex.pk}/").status_code == 404
    named = (
        r"/(?:annexes|pieces|complements|demandes/\w+|invitations|partages|levees|transferts)/\d+/"
    )
    assert not re.search(named, page_of_diane)


def test_it_is_written_from_the_sheet_and_named_to_readers_alone(cast, vosges, enter):
    report = factories.report(cast.diane, vosges["Épinal"], units=[cast.louise.unit])
    client = enter(cast.diane)
    address = f"{report.get_absolute_url()}annexes/"
    typed = {"title": f"{CANARY} intitulé", "text": CANARY}
    assert client.post(address, typed | {"title": ""}).status_code == 422
    # A unit that does not read the report is no choice, posted or not.
    refused = client.post(address, typed | {"units": [cast.bruno.unit.pk]})
    assert refused.status_code == 422
    assert client.post(address, typed | {"units": [cast.louise.unit.pk]}).status_code == 302
    annex = Annex.objects.unguarded(because="test").get()
    assert CANARY in page(enter(cast.louise), report.get_absolute_url())
    changed = client.post(f"/annexes/{annex.key}/", typed | {"text": "Autre", "units": []})
    assert changed.status_code == 302
    assert CANARY not in page(enter(cast.louise), report.get_absolute_url())
    for who in ("louise", "bruno", "anna", "gilles", "paul"):
        client = enter(cast[who])
        assert client.get(address).status_code == 404
        for path in ("", "supprimer/"):
            assert client.post(f"/annexes/{annex.key}/{path}", typed).status_code == 404
    assert Annex.objects.unguarded(because="test").exists()

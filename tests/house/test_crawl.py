"""A hidden report changes nothing for anybody else: every page that a link reaches, twice.

A first walk records what each member reads by following every link, filter, form of search and
file; then a report of one unit is written, with a canary in each of its fields, files and related
rows, and every extreme of its kind: the latest date, the rarest product, a place of its own, an
identifier and a fact that it shares with an open report. The second walk must read the same bytes.
"""

import csv
import io
import logging
import re
from datetime import timedelta
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from django.utils import timezone
from odf import teletype
from odf.opendocument import load as load_ods
from odf.table import TableRow
from openpyxl import load_workbook
from pypdf import PdfReader

from intel import access, periods
from intel.actions import editions, places, summaries
from intel.models import Report, Tasking
from services.models import Neighbourhood
from tests import factories
from tests.house.canary import CANARY, WORD, hidden_report
from tests.house.conftest import examples

PLATE, SHARED_PLATE = "ZZ987ZZ", "AB123CD"
# Whoever is not of the unit of Diane and Karim.
OUTSIDERS = ["anna", "louise", "claire", "paul", "rose", "gilles", "bruno", "marc", "tom", "ines"]
QUICK = ["anna", "louise", "claire", "paul"]
MOST = 70  # addresses of a reduced walk
HREF = re.compile(r'(?:href|src|action|hx-get|data-url)="([^"#]+)"')
OPTION = re.compile(r'<option value="([^"]+)"')
# What differs at each request, whatever is hidden: tokens, challenges, times of drawing.
UNSTABLE = re.compile(
    r'(csrfmiddlewaretoken" value=|data-token=|data-passkey=|nonce='
    r'|name="(?:entry_key|sent|batch)" value=)"[^"]*"'
    r"|nouveau-[0-9a-f]{12}"
)
# Leaving, what draws a secret, writes or prints a numbered copy: not read, or moves by itself.
SKIPPED = re.compile(
    r"^/(deconnexion|compte/second-facteur/application|notes/[^/]+/pdf|static/|journal/)"
    r"|[?&](apres|avant)="
)
ASKED = [
    "/",
    "/renseignements/",
    f"/renseignements/?q={WORD}",
    f"/renseignements/?q={PLATE}",
    f"/renseignements/?q={SHARED_PLATE}",
    "/renseignements/?q=ketamine",
    "/renseignements/?commune=Le+Thillot",
    "/renseignements/?exploitation=H3",
    "/renseignements/?diffusion=restreinte",
    "/renseignements/?tri=-recu",
    "/lieux/",
    "/lieux/?etat=actif&produit=ketamine",
    "/lieux/export/?format=csv",
    "/renseignements/export/?format=csv",
    "/renseignements/export/?format=xlsx",
    "/renseignements/export/?format=ods",
    "/communes/?q=Le+Th",
    "/tri/?onglet=a_trier",
    "/aide/",
]


@pytest.fixture
def shelf(cast, vosges):
    """Open reports, one restricted to Louise, a summary and a brief: what there is to read."""
    Neighbourhood.objects.create(commune=vosges["Le Thillot"], name="Les Mortes")
    made = [
        factories.report(
            cast.diane, vosges["Épinal"], products=["cocaine"], subject=f"Vente n° {rank}"
        )
        for rank in range(3)
    ]
    made.append(
        factories.report(
            cast.louise,
            vosges["Le Thillot"],
            products=["heroine"],
            identifiers=[("plate", "AB-123-CD", SHARED_PLATE)],
        )
    )
    made.append(factories.report(cast.diane, vosges["Golbey"], units=[cast.louise.unit]))
    hall = places.create(
        places.Described("Hall des Iris", "lieu", vosges["Épinal"], point=(500, 500)),
        by=cast.diane,
    )
    said = places.Said(timezone.localdate() - timedelta(days=9), state="confirme")
    places.cite(hall, made[0], said, by=cast.diane)
    return made


def build(vosges):
    """The summaries of the month of the facts, as if all had been entered the day before."""
    day_before = timezone.now() - timedelta(days=1)
    everything = Report.objects.unguarded(because="test")
    everything.filter(created_at__gt=day_before).update(created_at=day_before)
    month = periods.month_of(timezone.localdate() - timedelta(days=2))
    return summaries.build(vosges.department, month, revised=True)


@pytest.fixture
def brief(cast, vosges, shelf):
    [of_cell, *_] = build(vosges)
    assert of_cell.reports == 4  # what is hidden could be counted here
    _, of_prefecture, *_ = summaries.build(vosges.department, periods.read("2026-09"))
    edition = editions.create(of_prefecture, by=cast.claire, title="Note")
    return factories.published(edition, cast)


def hide(cast, vosges, neighbour):
    """A report of Diane's unit alone, a canary everywhere, and the extremes of its kind."""
    report = hidden_report(
        cast.diane,
        vosges["Le Thillot"],
        plate=PLATE,
        identifiers=[("plate", "AB-123-CD", SHARED_PLATE)],
        neighbourhood=Neighbourhood.objects.get(name="Les Mortes"),
        occurred_on=timezone.localdate(),
        products=["ketamine"],
        modes=["laboratory"],
    )
    Tasking.objects.create(
        report=report, unit=report.owner, by=cast.diane, answer_by=timezone.localdate(),
        outcome=f"{CANARY} suite",
    )  # fmt: skip
    [hall] = access.readable_places(cast.diane).filter(name="Hall des Iris")
    said = places.Said(
        timezone.localdate(), state="actif", hours=f"{CANARY} soir", products=("ketamine",)
    )
    places.cite(hall, report, said, by=cast.diane)
    type(report).objects.filter(pk=report.pk).update(
        fact=neighbour.fact_id,
        received_at=timezone.now() + timedelta(hours=1),
        comment=f"{CANARY} note",
        comment_by=cast.diane,
    )
    return report


def walk(client, most):
    """What is read by following every link from the home page: {address: text}."""
    read, waiting = {}, list(ASKED)
    seen = set(waiting)
    while waiting and len(read) < most:
        address = waiting.pop(0)
        answer = client.get(address)
        text = text_of(answer)
        read[address] = f"{answer.status_code} {answer.get('Location', '')} {text}"
        for link in HREF.findall(text):
            target = urlsplit(urljoin(f"http://testserver{address}", unescape(link)))
            found = target.path + (f"?{target.query}" if target.query else "")
            if target.netloc == "testserver" and not SKIPPED.search(found) and found not in seen:
                seen.add(found)
                waiting.append(found)
    return read


def text_of(answer):
    """What a person reads in the answer: the cells of a workbook, the text of a PDF, the page."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    kind = answer.get("Content-Type", "")
    if "pdf" in kind:
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    if "openxmlformats" in kind:
        book = load_workbook(io.BytesIO(content))
        return repr([[cell.value for cell in row] for sheet in book for row in sheet])
    if "opendocument" in kind:
        rows = load_ods(io.BytesIO(content)).getElementsByType(TableRow)
        return repr([teletype.extractText(row) for row in rows])
    if "csv" in kind:
        return repr(list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")))
    return UNSTABLE.sub("", content.decode(errors="replace"))


@pytest.mark.parametrize("who", OUTSIDERS if examples(0, 1) else QUICK)
def test_a_hidden_report_changes_no_byte_of_what_others_read(
    cast, vosges, shelf, brief, enter, caplog, who
):
    neighbour = shelf[3]
    most = examples(quick=MOST, whole=400)
    with time_machine.travel(timezone.now(), tick=False):
        client = enter(cast[who])
        before = walk(client, most)
        hidden = hide(cast, vosges, neighbour)
        assert build(vosges)[0].version == 1
        with caplog.at_level(logging.DEBUG):
            after = walk(enter(cast[who]), most)
    assert len(before) > 20
    leaking = [address for address, text in after.items() if CANARY in text]
    assert not leaking
    assert hidden.reference not in "".join(after.values())
    assert CANARY not in caplog.text
    assert after.keys() == before.keys()
    different = [
        address for address in before if compared(address, before) != compared(address, after)
    ]
    assert not different, difference(before[different[0]], after[different[0]])


# A count: of a cell, of a heading, of « 3 fiches ».
COUNT = re.compile(r"\d+(?=</td>|</span>|[ \xa0]fiches?\b)")


def compared(address, read):
    """Whoever answers for the terms of keeping counts every report, and reads none: the counts of
    his page move, nothing else of it does."""
    return COUNT.sub("", read[address]) if address == "/conservation/" else read[address]


def difference(one, other):
    """The first lines that differ, for whoever reads the failure."""
    for line, twin in zip(one.splitlines(), other.splitlines(), strict=False):
        if line != twin:
            return f"{line.strip()[:300]} ≠ {twin.strip()[:300]}"
    return f"{len(one)} ≠ {len(other)} characters"


def test_the_walk_finds_what_it_may_read(cast, vosges, shelf, brief, enter):
    """Else the test above could not fail: Karim, of the unit, meets the canary in many places."""
    hide(cast, vosges, shelf[3])
    read = walk(enter(cast.karim), MOST)
    assert sum(CANARY in text for text in read.values()) >= 5
    assert any(CANARY in text for address, text in read.items() if "format=ods" in address)

"""How many queries each page asks, kept in `queries.txt`: a page that asks more is told at once.

Rewritten by `./run test tests/house/test_queries.py --rewrite-baseline`; the diff is then read
as any other change. Savepoints are left out: they are those of the test around the page.
"""

from datetime import time, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from intel import access
from intel.actions import (
    accords,
    agenda,
    annexes,
    complements,
    editions,
    guests,
    imports,
    invitations,
    lists,
    meeting_decisions,
    meetings,
    operations,
    places,
    reports,
    requests,
    shares,
    sharing,
    targets,
)
from intel.models import Place, Report, Summary, SummaryAudience
from protocols.models import Protocol
from tests import factories
from tests.house.test_doors import DOORS, text_of

BASELINE = Path(__file__).with_name("queries.txt")
MOST = 15
# Pages that ask more, when everything that may hang on their report does.
MOST_OF_A_FULL_PAGE = {
    "report_page": 20,  # each kind of what hangs is a query, asked only when there is some
}

# Beside the first who is welcome at each address: every other page at the same address.
OTHERS = [
    ("deconfliction", "diane"),
    ("deconfliction", "marc"),
    ("home", "claire"),
    ("home", "diane"),
    ("home", "gilles"),
    ("home", "hugo"),
    ("home", "marc"),
    ("home", "ines"),
    ("home", "rose"),
    ("meeting_page", "claire"),
    ("meeting_page", "marc"),
    ("minutes_page", "louise"),
    ("report_page", "diane"),
    ("report_page", "louise"),
    ("request_list", "diane"),
    ("shared_list", "paul"),
]
# Pages that show rows: they ask as much for one as for thirty.
SHOW_ROWS = [
    ("contribution_list", "diane"),
    ("deconfliction", "diane"),
    ("distribution_lists", "diane"),
    ("edition_list", "claire"),
    ("home", "anna"),
    ("home", "claire"),
    ("home", "diane"),
    ("home", "gilles"),
    ("home", "hugo"),
    ("home", "marc"),
    ("home", "rose"),
    ("import_list", "anna"),
    ("journal", "ines"),
    ("match_list", "anna"),
    ("match_pair", "anna"),
    ("meeting_list", "anna"),
    ("meeting_page", "diane"),
    ("meeting_page", "marc"),
    ("member_list", "tom"),
    ("minutes_page", "louise"),
    ("near_reports", "anna"),
    ("place_list", "anna"),
    ("place_page", "diane"),
    ("place_page", "louise"),
    ("report_list", "anna"),
    ("report_page", "diane"),
    ("report_page", "louise"),
    ("request_list", "diane"),
    ("request_list", "louise"),
    ("restriction_list", "diane"),
    ("shared_list", "paul"),
    ("triage_item", "anna"),
]


def pages():
    """Who knocks at which door, each once."""
    first = [
        (name, min(welcome)) for name, (how, _, welcome) in DOORS.items() if how == "get"
    ]  # fmt: skip
    return sorted({*first, *OTHERS})


def asked_by(page, cast, world, enter):
    """How many queries `page`, an address and somebody, asks once its session is warm."""
    name, who = page
    arguments = {key: world[value] for key, value in DOORS[name][1].items()}
    client, address = enter(cast[who]), reverse(name, kwargs=arguments)
    text_of(client.get(address))
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
        text_of(answer)
    assert answer.status_code < 400
    return sum("SAVEPOINT" not in query["sql"] for query in captured)


def kept():
    lines = (line.rsplit(" ", 1) for line in BASELINE.read_text().splitlines())
    return {tuple(page.split()): int(count) for page, count in lines}


@pytest.mark.timeout(600)  # every page, twice
def test_no_page_asks_more_than_it_did(cast, world, enter, subtests, request):
    if request.config.getoption("--rewrite-baseline"):
        counts = {page: asked_by(page, cast, world, enter) for page in pages()}
        BASELINE.write_text("".join(f"{a} {b} {count}\n" for (a, b), count in counts.items()))
    baseline = kept()
    assert list(baseline) == pages()
    for page, most in baseline.items():
        with subtests.test(page):
            assert most <= MOST
            assert asked_by(page, cast, world, enter) <= most


@pytest.mark.timeout(600)
def test_thirty_rows_ask_as_much_as_one(cast, vosges, world, enter, subtests):
    rows_of_everything(cast, vosges, world, range(1))
    one = {page: asked_by(page, cast, world, enter) for page in SHOW_ROWS}
    rows_of_everything(cast, vosges, world, range(1, 30))
    for page, count in one.items():
        with subtests.test(page):
            assert asked_by(page, cast, world, enter) == count
            assert count <= MOST_OF_A_FULL_PAGE.get(page[0], MOST)


def meet_again(cast, report, world, rank):
    """One meeting more, one point more with a report and a guest, one decision more."""
    coming = access.keepable_meetings(cast.marc).get(key=world["meeting"])
    sitting = access.keepable_meetings(cast.marc).get(key=world["sitting"])
    day = timezone.localdate() + timedelta(days=200 + rank)
    said = {"starts_at": time(9, 0), "place": "Épinal"}
    meetings.prepare(coming.protocol, by=cast.marc, held_on=day, **said)
    point = agenda.add(coming, by=cast.marc, title=f"Point {rank}", reports=[report])
    days = {"starts_on": timezone.localdate(), "ends_on": coming.held_on}
    guests.invite(point, by=cast.marc, guest=cast.rose, **days)
    risen = access.keepable_meetings(cast.marc).get(key=world["risen"])
    meetings.advance(risen, "en_seance", by=cast.marc)
    for each in (sitting, risen):
        under = agenda.add(each, by=cast.marc, title=f"Point {rank}", reports=[report])
        said = {"text": "À suivre", "unit": cast.louise.unit}
        meeting_decisions.decide(under, by=cast.marc, **said)
    meetings.advance(risen, "a_signer", by=cast.marc)


def rows_of_everything(cast, vosges, world, ranks):
    """A row for each rank of whatever hangs on the report, waits, or is listed."""
    everybody = Report.objects.unguarded(because="test")
    report = everybody.get(reference=world["report"])
    masked = Summary.objects.get(
        department=vosges.department, audience=SummaryAudience.PREFECTURE
    )  # fmt: skip
    theirs = Protocol.objects.get(department=cast.paul.unit.department)
    units = [cast.louise.unit]
    for rank in ranks:
        factories.report(cast.louise, vosges["Épinal"])
        held = factories.report(cast.diane, vosges["Golbey"], handling="H2")
        shares.share(held, by=cast.diane, protocol=theirs, why="Même équipe")
        accords.ask(held, by=cast.louise, recipient="Parquet", why="Réquisition")
        alone = factories.report(cast.diane, vosges["Golbey"], units=units)
        asking = (cast.anna, cast.bruno)[rank % 2]
        requests.ask(alone.reference, by=asking, why="Donnée au téléphone")
        sharing.ask_release(alone, by=cast.karim, why="Opération passée")
        until = timezone.now() + timedelta(days=10)
        invitations.invite(alone, by=cast.diane, guest=cast.rose, until=until, reason="avis")
        complements.add(report, by=cast.louise, text="Vu aussi à Golbey.")
        annexes.add(report, by=cast.diane, title="Annexe", text="À part.", units=units)
        reports.confirm_identifier(
            report,
            by=cast.diane,
            kind="plate",
            raw=f"AB-{rank + 200}-CD",
            value=f"AB{rank + 200}CD",
        )
        factories.amount(report, cast.diane, value=f"{rank + 1} EUR", raw=f"{rank + 1} €")
        lists.save(None, by=cast.diane, name=f"Est {rank}", units=units, lists=[])
        start = timezone.now() + timedelta(days=2, hours=rank)
        for by in (cast.louise, cast.diane):
            spans = (start, start + timedelta(hours=1))
            operations.declare(
                operations.Plan("search", vosges["Épinal"], *spans, "Adj. Essai"), by=by
            )
        targets.check([targets.Wanted.read("plate", f"AB-{rank + 200}-CD")], by=cast.diane)
        described = places.Described(f"Hall {rank}", "lieu", vosges["Épinal"], point=(rank, 500))
        told = places.Said(timezone.localdate(), state="actif", products=("crack",))
        hall = places.create(described, by=cast.diane)
        places.cite(hall, report, told, by=cast.diane)
        place = Place.objects.unguarded(because="test").get(key=world["place"])
        places.cite(place, report, told, by=cast.diane)
        places.note_operation(
            place, by=cast.louise, kind="afd", day=timezone.localdate(), result=f"{rank} amendes"
        )
        editions.create(masked, by=cast.claire, title=f"Note {rank}")
        meet_again(cast, report, world, rank)
        factories.member(f"agent{rank}", cast.louise.unit, "liaison")
        table = f"reference;description;commune\nSIG-R{rank};Vente tous les soirs.;Épinal\n"
        upload = SimpleUploadedFile(f"signalements-{rank}.csv", table.encode())
        imports.receive(upload, portal="Portail", by=cast.anna)

"""Each end of an access holds at that instant, everywhere, and is told in one sentence.

One table of what may end; the pages, the open tabs, the exports and the worker are asked of each.
"""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cross.outbox.models import Job
from intel import access, periods, tasks
from intel.actions import exports, imports, summaries
from intel.models import Report, ReportMemberGrant, Summary, TipImport
from protocols import actions
from protocols.models import Participation, Protocol
from services.models import Member
from services.roles import Role
from tests import factories

DAY = timedelta(days=1)
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def cast(cast):
    """Everybody, and the cell can be called."""
    cast.marc.unit.phone = "03 53 01 00 00"
    cast.marc.unit.save()
    return cast


def today():
    return timezone.localdate()


def seats_of(member):
    return Participation.objects.filter(group=member.unit.group)


def protocol_of(member):
    return Protocol.objects.filter(department=member.unit.department)


def change(row, **fields):
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


# What ends: (who, how, what the page says). The home page is 200 but for one's own authorisation.
ENDINGS = {
    "the seat, withdrawn": (
        "diane",
        lambda who, cast: actions.withdraw(
            who.unit, protocol_of(who).get(), by=None, why="fin"
        ),
        "La participation de votre unité a pris fin",
    ),
    "the seat, at its term": (
        "diane",
        lambda who, cast: seats_of(who).update(ends_on=today() - DAY),
        "La participation de votre unité a pris fin",
    ),
    "the seat, not begun": (
        "diane",
        lambda who, cast: seats_of(who).update(starts_on=today() + DAY),
        "La participation de votre unité n’a pas commencé",
    ),
    "the seat, gone": (
        "diane",
        lambda who, cast: seats_of(who).delete(),
        "Votre unité ne participe pas au protocole",
    ),
    "the protocol, suspended": (
        "diane",
        lambda who, cast: actions.suspend(
            protocol_of(who).get(), by=cast.marc, from_day=today(), why="révision"
        ),
        "Le protocole est suspendu",
    ),
    "the protocol, expired": (
        "diane",
        lambda who, cast: protocol_of(who).update(ends_on=today() - DAY),
        "Le protocole a pris fin",
    ),
    "the protocol, to come": (
        "diane",
        lambda who, cast: protocol_of(who).update(starts_on=today() + DAY),
        "Le protocole n’est pas encore en vigueur",
    ),
    "the protocol, unsigned": (
        "diane",
        lambda who, cast: protocol_of(who).update(signed_on=None),
        "Le protocole n’est pas encore en vigueur",
    ),
    "the unit, closed": (
        "diane",
        lambda who, cast: change(who.unit, closed_on=today()),
        "Votre unité est fermée",
    ),
    "the animator's own protocol": (
        "marc",
        lambda who, cast: protocol_of(who).update(suspended_from=today()),
        "Le protocole est suspendu",
    ),
    "the summaries of the prefecture": (
        "claire",
        lambda who, cast: protocol_of(who).update(suspended_from=today()),
        "Le protocole est suspendu",
    ),
    "the court": (
        "gilles",
        lambda who, cast: change(who.unit, court=None),
        "Aucun tribunal n’est indiqué pour votre parquet",
    ),
    "the invitation": (
        "rose",
        lambda who, cast: ReportMemberGrant.objects.filter(user=who).update(
            expires_at=timezone.now()
        ),
        "Votre invitation a pris fin",
    ),
    "the protocol of an invitation": (
        "rose",
        lambda who, cast: protocol_of(who).update(suspended_from=today()),
        "Le protocole est suspendu",
    ),
    "the authorisation": (
        "diane",
        lambda who, cast: change(who, authorised_until=today() - DAY),
        "Votre habilitation est terminée",
    ),
    "the authorisation, not begun": (
        "diane",
        lambda who, cast: change(who, authorised_from=today() + DAY),
        "Votre habilitation n’a pas commencé",
    ),
}  # fmt: skip
OWN = {"the authorisation", "the authorisation, not begun"}


def in_place(cast, vosges, who):
    """Something that this member reads, before anything ends."""
    report = factories.report(cast.louise, vosges["Épinal"])
    if who == "rose":
        ReportMemberGrant.objects.create(
            user=cast.rose,
            content_object=report,
            permission_id=access.permission_id(Report, "read_report"),
            starts_at=timezone.now() - DAY,
            expires_at=timezone.now() + DAY,
            by=cast.louise,
        )
    return report


@pytest.mark.parametrize("what", sorted(ENDINGS))
def test_what_ended_is_told_with_whom_to_call(cast, vosges, enter, what):
    who, end, sentence = ENDINGS[what]
    report = in_place(cast, vosges, who)
    client = enter(cast[who])
    before = client.get("/")
    assert before.status_code == 200
    assert sentence not in before.content.decode()
    end(cast[who], cast)
    home = client.get("/")
    assert home.status_code == (403 if what in OWN else 200)
    page = home.content.decode()
    assert sentence in page
    if who != "marc":
        assert "03 53 01 00 00" in page
    assert "Derniers renseignements" not in page
    # Whole pages lead there or say the same; nothing is read any more.
    sheet = client.get(report.get_absolute_url())
    assert sheet.status_code == (403 if what in OWN else 404)
    assert sentence in sheet.content.decode()
    assert not access.readable_reports(Member.objects.get(pk=cast[who].pk)).exists()
    assert report.title not in enter(cast.paul).get("/").content.decode()


@pytest.mark.parametrize("what", sorted(ENDINGS))
def test_an_open_tab_goes_to_the_page_that_says_so(cast, vosges, enter, what):
    """A fragment asked by htmx is neither drawn nor lost: the tab goes to the whole page."""
    who, end, _ = ENDINGS[what]
    in_place(cast, vosges, who)
    client = enter(cast[who])
    address = "/syntheses/" if who == "claire" else "/renseignements/?etat=trie"
    assert client.get(address, **HTMX).headers.get("HX-Redirect") is None
    end(cast[who], cast)
    answer = client.get(address, **HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (403, "/")
    assert answer.content == b""
    assert enter(cast.paul).get(address, **HTMX).headers.get("HX-Redirect") is None


@pytest.mark.parametrize(
    ("who", "address"),
    [("diane", "/renseignements/"), ("diane", "/renseignements/nouveau/"), ("anna", "/tri/"),
     ("anna", "/signalements/import/"), ("claire", "/notes/"), ("claire", "/syntheses/")],
)  # fmt: skip
def test_other_pages_lead_to_the_one_that_says_so(cast, vosges, enter, who, address):
    client = enter(cast[who])
    assert client.get(address).get("Location") != "/"
    protocol_of(cast[who]).update(suspended_from=today())
    answer = client.get(address)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert enter(cast.paul).get("/renseignements/").status_code == 200


def test_what_was_typed_when_the_access_ended_is_not_lost(cast, vosges, enter):
    client = enter(cast.diane)
    protocol_of(cast.diane).update(suspended_from=today())
    typed = {"facts": "Un texte déjà tapé.", "commune": "Épinal", "origin": "service"}
    answer = client.post("/renseignements/nouveau/", typed)
    assert answer.status_code == 422
    assert "Un texte déjà tapé." in answer.content.decode()
    assert not Report.objects.unguarded(because="test").exists()


@pytest.mark.parametrize(
    ("who", "sees"),
    [("diane", False), ("tom", True), ("ines", True), ("paul", True)],
)
def test_roles_without_content_and_other_departments_are_not_told(cast, enter, who, sees):
    protocol_of(cast.diane).update(suspended_from=today())
    page = enter(cast[who]).get("/").content.decode()
    assert ("Le protocole est suspendu" not in page) == sees


def test_what_ended_is_told_beside_a_draft_as_without_it(cast, vosges, enter):
    """The next protocol, that nobody has signed, is known to who writes it alone."""
    in_place(cast, vosges, "rose")
    running = protocol_of(cast.diane).get()
    change(running, ends_on=today() - DAY)
    Protocol.objects.create(
        department=running.department, title="Suivant", legal_basis="Circulaire",
        starts_on=today() + 30 * DAY, lead_service=running.lead_service,
    )  # fmt: skip
    page = enter(cast.rose).get("/").content.decode()
    assert "Le protocole a pris fin" in page
    assert "pas encore en vigueur" not in page


def test_what_remains_open_elsewhere_is_not_called_an_end(cast, vosges, meurthe, enter):
    """Louise's unit sits in both departments: one suspension leaves her the other."""
    theirs = Protocol.objects.get(department=meurthe.department)
    actions.admit(cast.louise.unit, theirs, by=None)
    factories.report(cast.paul, meurthe["Nancy"])
    protocol_of(cast.louise).update(suspended_from=today())
    page = enter(cast.louise).get("/").content.decode()
    assert "Le protocole est suspendu" not in page
    assert access.readable_reports(cast.louise).count() == 1


def test_the_head_of_the_unit_is_named_too(cast, enter):
    factories.member("hugo", cast.fanny.unit, Role.HEAD, first_name="Hugo", phone="03 53 01 00 42")
    page = enter(cast.fanny).get("/").content.decode()
    assert "Hugo Essai" in page
    assert "03 53 01 00 42" in page


# --- Exports being built ----------------------------------------------------------------------


@pytest.mark.parametrize("what", ["the seat, withdrawn", "the protocol, suspended",
                                  "the unit, closed", "the authorisation"])  # fmt: skip
def test_an_export_being_built_when_the_access_ends_is_not_sent(
    cast, vosges, enter, monkeypatch, what
):
    factories.report(cast.louise, vosges["Épinal"])
    client, write = enter(cast.diane), exports.write_sheet
    mine = access.readable_reports(cast.diane)
    with exports.export_reports(mine, "csv", by=cast.diane) as sent:
        assert sent.read()  # nothing has ended: it is sent

    def write_while_it_ends(*arguments):
        written = write(*arguments)
        ENDINGS[what][1](cast.diane, cast)
        return written

    monkeypatch.setattr(exports, "write_sheet", write_while_it_ends)
    refused = client.get("/renseignements/export/?format=csv")
    assert refused.status_code == 302
    assert "Content-Disposition" not in refused
    assert enter(cast.paul).get("/renseignements/export/?format=csv").status_code == 302


# --- The worker -------------------------------------------------------------------------------


def uploaded(by):
    lines = "".join(f"SIG-{rank};Vente tous les soirs.;Épinal\n" for rank in range(8))
    table = "reference;description;commune\n" + lines
    batch = imports.receive(
        SimpleUploadedFile("signalements.csv", table.encode()), portal="Portail", by=by
    )
    imports.choose_columns(batch, batch.mapping, by=by)
    return batch


@pytest.fixture
def by_the_worker(monkeypatch):
    monkeypatch.setattr(imports, "SMALL", 5)
    monkeypatch.setattr(imports, "CHUNK", 2)


WORKER_ENDINGS = ["the seat, withdrawn", "the seat, at its term", "the protocol, suspended",
                  "the protocol, expired", "the unit, closed", "the authorisation"]  # fmt: skip


@pytest.mark.parametrize("what", [None, *WORKER_ENDINGS])
def test_an_import_asked_before_the_end_is_not_made_after_it(cast, vosges, by_the_worker, what):
    batch = uploaded(cast.anna)
    tasks.check_tips(Job.objects.get(pk=batch.job), batch.pk)
    batch.refresh_from_db()
    imports.start(batch, by=cast.anna)
    job = Job.objects.get(pk=batch.job)
    if what is None:
        tasks.import_tips(job, batch.pk)
    else:
        ENDINGS[what][1](cast.anna, cast)
        with pytest.raises(ValidationError):
            tasks.import_tips(job, batch.pk)
    batch = TipImport.objects.get(pk=batch.pk)
    assert batch.stage == (TipImport.Stage.FAILED if what else TipImport.Stage.DONE)
    written = Report.objects.unguarded(because="test").count()
    assert written == (0 if what else 8)


@pytest.mark.parametrize("what", WORKER_ENDINGS)
def test_an_import_stops_at_the_chunk_where_the_access_ends(
    cast, vosges, by_the_worker, monkeypatch, what
):
    batch = uploaded(cast.anna)
    tasks.check_tips(Job.objects.get(pk=batch.job), batch.pk)
    batch.refresh_from_db()
    imports.start(batch, by=cast.anna)
    seen = []

    def end_after_two(done, of, words):
        seen.append(done)
        if len(seen) == 2:
            ENDINGS[what][1](Member.objects.get(pk=cast.anna.pk), cast)

    job = Job.objects.get(pk=batch.job)
    monkeypatch.setattr(job, "advance", end_after_two)
    with pytest.raises(ValidationError):
        tasks.import_tips(job, batch.pk)
    assert seen == [2, 4]
    assert Report.objects.unguarded(because="test").count() == 4


@pytest.mark.parametrize("what", WORKER_ENDINGS)
def test_a_summary_asked_before_the_end_is_not_built_after_it(cast, vosges, what):
    job = summaries.ask(vosges.department, periods.read("2026-Q2"), by=cast.anna)
    ENDINGS[what][1](cast.anna, cast)
    with pytest.raises(ValidationError):
        tasks.build_summaries(job, **job.args)
    assert not Summary.objects.exists()

"""The journal: append-only in the database, no content, read by the DPO alone."""

from functools import reduce
from operator import or_
from random import Random

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Max, Q

from cross import fence
from cross.audit import journal
from cross.audit.models import Entry, Operation
from cross.audit.wording import VERBS
from intel.models import Report
from tests import factories
from tests.house.conftest import examples
from tests.house.test_doors import DOORS, knock, text_of


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET who = 'personne'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
    ],
)
def test_no_statement_changes_or_removes_a_line(cast, statement):
    journal.record(cast.diane, "report.read", "CROSS-88-2026-0001")
    with pytest.raises(DatabaseError, match=r"append-only|[Cc]annot"), transaction.atomic():
        connection.cursor().execute(statement)
    assert Entry.objects.filter(who="Diane Essai").exists()


def test_a_line_says_who_unit_when_why_and_what(cast, vosges):
    with journal.purpose("Préparation d’une réunion"):
        report = factories.report(cast.diane, vosges["Épinal"], facts="texte très secret")
    line = Entry.objects.get(verb="report.created")
    assert (line.who, line.unit, line.target) == (
        "Diane Essai",
        "Brigade des douanes",
        report.reference,
    )
    assert line.why == "Préparation d’une réunion"
    assert line.department == "88"
    assert line.operation == Operation.COLLECTION
    assert "secret" not in " ".join(str(value) for value in vars(line).values())


def test_every_operation_of_the_directive_has_a_verb():
    assert {words.operation for words in VERBS.values()} == set(Operation)


def test_every_verb_is_one_operation_said_in_french():
    for verb, words in VERBS.items():
        assert isinstance(words.operation, Operation), verb
        assert words.sentence[0].isupper(), verb
        assert len(verb) <= Entry._meta.get_field("verb").max_length, verb


def test_an_unknown_verb_is_refused(cast):
    with pytest.raises(KeyError):
        journal.record(cast.diane, "report.stolen", "x")


@pytest.mark.parametrize(
    ("who", "status"),
    [("ines", 200), ("diane", 403), ("anna", 403), ("claire", 403), ("tom", 403), ("paul", 403)],
)
def test_who_opens_the_journal(cast, enter, who, status):
    assert enter(cast[who]).get("/journal/").status_code == status


def test_the_dpo_filters_by_operation_agent_reference_and_day(cast, vosges, enter):
    report = factories.report(cast.diane, vosges["Épinal"])
    journal.record(cast.louise, "report.read", report)
    client = enter(cast.ines)
    page = client.get("/journal/", {"operation": "consultation", "agent": "louise"})
    assert "Fiche consultée" in page.content.decode()
    assert "Renseignement enregistré</td>" not in page.content.decode()
    page = client.get("/journal/", {"reference": report.reference})
    assert page.context["count"] == 2
    page = client.get("/journal/", {"du": "2030-01-01"})
    assert page.context["count"] == 0
    assert "Retirez un filtre" in page.content.decode()


def test_a_wrong_date_is_told_and_nothing_is_lost(cast, enter):
    page = enter(cast.ines).get("/journal/", {"du": "2026-09-10", "au": "2026-09-01"})
    text = page.content.decode()
    assert "La fin de la période doit suivre son début." in text
    assert 'value="10/09/2026"' in text


def test_the_dpo_of_a_department_reads_no_line_of_another(cast, meurthe, enter):
    report = factories.report(cast.paul, meurthe["Nancy"])
    assert report.reference not in enter(cast.ines).get("/journal/").content.decode()


def test_deep_pages_follow_one_another_without_loss(cast, enter):
    Entry.objects.bulk_create(
        Entry(
            operation="consultation", verb="report.read", who="x", target=str(n), department="88"
        )
        for n in range(120)
    )
    client = enter(cast.ines)
    seen, cursor = [], ""
    while cursor is not None:
        page = client.get("/journal/", {"agent": "x", "apres": cursor}).context["page"]
        seen += [row.target for row in page if row.target.isdigit()]
        cursor = page.next
    assert seen == [str(n) for n in reversed(range(120))]
    back = client.get("/journal/", {"agent": "x", "avant": page.previous}).context["page"]
    assert len(back) == 50


# --- Nothing is read without its line, and no line says what was read ---------------------------

SAID = "ROITELETHUPPE"
TEXTS = (
    "subject", "facts", "place", "days_and_hours", "vehicles", "persons", "handling_note",
)  # fmt: skip


def lines_with(word):
    texts = ("who", "unit", "role", "target", "why", "recipients")
    return Entry.objects.filter(reduce(or_, (Q(**{f"{name}__icontains": word}) for name in texts)))


@pytest.mark.timeout(600)  # every address
def test_what_shows_a_report_writes_a_line_that_does_not_tell_it(
    cast, world, enter, subtests, figure
):
    """A word in every text of every report: an answer that holds it has been written down, and
    the word is in no line, whatever was opened or sent."""
    everybody = Report.objects.unguarded(because="test")
    everybody.update(**dict.fromkeys(TEXTS, f"{SAID} dit cela"))
    clients = {who: enter(member) for who, member in cast.items()}
    shown = 0
    for name, (how, arguments, welcome) in sorted(DOORS.items()):
        named = {key: world[value] for key, value in arguments.items()}
        with subtests.test(name), transaction.atomic():
            before = Entry.objects.count()
            answer = knock(clients[min(welcome)], name, named, how)
            if SAID in text_of(answer):
                shown += 1
                assert Entry.objects.count() > before
            assert not lines_with(SAID).exists()
            transaction.set_rollback(True)
    assert shown > 20
    figure("B50", f"{shown} addresses show a report, {shown} write a line")
    figure("B52", f"the word is in 0 line, over {len(DOORS)} addresses")


def test_what_is_taken_back_leaves_no_line(cast, vosges):
    before = Entry.objects.count()
    with transaction.atomic():
        factories.report(cast.diane, vosges["Épinal"])
        assert Entry.objects.count() > before
        transaction.set_rollback(True)
    assert Entry.objects.count() == before


def test_a_page_whose_line_cannot_be_written_is_not_sent(cast, vosges, enter):
    """The web process has lost its right to add to the journal: it shows nothing more."""
    report = factories.report(cast.diane, vosges["Épinal"], facts=SAID)
    client = enter(cast.louise)
    client.raise_request_exception = False
    address = report.get_absolute_url()
    assert SAID in client.get(address).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"REVOKE INSERT ON audit_entry FROM {fence.ROLE}")
    with transaction.atomic():
        answer = client.get(address)
        transaction.set_rollback(True)
    assert answer.status_code == 500
    assert SAID not in answer.content.decode()


@pytest.mark.timeout(600)
def test_each_of_many_actions_has_its_line(cast, vosges, enter, figure):
    """Sheets opened, of one's own, of others, hidden or absent, by anybody in any order: one line
    each, of the right kind."""
    chance = Random(25)
    open_one = factories.report(cast.diane, vosges["Épinal"]).reference
    closed = factories.report(cast.diane, vosges["Golbey"], units=[]).reference
    clients = {who: enter(cast[who]) for who in ("diane", "louise", "paul", "claire")}
    reads = {(who, open_one) for who in ("diane", "louise")} | {("diane", closed)}
    asked = examples(quick=60, whole=10_000)
    wrong = 0
    for _ in range(asked):
        who = chance.choice(list(clients))
        reference = chance.choice([open_one, closed, f"{open_one}0"])
        last = Entry.objects.aggregate(last=Max("id"))["last"]
        clients[who].get(f"/renseignements/{reference}/")
        lines = Entry.objects.filter(id__gt=last).values_list("verb", "member_id", "target")
        verb = "report.read" if (who, reference) in reads else "access.refused"
        wrong += list(lines) != [(verb, cast[who].pk, reference)]
    assert wrong == 0
    figure("B50", f"{asked} actions, {wrong} lines missing or doubled")

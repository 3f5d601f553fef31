"""The journal: append-only in the database, no content, read by the DPO alone."""

import pytest
from django.db import DatabaseError, connection, transaction

from cross.audit import journal
from cross.audit.models import Entry, Operation
from cross.audit.wording import VERBS
from tests import factories


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

"""What still names an erased report: found wherever people write, told without the words."""

from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from cross.audit.models import Entry
from cross.outbox.models import Job
from intel import tasks
from intel.actions import erasing, places
from intel.models import AgendaItem, MeetingDecision, Task, Tombstone, WorkingNote
from intel.reading import citations
from intel.retention import Rule
from protocols.models import Meeting, Protocol
from tests import factories
from tests.intel.test_entry import words
from tests.intel.test_places import described

CANARY = "CHARDONNERET"


@pytest.fixture
def erased(cast, vosges):
    """(the report that was erased, another that quotes it)."""
    report = factories.report(cast.diane, vosges["Épinal"])
    number = report.reference
    protocol = Protocol.objects.get(department=vosges.department)
    said = f"{CANARY} vu dans {number}"
    meeting = Meeting.objects.create(
        protocol=protocol, held_on=timezone.localdate(), starts_at="10:00", place="Épinal",
        remarks=said, minutes={"items": [{"title": said}]}, digest="0" * 64,
    )  # fmt: skip
    item = AgendaItem.objects.create(meeting=meeting, rank=1, title="Point libre")
    MeetingDecision.objects.create(item=item, text=said, by=cast.anna)
    quoting = factories.report(
        cast.diane, vosges["Épinal"], facts=f"Suite de {number.removeprefix('CROSS-')}, {CANARY}."
    )
    # Behind the second fence: no page of the delegate's is shown it.
    WorkingNote.objects.create(report=quoting, unit=cast.louise.unit, by=cast.louise, text=said)
    Task.objects.create(
        report=quoting, giver=cast.louise.unit, unit=cast.louise.unit, by=cast.louise,
        what=f"Relire {number}",
    )  # fmt: skip
    # Neither another number that begins alike, nor a figure that looks like it.
    another = f"{number}1"
    WorkingNote.objects.create(report=quoting, unit=cast.diane.unit, by=cast.diane, text=another)
    erasing.erase(report, by=None, rule=Rule.REPORT.label)
    return number, quoting


def look(number):
    """What the worker does."""
    tombstone = Tombstone.objects.get(reference=number)
    job = Job.objects.get(kind=citations.JOB, state=Job.State.QUEUED)
    assert job.args == {"tombstone": tombstone.pk}
    job.result = tasks.find_citations(job, **job.args)
    job.state, job.finished_at = Job.State.DONE, timezone.now()
    job.save()
    return tombstone


def test_minutes_decisions_notes_and_reports_that_name_it_are_found(erased, figure):
    number, quoting = erased
    tombstone = Tombstone.objects.get(reference=number)
    found = [(each.kind, each.where) for each in citations.citations_of(tombstone)]
    day = f"{timezone.localdate():%Y-%m-%d}"
    assert found == [
        ("Décision de réunion", f"réunion 88 {day}"),
        ("Note de travail", quoting.reference),
        ("Renseignement", quoting.reference),
        ("Réunion", f"réunion 88 {day}"),
        ("Tâche", quoting.reference),
    ]
    figure("B103", f"an erased reference still written in {len(found)} texts: {len(found)} told")


def test_a_place_that_names_it_is_found_too(cast, vosges, erased):
    number, _ = erased
    hall = described(vosges["Épinal"], address=f"Où fut {number}")
    place = places.create(hall, by=cast.diane)
    told = citations.citations_of(Tombstone.objects.get(reference=number))
    assert place.journal_reference in {each.where for each in told}


def test_erasing_has_them_looked_for_and_the_page_tells_where(cast, enter, erased):
    number, quoting = erased
    tombstone = Tombstone.objects.get(reference=number)
    client, address = enter(cast.ines), reverse("erasure_page", args=[tombstone.key])
    assert "Recherche en cours" in words(client.get(address))
    look(number)
    page = words(client.get(address))
    assert "Note de travail" in page
    assert quoting.reference in page
    assert "réunion 88" in page
    assert CANARY not in page
    [line] = Entry.objects.filter(verb="erasure.read")[:1]
    assert line.target == number


def test_the_row_of_the_job_holds_no_word_of_them(erased):
    number, _ = erased
    look(number)
    assert CANARY not in str(Job.objects.get(kind=citations.JOB).result)


def test_the_certificate_says_where_it_is_still_cited(cast, enter, erased):
    number, quoting = erased
    tombstone = look(number)
    answer = enter(cast.ines).post(reverse("erasure_certificate", args=[tombstone.key]))
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    text = text.replace("\xad", "")
    assert "Textes qui la citent encore" in text
    assert "Décision de réunion" in text
    assert quoting.reference.rpartition("-")[2] in text
    assert CANARY not in text


def test_once_settled_a_new_search_finds_it_no_more(cast, enter, erased):
    number, quoting = erased
    tombstone = look(number)
    WorkingNote.objects.of(quoting).delete()
    client = enter(cast.ines)
    client.post(reverse("find_citations", args=[tombstone.key]))
    look(number)
    page = words(client.get(reverse("erasure_page", args=[tombstone.key])))
    assert "Note de travail" not in page
    assert "Décision de réunion" in page
    assert Entry.objects.filter(verb="erasure.citations_sought", target=number).exists()


@pytest.mark.parametrize("who", ["diane", "anna", "marc", "claire", "tom"])
def test_nobody_else_learns_what_was_erased_nor_where_it_is_cited(cast, enter, erased, who):
    tombstone = Tombstone.objects.get(reference=erased[0])
    client = enter(cast[who])
    assert client.get(reverse("erasure_page", args=[tombstone.key])).status_code == 404
    assert client.post(reverse("find_citations", args=[tombstone.key])).status_code == 404


def test_what_another_department_wrote_is_not_told(cast, vosges, meurthe, erased):
    number, _ = erased
    theirs = factories.report(cast.paul, meurthe["Nancy"], facts=f"Vu dans {number}.")
    found = citations.citations_of(Tombstone.objects.get(reference=number))
    assert theirs.reference not in {each.where for each in found}

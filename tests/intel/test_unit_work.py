"""What a unit keeps for itself about a report that it reads: notes, tasks."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cross.audit.models import Entry
from intel import access
from intel.actions import invitations, life, reports, sharing, unit_work
from intel.models import Report, Task, WorkingNote
from intel.states import State
from tests import factories

CANARY = "LINOTTE"
EVERYBODY_ELSE = ("bruno", "anna", "marc", "gilles", "rose", "claire", "ines", "tom", "paul")


@pytest.fixture
def report(cast, vosges):
    return factories.report(cast.diane, vosges["Épinal"])


@pytest.fixture
def note(cast, report):
    """Of Louise's unit, on a report of Diane's."""
    return unit_work.note(report, by=cast.louise, text=f"{CANARY} à croiser")


@pytest.fixture
def fourth(cast, vosges):
    """Of Louise's unit, and reads what it reads."""
    return factories.member("solene", cast.louise.unit, "liaison")


def page(client, address):
    return client.get(address, follow=True).content.decode()


def pages_of(client, report):
    address = report.get_absolute_url()
    return "".join(
        page(client, each) for each in (address, f"{address}travail/", "/", "/demandes/")
    )


def drawn(client, address):
    """The key that the note form is drawn with."""
    html = client.get(address).content.decode()
    return re.search(r'name="sent" value="(\w{32})"', html)[1]


# --- Notes --------------------------------------------------------------------------------------


def test_a_unit_reads_its_own_notes_and_nobody_else_does(cast, enter, report, note, fourth):
    for member in (cast.louise, fourth):
        assert CANARY in page(enter(member), f"{report.get_absolute_url()}travail/")
        assert "1 note" in page(enter(member), report.get_absolute_url()).replace("\u00a0", " ")
    for who in ("diane", "karim", *EVERYBODY_ELSE):
        assert CANARY not in pages_of(enter(cast[who]), report), who
        assert not access.readable_notes(cast[who]).exists()


@pytest.mark.usefixtures("stopped_clock")
def test_the_sheet_of_the_others_is_the_very_page_without_it(cast, enter, report):
    def plain(who):
        text = page(enter(cast[who]), report.get_absolute_url())
        text = re.sub(r'(csrfmiddlewaretoken" value=|data-token=)"[^"]+"', "", text)
        return re.sub(r"\d{1,2}:\d{2}|\d+ ms", "", text)

    others = ("diane", "bruno", "anna", "gilles")
    before = [plain(who) for who in others]
    unit_work.note(report, by=cast.louise, text=CANARY)
    unit_work.give(report, by=cast.louise, what=CANARY, to=None)
    assert before == [plain(who) for who in others]


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [
        ("diane", True, True),
        ("louise", True, True),
        ("anna", True, True),
        ("gilles", True, False),  # reads, and writes nothing
        ("rose", False, False),
        ("claire", False, False),
        ("tom", False, False),
        ("paul", False, False),
    ],
)
def test_who_keeps_notes(cast, enter, report, who, reads, writes):
    client, address = enter(cast[who]), f"{report.get_absolute_url()}travail/"
    assert (client.get(address).status_code == 200) is reads
    assert (client.post(f"{address}noter/", {"text": CANARY}).status_code == 302) is writes
    assert (client.post(f"{address}taches/", {"what": CANARY}).status_code == 302) is writes
    assert WorkingNote.objects.of(report).exists() is writes
    assert Task.objects.of(report).exists() is writes


def test_a_guest_of_a_report_keeps_none(cast, enter, vosges):
    alone = factories.report(cast.diane, vosges["Épinal"], units=[])
    until = timezone.now() + timedelta(days=2)
    invitations.invite(alone, by=cast.diane, guest=cast.rose, until=until, reason="avis")
    unit_work.note(alone, by=cast.diane, text=CANARY)
    rose = enter(cast.rose)
    sheet = page(rose, alone.get_absolute_url())
    assert alone.reference in sheet
    assert "Notes de travail" not in sheet
    assert rose.get(f"{alone.get_absolute_url()}travail/").status_code == 404
    assert rose.post(f"{alone.get_absolute_url()}travail/noter/", {"text": "x"}).status_code == 404


def test_an_empty_note_is_refused_and_nothing_typed_is_lost(cast, enter, report):
    louise, address = enter(cast.louise), f"{report.get_absolute_url()}travail/"
    assert louise.post(f"{address}noter/", {"text": " "}).status_code == 422
    refused = louise.post(f"{address}taches/", {"what": "Relire", "until": "01/01/2020"})
    assert refused.status_code == 422
    html = refused.content.decode()
    assert 'value="Relire"' in html
    assert "Ce jour est passé" in html
    assert len(set(re.findall(r' id="([^"]+)"', html))) == len(re.findall(r' id="([^"]+)"', html))


def test_what_is_being_typed_beside_is_drawn_again(cast, enter, report):
    """One note begun, a task given: the note is still there, not yet kept; and the other way."""
    louise, address = enter(cast.louise), f"{report.get_absolute_url()}travail/"
    begun = {"text": "Vu deux fois ce", "what": "Relire", "to": "", "until": ""}
    html = louise.post(f"{address}taches/", begun).content.decode()
    assert "Vu deux fois ce</textarea>" in html
    assert "Tâche ajoutée" in html
    assert not WorkingNote.objects.of(report).exists()
    html = louise.post(f"{address}noter/", begun | {"until": "30/11/2099"}).content.decode()
    assert 'value="Relire"' in html
    assert 'value="30/11/2099"' in html
    assert Task.objects.of(report).count() == WorkingNote.objects.of(report).count() == 1
    refused = louise.post(f"{address}taches/", {"text": "Encore", "what": "", "until": ""})
    assert refused.status_code == 422
    assert "Encore</textarea>" in refused.content.decode()


@pytest.mark.parametrize(
    ("typed", "away"), [("demain", 1), ("aujourd’hui", 0), ("{:%d/%m}", 5), ("{:%d.%m}", 1)]
)
def test_a_day_to_come_is_typed_as_it_is_said(cast, enter, report, typed, away):
    meant = timezone.localdate() + timedelta(days=away)
    address = f"{report.get_absolute_url()}travail/taches/"
    sent = {"what": "Relire", "until": typed.format(meant)}
    assert enter(cast.louise).post(address, sent).status_code == 302
    assert Task.objects.of(report).get().until == meant


@pytest.mark.parametrize(
    ("typed", "told"),
    [("hier", "Ce jour est passé"), ("31/02", "17/12/2026, 17/12 ou demain"), ("99/99", "17/12")],
)
def test_a_day_that_cannot_be_is_refused(cast, enter, report, typed, told):
    address = f"{report.get_absolute_url()}travail/taches/"
    html = enter(cast.louise).post(address, {"what": "Relire", "until": typed}).content.decode()
    assert told in html
    assert not Task.objects.of(report).exists()


def test_the_same_form_sent_twice_keeps_one(cast, enter, report):
    louise, address = enter(cast.louise), f"{report.get_absolute_url()}travail/"
    sent = {"text": CANARY, "sent": drawn(louise, address)}
    assert {louise.post(f"{address}noter/", sent).status_code for _ in range(2)} == {302}
    assert WorkingNote.objects.of(report).count() == 1
    task = {"what": CANARY, "sent": drawn(louise, address)}
    assert {louise.post(f"{address}taches/", task).status_code for _ in range(2)} == {302}
    assert Task.objects.of(report).count() == 1
    assert Entry.objects.filter(verb="note.added").count() == 1
    assert enter(cast.paul).post(f"{address}noter/", sent).status_code == 404


def test_it_is_removed_by_its_unit_alone(cast, enter, report, note, fourth):
    address = f"/notes-de-travail/{note.key}/retirer/"
    for who in ("diane", *EVERYBODY_ELSE):
        assert enter(cast[who]).post(address).status_code in {403, 404}
    assert enter(fourth).post(address).status_code == 302
    assert not WorkingNote.objects.of(report).exists()
    assert CANARY not in page(enter(cast.ines), "/journal/")


def test_removed_twice_it_is_removed_once(cast, report, note):
    again = WorkingNote.objects.of(report).get()
    unit_work.remove_note(note, by=cast.louise)
    with pytest.raises(ValidationError, match="déjà retirée"):
        unit_work.remove_note(again, by=cast.louise)
    assert Entry.objects.filter(verb="note.removed").count() == 1


def test_a_unit_that_loses_the_report_loses_its_notes(cast, enter, report, note):
    narrowing = sharing.Narrowing(
        units=(cast.anna.unit,),
        reason="source",
        text="",
        review_on=timezone.localdate() + timedelta(days=30),
    )
    sharing.restrict(report, by=cast.diane, narrowing=narrowing)
    louise = enter(cast.louise)
    assert louise.get(f"{report.get_absolute_url()}travail/").status_code == 404
    assert louise.post(f"/notes-de-travail/{note.key}/retirer/").status_code == 404
    with pytest.raises(ValidationError, match="n’est plus ouverte"):
        unit_work.note(report, by=cast.louise, text="Trop tard")


def test_an_archived_report_takes_no_more(cast, enter, report, note):
    Report.objects.filter(pk=report.pk).update(state=State.ARCHIVED)
    louise = enter(cast.louise)
    assert CANARY in page(louise, f"{report.get_absolute_url()}travail/")
    assert (
        louise.post(f"{report.get_absolute_url()}travail/noter/", {"text": "x"}).status_code == 404
    )


def test_what_other_units_kept_goes_with_an_erased_report(cast, enter, report, note):
    """Behind the fence, whoever erases the report does not find it: the database takes it away."""
    unit_work.give(report, by=cast.louise, what="Relire", to=None)
    Report.objects.filter(pk=report.pk).update(state=State.ARCHIVED)
    address = f"{report.get_absolute_url()}etape/"
    answer = enter(cast.anna).post(address, {"vers": State.ERASED, "why": "terme échu"})
    assert answer.status_code == 302
    assert not Report.objects.filter(pk=report.pk).exists()
    assert not WorkingNote.objects.exists()
    assert not Task.objects.exists()


# --- Tasks --------------------------------------------------------------------------------------


def directed(report, cast, to):
    """The cell has graded it and directed it to the unit of `to`."""
    reports.grade(report, by=cast.anna, source="B", information="2")
    for target in (State.SORTED, State.GRADED):
        life.move(report, by=cast.anna, target=target)
    return life.move(report, by=cast.anna, target=State.DIRECTED, unit=to.unit)


def test_a_task_for_oneself_a_colleague_or_the_unit(cast, enter, report, fourth):
    louise, address = enter(cast.louise), f"{report.get_absolute_url()}travail/taches/"
    tomorrow = (timezone.localdate() + timedelta(days=1)).strftime("%d/%m/%Y")
    for to in ("", f"agent-{fourth.pk}"):
        assert (
            louise.post(address, {"what": "Relire", "to": to, "until": tomorrow}).status_code
            == 302
        )
    assert {task.member for task in Task.objects.of(report)} == {None, fourth}
    # An agent of another unit, or a unit that is not in charge, is no choice, posted or not.
    for forged in (f"agent-{cast.diane.pk}", f"unite-{cast.anna.unit.pk}", "unite-0", "x"):
        assert louise.post(address, {"what": "Relire", "to": forged}).status_code == 422
    with pytest.raises(ValidationError, match="Choisissez un agent"):
        unit_work.give(report, by=cast.louise, what="Relire", to=cast.diane)
    with pytest.raises(ValidationError, match="Choisissez un agent"):
        unit_work.give(report, by=cast.louise, what="Relire", to=cast.bruno.unit)


def test_a_task_for_the_unit_in_charge_is_read_by_both_and_by_no_other(cast, enter, report):
    directed(report, cast, cast.louise)
    anna, address = enter(cast.anna), f"{report.get_absolute_url()}travail/"
    unit = f"unite-{cast.louise.unit_id}"
    assert anna.post(f"{address}taches/", {"what": CANARY, "to": unit}).status_code == 302
    [task] = Task.objects.of(report)
    for who in ("anna", "marc", "louise"):
        assert CANARY in page(enter(cast[who]), address), who
    for who in ("diane", "bruno", "gilles", "paul"):
        assert CANARY not in pages_of(enter(cast[who]), report), who
    # Done by the unit whose it is, taken back by the one that gave it.
    done, removed = (f"/taches/{task.key}/{path}/" for path in ("faite", "retirer"))
    for who in ("diane", "bruno", "anna", "paul"):
        assert enter(cast[who]).post(done).status_code == 404
    for who in ("diane", "bruno", "louise", "paul"):
        assert enter(cast[who]).post(removed).status_code == 404
    assert enter(cast.louise).post(done).status_code == 302
    assert Task.objects.of(report).get().done_by == cast.louise
    assert anna.post(removed).status_code == 302
    assert not Task.objects.of(report).exists()


def test_done_twice_is_done_once_and_taken_up_again(cast, enter, report, fourth):
    task = unit_work.give(report, by=cast.louise, what="Relire", to=None)
    done = f"/taches/{task.key}/faite/"
    for member in (fourth, cast.louise):
        assert enter(member).post(done).status_code == 302
    assert Task.objects.of(report).get().done_by == fourth
    assert Entry.objects.filter(verb="task.done").count() == 1
    enter(cast.louise).post(done, {"reprendre": "1"})
    assert Task.objects.of(report).get().done_at is None


def test_what_waits_for_the_unit_is_listed_and_late_ones_are_red(cast, enter, report):
    late = unit_work.give(report, by=cast.louise, what="Rappeler le bailleur", to=None)
    yesterday = timezone.localdate() - timedelta(days=1)
    Task.objects.of(report).filter(pk=late.pk).update(until=yesterday)
    requests = page(enter(cast.louise), "/demandes/")
    assert "Rappeler le bailleur" in requests
    assert "En retard" in requests
    for who in ("diane", "bruno", "anna", "rose"):
        assert "Rappeler le bailleur" not in page(enter(cast[who]), "/demandes/")


def test_to_paul_none_of_it_exists(cast, enter, report, note):
    task = unit_work.give(report, by=cast.louise, what=CANARY, to=None)
    paul, address = enter(cast.paul), f"{report.get_absolute_url()}travail/"
    assert paul.get(address).status_code == 404
    for path in (
        f"{address}noter/",
        f"{address}taches/",
        f"/notes-de-travail/{note.key}/retirer/",
        f"/taches/{task.key}/faite/",
        f"/taches/{task.key}/retirer/",
    ):
        assert paul.post(path, {"text": "x", "what": "x"}).status_code == 404
    assert WorkingNote.objects.of(report).count() == Task.objects.of(report).count() == 1

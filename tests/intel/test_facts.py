"""One event, one fact: as figures count it, and as each reader sees it."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from intel import access
from intel.actions import invitations, life, matching, reports, sharing
from intel.models import Report
from intel.reading import matching as reading
from intel.reading.sheet import related_to, rows
from intel.states import State
from intel.summaries import told
from intel.summaries.days import midnight
from tests import factories


def say(report, other, by, kind="corrobore"):
    return matching.decide(stored(report), stored(other), by=by, kind=kind, why="Même véhicule")


def stored(report):
    return Report.objects.unguarded(because="test").get(pk=report.pk)


def facts(*made):
    return [stored(report).fact_id for report in made]


def counted(department):
    tomorrow = midnight(timezone.localdate() + timedelta(days=1))
    return told.read(department, tomorrow).facts


def beside(report, member):
    """The references shown on the sheet as telling the same fact."""
    return [each.reference for each in related_to(rows(member).get(pk=report.pk), member)]


@pytest.fixture
def three(cast, vosges):
    """Two open ones, and between them a restricted one that the cell reads."""
    one, two = (factories.report(cast[who], vosges["Épinal"]) for who in ("diane", "bruno"))
    return one, two, factories.report(cast.louise, vosges["Épinal"], units=[cast.anna.unit])


def narrow(report, by, *units):
    until = timezone.localdate() + timedelta(days=30)
    said = sharing.Narrowing(tuple(unit for unit in units), "source", "", until)
    sharing.restrict(stored(report), by=by, narrowing=said)


def open_again(report, by, second):
    asked = sharing.ask_release(stored(report), by=by, why="Plus rien à protéger")
    sharing.confirm_release(asked, by=second)


def test_a_hidden_report_brings_no_two_others_together(cast, vosges, three, enter):
    """Neither for the figures, nor on a sheet, nor on the page that puts the two side by side."""
    one, two, hidden = three
    before = counted(cast.anna.unit.department)
    say(hidden, one, cast.anna)
    say(hidden, two, cast.anna)
    assert len(set(facts(one, two, hidden))) == 3
    assert counted(cast.anna.unit.department) == before == 2
    assert beside(one, cast.karim) == []
    assert beside(one, cast.anna) == [hidden.reference]
    assert beside(hidden, cast.anna) == [one.reference, two.reference]
    narrow(hidden, cast.louise, cast.bruno.unit)
    pair = f"{reverse('match_pair', args=[one.reference])}?avec={two.reference}"
    told = enter(cast.anna).get(pair).content.decode()
    assert "par une autre fiche" not in told
    assert reading.compared(cast.anna, *_sides(cast.anna, one, two)).decisions


def _sides(member, *made):
    return [reading.openable(member).get(pk=report.pk) for report in made]


def test_one_that_closes_parts_what_it_alone_held(cast, vosges):
    made = [factories.report(cast.diane, vosges["Épinal"]) for _ in range(4)]
    a, b, c, d = made
    for report, other in ((b, a), (c, b), (d, c)):
        say(report, other, cast.anna)
    assert len(set(facts(*made))) == 1
    narrow(b, cast.diane, cast.anna.unit)
    one, alone, *rest = facts(*made)
    assert len({one, alone, *rest}) == 3
    assert rest[0] == rest[1]
    open_again(b, cast.diane, cast.karim)
    assert len(set(facts(*made))) == 1


def test_a_link_said_while_it_was_hidden_counts_once_it_opens(cast, three):
    one, two, hidden = three
    match = say(hidden, one, cast.anna)
    say(hidden, two, cast.anna)
    second = factories.member("lea", cast.louise.unit, cast.louise.role)
    open_again(hidden, cast.louise, second)
    assert len(set(facts(*three))) == 1
    matching.undo(match, by=cast.anna)
    alone, other, opened = facts(*three)
    assert alone != other == opened


def test_a_duplicate_of_an_open_one_keeps_its_own_fact_while_hidden(cast, three):
    one, _, hidden = three
    life.move(stored(hidden), by=cast.anna, target="doublon", original=stored(one))
    assert len(set(facts(one, hidden))) == 2
    assert beside(one, cast.anna) == [hidden.reference]
    assert beside(one, cast.karim) == []
    life.undo(stored(hidden), by=cast.anna)
    assert len(set(facts(one, hidden))) == 2
    assert beside(one, cast.anna) == []


def test_one_that_is_erased_parts_what_it_alone_held(cast, vosges):
    made = [factories.report(cast.diane, vosges["Épinal"]) for _ in range(3)]
    a, b, c = made
    say(b, a, cast.anna)
    say(c, b, cast.anna)
    reports.erase_rows(stored(b))
    assert len(set(facts(a, c))) == 2


def test_who_erases_holds_the_whole_fact_first_like_whoever_joins(cast, vosges):
    """In the order of the keys: held first, the later one would wait for whoever joins them."""
    a, b = (factories.report(cast.diane, vosges["Épinal"]) for _ in range(2))
    say(b, a, cast.anna)
    Report.objects.filter(pk=b.pk).update(state=State.ARCHIVED)
    with CaptureQueriesContext(connection) as queries:
        life.move(stored(b), by=cast.anna, target=State.ERASED, why="Délai échu")
    first = next(query["sql"] for query in queries if "FOR UPDATE" in query["sql"])
    held = re.search(r"IN \((\d+), (\d+)\) ORDER BY 1 ASC", first)
    assert {int(key) for key in held.groups()} == {a.pk, b.pk}


def test_a_guest_sees_no_link_by_a_report_that_he_does_not_read(cast, vosges, enter):
    a, b, c = made = [factories.report(cast.diane, vosges["Épinal"]) for _ in range(3)]
    say(b, a, cast.anna)
    say(c, b, cast.anna)
    until = timezone.now() + timedelta(days=2)
    for report in (a, c):
        invitations.invite(report, by=cast.diane, guest=cast.rose, reason="avis", until=until)
    assert {report.reference for report in access.readable_reports(cast.rose)} == {
        a.reference, c.reference
    }  # fmt: skip
    assert len(set(facts(*made))) == 1
    assert beside(a, cast.rose) == []
    assert beside(a, cast.bruno) == [b.reference, c.reference]


@pytest.mark.parametrize(("who", "is_seconded"), [("anna", True), ("karim", False)])
def test_a_hidden_origin_seconds_for_who_reads_it(cast, vosges, who, is_seconded):
    told = factories.report(cast.diane, vosges["Épinal"], origin="citizen")
    hidden = factories.report(cast.louise, vosges["Épinal"], units=[cast.anna.unit])
    say(hidden, told, cast.anna)
    assert reports.has_second_origin(stored(told), member=cast[who]) == is_seconded

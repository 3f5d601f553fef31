"""The indicators of the cell: their arithmetic by hand, who is told what, and the list behind."""

import html
import re
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from intel import indicators, periods
from intel.indicators import counting, places
from intel.indicators.arithmetic import (
    Median,
    Ratio,
    Span,
    compared,
    is_mature,
    quarters_of,
    told,
    told_ratio,
    year_before,
)
from intel.indicators.conditions import behind
from intel.indicators.definitions import ALL, Code
from intel.indicators.places import History
from intel.indicators.sheet import NONE_BEFORE
from intel.models import Feedback, IndicatorSheet, Report, Step, Tasking
from intel.models.choices import Origin
from intel.place_states import PlaceState
from intel.states import State
from tests import factories

BEGAN = date(2020, 9, 24)
# A Monday of the quarter after the one that most of these tests count.
TODAY = datetime(2026, 11, 23, 9, tzinfo=timezone.get_default_timezone())
SUMMER = Span(date(2026, 7, 1), date(2026, 9, 30))


# --- By hand ----------------------------------------------------------------------------------


def test_the_year_before_has_the_same_days():
    so_far = compared(periods.read("2026"), today=date(2026, 11, 23), began=BEGAN)
    assert so_far.now == Span(date(2026, 1, 1), date(2026, 11, 23))
    assert so_far.before == Span(date(2025, 1, 1), date(2025, 11, 23))
    assert so_far.note == ""


def test_the_29th_of_february_is_on_one_side_only():
    assert year_before(date(2024, 2, 29)) == date(2023, 2, 28)
    on_the_day = compared(periods.read("2024"), today=date(2024, 2, 29), began=BEGAN)
    assert on_the_day.before == Span(date(2023, 1, 1), date(2023, 2, 28))
    assert on_the_day.note == "L’année 2024 compte un jour de plus, le 29 février."
    # A whole February is set against a whole February.
    whole = compared(periods.read("2025-02"), today=date(2025, 3, 9), began=BEGAN)
    assert whole.before == Span(date(2024, 2, 1), date(2024, 2, 29))
    assert "2024 compte un jour de plus" in whole.note
    # Both years have none, or the day has not come yet.
    assert compared(periods.read("2024"), today=date(2024, 2, 28), began=BEGAN).note == ""


def test_a_year_before_that_does_not_exist_says_so():
    first = compared(periods.read("2021-Q1"), today=date(2021, 5, 1), began=BEGAN)
    assert first.before is None
    assert first.note == "Pas d’année précédente : la cellule n’existait pas encore."
    partly = compared(periods.read("2021"), today=date(2021, 12, 1), began=BEGAN)
    assert partly.before is None
    assert "depuis le 24 septembre 2020" in partly.note
    with pytest.raises(ValueError, match="to come"):
        compared(periods.read("2027"), today=date(2026, 1, 1), began=BEGAN)


def test_a_share_has_its_denominator_and_no_percentage_of_a_few():
    assert str(Ratio(3, 7)) == "3 sur 7"
    assert str(Ratio(12, 29)) == "12 sur 29"
    assert str(Ratio(12, 30)) == "12 sur 30 (40\u00a0%)"
    assert str(Ratio(0, 0)) == "aucun cas"
    assert str(Ratio(None, 41)) == str(Ratio(None, None)) == "n.c."


def test_delays_are_said_in_days():
    assert str(Median(0.4, 3)) == "moins d’un jour"
    assert str(Median(1.0, 3)) == "1\u00a0jour"
    assert str(Median(6.5, 3)) == "6,5\u00a0jours"
    assert str(Median(21.4, 3)) == "21\u00a0jours"
    assert str(Median(None, 0)) == "aucun cas"


def test_a_cohort_is_read_after_ninety_days():
    year = periods.read("2026")
    cohorts = quarters_of(year, Span(date(2026, 1, 1), date(2026, 5, 10)))
    assert cohorts == [
        Span(date(2026, 1, 1), date(2026, 3, 31)),
        Span(date(2026, 4, 1), date(2026, 5, 10)),
    ]
    assert not is_mature(SUMMER, date(2026, 12, 28))
    assert is_mature(SUMMER, date(2026, 12, 29))


def test_what_is_masked_cannot_be_had_by_subtraction():
    # 3 is small; alone, the total would give it back: 6, the smallest other, goes with it.
    assert told({"a": 20, "b": 3, "c": 6}) == ({"a": 20, "b": None, "c": None}, 29)
    assert told({"a": 2, "b": 2}) == ({"a": None, "b": None}, None)
    assert told({}) == ({}, None)
    # 38 of 40 would tell the two others.
    assert told_ratio(38, 40, whole_is_told=True) == Ratio(None, 40)
    assert told_ratio(12, 40, whole_is_told=True) == Ratio(12, 40)
    assert told_ratio(12, 40, whole_is_told=False) == Ratio(None, None)


def test_what_becomes_of_places_by_hand():
    day = date(2026, 7, 1)
    active, gone, again = PlaceState.ACTIVE, PlaceState.DISMANTLED, PlaceState.REBUILT
    found = {
        1: History(True, ((day - timedelta(days=40), active),)),
        2: History(True, ((day, active), (day + timedelta(days=5), gone))),
        3: History(
            False,
            (
                (day - timedelta(days=9), active),
                (day + timedelta(days=2), gone),
                (day + timedelta(days=92), again),
            ),
        ),
        4: History(False, ((day + timedelta(days=2), gone), (day + timedelta(days=93), again))),
    }
    assert places.at_work(found, day - timedelta(days=1)) == 2
    assert places.at_work(found, SUMMER.end) == 1
    assert places.net_change(found, SUMMER) == -1
    counts = places.by_state(found, SUMMER.end)
    assert {state: count for state, count in counts.items() if count} == {active: 1, gone: 3}
    # 90 days for the third, 91 for the fourth; too early for any of them in August.
    assert places.rebuilt(found, SUMMER, TODAY.date()) == Ratio(1, 3)
    assert places.rebuilt(found, SUMMER, date(2026, 8, 1)) == Ratio(0, 0)


def test_every_indicator_says_what_it_is():
    assert [each.code for each in ALL] == list(Code)
    assert all(each.label and each.sentence.endswith(".") for each in ALL)


# --- From the tables --------------------------------------------------------------------------


def received(by, commune, day, **fields):
    at = datetime(day.year, day.month, day.day, 10, tzinfo=timezone.get_default_timezone())
    report = factories.report(
        by, commune, entered_at=at, received_at=at, occurred_on=day, **fields
    )
    return report, at


def lived(report, at, *, by, days=(4, 10), unit, answer="", told=None):
    """Directed and taken in charge so many days after `at`."""
    for target, wait in zip((State.DIRECTED, State.ACKNOWLEDGED), days, strict=False):
        Step.objects.create(
            report=report, origin=State.GRADED, target=target, by=by, at=at + timedelta(days=wait)
        )
    Tasking.objects.create(
        report=report, unit=unit, by=by, at=at + timedelta(days=days[0]), answer=answer,
        answer_by=date(2026, 12, 1), answered_by=by if answer else None,
        answered_at=at + timedelta(days=30) if answer else None,
    )  # fmt: skip
    if told:
        Feedback.objects.create(
            report=report, unit=report.owner, outcome=told, by=by, at=at + timedelta(days=31)
        )


@pytest.fixture
def summer(cast, vosges):
    """Three reports of July, one a year before; directed after 4, 6 and 20 days."""
    first, at = received(cast.diane, vosges["Épinal"], date(2026, 7, 2))
    lived(first, at, by=cast.anna, unit=cast.bruno.unit, answer=State.EXPLOITED, told="exploited")
    second, at = received(
        cast.louise, vosges["Golbey"], date(2026, 7, 3), origin=Origin.OPEN_SOURCE
    )
    Report.objects.filter(pk=second.pk).update(fact=first.fact)
    lived(second, at, by=cast.anna, unit=cast.bruno.unit, days=(6, 8), told="known")
    third, at = received(cast.diane, vosges["Épinal"], date(2026, 8, 3))
    lived(third, at, by=cast.anna, unit=cast.bruno.unit, days=(20,))
    received(cast.diane, vosges["Épinal"], date(2025, 7, 14))
    return first, second, third


@time_machine.travel(TODAY, tick=False)
def test_counts_by_hand(summer, vosges):
    department = vosges.department
    before = Span(date(2025, 7, 1), date(2025, 9, 30))
    found = counting.received(department, SUMMER, before)
    assert found.total == [3, 1]
    assert found.by["origine"] == {"service": [2, 1], "open_source": [1, 0]}
    assert sorted(found.by["commune"].values()) == [[1, 0], [2, 1]]
    rates = counting.rates(department, [SUMMER, before])
    assert rates[Code.EXPLOITATION] == [Ratio(1, 3), Ratio(0, 0)]
    assert rates[Code.RETURN] == [Ratio(2, 3), Ratio(0, 1)]
    assert rates[Code.KNOWN] == [Ratio(1, 2), Ratio(0, 0)]
    # One fact, two services, two origins.
    assert rates[Code.CORROBORATION] == [Ratio(2, 3), Ratio(0, 1)]
    delays = counting.delays(department, [SUMMER, before])
    assert delays[Code.DIRECTION] == [Median(6.0, 3), Median(None, 0)]
    assert delays[Code.ACKNOWLEDGEMENT] == [Median(4.0, 2), Median(None, 0)]


@time_machine.travel(TODAY, tick=False)
@pytest.mark.parametrize(
    ("code", "part", "many"),
    [
        (Code.RECEIVED, False, 3),
        (Code.DIRECTION, False, 3),
        (Code.ACKNOWLEDGEMENT, False, 2),
        (Code.EXPLOITATION, False, 3),
        (Code.EXPLOITATION, True, 1),
        (Code.RETURN, True, 2),
        (Code.KNOWN, True, 1),
        (Code.CORROBORATION, True, 2),
    ],
)
def test_the_list_behind_counts_the_same(summer, vosges, code, part, many):
    found = behind(code, vosges.department, SUMMER, part=part)
    assert found.unguarded(because="test").count() == many


# --- For who opens no report ------------------------------------------------------------------


@pytest.fixture
def busy_summer(cast, vosges):
    """Twelve reports of each month of the quarter, and as many of the one before."""
    for month in (4, 5, 6, 7, 8, 9):
        for rank in range(12):
            report, at = received(cast.diane, vosges["Épinal"], date(2026, month, 2 + rank))
            if rank < 6:
                answer = State.EXPLOITED if rank < 3 else ""
                lived(report, at, by=cast.anna, unit=cast.bruno.unit, answer=answer)


def said(figures):
    return {
        (each["code"], row["key"]): row["said"]
        for each in figures["indicators"]
        for row in each["rows"]
    }


@time_machine.travel(TODAY, tick=False)
def test_a_quarter_is_drawn_up_once(busy_summer, cast, vosges):
    figures = indicators.frozen(vosges.department, "2026-Q3")
    told_of = said(figures)
    assert told_of["recus", "ensemble"] == "36"
    assert told_of["orientation", "ensemble"] == "4\u00a0jours"
    # Of the cohort of the quarter before, the last that ninety days have let ripen.
    assert told_of["exploitation", "ensemble"] == "9 sur 18"
    assert figures["indicators"][3]["about"] == "2e trimestre 2026"
    received(cast.diane, vosges["Épinal"], date(2026, 9, 28))
    assert indicators.frozen(vosges.department, "2026-Q3") == figures
    assert IndicatorSheet.objects.count() == 1


@time_machine.travel(TODAY, tick=False)
def test_restricted_work_moves_nothing(busy_summer, cast, vosges):
    figures = indicators.frozen(vosges.department, "2026-Q3")
    IndicatorSheet.objects.all().delete()
    for _ in range(7):
        report, at = received(
            cast.louise, vosges["Golbey"], date(2026, 8, 20), units=[cast.bruno.unit]
        )
        lived(report, at, by=cast.anna, unit=cast.bruno.unit, told="known")
    assert indicators.frozen(vosges.department, "2026-Q3") == figures


@time_machine.travel(TODAY, tick=False)
def test_few_are_not_told(summer, vosges):
    figures = indicators.frozen(vosges.department, periods.read("2026-Q3"))
    assert set(said(figures).values()) == {"n.c."}
    assert figures["note"] == NONE_BEFORE


@time_machine.travel(datetime(2026, 10, 15, 9, tzinfo=timezone.get_default_timezone()), tick=False)
def test_what_is_not_over_is_not_told(vosges):
    assert indicators.frozen(vosges.department, "2026-Q3")["note"] == (
        "Les indicateurs de ce trimestre seront arrêtés le 16 octobre 2026."
    )
    assert "au trimestre" in indicators.frozen(vosges.department, "2026-09")["note"]
    assert not IndicatorSheet.objects.exists()
    assert Report.objects.unguarded(because="test").count() == 0


# --- The page ---------------------------------------------------------------------------------


def figure_links(page):
    """{words: address} of the figures of the page that lead to a list."""
    return re.findall(r'href="(/renseignements/\?indicateur=[^"]+)">([^<]+)</a>', page)


@time_machine.travel(TODAY, tick=False)
def test_each_figure_opens_the_list_that_it_counts(summer, cast, enter):
    client = enter(cast.louise)
    page = client.get("/indicateurs/?periode=2026-Q3").content.decode()
    links = figure_links(page)
    assert len(links) >= 10
    for address, words in links:
        count = int(re.match(r"\d+", words)[0]) if "jour" not in words else None
        shown = client.get(html.unescape(address))
        assert shown.status_code == 200
        if count is not None:
            assert shown.context["count"] == count, address
    assert "1 sur 3" in page
    assert "comparé aux mêmes jours" in page


@time_machine.travel(TODAY, tick=False)
def test_nobody_counts_what_is_restricted(summer, cast, vosges, enter):
    def told_to(name, client):
        page = client.get("/indicateurs/?periode=2026").content.decode()
        return re.findall(r'<td class="cx-num"[^>]*>(.*?)</td>', page)

    readers = {name: enter(cast[name]) for name in ("diane", "louise", "bruno", "anna", "marc")}
    before = {name: told_to(name, client) for name, client in readers.items()}
    report, at = received(cast.louise, vosges["Golbey"], date(2026, 8, 2), units=[cast.bruno.unit])
    lived(report, at, by=cast.anna, unit=cast.bruno.unit, told="known")
    # Not even who owns it, nor who is named.
    assert {name: told_to(name, client) for name, client in readers.items()} == before
    named = "/renseignements/?indicateur=recus,2026-08-01,2026-08-31"
    for client in readers.values():
        assert client.get(named).context["count"] == 1  # the third of July's fixture, of August


@time_machine.travel(TODAY, tick=False)
def test_who_reads_the_indicators(summer, cast, vosges, enter):
    indicators.frozen(vosges.department, "2026-Q3")
    assert enter(cast.paul).get("/indicateurs/").context["board"].department.code == "54"
    prefecture = enter(cast.claire).get("/indicateurs/")
    assert "3e trimestre 2026" in prefecture.content.decode()
    assert not figure_links(prefecture.content.decode())
    for name in ("gilles", "rose", "ines", "tom"):
        assert enter(cast[name]).get("/indicateurs/").status_code == 403
    # Paul's list knows no figure of the Vosges: his own department counts, and has none.
    named = "/renseignements/?indicateur=recus,2026-08-01,2026-08-31"
    assert enter(cast.paul).get(named).context["count"] == 0


@pytest.mark.parametrize(
    "asked",
    [
        "n’importe quoi",
        "recus,2026-13-01,2026-01-01",
        "conflits,2026-01-01,2026-02-01",
        "recus,2026-01-01,2026-02-01,part",
        "recus,2026-01-01,2026-02-01,service:x",
        "recus,2026-01-01,2026-02-01,service:99999999999999999999",
        "recus,0001-01-01,2026-02-01",
        "recus,2026-01-01,9999-12-31",
        "exploitation,9999-12-31,9999-12-31,part",
        "lieux,0001-01-01,9999-12-31,etat:absent",
    ],
)
def test_a_figure_that_is_none_is_refused(cast, enter, asked):
    for address in ("/renseignements/", "/lieux/"):
        page = enter(cast.anna).get(address, {"indicateur": asked})
        assert "retirez ce filtre" in page.content.decode()


@time_machine.travel(TODAY, tick=False)
def test_the_file_holds_what_the_page_shows(summer, cast, enter):
    client = enter(cast.anna)
    file = b"".join(
        client.get("/indicateurs/export/?periode=2026-Q3&format=csv").streaming_content
    )
    lines = file.decode("utf-8-sig").splitlines()
    assert any("Taux d’exploitation" in line and "1 sur 3" in line for line in lines)
    assert client.get("/indicateurs/export/?format=doc").status_code == 302
    assert enter(cast.gilles).get("/indicateurs/export/?format=csv").status_code == 403

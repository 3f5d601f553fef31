"""What is said of territories: which measure, on which facts, and when nothing is said."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from intel import periods
from intel.models import Maturity, TerritoryScore
from intel.summaries.days import midnight
from tests.summaries.invented import JULY, TWELVE_MONTHS, Reports, figures, units

Dimension = TerritoryScore.Dimension
WEEK = periods.read("2026-W36")


def line(found, dimension, code):
    [said] = [each for each in found.territories[dimension] if each.code == code]
    return said


def commune(found, number):
    return line(found, Dimension.COMMUNE, f"88{number:03}")


def monthly(reports, a_month, number=1, *, until=date(2026, 7, 1), months=12, **fields):
    """As many facts in each of the months before that day."""
    for month in periods.last_months(until - timedelta(days=1), months):
        for rank in range(a_month):
            reports.tell(number, month.start + timedelta(days=rank % 27), **fields)


def test_a_clear_rise_says_by_how_much_and_its_range():
    reports = Reports()
    monthly(reports, 1)
    reports.tell_many(12, 1, date(2026, 8, 3), brought_by=2)
    said = commune(figures(reports), 1)
    assert (said.facts, said.more["reference_facts"], said.more["ratio"]) == (12, 12, 4)
    assert said.more["change"] == "hausse_nette"
    assert 1 < said.more["ratio_low"] < 4 < said.more["ratio_high"]


def test_too_few_facts_say_nothing():
    reports = Reports()
    reports.tell_many(4, 1)
    reports.tell_many(3, 1, date(2026, 3, 1))
    assert commune(figures(reports), 1).more["change"] == "effectif_faible"


def test_provisional_figures_have_no_arrow():
    reports = Reports()
    monthly(reports, 1)
    reports.tell_many(12, 1, date(2026, 8, 3))
    found = figures(reports, as_of=midnight(date(2026, 10, 15)))
    assert found.maturity == Maturity.PROVISIONAL
    said = commune(found, 1)
    assert said.facts == 12
    assert not said.more.keys() & {"change", "ratio", "hot", "rate"}


def test_the_reference_is_read_at_the_maturity_of_the_period():
    """What was entered of an old quarter a year later was not known when that quarter closed."""
    reports = Reports()
    monthly(reports, 1)
    for _ in range(30):
        reports.tell(1, date(2026, 5, 5), entered=date(2026, 9, 1))
    assert commune(figures(reports), 1).more["reference_facts"] == 12


def test_patrols_that_find_more_are_said_beside_the_rise():
    reports = Reports()
    monthly(reports, 2, origin="service")
    reports.tell_many(24, 1, date(2026, 8, 3), origin="service")
    said = commune(figures(reports), 1)
    assert said.more["change"].startswith("hausse")
    assert said.more["effort"] == "concomitante"
    assert said.more["effort_ratio"] == 4


def test_the_activity_is_that_of_the_services_that_report_there_now():
    """Wherever they went before: whoever worked there last year and left says nothing of it."""
    reports = Reports()
    monthly(reports, 1, brought_by=1)
    monthly(reports, 1, 5, brought_by=2)
    reports.tell_many(12, 1, date(2026, 8, 3), brought_by=2)
    reports.tell_many(3, 5, date(2026, 8, 3), brought_by=1)
    assert commune(figures(reports), 1).more["effort_ratio"] == 4


def test_a_rise_to_be_confirmed_says_what_it_goes_with_too():
    reports = Reports()
    for number in range(1, 13):
        monthly(reports, 2, number)
        reports.tell_many(15 if number == 1 else 6, number, date(2026, 8, 3))
    said = commune(figures(reports), 1)
    assert said.more["change"] == "hausse_a_confirmer"
    assert (said.more["effort"], said.more["effort_ratio"]) == ("independante", 1.125)


def test_a_rise_that_calls_and_tips_tell_too_stands_by_itself():
    reports = Reports()
    monthly(reports, 1, origin="service")
    monthly(reports, 1, origin="citizen")
    reports.tell_many(12, 1, date(2026, 8, 3), origin="service")
    reports.tell_many(18, 1, date(2026, 8, 3), origin="citizen")
    assert commune(figures(reports), 1).more["effort"] == "independante"


def test_what_does_not_rise_says_nothing_of_effort():
    reports = Reports()
    monthly(reports, 3)
    reports.tell_many(9, 1, date(2026, 8, 3))
    said = commune(figures(reports), 1)
    assert (said.more["change"], said.more["effort"], said.more["effort_ratio"]) == (
        "stable", "", None,
    )  # fmt: skip


def test_a_territory_emerges_by_two_origins_and_enough_support():
    good = {"source_grade": "A", "information_grade": "2"}
    reports = Reports()
    for number, origins in ((3, ("service", "citizen")), (5, ("service", "service"))):
        for rank in range(3):
            reports.tell(number, date(2026, 7, 5), origin=origins[rank % 2], **good)
    found = figures(reports)
    assert commune(found, 3).more["is_emerging"]
    assert not commune(found, 5).more["is_emerging"]
    reports.tell(3, date(2025, 6, 30))  # a day more than a year before
    assert commune(figures(reports), 3).more["is_emerging"]
    reports.tell(3, date(2025, 7, 1))
    assert not commune(figures(reports), 3).more["is_emerging"]


def test_what_emerges_does_not_wait_for_the_figures_to_close():
    reports = Reports()
    for origin in ("service", "citizen", "service"):
        reports.tell(3, date(2026, 7, 5), origin=origin, source_grade="A", information_grade="2")
    found = figures(reports, as_of=midnight(date(2026, 7, 20)))
    assert found.maturity == Maturity.PROVISIONAL
    assert commune(found, 3).more["is_emerging"]


def weekly(reports, a_week, weeks=60, *, until=WEEK.start):
    for back in range(1, weeks + 1):
        for rank in range(a_week[back % len(a_week)]):
            reports.tell(1 + rank % 12, until - timedelta(days=7 * back - rank % 7))


def test_a_week_out_of_the_ordinary_sounds():
    for facts, sounds in ((4, False), (20, True)):
        reports = Reports()
        weekly(reports, (2, 3, 4))
        reports.tell_many(facts, 1, WEEK.start)
        said = line(figures(reports, WEEK), Dimension.DEPARTMENT, "88")
        assert (said.facts, said.more["is_alarm"]) == (facts, sounds)
        early = figures(reports, WEEK, as_of=midnight(WEEK.end))
        assert line(early, Dimension.DEPARTMENT, "88").more["is_alarm"] == sounds
        assert said.more["usual"] == pytest.approx(3, abs=0.1)


def test_a_level_with_too_few_a_week_has_no_alarm():
    reports = Reports()
    weekly(reports, (0, 1))
    reports.tell_many(20, 1, WEEK.start)
    said = line(figures(reports, WEEK), Dimension.DEPARTMENT, "88")
    assert (said.more["is_alarm"], said.more["usual"]) == (False, None)


# --- Twelve months ------------------------------------------------------------------------------


def spread(facts_a_commune=1, communes=120):
    """One fact in three communes out of four, over the twelve months."""
    reports = Reports()
    for number in range(1, communes + 1):
        if number % 4:
            reports.tell_many(facts_a_commune, number, date(2026, 3, 1 + number % 28))
    return reports


def over_a_year(reports, ground=None):
    return figures(reports, TWELVE_MONTHS, ground=ground or units(120, 4))


def test_a_foyer_is_a_unit_and_its_neighbours_named_after_the_largest():
    reports = spread()
    reports.tell_many(25, 60, date(2026, 5, 5))
    found = over_a_year(reports)
    said = commune(found, 60)
    assert said.more["hot"] == "foyer"
    assert said.more["hot_count"] >= 26 > said.more["hot_expected"]
    assert {commune(found, number).more["hot_zone"] for number in (59, 60, 61)} == {"88060"}
    assert commune(found, 20).more["hot_zone"] == ""
    assert found.search["hot_status"] == "faite"


def test_nothing_stands_out_of_what_is_even():
    found = over_a_year(spread())
    assert {each.more["hot"] for each in found.territories[Dimension.COMMUNE]} == {""}


def test_tips_alone_make_no_foyer_and_it_is_said_that_they_would():
    reports = spread()
    reports.tell_many(25, 60, date(2026, 5, 5), origin="citizen")
    said = commune(over_a_year(reports), 60)
    assert (said.more["hot"], said.more["hot_with_tips"]) == ("", "foyer")
    assert said.more["tips_only"] == 25


@pytest.mark.parametrize(
    ("communes", "facts", "status"),
    [
        (20, 10, "territoires_trop_peu_nombreux"),
        (120, 0, "faits_trop_peu_nombreux"),
        (120, 1, "faite"),
    ],
)
def test_why_no_foyer_is_looked_for(communes, facts, status):
    found = over_a_year(spread(facts, communes), units(communes, 4))
    assert found.search["hot_status"] == status
    labels = {each.more["hot"] for each in found.territories[Dimension.COMMUNE]}
    assert labels == ({""} if status == "faite" else {"non_calcule"})


def test_a_foyer_of_every_quarter_lasts_and_one_of_this_quarter_is_new():
    reports = Reports()
    for window in range(12):
        end = date(2026, 9, 20) - timedelta(days=91 * window)
        for number in range(1, 121):
            if number % 4:
                reports.tell(number, end - timedelta(days=number % 60))
        reports.tell_many(12, 60, end)
    reports.tell_many(40, 20, date(2026, 9, 20))
    found = over_a_year(reports)
    assert commune(found, 60).more["history"] in {"persistant", "intensification"}
    assert commune(found, 20).more["history"] == "nouveau"
    assert commune(found, 100).more["history"] == "aucun"


def test_an_island_is_tested_alone():
    ground = units(120, 4)
    is_away = (ground.i == 59) | (ground.j == 59)
    ground = replace(ground, i=ground.i[~is_away], j=ground.j[~is_away])
    reports = spread()
    reports.tell_many(25, 60, date(2026, 5, 5))
    said = commune(over_a_year(reports, ground), 60)
    assert (said.more["hot"], said.more["hot_count"]) == ("foyer", 25)


def test_without_inhabitants_a_count_and_no_rate():
    for unknown in (0.0, np.nan):
        population = np.full(120, 1000.0)
        population[9] = unknown
        found = over_a_year(spread(), replace(units(120, 4), population=population))
        said = commune(found, 10)
        assert said.facts == 1
        assert (said.more["rate"], said.more["smoothed_rate"]) == (None, None)
        assert commune(found, 11).more["rate"] == 1


def test_a_commune_without_an_intercommunality_counts_above_it():
    ground = units()
    groups = replace(ground.epci, of=np.where(np.arange(12) == 0, -1, ground.epci.of))
    reports = Reports()
    reports.tell_many(3, 1)
    found = figures(reports, ground=replace(ground, epci=groups))
    assert sum(each.facts for each in found.territories[Dimension.EPCI]) == 0
    assert line(found, Dimension.DEPARTMENT, "88").facts == 3


def test_a_fact_in_no_unit_counts_for_its_department_alone():
    reports = Reports()
    reports.tell(999)
    reports.tell(1)
    found = figures(reports)
    assert line(found, Dimension.DEPARTMENT, "88").facts == 2
    assert sum(each.facts for each in found.territories[Dimension.COMMUNE]) == 1
    assert found.notes["unlocated"] == 1


def test_levels_sum_to_the_department():
    reports = Reports()
    for number in range(1, 13):
        reports.tell_many(number, number)
    found = figures(reports)
    for dimension in (Dimension.COMMUNE, Dimension.EPCI, Dimension.ARRONDISSEMENT):
        assert sum(each.facts for each in found.territories[dimension]) == 78


def test_what_is_active_weighs_more_when_it_is_recent():
    reports = spread()
    reports.tell_many(5, 10, date(2026, 9, 25), modes=("dealing_point",))
    reports.tell_many(5, 30, date(2025, 10, 5), modes=("dealing_point",))
    found = over_a_year(reports)
    recent, old = commune(found, 10).more, commune(found, 30).more
    assert recent["stock"] > 4 * old["stock"]
    assert recent["stock_rank"] == 1


def test_the_share_that_is_entered_follows_the_delays():
    reports = Reports()
    for back in range(400):
        day = date(2026, 7, 20) - timedelta(days=back)
        reports.tell(1, day, entered=min(day + timedelta(days=10), date(2026, 7, 30)))
    found = figures(reports, JULY, as_of=midnight(date(2026, 8, 1)))
    assert 0.5 < found.share_entered < 0.8


def test_delays_of_more_than_two_years_ago_bear_on_no_share():
    drawn_up = date(2026, 8, 1)

    def share(*, late):
        """With one fact of `late` days before, that was entered late."""
        reports = Reports()
        for back in range(400):
            day = date(2026, 7, 20) - timedelta(days=back)
            reports.tell(1, day, entered=min(day + timedelta(days=10), date(2026, 7, 30)))
        day = drawn_up - timedelta(days=late)
        reports.tell(1, day, entered=day + timedelta(days=60))
        return figures(reports, JULY, as_of=midnight(drawn_up)).share_entered

    assert share(late=730) == share(late=700) < share(late=731) == share(late=900)


def test_tips_alone_are_those_that_no_service_tells_and_bring_no_service():
    reports = Reports()
    reports.tell(1, origin="citizen", brought_by=3)
    both = reports.tell(1, origin="citizen", brought_by=3)
    reports.tell(1, fact=both.fact, brought_by=2)
    reports.tell_many(2, 1, brought_by=2)
    said = commune(figures(reports), 1)
    assert (said.facts, said.more["tips_only"], said.more["services"]) == (4, 1, 1)


def test_what_happened_since_weighs_nothing_at_the_end_of_twelve_months():
    """A revision knows of it: the stock is that of the last day of the period."""
    reports, since = Reports(), date(2026, 10, 5)
    reports.tell_many(3, 1, date(2026, 9, 20))
    late = midnight(date(2026, 12, 1))
    before = commune(figures(reports, TWELVE_MONTHS, as_of=late), 1).more["stock"]
    reports.tell_many(5, 1, since)
    after = commune(figures(reports, TWELVE_MONTHS, as_of=late), 1).more["stock"]
    assert before == after > 0

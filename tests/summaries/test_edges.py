"""Cases at the edge of the figures: each is told as what it is, and never as a number alone."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from intel import periods
from intel.actions import life, sharing, summaries
from intel.models import SummaryAudience, TerritoryScore
from intel.states import State
from intel.summaries import words
from intel.summaries.withholding import Published, withheld
from services.models import Commune
from tests import factories
from tests.summaries.invented import QUARTER, Reports, figures, units
from tests.summaries.test_measures import commune, monthly

Dimension = TerritoryScore.Dimension
SAID = "Une moto noire livre des sachets devant le gymnase, chaque soir vers vingt heures."
AGAIN = "une moto noire livre des sachets devant le gymnase chaque soir, vers vingt heures !"
OTHER = "Au marché, un homme en veste rouge propose de la résine aux passants."


def told(cast, commune, *day, by="diane", **fields):
    """Seen, received and entered on that day."""
    moment = datetime(*day, 12, tzinfo=timezone.get_current_timezone())
    known = {"received_at": moment, "entered_at": moment, "occurred_on": date(*day)}
    return factories.report(cast[by], commune, **known | fields)


def row(summary, label):
    return summary.scores.get(dimension=Dimension.COMMUNE, label=label)


def plain(text):
    return re.sub("[\u00a0\u202f]", " ", str(text))


# --- A wave of tips by one author ---------------------------------------------------------------


def test_a_wave_of_tips_is_one_origin_and_the_summary_says_so(cast, vosges, enter):
    for day in range(1, 5):
        text = SAID if day % 2 else AGAIN
        told(cast, vosges["Golbey"], 2026, 8, day, origin="citizen", facts=text)
    told(cast, vosges["Golbey"], 2026, 8, 5, origin="citizen", facts=OTHER)
    told(cast, vosges["Épinal"], 2026, 8, 6, origin="citizen", facts=SAID)
    told(
        cast, vosges["Golbey"], 2026, 8, 7, origin="citizen", units=[cast.louise.unit], facts=SAID
    )
    ours, theirs = summaries.build(vosges.department, QUARTER)[:2]
    golbey = row(ours, "Golbey")
    assert (golbey.facts, golbey.repeated_facts, golbey.origins) == (5, 4, 2)
    assert row(ours, "Épinal").repeated_facts == 0
    assert not theirs.scores.exclude(repeated_facts=None).exists()
    said = "Des signalements disent la même chose presque mot pour mot à Golbey (4 faits)."
    for member, summary, is_told in ((cast.anna, ours, True), (cast.claire, theirs, False)):
        page = plain(enter(member).get(summary_url(summary)).content.decode())
        assert (said in page) == is_told
    page = enter(cast.anna).get(reverse("territory_page", args=[vosges["Golbey"].code]))
    assert "Ils peuvent venir d’une seule personne" in page.content.decode()
    assert summaries.replay(ours).same_figures


def summary_url(summary):
    return reverse("summary_page", args=[summary.pk])


@pytest.mark.parametrize(
    ("repeats", "origins", "repeated"),
    [([], 3, 0), ([(1, 0)], 2, 0), ([(1, 0), (2, 0)], 1, 3)],
)
def test_tips_that_say_the_same_are_one_origin_and_three_of_them_a_wave(
    repeats, origins, repeated
):
    reports = Reports()
    reports.tell_many(3, 3, origin="citizen")
    reports.tell_many(3, 4, origin="citizen")
    found = figures(reports, repeats=repeats)
    said = commune(found, 3)
    assert (said.facts, said.more["origins"], said.more["repeated_facts"]) == (
        3, origins, repeated,
    )  # fmt: skip
    assert commune(found, 4).more["origins"] == 3


def test_a_wave_is_of_one_period():
    reports = Reports()
    reports.tell(3, date(2026, 5, 5), origin="citizen")
    reports.tell_many(2, 3, origin="citizen")
    assert commune(figures(reports, repeats=[(1, 0), (2, 0)]), 3).more["repeated_facts"] == 0


@pytest.mark.parametrize(("is_one", "is_told"), [(False, True), (True, False)])
def test_a_commune_that_one_author_alone_tells_is_not_told(is_one, is_told):
    reports = Reports()
    for month in (7, 8, 9):
        for town in (2, 6, 8):
            reports.tell_many(20, town, date(2026, month, 5))
    for hidden in (3, 4, 5, 9, 10, 11):
        reports.tell_many(2, hidden)
    first = len(reports.rows)
    reports.tell_many(12, 7, origin="citizen")
    repeats = [(first + again, first) for again in range(1, 12)] if is_one else []
    found = figures(reports, ground=units(12, 2), repeats=repeats)
    tables, _ = withheld(found, Published())
    assert ("88007" in {line.code for line in tables[Dimension.COMMUNE]}) == is_told


# --- One operation, many facts ------------------------------------------------------------------


def test_what_one_operation_seizes_is_one_fact_once_it_is_joined(cast, vosges):
    seized = [told(cast, vosges["Golbey"], 2026, 8, 5) for _ in range(4)]
    for each in seized[1:]:
        life.move(each, by=cast.anna, target=State.DUPLICATE, original=seized[0])
    golbey = row(summaries.build(vosges.department, QUARTER)[0], "Golbey")
    assert (golbey.facts, golbey.reports, golbey.facts_corroborated) == (1, 4, 0)


def bursts(a_month, *, step):
    """As many facts in the year before: `a_month` each month, or all of `step` months at once."""
    reports = Reports()
    for rank, month in enumerate(periods.last_months(date(2026, 6, 30), 12)):
        if rank % step == 0:
            reports.tell_many(a_month * step, 1, month.start, origin="service")
    reports.tell_many(24, 1, date(2026, 8, 3), origin="service")
    return figures(reports)


def test_operations_that_bring_many_facts_at_once_prove_less_and_it_is_said():
    even, uneven = (commune(bursts(4, step=step), 1) for step in (1, 4))
    assert even.more["reference_facts"] == uneven.more["reference_facts"] == 48
    assert (even.more["overdispersion"], even.more["change"]) == (1, "hausse_nette")
    assert uneven.more["overdispersion"] > 5
    assert uneven.more["change_p"] > 20 * even.more["change_p"]
    assert uneven.more["change"] not in {"hausse_nette", ""}
    said = [
        " ".join(plain(each) for each in words.said_of_territory(_summary(), _row(line)))
        for line in (even, uneven)
    ]
    assert "plus que par hasard" not in said[0]
    assert re.search(r"varient \d+(,\d)? fois plus que par hasard, comme lorsqu’une op", said[1])


def test_a_night_of_work_says_how_much_of_it_the_services_went_and_found():
    reports = Reports()
    monthly(reports, 1, origin="service")
    monthly(reports, 1, origin="citizen", brought_by=2)
    reports.tell_many(14, 1, date(2026, 8, 3), origin="service")
    reports.tell_many(2, 1, date(2026, 8, 4), origin="citizen", brought_by=2)
    line = commune(figures(reports), 1)
    assert (line.facts, line.more["reactive"], line.more["effort"]) == (16, 2, "concomitante")
    [rise] = [plain(each) for each in words.said_of_territory(_summary(), _row(line))]
    assert "Elle ne prouve pas une aggravation." in rise
    assert "Sur ces 16 faits, 14 ont été trouvés par les services eux-mêmes." in rise


def _summary():
    found = summaries.Summary(period=QUARTER.code, audience=SummaryAudience.CELL)
    found.department = units_department()
    return found


def units_department():
    return figures(Reports()).department


def _row(line):
    return TerritoryScore(
        dimension=Dimension.COMMUNE,
        code=line.code,
        label=line.label,
        facts=line.facts,
        **line.more,
    )


# --- Mergers ------------------------------------------------------------------------------------


def test_a_merged_commune_and_the_year_before_are_counted_on_the_same_ground(cast, vosges):
    """What Le Thillot told before it merged into Golbey is the reference of Golbey, and not of a
    commune that is no more."""
    old, heir = vosges["Le Thillot"], vosges["Golbey"]
    for month in (8, 11):
        told(cast, old, 2025, month, 3)
    told(cast, heir, 2026, 2, 3)
    told(cast, old, 2026, 7, 3)
    told(cast, heir, 2026, 8, 3)
    before = summaries.build(vosges.department, QUARTER)[0]
    assert row(before, "Golbey").reference_facts == 1
    assert row(before, "Le Thillot").reference_facts == 2
    Commune.objects.filter(pk=old.pk).update(retired_in=2027)
    Commune.objects.filter(pk=heir.pk).update(former_codes=old.code)
    after = summaries.build(vosges.department, QUARTER, revised=True)[0]
    golbey = row(after, "Golbey")
    assert (golbey.facts, golbey.reference_facts) == (2, 3)
    assert not after.scores.filter(dimension=Dimension.COMMUNE, label="Le Thillot").exists()
    assert after.geography != before.geography
    assert (before.facts, after.facts) == (2, 2)


def test_the_part_of_one_commune_is_masked_with_it():
    """An intercommunality that has one commune in the department gives it back by its name."""
    reports = Reports()
    for month in (7, 8, 9):
        for town in (1, 2, 3):
            reports.tell_many(9, town, date(2026, month, 5))
    reports.tell_many(3, 12)
    tables, totals = withheld(figures(reports, ground=units(12, 12)), Published())
    assert totals["facts"] == 84
    hidden = {f"2000000{each:02}" for each in range(3, 12)}
    assert not hidden & {line.code for line in tables[Dimension.EPCI]}
    assert not {f"88{each:03}" for each in range(4, 13)} & {
        line.code for line in tables[Dimension.COMMUNE]
    }


# --- Moved to stricter handling -----------------------------------------------------------------


def test_a_report_that_is_restricted_leaves_the_next_figures_and_not_those_that_closed(
    cast, vosges
):
    kept = told(cast, vosges["Golbey"], 2026, 8, 3)
    closed, masked = summaries.build(vosges.department, QUARTER)[:2]
    told(cast, vosges["Golbey"], 2026, 8, 4)
    sharing.restrict(
        kept,
        by=cast.diane,
        narrowing=sharing.Narrowing(
            units=(cast.louise.unit,),
            reason="source",
            text="",
            review_on=timezone.localdate() + timedelta(days=30),
        ),
    )
    assert summaries.build(vosges.department, QUARTER)[0] == closed
    later, theirs = summaries.build(vosges.department, QUARTER, revised=True)[:2]
    closed.refresh_from_db()
    assert (closed.facts, closed.supersedes) == (1, None)
    assert (later.facts, later.version, later.supersedes) == (1, 2, closed)
    assert row(later, "Golbey").facts == 1
    assert theirs == masked  # told once: a second table would tell that something left
    assert summaries.replay(closed).same_input is False

"""Figures: what counts, for whom, masked how, and the same input never built twice."""

import re
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from cross.audit.models import Entry
from cross.outbox.models import Job
from intel import periods, tasks
from intel.actions import life, summaries
from intel.models import Summary, SummaryAudience, TerritoryScore
from intel.reading import summaries as reading
from intel.states import State
from tests import factories

JULY, QUARTER = periods.read("2026-07"), periods.read("2026-Q3")
Dimension = TerritoryScore.Dimension


def at(*day):
    return datetime(*day, 12, tzinfo=timezone.get_current_timezone())


def told(cast, vosges, commune="Épinal", day=(2026, 7, 10), by="diane", **fields):
    """Seen, received and entered on that day."""
    moment = {"received_at": at(*day), "entered_at": at(*day), "occurred_on": date(*day)}
    return factories.report(cast[by], vosges[commune], **moment | fields)


def cell(department, period):
    return summaries.build_for(SummaryAudience.CELL, department, period)


def prefecture(department, period):
    return summaries.build_for(SummaryAudience.PREFECTURE, department, period)


def row(summary, dimension, label):
    return summary.scores.get(dimension=dimension, label=label)


def test_reports_and_facts_against_the_period_before(cast, vosges):
    first = told(cast, vosges)
    copy = told(cast, vosges, by="louise", day=(2026, 7, 20))
    told(cast, vosges, "Golbey", day=(2026, 6, 30))
    life.move(copy, by=cast.anna, target=State.DUPLICATE, original=first)
    summary = cell(vosges.department, JULY)
    assert (summary.reports, summary.facts) == (2, 1)
    assert (summary.previous_reports, summary.previous_facts) == (1, 1)
    epinal = row(summary, Dimension.COMMUNE, "Épinal")
    assert (epinal.reports, epinal.facts, epinal.previous_facts) == (2, 1, 0)
    assert row(summary, Dimension.COMMUNE, "Golbey").previous_facts == 1
    assert row(summary, Dimension.PRODUCT, "Produit non précisé").facts == 1


def revised(department, period):
    return summaries.build(department, period, revised=True)[0]


def test_a_fact_counts_once_when_it_first_came_in(cast, vosges):
    first = told(cast, vosges, day=(2026, 6, 20))
    again = told(cast, vosges, by="louise", day=(2026, 7, 2))
    life.move(again, by=cast.anna, target=State.DUPLICATE, original=first)
    summary = cell(vosges.department, JULY)
    assert (summary.reports, summary.facts, summary.previous_facts) == (1, 0, 1)


def test_a_fact_first_told_before_the_twelve_months_is_not_new(cast, vosges):
    first = told(cast, vosges, day=(2024, 1, 5))
    again = told(cast, vosges, by="louise", day=(2026, 7, 2))
    life.move(again, by=cast.anna, target=State.DUPLICATE, original=first)
    assert cell(vosges.department, JULY).facts == 0


def test_drafts_what_is_out_of_scope_and_restricted_count_nowhere(cast, vosges):
    told(cast, vosges)
    told(cast, vosges, draft=True)
    told(cast, vosges, units=[cast.louise.unit])
    aside = told(cast, vosges)
    life.move(aside, by=cast.anna, target=State.OUT_OF_SCOPE, why="conflit de voisinage")
    assert cell(vosges.department, JULY).reports == 1


def test_a_report_counts_on_the_day_of_the_facts(cast, vosges):
    """Without one, on the day it was received, when it was entered within a month of it."""
    paris = timezone.get_current_timezone()
    last = datetime(2026, 7, 31, 23, 59, tzinfo=paris)
    told(cast, vosges, day=(2026, 8, 4), occurred_on=date(2026, 7, 31))
    told(cast, vosges, day=(2026, 8, 4), occurred_on=date(2026, 8, 1))
    undated = {"occurred_on": None, "received_at": last}
    told(cast, vosges, **undated, entered_at=last)
    told(cast, vosges, occurred_on=None, received_at=last + timedelta(minutes=1), entered_at=last)
    told(cast, vosges, **undated, entered_at=last + timedelta(days=31))
    with time_machine.travel(at(2026, 9, 15)):
        july = revised(vosges.department, JULY)
        september = cell(vosges.department, periods.read("2026-08"))
    assert (july.reports, september.reports) == (2, 2)


def test_a_report_that_counts_on_no_day_is_said_apart(cast, vosges):
    old = at(2026, 5, 1)
    told(cast, vosges, day=(2026, 7, 3), occurred_on=None, received_at=old)
    told(cast, vosges, day=(2026, 7, 3), occurred_on=date(2029, 1, 1))
    summary = cell(vosges.department, JULY)
    assert (summary.reports, summary.undated, summary.to_come) == (0, 1, 1)


def test_provisional_figures_are_replaced_and_consolidated_ones_are_not(cast, vosges):
    told(cast, vosges)
    with time_machine.travel(at(2026, 8, 2)):
        first = cell(vosges.department, JULY)
        assert cell(vosges.department, JULY) == first
        assert (first.maturity, first.facts) == ("provisoire", 1)
    told(cast, vosges, day=(2026, 8, 2), occurred_on=date(2026, 7, 30))
    with time_machine.travel(at(2026, 8, 3)):
        second = cell(vosges.department, JULY)
        assert (second.version, second.facts, second.maturity) == (2, 2, "provisoire")
    assert not Summary.objects.filter(pk=first.pk).exists()
    with time_machine.travel(at(2026, 8, 16)):
        third = cell(vosges.department, JULY)
        assert (third.facts, third.maturity, third.moved) == (2, "consolide", {})
    told(cast, vosges, day=(2026, 8, 20), occurred_on=date(2026, 7, 30))
    with time_machine.travel(at(2026, 9, 1)):
        assert cell(vosges.department, JULY) == third
        last = revised(vosges.department, JULY)
        assert (last.version, last.facts, last.supersedes) == (4, 3, third)
        assert last.moved == {"facts": 1, "reports": 1, "where": [["Épinal", 2, 3]]}
        assert revised(vosges.department, JULY) == last
    third.refresh_from_db()
    assert third.facts == 2


def test_a_summary_is_replayed_as_long_as_its_input_stands(cast, vosges):
    report = told(cast, vosges)
    summary = cell(vosges.department, JULY)
    told(cast, vosges, day=(2026, 8, 20), occurred_on=date(2026, 7, 30))
    assert summaries.replay(summary) == summaries.Replay(same_input=True, same_figures=True)
    Summary.objects.filter(pk=summary.pk).update(result_digest="0" * 64)
    summary.refresh_from_db()
    assert summaries.replay(summary) == summaries.Replay(same_input=True, same_figures=False)
    life.move(report, by=cast.anna, target=State.OUT_OF_SCOPE, why="conflit de voisinage")
    assert summaries.replay(summary) == summaries.Replay(same_input=False, same_figures=None)


def test_an_empty_period_is_a_summary_of_nothing(cast, vosges):
    summary = cell(vosges.department, JULY)
    assert (summary.reports, summary.facts) == (0, 0)
    assert summary.stage == Summary.Stage.DONE


def test_the_prefecture_reads_no_small_count_nor_what_gives_one_back(cast, vosges):
    for day in range(1, 10):
        told(cast, vosges, day=(2026, 7, day))
    for day in range(1, 4):
        told(cast, vosges, "Golbey", day=(2026, 8, day))
    summary = prefecture(vosges.department, QUARTER)
    # July has 9 and August 3: beside July's 9, a total of 12 would tell August.
    assert summary.facts is None
    shown = summary.scores.filter(dimension=Dimension.COMMUNE)
    # Golbey has 3, Le Thillot none: together they would be read off the total, so Épinal hides.
    assert [(score.label, score.facts) for score in shown] == []
    for score in summary.scores.exclude(display="exact"):
        assert (score.facts, score.reports, score.previous_facts) == (None, None, None)
    assert not summary.scores.filter(facts__range=(1, 4)).exists()


def test_the_prefecture_has_details_by_quarter_alone(cast, vosges):
    for day in range(1, 20):
        told(cast, vosges, day=(2026, 7, day))
    month = prefecture(vosges.department, JULY)
    assert month.facts == 19
    assert not month.scores.filter(dimension=Dimension.COMMUNE).exists()
    products = month.scores.filter(dimension=Dimension.PRODUCT)
    assert {score.display for score in products} == {"trimestriel"}


@pytest.mark.parametrize(
    ("months", "told_total"),
    [
        ((7, 8, 9), 24),
        ((3, 8, 9), None),  # 20 less 8 and 9 gives the month that was not told
        ((4, 4, 9), None),  # 17 less 9: two small months of 8 together are 4 and 4
        ((0, 0, 9), None),
    ],
)
def test_no_total_gives_a_small_month_back(cast, vosges, months, told_total):
    """A month told cannot be taken back: the quarter that would complete it is not summed."""
    for month, count in zip((7, 8, 9), months, strict=True):
        for day in range(1, count + 1):
            told(cast, vosges, day=(2026, month, day))
    assert prefecture(vosges.department, QUARTER).facts == told_total
    for month, count in zip((7, 8, 9), months, strict=True):
        of_month = prefecture(vosges.department, periods.read(f"2026-{month:02}"))
        assert of_month.facts == (count if count >= 5 else None)
    assert prefecture(vosges.department, periods.read("2025")) is None


def test_who_opens_no_report_is_told_a_quarter_once(cast, vosges):
    """A second table of the same quarter would tell what moved between the two."""
    for day in range(1, 8):
        told(cast, vosges, day=(2026, 7, day))
    before = prefecture(vosges.department, JULY)
    told(cast, vosges, day=(2026, 8, 1), occurred_on=date(2026, 7, 20))
    ours, theirs, *_ = summaries.build(vosges.department, JULY, revised=True)
    assert ours.facts == 8
    assert theirs == before


def test_who_opens_no_report_waits_for_consolidated_figures(cast, vosges):
    told(cast, vosges)
    with time_machine.travel(at(2026, 8, 15)):
        assert prefecture(vosges.department, JULY) is None
    with time_machine.travel(at(2026, 8, 16)):
        assert prefecture(vosges.department, JULY).maturity == "consolide"


def test_both_audiences_rest_on_the_same_reports(cast, vosges):
    """No subtraction between the two gives a restricted report away."""
    for month in (7, 8, 9):
        for day in range(1, 8):
            told(cast, vosges, day=(2026, month, day))
    told(cast, vosges, units=[cast.louise.unit])
    ours, theirs = cell(vosges.department, QUARTER), prefecture(vosges.department, QUARTER)
    assert ours.facts == theirs.facts == 21
    assert all(summaries.replay(each).same_figures for each in (ours, theirs))


def test_one_hidden_report_more_changes_not_one_byte(cast, vosges):
    """Of anybody's tables: those who read it read it in their list, not in a figure."""
    for month in (7, 8, 9):
        for day in range(1, 8):
            told(cast, vosges, day=(2026, month, day), products=["cocaine"])
    built = summaries.build(vosges.department, QUARTER)
    hidden = {"products": ["heroine"], "modes": ["laboratory"], "source_code": "K-7"}
    told(cast, vosges, "Golbey", units=[cast.louise.unit], **hidden)
    told(cast, vosges, "Golbey", units=[cast.anna.unit], **hidden)
    told(cast, vosges, "Golbey", draft=True, **hidden)
    same = summaries.Replay(same_input=True, same_figures=True)
    assert {each.audience: summaries.replay(each) for each in built} == dict.fromkeys(
        [each.audience for each in built], same
    )
    told(cast, vosges, "Golbey", **hidden)
    changed = summaries.Replay(same_input=False, same_figures=None)
    assert [summaries.replay(each) for each in built] == [changed] * 4


def test_building_is_a_line_of_the_journal(cast, vosges):
    summaries.build(vosges.department, JULY, by=cast.anna)
    lines = Entry.objects.filter(verb="summary.built")
    assert {line.who for line in lines} == {"Anna Essai"}
    assert lines.count() == 4


def test_the_command_builds_and_tells(cast, vosges, capsys):
    call_command("build_summaries", department=["88"], period="2026-Q3")
    assert "88 2026-Q3 Cellule : version 1, faits : 0" in capsys.readouterr().out
    assert Summary.objects.count() == len(SummaryAudience)


@pytest.mark.parametrize(
    ("department", "period", "sentence"),
    [
        ("88", "2026-13", "n’est pas une période"),
        ("99", "2026-Q3", "load_territory --department 99"),
    ],
)
def test_the_command_says_what_to_do(cast, vosges, department, period, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("build_summaries", department=[department], period=period)


def test_the_worker_asks_again_whether_who_asked_still_may(cast, vosges):
    job = summaries.ask(vosges.department, JULY, by=cast.anna)
    cast.anna.authorised_until = timezone.localdate() - timedelta(days=1)
    cast.anna.save()
    with pytest.raises(ValidationError, match="ne pouvez plus"):
        tasks.build_summaries(job, **job.args)
    assert not Summary.objects.exists()
    cast.anna.authorised_until = timezone.localdate() + timedelta(days=1)
    cast.anna.save()
    assert len(tasks.build_summaries(job, **job.args)["summaries"]) == 4


def test_what_one_asks_swallows_neither_the_night_s_work_nor_another_s(cast, vosges):
    """Anna's job waits when her rights end: the others are built all the same."""
    month = periods.month_of(timezone.localdate() - timedelta(days=1))
    of_anna = summaries.ask(vosges.department, month, by=cast.anna)
    assert summaries.ask(vosges.department, month, by=cast.anna) == of_anna
    of_marc = summaries.ask(vosges.department, month, by=cast.marc)
    assert of_marc.requested_by_id == cast.marc.pk
    cast.anna.authorised_until = timezone.localdate() - timedelta(days=1)
    cast.anna.save()
    tasks.summaries_of_months(None)
    jobs = Job.objects.filter(kind="build_summaries", args=of_anna.args)
    nobody_s = jobs.get(requested_by_id=None)
    with pytest.raises(ValidationError):
        tasks.build_summaries(of_anna, **of_anna.args)
    built = tasks.build_summaries(nobody_s, **nobody_s.args)
    assert len(built["summaries"]) == 2  # the cell, and the court
    assert tasks.build_summaries(of_marc, **of_marc.args) == built


# --- Pages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "sees_cell", "sees_prefecture"),
    [
        ("anna", 200, 404),
        ("diane", 200, 404),
        ("claire", 404, 200),
        ("gilles", 404, 404),
        ("ines", 404, 404),
        ("tom", 404, 404),
        ("paul", 404, 404),
    ],
)
def test_who_opens_which_summary(cast, vosges, enter, who, sees_cell, sees_prefecture):
    told(cast, vosges)
    of_cell, of_prefecture, *_ = summaries.build(vosges.department, QUARTER)
    client = enter(cast[who])
    assert client.get(f"/syntheses/{of_cell.pk}/").status_code == sees_cell
    assert client.get(f"/syntheses/{of_prefecture.pk}/").status_code == sees_prefecture


def test_the_page_shows_the_map_the_tables_and_how_to_read_them(cast, vosges, enter):
    told(cast, vosges, products=["cocaine"])
    of_cell, *_ = summaries.build(vosges.department, QUARTER)
    text = enter(cast.anna).get(f"/syntheses/{of_cell.pk}/").content.decode()
    for words in ("<svg", "Épinal", "Cocaïne", "3e trimestre 2026", "non ce qui existe"):
        assert words in text


def test_on_a_phone_a_bar_keeps_its_length_and_its_value(cast, vosges, enter):
    for day in (1, 2, 3):
        told(cast, vosges, day=(2026, 7, day), products=["cocaine"])
    told(cast, vosges, products=["heroine"])
    of_cell, *_ = summaries.build(vosges.department, QUARTER)
    drawn = reading.gather(of_cell)
    for name, large in drawn.charts.items():
        small = drawn.small_charts[name]
        assert re.findall(r">(\d+)<", small) == re.findall(r">(\d+)<", large)
        for x, words in re.findall(r'<text[^>]* x="([\d.]+)"[^>]*>([^<]+)', small):
            assert float(x) < reading.NARROW, words
    bars = re.findall(
        r'class="chart-bar" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"',
        drawn.small_charts[Dimension.PRODUCT],
    )
    (x, cocaine), (_, heroin) = [(float(x), float(width)) for x, width in bars[-2:]]
    assert cocaine == pytest.approx(3 * heroin, rel=0.02)
    assert x + cocaine < reading.NARROW
    page = enter(cast.anna).get(f"/syntheses/{of_cell.pk}/").content.decode()
    assert page.count("cx-chart--small") == page.count("cx-chart--large") == 3


def test_the_prefecture_reads_the_last_quarter_in_sentences_first(cast, vosges, enter):
    for month in (7, 8, 9):
        for day in range(1, 7):
            told(cast, vosges, day=(2026, month, day), products=["cocaine"])
    told(cast, vosges, "Golbey", products=["heroine"])
    with time_machine.travel(at(2026, 11, 22)):
        summaries.build(vosges.department, QUARTER)
        page = plain(enter(cast.claire).get("/").content.decode())
        assert "Au 3e trimestre 2026, la cellule a enregistré" in page
        assert page.index("la cellule a enregistré") < page.index("note en rédaction")
        # Masked for its audience, in words too.
        assert "Golbey (" not in page
        assert "héroïne (" not in page
        assert "la cellule a enregistré" not in enter(cast.diane).get("/").content.decode()


def test_asking_needs_the_right_and_a_period_of_the_list(cast, vosges, enter):
    period = periods.month_of(timezone.localdate()).code
    assert enter(cast.diane).post("/syntheses/construire/", {"period": period}).status_code == 403
    assert enter(cast.paul).post("/syntheses/construire/", {"period": period}).status_code == 403
    client = enter(cast.anna)
    client.post("/syntheses/construire/", {"period": "1999-01"})
    assert not Job.objects.exists()
    answer = client.post("/syntheses/construire/", {"period": period})
    job = Job.objects.get()
    assert answer.url.endswith(f"?travail={job.pk}")
    assert job.args == {"department": "88", "period": period}
    assert "En attente du calculateur" in client.get(answer.url).content.decode()
    client.post("/syntheses/construire/", {"period": period})
    assert Job.objects.count() == 1
    assert client.get(f"/travaux/{job.pk}/").status_code == 200
    assert enter(cast.diane).get(f"/travaux/{job.pk}/").status_code == 404


def test_a_list_costs_the_same_with_one_row_and_with_many(
    cast, vosges, enter, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = enter(cast.anna)
    cell(vosges.department, JULY)
    client.get("/syntheses/")
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get("/syntheses/")
    for month in range(1, 7):
        cell(vosges.department, periods.read(f"2026-0{month}"))
    with django_assert_num_queries(len(one)):
        client.get("/syntheses/")
    assert len(one) <= 15


def test_a_new_place_is_told_though_the_period_before_is_not(cast, vosges):
    """What was quiet before and is not any more is what the prefecture must see."""
    for month, commune in ((7, "Épinal"), (8, "Golbey"), (9, "Le Thillot")):
        for day in range(1, 10):
            told(cast, vosges, commune, day=(2026, month, day))
    summary = prefecture(vosges.department, QUARTER)
    golbey = row(summary, Dimension.COMMUNE, "Golbey")
    assert (golbey.facts, golbey.previous_facts) == (9, None)
    assert (summary.facts, summary.previous_facts) == (27, None)


def test_a_period_that_has_not_ended_is_marked_as_running(cast, vosges, enter):
    month = periods.month_of(timezone.localdate())
    told(cast, vosges, day=(month.start.year, month.start.month, 1))
    summaries.build(vosges.department, month)
    pages = [(cast.anna, address) for address in ("/", "/syntheses/")]
    running = f"{month.label.capitalize()} (en cours)</a>"
    for who, address in pages:
        assert running in enter(who).get(address).content.decode()
    with time_machine.travel(at(*(month.end + timedelta(days=1)).timetuple()[:3])):
        for who, address in pages:
            assert running not in enter(who).get(address).content.decode()


def test_the_prefecture_sees_the_map_first_and_large(cast, vosges, enter):
    def width(who):
        page = enter(who).get("/").content.decode()
        return int(re.search(r'<svg[^>]*class="map"[^>]*viewBox="0 0 (\d+)', page)[1])

    assert "Pas encore de carte" in enter(cast.claire).get("/").content.decode()
    told(cast, vosges)
    summaries.build(vosges.department, QUARTER)
    page = enter(cast.claire).get("/").content.decode()
    assert page.index("<svg") < page.index("Notes de stratégie</h2>")
    assert width(cast.claire) > 1.5 * width(cast.anna)
    assert "Source : cellule CROSS, 3e trimestre 2026, version 1." in plain(page)


def plain(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))

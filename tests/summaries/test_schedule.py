"""When summaries are built, again, revised or not at all, and who is told of a failure."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from cross.outbox import KINDS, doing
from cross.outbox.models import Job
from cross.outbox.schedule import in_text
from intel import periods, tasks
from intel.actions import summaries
from intel.models import Summary, SummaryAudience
from intel.models.summary import OF_DEPARTMENTS
from intel.summaries.days import midnight
from intel.summaries.spans import consolidated_on
from protocols.models import Protocol
from tests import factories

PARIS = timezone.get_default_timezone()


def noon(*day):
    return datetime(*day, 12, tzinfo=PARIS)


def tell(by, commune, occurred_on, entered=None):
    moment = entered or noon(*occurred_on.timetuple()[:3])
    factories.report(by, commune, received_at=moment, entered_at=moment, occurred_on=occurred_on)


def codes(today, *kinds):
    return [period.code for period in summaries.due_periods(today, kinds)]


@pytest.mark.parametrize(
    ("today", "weeks"),
    [
        # Monday: three are not drawn up for good, up to the one that ended yesterday.
        (date(2026, 11, 23), ["2026-W44", "2026-W45", "2026-W46", "2026-W47"]),
        # 2026 has a week 53, which ends in 2027.
        (date(2026, 12, 29), ["2026-W50", "2026-W51", "2026-W52", "2026-W53"]),
        (date(2027, 1, 4), ["2026-W50", "2026-W51", "2026-W52", "2026-W53"]),
        (date(2027, 1, 5), ["2026-W51", "2026-W52", "2026-W53", "2027-W01"]),
    ],
)
def test_the_night_builds_each_week_until_a_fortnight_has_closed_it(today, weeks):
    assert codes(today, "week") == weeks


@pytest.mark.parametrize(
    ("today", "months", "quarters"),
    [
        # The first of a month: the one that ended yesterday, still open, and one drawn up.
        (date(2026, 10, 1), ["2026-08", "2026-09"], ["2026-Q2", "2026-Q3"]),
        (date(2026, 10, 2), ["2026-09", "2026-10"], ["2026-Q3", "2026-Q4"]),
        # On the 16th, September is drawn up for good: built that night, and kept after.
        (date(2026, 10, 15), ["2026-09", "2026-10"], ["2026-Q3", "2026-Q4"]),
        (date(2026, 10, 16), ["2026-09", "2026-10"], ["2026-Q3", "2026-Q4"]),
        (date(2028, 3, 1), ["2028-01", "2028-02"], ["2027-Q4", "2028-Q1"]),
        (date(2027, 1, 1), ["2026-11", "2026-12"], ["2026-Q3", "2026-Q4"]),
    ],
)
def test_the_night_builds_months_and_quarters_until_they_are_drawn_up(today, months, quarters):
    assert set(months) <= set(codes(today, "month"))
    assert set(quarters) <= set(codes(today, "quarter"))


@pytest.mark.parametrize(
    ("period", "instant"),
    [
        # Midnight of Paris: in summer time, in winter time, after a 29 February.
        ("2026-09", "2026-10-15T22:00:00+00:00"),
        ("2026-10", "2026-11-15T23:00:00+00:00"),
        ("2028-02", "2028-03-15T23:00:00+00:00"),
        ("2026-W53", "2027-01-18T23:00:00+00:00"),
    ],
)
def test_the_instant_at_which_figures_are_drawn_up_for_good(period, instant):
    assert consolidated_on(periods.read(period)) == datetime.fromisoformat(instant)


def test_a_day_of_25_hours_is_one_day():
    """On 25 October 2026 the hour between two and three comes twice."""
    begins, ends = (midnight(date(2026, 10, day)).astimezone(UTC) for day in (25, 26))
    assert ends - begins == timedelta(hours=25)


def test_a_leap_day_counts_in_its_month(cast, vosges):
    with time_machine.travel(noon(2028, 3, 20)):
        cast.diane.authorised_until = date(2028, 12, 31)
        cast.diane.save()
        tell(cast.diane, vosges["Épinal"], date(2028, 2, 29))
        ours, *_ = summaries.build(vosges.department, periods.read("2028-02"))
        assert (ours.facts, ours.ends_on) == (1, date(2028, 2, 29))


def test_each_level_has_its_night_and_its_kinds(cast, vosges):
    nights = {"summaries_of_weeks", "summaries_of_months", "summaries_of_quarters"}
    nights |= {"national_summaries", "national_left"}
    assert all(in_text(KINDS[name].schedule) for name in nights)
    with time_machine.travel(noon(2026, 10, 2)):
        tasks.summaries_of_quarters(None)
    asked = {job.args["period"] for job in Job.objects.filter(args__department="88")}
    assert {"2026-Q3", "2026-Q4", "2026-Q3R12"} <= asked


def test_a_department_whose_protocol_ended_is_left_alone(cast, vosges):
    Protocol.objects.filter(department=vosges.department).update(ends_on=date(2026, 9, 1))
    with time_machine.travel(noon(2026, 10, 2)):
        tasks.summaries_of_months(None)
    assert {job.args["department"] for job in Job.objects.all()} == {"54"}


# --- Late reports --------------------------------------------------------------------------------


def test_a_late_report_moves_provisional_figures_and_never_consolidated_ones(cast, vosges):
    """A revision says what moved, and where; the version before it stays as it was."""
    department, july = vosges.department, periods.read("2026-07")
    tell(cast.diane, vosges["Épinal"], date(2026, 7, 10))
    with time_machine.travel(noon(2026, 8, 10)):
        provisional, *_ = summaries.build(department, july)
    tell(cast.diane, vosges["Épinal"], date(2026, 7, 11), entered=noon(2026, 8, 11))
    with time_machine.travel(noon(2026, 8, 12)):
        again, *_ = summaries.build(department, july)
    assert (provisional.facts, again.facts, again.is_provisional) == (1, 2, True)
    with time_machine.travel(noon(2026, 8, 16)):
        drawn_up, *_ = summaries.build(department, july)
    tell(cast.diane, vosges["Épinal"], date(2026, 7, 12), entered=noon(2026, 9, 1))
    with time_machine.travel(noon(2026, 9, 2)):
        assert summaries.build(department, july)[0] == drawn_up
        revised, *_ = summaries.build(department, july, revised=True)
    drawn_up.refresh_from_db()
    moved = {"facts": 1, "reports": 1, "where": [["Épinal", 2, 3]]}
    assert (drawn_up.facts, revised.facts, revised.moved) == (2, 3, moved)


# --- Commands ------------------------------------------------------------------------------------


def test_the_command_builds_several_or_all_and_says_what_a_revision_moved(cast, vosges, capsys):
    call_command("build_summaries", department=["88", "54"], period="2026-07")
    assert Summary.objects.count() == 2 * len(OF_DEPARTMENTS) + 1
    call_command("build_summaries", all=True, period="2026-07")
    assert Summary.objects.count() == 2 * len(OF_DEPARTMENTS) + 1
    tell(cast.diane, vosges["Épinal"], date(2026, 7, 12), entered=noon(2026, 9, 1))
    capsys.readouterr()
    call_command("build_summaries", department=["88"], period="2026-07", revise=True)
    said = capsys.readouterr().out
    assert "88 2026-07 Cellule : version 2, faits : 1 (révisé : +1 par rapport" in said
    with pytest.raises(CommandError, match="--period"):
        call_command("build_summaries", department=["88"], revise=True)


def fail_for(monkeypatch, code):
    build = summaries.build

    def broken(department, *args, **options):
        if department.code == code:
            raise RuntimeError("le texte d’un renseignement")
        return build(department, *args, **options)

    monkeypatch.setattr(summaries, "build", broken)


def test_a_department_that_fails_leaves_the_others_and_the_command_says_so(
    cast, monkeypatch, capsys
):
    fail_for(monkeypatch, "54")
    with pytest.raises(CommandError, match="Non construits : 54"):
        call_command("build_summaries", all=True, period="2026-07")
    assert {each.department.code for each in Summary.objects.all()} == {"88"}
    assert "54 : échec (RuntimeError)" in capsys.readouterr().err


def test_a_summary_is_replayed_or_said_to_differ(cast, vosges, capsys):
    def replayed():
        call_command("replay_summary", department="88", period="2026-07")
        return capsys.readouterr().out

    with pytest.raises(CommandError, match="Aucune synthèse 88 2026-07"):
        replayed()
    tell(cast.diane, vosges["Épinal"], date(2026, 7, 10))
    summaries.build(vosges.department, periods.read("2026-07"))
    assert replayed().count("rejouée à l’identique.") == len(SummaryAudience)
    ours = Summary.objects.filter(audience=SummaryAudience.CELL)
    ours.update(result_digest="0" * 64)
    with pytest.raises(CommandError, match="en écart : 1"):
        replayed()
    assert "Cellule, version 1 : ÉCART" in capsys.readouterr().out
    ours.update(input_digest="0" * 64)
    assert "Cellule, version 1 : les données ont changé depuis" in replayed()


# --- What the night could not do -----------------------------------------------------------------


@pytest.fixture
def failed_night(cast, monkeypatch):
    """The department of the Vosges fails in the night, that of Meurthe-et-Moselle too."""
    with time_machine.travel(noon(2026, 10, 2)):
        tasks.summaries_of_quarters(None)
    jobs = Job.objects.filter(args__period="2026-Q3")
    with monkeypatch.context() as during:
        during.setattr(summaries, "build", lambda *args, **options: 1 / 0)
        for job in jobs:
            doing.do(job.pk)
    return jobs.get(args__department="88")


@pytest.mark.parametrize(
    ("who", "is_told"),
    [("anna", True), ("marc", True), ("diane", False), ("claire", False)],
)
def test_the_cell_is_told_of_its_own_failures(failed_night, cast, enter, who, is_told):
    with time_machine.travel(timezone.now()):
        page = enter(cast[who]).get("/syntheses/").content.decode()
    line = "La synthèse du 3e trimestre 2026 n’a pas pu être construite le"
    assert page.count(line) == is_told
    assert ("Erreur inattendue (ZeroDivisionError)" in page) == is_told


def test_a_failure_made_good_is_told_no_more(failed_night, cast, enter):
    client = enter(cast.anna)
    again = summaries.ask(
        cast.anna.unit.department, periods.read(failed_night.args["period"]), by=cast.anna
    )
    doing.do(again.pk)
    again.refresh_from_db()
    assert again.state == Job.State.DONE
    assert "n’a pas pu être construite" not in client.get("/syntheses/").content.decode()


def test_the_worker_says_for_whom_it_builds(cast, vosges):
    heard = []
    summaries.build(
        vosges.department, periods.read("2026-07"), tell=lambda *said: heard.append(said)
    )
    assert heard == [
        (0, 4, "Lecture des renseignements"),
        (0, 4, "Pour : Cellule"),
        (1, 4, "Pour : Préfecture"),
        (2, 4, "Pour : Ensemble national"),
        (3, 4, "Pour : Parquet, Tribunal judiciaire de Épinal"),
    ]

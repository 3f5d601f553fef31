"""The national table: from the summaries of departments alone, and when it is drawn up."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cross.audit.models import Entry
from cross.outbox import doing
from cross.outbox.models import Job
from intel import access, periods
from intel.actions import national, summaries
from intel.models import Summary, SummaryAudience
from tests import factories

JULY = periods.read("2026-07")


def tell(by, commune, how_many, month=7):
    for day in range(1, how_many + 1):
        moment = datetime(2026, month, day, 12, tzinfo=timezone.get_current_timezone())
        factories.report(
            by, commune, received_at=moment, entered_at=moment, occurred_on=date(2026, month, day)
        )


def rows(summary):
    scores = summary.scores.order_by("rank").values_list("code", "facts", "display")
    return {code: (facts, display) for code, facts, display in scores}


@pytest.fixture
def two(cast, vosges, meurthe):
    """9 facts in the Vosges and 7 in Meurthe-et-Moselle, drawn up for July."""
    tell(cast.diane, vosges["Épinal"], 9)
    tell(cast.paul, meurthe["Nancy"], 7)
    for territory in (vosges, meurthe):
        summaries.build(territory.department, JULY)


def test_it_is_told_by_departments_alone(two, cast, vosges):
    # One more report: the department has drawn up its figures, so the country hears nothing.
    tell(cast.diane, vosges["Golbey"], 1)
    with CaptureQueriesContext(connection) as asked:
        summary = national.build(JULY)
    assert rows(summary) == {"54": (7, "exact"), "88": (9, "exact")}
    assert (summary.facts, summary.department, summary.audience) == (16, None, "national")
    assert not [each["sql"] for each in asked if "intel_report" in each["sql"]]


def test_what_a_department_masks_and_one_that_is_missing_are_no_zeros(cast, vosges, meurthe):
    tell(cast.diane, vosges["Épinal"], 4)
    summaries.build(vosges.department, JULY)
    summary = national.build(JULY)
    assert rows(summary) == {"54": (None, "manquant"), "88": (None, "masque")}
    assert (summary.facts, summary.reports) == (None, None)


def test_beside_a_department_that_is_not_told_there_is_no_total(cast, vosges, meurthe):
    """A later version would give that department back."""
    tell(cast.diane, vosges["Épinal"], 9)
    summaries.build(vosges.department, JULY)
    first = national.build(JULY)
    assert (first.facts, rows(first)["88"]) == (None, (9, "exact"))
    tell(cast.paul, meurthe["Nancy"], 7)
    summaries.build(meurthe.department, JULY)
    second = national.build(JULY)
    assert (second.version, second.supersedes, second.facts) == (2, first, 16)


def test_closing_twice_gives_the_same_row(two):
    assert national.build(JULY) == national.build(JULY)
    assert Entry.objects.filter(verb="summary.built", target__contains="France").count() == 1


@pytest.mark.parametrize("period", ["2026-W30", "2026", "2026-Q3R12", "2026-11"])
def test_it_is_made_of_months_and_quarters_that_are_drawn_up_for_good(cast, period):
    with pytest.raises(ValueError, match=r"national|définitifs"):
        national.build(periods.read(period))
    assert not Summary.objects.exists()


@pytest.mark.parametrize(
    ("today", "due"),
    [
        # Drawn up for good at midnight on the 16th, told the day after.
        (date(2026, 10, 16), ["2026-08", "2026-Q2"]),
        (date(2026, 10, 17), ["2026-09", "2026-Q3"]),
        (date(2027, 1, 17), ["2026-12", "2026-Q4"]),
        (date(2028, 3, 16), ["2028-01", "2027-Q4"]),
        (date(2028, 3, 17), ["2028-02", "2027-Q4"]),
    ],
)
def test_what_a_run_tells(today, due):
    assert [period.code for period in national.due_periods(today)] == due


# --- The run -------------------------------------------------------------------------------------


def closings():
    return Job.objects.filter(kind="close_national")


def test_the_last_department_to_end_asks_for_the_table_even_when_it_fails(
    cast, vosges, meurthe, monkeypatch
):
    tell(cast.diane, vosges["Épinal"], 9)
    build = summaries.build

    def build_but_one(department, *args, **options):
        if department.code == "54":
            raise RuntimeError("le texte d’un renseignement")
        return build(department, *args, **options)

    monkeypatch.setattr(summaries, "build", build_but_one)
    assert national.ask(JULY) == 2
    assert national.ask(JULY) == 2  # asked again while it runs, it is one run
    asked = {job.args["department"]: job for job in Job.objects.all()}
    assert len(asked) == Job.objects.count() == 2
    doing.do(asked["88"].pk)
    assert not closings().exists()
    doing.do(asked["54"].pk)
    doing.do(closings().get().pk)
    summary = Summary.objects.get(department=None)
    assert rows(summary) == {"54": (None, "manquant"), "88": (9, "exact")}
    assert closings().get().result == {"summary": summary.pk}


def test_the_table_waits_for_a_department_at_work_until_its_deadline(cast, vosges):
    national.ask(JULY)
    assert national.close(JULY) is None
    with time_machine.travel(timezone.now() + national.DEADLINE + timedelta(minutes=1)):
        assert set(rows(national.close(JULY)).values()) == {(None, "manquant")}


def test_what_is_built_apart_from_a_run_closes_none(cast, vosges):
    job = summaries.ask(vosges.department, JULY, by=cast.anna)
    doing.do(job.pk)
    assert not closings().exists()


def test_a_run_that_a_crash_cut_short_is_asked_for_again(two):
    with time_machine.travel(datetime(2026, 8, 20, 12, tzinfo=timezone.get_current_timezone())):
        assert national.ask_for_what_is_left(timezone.localdate()) == 2
        assert {job.args["period"] for job in closings()} == {"2026-07", "2026-Q2"}


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_draw_up_one_table_and_one_summary_an_audience(cast, vosges):
    """Each on its own connection, as two workers are."""
    tell(cast.diane, vosges["Épinal"], 6)

    def alone(act):
        try:
            return act()
        finally:
            connection.close()

    def keys_of_two(act):
        with ThreadPoolExecutor(2) as workers:
            return [found.result() for found in [workers.submit(alone, act) for _ in range(2)]]

    first, second = keys_of_two(
        lambda: [each.pk for each in summaries.build(vosges.department, JULY)]
    )
    assert first == second
    assert Summary.objects.count() == len(SummaryAudience)
    first, second = keys_of_two(lambda: national.build(JULY).pk)
    assert first == second
    assert Summary.objects.filter(department=None).count() == 1


# --- Who reads it --------------------------------------------------------------------------------


def test_no_role_opens_it_in_the_application(two, cast, enter):
    summary = national.build(JULY)
    for member in cast.values():
        assert not access.readable_summaries(member).filter(pk=summary.pk).exists()
    for who in ("anna", "claire", "ines", "tom"):
        assert enter(cast[who]).get(f"/syntheses/{summary.pk}/").status_code == 404


def test_the_command_writes_it_and_the_journal_says_so(two, tmp_path, capsys):
    file = tmp_path / "france.csv"
    call_command("national_summary", period="2026-07", csv=file)
    assert "juillet 2026, version 1" in capsys.readouterr().out
    told = list(csv.reader(io.StringIO(file.read_text("utf-8-sig")), delimiter=";"))
    assert [row[:4] for row in told[1:]] == [
        ["54", "Meurthe-et-Moselle", "7", "7"],
        ["88", "Vosges", "9", "9"],
        ["", "Ensemble", "16", "16"],
    ]
    line = Entry.objects.get(verb="summary.exported")
    assert (line.target, line.who) == ("synthèse France 2026-07 national v1", "système")


def test_the_command_shows_who_is_missing(cast, capsys):
    call_command("national_summary", period="2026-07")
    assert "88 | Vosges | n.c. | n.c. | n.c. | n.c. | Département manquant" in (
        capsys.readouterr().out
    )


def test_the_command_says_what_it_cannot_do(cast, tmp_path):
    with pytest.raises(CommandError, match="mois ou un trimestre"):
        call_command("national_summary", period="2026-W30")
    with pytest.raises(CommandError, match="n’est pas une période"):
        call_command("national_summary", period="juillet")
    with pytest.raises(CommandError, match="No such file"):
        call_command("national_summary", period="2026-07", csv=tmp_path / "nowhere" / "f.csv")

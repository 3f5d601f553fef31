"""Summaries, openness, and the reports on which a figure may rest."""

from functools import reduce
from operator import or_

from django.db.models import Q

from intel.access.rule import listed_reports, open_reports
from intel.access.seats import lacks_court, running_seats, standing
from intel.models import (
    Maturity,
    Openness,
    Report,
    Summary,
    SummaryAudience,
)
from intel.models.summary import is_latest_version
from protocols.access import consulted_departments
from protocols.models import Participation
from services.models import Court
from services.roles import Right, may


def countable_reports(member):
    """The reports a figure shown to this member may rest on; used by `reading/` for figures alone.

    A reader counts what he lists. The prefecture reads none: its figures rest on the reports open
    to the whole protocol, as the cell's do, so that no subtraction gives a restricted one away.
    """
    if may(Right.READ)(member):
        return listed_reports(member)
    if not (member.is_in_duty() and may(Right.READ_MASKED_SUMMARIES)(member)):
        return Report.objects.none().answered()
    return open_reports(summary_departments(member)).answered()


def summary_departments(member):
    """The departments whose summaries the unit consults today: any permanent seat."""
    return [] if lacks_court(member) else consulted_departments(member)


def readable_summaries(member):
    """Built summaries of the audiences this member belongs to, where his unit has a seat."""
    theirs = [rule(member) for right, rule in SUMMARIES.items() if may(right)(member)]
    if not theirs:
        return Summary.objects.none()
    return Summary.objects.filter(
        reduce(or_, theirs),
        stage=Summary.Stage.DONE,
        department__in=summary_departments(member),
    )


def _of_the_cell(member):
    """Exact figures of every open report: for a unit that reads them itself, all of them."""
    return Q(audience=SummaryAudience.CELL, department__in=standing(member).departments)


def _of_his_court(member):
    """The same of the area of a court: what he may count in his own list, and nothing else."""
    return Q(
        audience=SummaryAudience.COURT,
        court=member.unit.court_id,
        department__in=standing(member).departments,
    )


def _of_the_prefecture(member):
    """Two versions of masked tables differ by what came between: the last one alone is told."""
    return Q(audience=SummaryAudience.PREFECTURE) & is_latest_version()


# Which summaries a right opens.
SUMMARIES = {
    Right.READ_CELL_SUMMARIES: _of_the_cell,
    Right.READ_COURT_SUMMARIES: _of_his_court,
    Right.READ_MASKED_SUMMARIES: _of_the_prefecture,
}


def court_of(member):
    """The court of whose area alone he reads, None for who reads of whole departments."""
    return member.unit.court if may(Right.READ_COURT_SUMMARIES)(member) else None


def courts_reading(department):
    """The courts whose prosecutors read the open reports of their area there, today."""
    seats = running_seats().filter(
        content_object__department=department,
        standing=Participation.Standing.PERMANENT,
        group__unit__court__isnull=False,
        group__unit__closed_on=None,
    )
    return Court.objects.filter(pk__in=seats.values("group__unit__court")).order_by("code")


def buildable_departments(member):
    """Departments for which this member may ask a summary: his cell's own."""
    if not may(Right.BUILD_SUMMARIES)(member):
        return []
    own = member.unit.department_id
    return [own] if own in summary_departments(member) else []


def exportable_summaries(member):
    """What he reads, for whoever may take a list away; masked, it was made to be handed round."""
    if may(Right.EXPORT)(member) or may(Right.READ_MASKED_SUMMARIES)(member):
        return readable_summaries(member)
    return Summary.objects.none()


def revisable_summaries(member):
    """Consolidated summaries of his own cell, which he may ask to be counted anew: the last
    version of each, for what was replaced is revised no more."""
    return readable_summaries(member).filter(
        is_latest_version(),
        audience=SummaryAudience.CELL,
        maturity=Maturity.CONSOLIDATED,
        department__in=buildable_departments(member),
    )


def checked_summaries(member):
    """Those of his own cell that its yearly check is drawn from: shares alone are told of them.

    A controller's unit has no seat: he checks the figures of his department without opening any.
    """
    own = member.unit.department_id
    if not (may(Right.CHECK_SUMMARIES)(member) and member.is_in_duty()):
        return Summary.objects.none()
    if may(Right.READ)(member) and own not in summary_departments(member):
        return Summary.objects.none()
    return Summary.objects.consolidated().filter(
        audience=SummaryAudience.CELL, stage=Summary.Stage.DONE, department=own
    )


def readable_openness(member):
    """How much each service shares, for every reader of the department."""
    return Openness.objects.filter(department__in=standing(member).departments)

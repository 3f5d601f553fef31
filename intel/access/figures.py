"""Summaries, editions, openness, and the reports on which a figure may rest."""

from django.db.models import Q

from cross import gate
from intel.access.rule import listed_reports, open_reports
from intel.access.seats import lacks_court, permission_id, standing
from intel.models import (
    Edition,
    Maturity,
    Openness,
    PrintedCopy,
    Report,
    Summary,
    SummaryAudience,
)
from intel.models.summary import is_latest_version
from protocols.models import HAND_IN, Participation, Protocol
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
    if not member.is_in_duty() or member.unit.closed_on or lacks_court(member):
        return []
    return gate.once(
        ("summary_departments", member.pk),
        lambda: list(
            Participation.objects.running()
            .exclude(permission_id=permission_id(Protocol, HAND_IN))
            .filter(
                group_id=member.unit.group_id,
                # A seat on a subject does not open figures about everything.
                standing=Participation.Standing.PERMANENT,
                content_object__in=Protocol.objects.in_force(),
            )
            .values_list("content_object__department", flat=True)
            .distinct()
        ),
    )


# Which audience of summaries a right opens.
AUDIENCES = {
    Right.READ_CELL_SUMMARIES: SummaryAudience.CELL,
    Right.READ_MASKED_SUMMARIES: SummaryAudience.PREFECTURE,
}


def readable_summaries(member):
    """Built summaries of the audiences this member belongs to, where his unit has a seat."""
    audiences = [audience for right, audience in AUDIENCES.items() if may(right)(member)]
    if not audiences:
        return Summary.objects.none()
    # Two versions of masked tables differ by what came between: the last one alone is told.
    return Summary.objects.filter(
        Q(audience=SummaryAudience.CELL) | is_latest_version(),
        stage=Summary.Stage.DONE,
        audience__in=audiences,
        department__in=summary_departments(member),
    )


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
    """Consolidated summaries of his own cell, which he may ask to be counted anew."""
    return readable_summaries(member).filter(
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


def readable_editions(member):
    """Validated editions for whoever consults them; drafts only for those who write them."""
    if not may(Right.READ_EDITIONS)(member):
        return Edition.objects.none()
    editions = Edition.objects.filter(department__in=summary_departments(member))
    if may(Right.WRITE_EDITIONS)(member):
        return editions
    return editions.filter(state=Edition.State.VALIDATED)


def writable_editions(member):
    if not may(Right.WRITE_EDITIONS)(member):
        return Edition.objects.none()
    return readable_editions(member)


def printable_editions(member):
    if not may(Right.PRINT_EDITIONS)(member):
        return Edition.objects.none()
    return readable_editions(member)


def own_prints(member):
    """Copies that the member printed himself, of editions that he may still print."""
    return PrintedCopy.objects.filter(
        edition__in=printable_editions(member), printed_by=member
    ).select_related("edition", "printed_by__unit")


def readable_openness(member):
    """How much each service shares, for every reader of the department."""
    return Openness.objects.filter(department__in=standing(member).departments)

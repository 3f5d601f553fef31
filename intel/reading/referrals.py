"""Which courts were seized of a report, and which may be."""

from dataclasses import dataclass

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    Value,
    When,
)

from intel import access
from intel.models import Referral
from services.models import Court

SHOWN = 20
ARE_THERE = Exists(Referral.objects.filter(report=OuterRef("pk")))


def courts_of(report):
    """All of them: a case goes where it is followed. That of the commune, then those of its
    department, come first."""
    here = report.commune
    rank = Case(
        When(pk=here.court_id, then=Value(0)),
        When(department=report.department_id, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return Court.objects.order_by(rank, "sort_key", "code")


def referrals_of(report):
    """Latest first, with whoever said it."""
    return list(
        Referral.objects.of(report)
        .select_related("court", "unit", "by__unit", "decision_by")
        .order_by("-sent_on", "-pk")
    )


@dataclass(frozen=True)
class SentToCourt:
    """What a court was sent, of what its prosecutor reads; `rows` is cut, the counts are not."""

    rows: list  # without a decision first, the longest waiting at the top
    count: int
    waiting: int


def sent_to_court_of(member):
    """What the member's own court was sent: two queries. Neither who sent it nor who said so:
    that is for the sheet to tell, which tells nothing of a report that he is but invited to.
    """
    followed = access.followed_reports(member, for_page=True)
    sent = Referral.objects.of_all(followed).filter(court=member.unit.court_id)
    waits = Q(decision="")
    counts = sent.aggregate(count=Count("pk"), waiting=Count("pk", filter=waits))
    rows = sent.select_related("report__commune").order_by(
        Case(When(waits, then=Value(0)), default=Value(1), output_field=IntegerField()),
        Case(When(waits, then=F("sent_on"))),
        F("decided_on").desc(nulls_last=True),
        "pk",
    )
    return SentToCourt(list(rows[:SHOWN]), **counts)

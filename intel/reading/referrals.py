"""Which courts were seized of a report, and which may be."""

from django.db.models import Case, Exists, IntegerField, OuterRef, Value, When

from intel.models import Referral
from services.models import Court

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

"""Rows held until the transaction ends, as they stand now: two people never change one at once."""

from django.core.exceptions import ValidationError

from intel.models import Report

ANSWERED = "Quelqu’un vient d’y répondre, ou elle est retirée."


def lock(report):
    """One report, read again.

    Nothing is joined: PostgreSQL, once it has waited for a row whose owner changed, joins the new
    key to the row of the former owner, and finds nothing.
    """
    return (
        Report.objects.select_for_update()
        .unguarded(because="the gate has handed this very row")
        .get(pk=report.pk)
    )


def lock_all(keys):
    """Reports, in the order of their keys: two agents never wait for one another."""
    rows = Report.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    list(rows.unguarded(because="held, not shown").values_list("pk"))


def waiting(rows, asking, *related):
    """One of `rows`, answered to whoever decides, if it still waits: decided once.

    `rows` is a queryset of a kind of `models.Asking`, `related` what is read with it. The report
    is held first: handed over or narrowed meanwhile, it is its new state that says who decides.
    """
    lock(asking.report)
    found = rows.select_for_update(of=("self",)).select_related("report", *related)
    held = found.filter(pk=asking.pk).first()
    if held is None:
        raise ValidationError(ANSWERED)
    return held

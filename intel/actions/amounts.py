"""Sums, prices and quantities: confirmed by a person, taken away again."""

from django.db import transaction

from cross.audit import journal
from intel.models import Amount


def keep(report, *, by, amounts):
    """Hang on a report what was confirmed: pairs (extraction.amounts.Amount, as written)."""
    Amount.objects.bulk_create(
        [
            Amount(
                report=report,
                kind=each.kind,
                number=each.number,
                unit=each.unit,
                product=each.product,
                raw=raw[:120],
                by=by,
            )
            for each, raw in amounts
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def confirm(report, *, by, amounts):
    keep(report, by=by, amounts=amounts)
    journal.record(by, "amount.confirmed", report)


@transaction.atomic
def remove(amount, *, by):
    report = amount.report
    amount.delete()
    journal.record(by, "amount.removed", report)

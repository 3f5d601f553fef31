"""Draft reports that were thrown away, and brought back within thirty days.

The rows are taken away for good: no page, count or search has anything to leave out. What they
said is kept aside, for the unit alone, as the very rows that bringing back writes again.
"""

import json
from datetime import datetime, timedelta
from functools import partial
from itertools import chain

from django.conf import settings
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models.deletion import Collector
from django.utils import timezone

from cross import gate
from cross.audit import journal
from cross.sealed.fields import fields_of
from intel import access
from intel.actions import reports
from intel.models import DiscardedReport, Fact, Report


class Exact(DjangoJSONEncoder):
    """Instants to the microsecond: two of them are compared."""

    def default(self, o):
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


WRITTEN_BY_THE_DATABASE = ("search",)


@transaction.atomic
def discard(report, *, by):
    """Throw away a draft that never left its unit; what it said is kept aside for a while."""
    if not access.discardable_reports(by).filter(pk=report.pk).exists():
        raise ValidationError("Seul un brouillon jamais transmis peut être supprimé ainsi.")
    files = list(report.attachments.unguarded(because="they are kept with their draft"))
    DiscardedReport.objects.create(
        unit=by.unit,
        by=by,
        reference=report.reference,
        title=report.title[:160],
        rows=_rows_of(report),
        files=[name for each in files for name in each.file_names()],
    )
    journal.record(by, "draft.discarded", report)
    reports.take_away(report)


def _rows_of(report):
    """The report and all that goes away with it, as they stand, ready to be written again."""
    gone = Collector(using=DEFAULT_DB_ALIAS, origin=report)
    gone.collect([report])
    held = [report.fact, *chain.from_iterable(gone.data.values())]
    held += chain.from_iterable(_read(rows) for rows in gone.fast_deletes)
    rows = json.loads(serializers.serialize("json", held, cls=Exact))
    for row in rows:
        for name in WRITTEN_BY_THE_DATABASE:
            row["fields"].pop(name, None)
    return rows


def _read(rows):
    if hasattr(rows, "unguarded"):
        rows = rows.unguarded(because="kept aside with the draft that they hang on")
    return list(rows)


@transaction.atomic
def bring_back(discarded, *, by):
    """Write its rows again, under the same numbers: the draft stands as it stood."""
    if not access.contributes(by, by.unit.department):
        raise ValidationError(reports.NO_SEAT)
    held = access.discarded_reports(by).select_for_update().filter(pk=discarded.pk).first()
    if held is None:
        raise ValidationError("Ce brouillon vient d’être rétabli, ou effacé.")
    for row in serializers.deserialize("json", json.dumps(held.rows), ignorenonexistent=True):
        if not (isinstance(row.object, Fact) and Fact.objects.filter(pk=row.object.pk).exists()):
            _write(row)
    reference = held.reference
    held.delete()
    gate.forget()
    report = Report.objects.filter(reference=reference)
    report = report.unguarded(because="it has just been written again").get()
    journal.record(by, "draft.brought_back", report)
    return report


def _write(row):
    """As it was; what is sealed is sealed anew, its key went away with the row."""
    if fields_of(type(row.object)):
        row.object.save(force_insert=True)
    else:
        row.save()


def _erase(names):
    for name in names:
        default_storage.delete(name)


@transaction.atomic
def forget_old(now=None):
    """Erase for good, files included, what nobody brought back; how many."""
    limit = (now or timezone.now()) - timedelta(days=settings.DISCARDED_DAYS)
    old = DiscardedReport.objects.filter(at__lt=limit)
    rows = list(old.unguarded(because="what nobody brought back is kept by nobody"))
    for row in rows:
        transaction.on_commit(partial(_erase, row.files), robust=True)
        row.delete()
    return len(rows)

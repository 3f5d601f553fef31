"""A note to the antenna of the national office: prepared, frozen, taken away as files, sent.

What is told of a report is written once, when the batch is frozen: what all its readers read, the
code of its source and the words of a human source never. Nothing is sent from here.
"""

import hashlib
import json

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from cross.audit import journal
from cross.ui.templatetags.words import counted, day
from intel import access
from intel.actions import accords
from intel.models import AntennaLine, AntennaNote, Report
from intel.references import next_in_series

RECIPIENT = "Antenne de l’OFAST"
MOST = 200
GONE = "Cette note n’est plus en préparation : rechargez la page."
NOTHING = "Cochez au moins une fiche."
EMPTY = "Cette note ne retient aucune fiche : choisissez-en d’abord."
WAITS = (
    "{count} de cette note ne peut pas partir sans l’accord de son unité : demandez-le, ou "
    "retirez-la."
)
CLOSED = (
    "Une fiche de cette note ne vous est plus ouverte ou ne peut plus partir : la note ne se "
    "télécharge plus. Prévenez l’antenne si elle a déjà été transmise."
)


@transaction.atomic
def prepare(*, by, title, recipient=RECIPIENT):
    note = AntennaNote.objects.create(
        department=by.unit.department, unit=by.unit, by=by, title=title, recipient=recipient
    )
    journal.record(by, "antenna.prepared", note, why=title)
    return note


def _lock(note, by):
    """The note as it stands, still in preparation, until the end of the transaction."""
    current = access.writable_antenna_notes(by).select_for_update().filter(pk=note.pk).first()
    if current is None:
        raise ValidationError(GONE)
    return current


@transaction.atomic
def add(note, references, *, by):
    """Keep these reports, each resolved again through what `by` may tell; how many were new."""
    current = _lock(note, by)
    if not references:
        raise ValidationError(NOTHING)
    found = list(access.tellable_reports(by).filter(reference__in=references))
    if len(found) < len(set(references)):
        raise PermissionDenied
    already = set(AntennaLine.objects.filter(note=current).unguarded(
        because="which reports the unit put in its own note"
    ).values_list("report", flat=True))  # fmt: skip
    new = [report for report in found if report.pk not in already]
    if len(already) + len(new) > MOST:
        raise ValidationError(f"Une note retient {MOST} fiches au plus.")
    AntennaLine.objects.bulk_create(
        AntennaLine(note=current, report=report, by=by) for report in new
    )
    if new:
        journal.record(by, "antenna.chosen", current, why=counted(len(new), "fiche"))
    return len(new)


@transaction.atomic
def leave_out(note, report, *, by):
    current = _lock(note, by)
    lines = AntennaLine.objects.filter(note=current, report=report)
    lines.unguarded(because="a report that its own unit put in the note").delete()
    journal.record(by, "antenna.left_out", current, why=report.reference)


@transaction.atomic
def leave_out_closed(note, *, by):
    """Take out those that may no longer be told, which its reader is not shown."""
    current = _lock(note, by)
    lines = AntennaLine.objects.filter(note=current)
    closed = lines.exclude(report__in=access.tellable_reports(by))
    closed.unguarded(because="reports that its own unit put in the note").delete()
    journal.record(by, "antenna.left_out", current, why="fiches qui ne peuvent plus partir")


@transaction.atomic
def drop(note, *, by):
    current = _lock(note, by)
    journal.record(by, "antenna.dropped", current, why=current.title)
    AntennaLine.objects.filter(note=current).unguarded(because="with its note").delete()
    current.delete()


def ask_accord(note, report, *, by):
    """By the mechanism of every other accord, for the recipient of this note."""
    return accords.ask(
        report, by=by, recipient=note.recipient, why=f"Note à l’antenne : {note.title}"[:300]
    )


@transaction.atomic
def freeze(note, *, by):
    """Write what is told of each report, for good; each one has its line in the journal."""
    current = _lock(note, by)
    chosen = AntennaLine.objects.filter(note=current).values("report")
    locked = Report.objects.filter(pk__in=chosen).select_for_update(of=("self",))
    count = len(locked.unguarded(because="what the unit chose, held until it is frozen"))
    if not count:
        raise ValidationError(EMPTY)
    free = access.told_freely(by).filter(pk__in=chosen).select_related("commune", "owner")
    told = {report.pk: content_of(report) for report in free}
    if len(told) < count:
        raise ValidationError(WAITS.format(count=counted(count - len(told), "fiche")))
    lines = list(AntennaLine.objects.of_all(access.told_freely(by)).filter(note=current))
    for line in lines:
        line.content = told[line.report_id]
        line.digest = digest_of(line.content)
    AntennaLine.objects.bulk_update(lines, ["content", "digest"])
    current.digests = sorted(line.digest for line in lines)
    current.digest = digest_of(current.digests)
    current.number = next_in_series(current.department, kind="antenna")
    current.frozen_by, current.frozen_at = by, timezone.now()
    current.save()
    journal.record(
        by, "antenna.frozen", current, why=counted(count, "fiche"), recipients=current.recipient
    )
    for report in free:
        journal.record(
            by, "report.told_antenna", report, why=current.number, recipients=current.recipient
        )
    return current


@transaction.atomic
def record_sent(note, *, by, sent_on, sent_how):
    """That it left, by which means: said by hand; the last word stays."""
    current = access.frozen_antenna_notes(by).select_for_update().filter(pk=note.pk).first()
    if current is None:
        raise PermissionDenied
    if not timezone.localdate(current.frozen_at) <= sent_on <= timezone.localdate():
        raise ValidationError(
            {"sent_on": f"Choisissez un jour entre le {day(current.frozen_at)}, où la note a été "
             "arrêtée, et aujourd’hui."}
        )  # fmt: skip
    current.sent_on, current.sent_how, current.sent_by = sent_on, sent_how, by
    current.save(update_fields=["sent_on", "sent_how", "sent_by"])
    journal.record(
        by,
        "antenna.sent",
        current,
        why=f"le {day(sent_on)}, {sent_how}",
        recipients=current.recipient,
    )
    return current


def content_of(report):
    """What is told of a report, as plain data: facts and comment apart, with what judges them."""
    return {
        "reference": report.reference,
        "received_on": timezone.localdate(report.received_at).isoformat(),
        "occurred_on": report.occurred_on.isoformat() if report.occurred_on else None,
        "occurred_until": report.occurred_until.isoformat() if report.occurred_until else None,
        "valid_until": report.valid_until.isoformat() if report.valid_until else None,
        "unit": str(report.owner),
        "origin": report.origin,
        "commune_code": report.commune.code,
        "commune": report.commune.name,
        "place": report.place,
        "days_and_hours": report.days_and_hours,
        "subject": report.subject,
        "facts": report.facts,
        "comment": report.comment,
        "products": list(report.products),
        "modes": list(report.modes),
        "vehicles": report.vehicles,
        "persons": report.persons,
        "source_grade": report.source_grade,
        "information_grade": report.information_grade,
        "handling": report.handling,
    }


def digest_of(value):
    """sha256 of plain data written in one way only: sorted keys, no spaces, UTF-8."""
    canonical = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()

"""A file of citizens' tips: received, its columns named, checked, imported, undone.

Small files are read in the request, large ones by the worker. Whatever happens on the way, the
same file may be taken again: no reference is imported twice.
"""

import hashlib
import uuid
from datetime import timedelta
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import DatabaseError, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from cross import gate, outbox, room
from cross.audit import journal
from cross.outbox.interruptions import is_interruption
from cross.outbox.models import Job
from cross.ui.templatetags.words import counted, file_size
from intel import access
from intel.actions.reports import NO_SEAT
from intel.extraction.cleaning import spaced
from intel.extraction.letters import fold
from intel.importing.apart import opened_apart
from intel.importing.columns import faults_of_mapping, propose_mapping
from intel.importing.resource import RowFault, Tally, TipResource
from intel.importing.setting import setting_of
from intel.importing.tables import TableError, open_table, weight_of
from intel.models import (
    Amount,
    Annex,
    Attachment,
    Audience,
    ColumnMapping,
    Complement,
    Fact,
    HandlingAccord,
    Handover,
    Identifier,
    ImportFault,
    Match,
    Report,
    ReportMemberGrant,
    ReportShare,
    Step,
    Tip,
    TipImport,
)
from intel.states import State
from services.models import Member

Stage = TipImport.Stage
CHUNK = 1_000
# Read within the request: about a second at most.
SMALL, SMALL_OCTETS = 1_000, 5_000_000
REFUSED_BY_THE_DATABASE = (
    "Cette ligne n’a pas pu être enregistrée\u00a0: signalez-la à l’assistance."
)


# --- A file comes in --------------------------------------------------------------------------


def receive(upload, *, portal, by):
    """Keep an uploaded file and read its header. Raises `ValidationError` when it is no table."""
    if upload.size > settings.IMPORT_MAX_BYTES:
        raise ValidationError(
            f"Ce fichier pèse {file_size(upload.size)}\u00a0; la limite est de "
            f"{file_size(settings.IMPORT_MAX_BYTES)}. Découpez-le en plusieurs fichiers."
        )
    room.check(upload.size)
    batch = TipImport(
        department=by.unit.department,
        unit=by.unit,
        by=by,
        portal=_portal_as_known(by.unit.department, portal),
        file_name=Path(upload.name).name[:200] or "sans nom",
        sha256=_digest(upload),
    )
    batch.file.save(uuid.uuid4().hex, File(upload), save=False)
    try:
        table = opened_apart(Path(batch.file.path))
        with transaction.atomic():
            batch.header, batch.notes = list(table.header), list(table.notes)
            batch.estimate = table.estimate
            batch.mapping = propose_mapping(table.header, remembered_mapping(batch))
            batch.save()
            journal.record(by, "tips.uploaded", batch)
    except TableError as error:
        batch.file.delete(save=False)
        raise ValidationError(str(error)) from error
    except BaseException:
        batch.file.delete(save=False)
        raise
    return batch


def _digest(upload):
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def _portal_as_known(department, portal):
    """The portal under the name it already has: two spellings would import its tips twice."""
    name = " ".join(portal.split())[:80]
    for known in known_portals(department):
        if fold(known) == fold(name):
            return known
    return name


def known_portals(department):
    return list(
        ColumnMapping.objects.filter(department=department)
        .order_by("portal")
        .values_list("portal", flat=True)
    )


def remembered_mapping(batch):
    """The columns confirmed for this portal last time, or nothing."""
    kept = ColumnMapping.objects.filter(department=batch.department, portal=batch.portal).first()
    return kept.mapping if kept else {}


# --- Its columns are named --------------------------------------------------------------------


def choose_columns(batch, mapping, *, by, at_once=False, advance=None):
    """Keep which column says what, for this file and the next ones, and have the rows checked.

    By the worker when the file is large, unless `at_once` (a command has its own patience).
    """
    faults = faults_of_mapping(mapping)
    if faults:
        raise ValidationError(dict(faults))
    with transaction.atomic():
        _take(batch, {Stage.UPLOADED, Stage.MAPPED, Stage.FAILED}, Stage.CHECKING)
        batch.mapping = {target: title for target, title in mapping.items() if title}
        batch.save(update_fields=["mapping"])
        ColumnMapping.objects.update_or_create(
            department=batch.department,
            portal=batch.portal,
            defaults={"mapping": batch.mapping},
        )
        if not _is_small(batch) and not at_once:
            _hand_over(batch, "check_tips", by=by)
        elif not at_once:
            check(batch, by=by)
    if at_once:
        check(batch, advance, by=by)


def _is_small(batch):
    """Both are looked at: how many rows there are is the file's own word."""
    is_light = not batch.file or weight_of(Path(batch.file.path)) <= SMALL_OCTETS
    return batch.estimate <= SMALL and is_light


def _take(batch, stages, stage):
    """Move to `stage` from one of `stages`, unless somebody else did meanwhile."""
    current = TipImport.objects.select_for_update().get(pk=batch.pk)
    if current.stage not in stages and not (Stage.FAILED in stages and has_died(current)):
        raise ValidationError(
            f"Cet import est à l’étape «\u00a0{current.get_stage_display()}\u00a0»\u00a0: "
            "rechargez la page."
        )
    batch.stage, batch.failure = stage, ""
    batch.save(update_fields=["stage", "failure"])


def has_died(batch):
    """It waits for a job that has ended without saying so: the worker was lost too often."""
    return batch.is_waiting and not Job.objects.filter(pk=batch.job, state__in=Job.LIVE).exists()


def as_it_stands(batch):
    """The import, failed when its worker was lost: the next action writes it, reading does not."""
    if has_died(batch):
        batch.stage = Stage.FAILED
        batch.failure = "Le travail s’est interrompu\u00a0: reprenez-le."
    return batch


def _hand_over(batch, kind, *, by):
    job = outbox.enqueue(kind, args={"tip_import": batch.pk}, by=by, key=f"tips-{batch.pk}")
    batch.job = job.pk
    batch.save(update_fields=["job"])


# --- Its rows are checked, then imported ------------------------------------------------------


def check(batch, advance=None, *, by=None):
    """Read every row, write none: what is new, already known, faulty and why."""
    tally = _read_through(batch, advance, dry_run=True, by=by or batch.by)
    batch.rows, batch.known, batch.faulty = tally.rows, tally.known, tally.faulty
    batch.fresh, batch.stage = tally.fresh, Stage.MAPPED
    batch.save(update_fields=["rows", "known", "faulty", "fresh", "stage"])


def start(batch, *, by, at_once=False, advance=None):
    """Import the good rows: in one transaction, by the worker when they are many, or at once."""
    with transaction.atomic():
        _take(batch, {Stage.MAPPED}, Stage.RUNNING)
        if not at_once and (batch.rows > SMALL or not _is_small(batch)):
            _hand_over(batch, "import_tips", by=by)
        elif not at_once:
            run(batch, by=by)
    if at_once:
        run(batch, advance, by=by)


def run(batch, advance=None, *, by=None):
    """Import: each chunk is written whole, or row by row when the database refuses one of them."""
    tally = _read_through(batch, advance, dry_run=False, by=by or batch.by)
    with transaction.atomic():
        batch.rows, batch.known, batch.faulty = tally.rows, tally.known, tally.faulty
        batch.created, batch.stage = tally.fresh, Stage.DONE
        batch.finished_at = timezone.now()
        batch.save(update_fields=["rows", "known", "faulty", "created", "stage", "finished_at"])
        journal.record(batch.by, "tips.imported", batch, why=summary_of(batch))
        transaction.on_commit(lambda: forget_file(batch))


def _check_seat(member, batch):
    """Whoever asked may have lost the right since: it is asked again, of the rows of now."""
    gate.forget()
    member = Member.objects.select_related("unit__department").get(pk=member.pk)
    if not access.readable_imports(member).filter(pk=batch.pk).exists():
        raise ValidationError(NO_SEAT)


def summary_of(batch):
    """« 18 importées, 1 déjà connue, 2 fautives »."""
    return ", ".join([
        counted(batch.created, "importée,importées"),
        counted(batch.known, "déjà connue,déjà connues"),
        counted(batch.faulty, "fautive,fautives"),
    ])  # fmt: skip


def _read_through(batch, advance, *, dry_run, by):
    """The tally of the whole file; its faults replace the former ones as they are found.

    The right of `by` is asked again before each chunk: what ends stops the work where it is, and
    the chunks already written stay.
    """
    _check_seat(by, batch)
    ImportFault.objects.filter(tip_import=batch).delete()
    resource = TipResource(setting_of(batch))
    total = Tally()
    try:
        rows = open_table(Path(batch.file.path)).rows()
        while chunk := list(islice(rows, CHUNK)):
            _check_seat(by, batch)
            named = [(row, _named(row, batch)) for row in chunk]
            with transaction.atomic():
                tally = _take_chunk(resource, named, dry_run=dry_run)
                _keep_faults(batch, tally)
            total.add(tally)
            if advance:
                advance(total.rows, max(batch.estimate, total.rows), _progress_note(total))
    except (TableError, FileNotFoundError) as error:
        raise ValidationError(
            str(error) if isinstance(error, TableError) else
            "Le fichier déposé n’est plus là\u00a0: déposez-le de nouveau."
        ) from error  # fmt: skip
    return total


def _named(row, batch):
    """The cells of a row under the names of what they feed."""
    places = {title: place for place, title in enumerate(batch.header)}
    return {
        target: row.cells[places[title]]
        for target, title in batch.mapping.items()
        if title in places
    }


def _take_chunk(resource, rows, *, dry_run):
    """The rows at once; when the database refuses, by halves, until the one row is found."""
    try:
        with transaction.atomic():
            return resource.take_chunk(rows, dry_run=dry_run)
    except DatabaseError as refusal:
        if is_interruption(refusal):
            raise  # no row is at fault: they are taken again
        if len(rows) == 1:
            [(row, _)] = rows
            return Tally(
                rows=1, faulty=1, faults=[RowFault(row.number, "", REFUSED_BY_THE_DATABASE)]
            )
    middle = len(rows) // 2
    tally = Tally()
    for half in (rows[:middle], rows[middle:]):
        taken = _take_chunk(resource, half, dry_run=dry_run)
        tally.add(taken)
        tally.faults += taken.faults
    return tally


def _keep_faults(batch, tally):
    ImportFault.objects.bulk_create(
        ImportFault(
            tip_import=batch,
            row=fault.row,
            column=_column_of(fault.target, batch),
            reason=fault.reason[:300],
        )
        for fault in tally.faults
    )


def _column_of(target, batch):
    """The title of the column at fault; both titles where a name and a code are read together."""
    names = ("commune", "commune_code") if target == "commune" else (target,)
    return " / ".join(filter(None, (batch.mapping.get(name, "") for name in names)))[:120]


def _progress_note(tally):
    return f"{counted(tally.fresh, 'ligne bonne,lignes bonnes')}, {tally.faulty} en faute"


def fail(batch, sentence):
    """Say why it stopped; what is already imported stays, and the file may be taken again."""
    batch.stage, batch.failure = Stage.FAILED, sentence[:300]
    batch.save(update_fields=["stage", "failure"])


# --- And undone -------------------------------------------------------------------------------


def undo(batch, *, by):
    """Take back the reports of an import that nobody has worked on since; the others stay."""
    with transaction.atomic():
        _take(batch, {Stage.DONE}, Stage.UNDOING)
        if batch.created > SMALL:
            _hand_over(batch, "undo_tips", by=by)
            return
        take_back(batch, by=by)


def take_back(batch, *, by, advance=None):
    _check_seat(by, batch)
    removed = 0
    while keys := list(_untouched(batch).values_list("pk", flat=True)[:CHUNK]):
        _check_seat(by, batch)
        with transaction.atomic():
            _erase(keys, batch, by=by)
        removed += len(keys)
        if advance:
            advance(removed, batch.created, f"{spaced(removed)} fiches retirées")
    with transaction.atomic():
        batch.kept = _tips_of(batch).count()
        batch.stage, batch.undone_at = Stage.UNDONE, timezone.now()
        batch.save(update_fields=["kept", "stage", "undone_at"])
        journal.record(
            by, "tips.undone", batch, why=f"{removed} retirées, {batch.kept} conservées"
        )


def _tips_of(batch):
    return Tip.objects.filter(tip_import=batch).unguarded(because="the import as a whole")


# What people make of a report, or ask and give: one of these, and it is no longer as it came.
HANGING = (
    Step, Identifier, Amount, Attachment, Complement, Annex, ReportShare, Handover, HandlingAccord,
)  # fmt: skip


def _untouched(batch):
    """The reports of an import as they came: no move, no change, nothing hung on them."""
    hanging = [Exists(kind.objects.filter(report=OuterRef("pk"))) for kind in HANGING]
    said = Q(report=OuterRef("pk")) | Q(other=OuterRef("pk"))
    hanging.append(Exists(Match.objects.filter(said)))
    hanging.append(Exists(ReportMemberGrant.objects.filter(content_object=OuterRef("pk"))))
    companions = (
        Report.objects.filter(fact=OuterRef("fact")).order_by().values("fact")
        .annotate(how_many=Count("pk")).filter(how_many__gt=1)
    )  # fmt: skip
    return (
        Report.objects.filter(
            tip__tip_import=batch,
            state=State.RECEIVED,
            version=1,
            audience=Audience.PROTOCOL,  # as it came: narrowing it is work too
        )
        .exclude(Exists(Report.objects.filter(duplicate_of=OuterRef("pk"))))
        .exclude(Exists(companions))
        .filter(*(~Q(each) for each in hanging))
        .unguarded(because="undoing an import takes back all its untouched rows")
    )


def _erase(keys, batch, *, by):
    """Each one has its line: a reference that was quoted is found in the journal for ever."""
    reports = Report.objects.filter(pk__in=keys).unguarded(because="undoing an import")
    erased = list(reports.only("reference", "fact_id"))
    journal.record_each(
        by, "report.erased", erased, why=f"annulation de l’{batch.journal_reference}"
    )
    reports.delete()
    Fact.objects.filter(pk__in=[report.fact_id for report in erased]).delete()


# --- Files do not stay ------------------------------------------------------------------------


def forget_file(batch):
    """Delete the uploaded file: it holds the contacts of authors, and is of no use any more."""
    if batch.file:
        batch.file.delete(save=False)
        TipImport.objects.filter(pk=batch.pk).update(file="")


def forget_files(now=None):
    """Delete the files left without being imported for a week; how many."""
    before = (now or timezone.now()) - timedelta(days=settings.IMPORT_DAYS)
    left = TipImport.objects.filter(at__lt=before).exclude(file="")
    forgotten = 0
    for batch in left:
        forget_file(batch)
        if batch.stage != Stage.DONE:
            fail(
                batch, "Fichier effacé après une semaine sans import\u00a0: déposez-le de nouveau."
            )
        forgotten += 1
    return forgotten

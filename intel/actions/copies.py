"""The printed copies of a brief: numbered, registered, made again from the register.

A form asks for a run, one copy a recipient. One or two are set in the request, more by the worker
(see `intel.tasks`). Whatever dies on the way, numbers, register, journal and file are written
together, once. A copy that came back or was destroyed is out no more.
"""

import hashlib
import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from cross import outbox
from cross.audit import journal
from cross.outbox.models import Job
from cross.printing.content import Print, PrintError
from cross.ui.templatetags.words import counted, short_day, short_moment
from intel import access
from intel.actions import once
from intel.actions.editions import lock
from intel.actions.telling import tell
from intel.exporting.sheets import write_sheet
from intel.models import CopyEnd, PrintedCopy, PrintRun
from intel.printing.odt import write_odt
from intel.printing.typeset import compile_brief
from intel.reading import brief, frozen
from intel.reading import copies as reading
from services.models import Member

Kind = PrintRun.Kind
PRESSES = 2  # copies set at the same time
AT_ONCE = 2  # copies set while one waits; more, and the worker sets them
NOT_THE_SAME = (
    "La note n’est plus celle qui a été imprimée : ces exemplaires ne peuvent plus être refaits à "
    "l’identique. S’il vous en faut, imprimez-en d’autres."
)
WORKING_COPIES_ARE_KEPT_BRIEFLY = (
    "Une copie de travail n’est gardée qu’un jour et ne se refait pas : demandez-en une autre."
)
CHANGED_MEANWHILE = (
    "La note a été modifiée depuis la demande : aucun exemplaire n’a été fait. Relisez-la, puis "
    "imprimez de nouveau."
)
MOST_ROWS = 20_000
REGISTER_HEADER = (
    "Note", "Exemplaire", "Version", "Périmé", "Destinataire", "Motif", "Imprimé par",
    "Imprimé le", "État", "Depuis le", "Comment", "Inscrit par", "Empreinte du fichier",
)  # fmt: skip
FOR_PARTNERS_ONCE_PUBLISHED = (
    "La version partenaire s’imprime d’une note publiée : un projet ne sort pas des services."
)
SAID = {Kind.ODT: "copie de travail", Kind.PARTNERS: "version partenaire, exemplaire"}
WRITERS = {Kind.PDF: compile_brief, Kind.PARTNERS: compile_brief, Kind.ODT: write_odt}


@dataclass(frozen=True)
class Copy:
    """A copy and its very file."""

    number: int
    name: str
    content: bytes


# --- Asked for --------------------------------------------------------------------------------


def run_key(edition, drawn, said):
    """The `entry_key` of the run that a form asks for, see `intel.actions.once`."""
    return once.key_of(drawn, [edition.pk, said["kind"], said["recipients"], said["reason"]])


@transaction.atomic
def ask(edition, *, by, recipients, reason, entry_key, kind=Kind.PDF):
    """The run of a form: made now, or by the worker; the one it made already when sent again.

    Raises ValidationError when the text cannot be set, or when the figures are no longer those
    that were frozen.
    """
    current = lock(edition)
    sent_before = access.own_runs(by).filter(entry_key=entry_key).first()
    if sent_before is not None:
        return sent_before
    _check_printable(current, kind)
    run = PrintRun.objects.create(
        edition=current,
        version=current.version,
        entry_key=entry_key,
        kind=kind,
        recipients=recipients,
        reason=reason,
        by=by,
    )
    if len(recipients) <= AT_ONCE:
        make(run, by=by)
        return run
    job = outbox.enqueue("print_copies", args={"run": run.pk}, by=by, key=f"copies-{run.pk}")
    run.job = job.pk
    run.save(update_fields=["job"])
    return run


def _check_printable(edition, kind):
    frozen.check(edition)
    if kind == Kind.PARTNERS and not edition.is_public:
        raise ValidationError(FOR_PARTNERS_ONCE_PUBLISHED)


@transaction.atomic
def make(run, *, by, advance=None):
    """Set the copies of a run and write them down; a run that has ended is left as it is.

    The right of `by` is asked again: it may have ended since, and the work ends with it.
    """
    run = PrintRun.objects.select_for_update().get(pk=run.pk)
    if not run.is_waiting:
        return
    if not access.printable_editions(by).filter(pk=run.edition_id).exists():
        raise ValidationError("Vous n’imprimez plus cette note : aucun exemplaire n’a été fait.")
    current = lock(run.edition)
    if current.version != run.version:
        raise ValidationError(CHANGED_MEANWHILE)
    copies = print_copies(
        current,
        by=by,
        recipients=run.recipients,
        reason=run.reason,
        kind=run.kind,
        entry_key=run.entry_key,
        advance=advance,
    )
    run.finished_at = timezone.now()
    _keep_file(run, copies)
    run.save(update_fields=["finished_at", "file"])


@transaction.atomic
def print_copies(edition, *, by, recipients, reason, kind=Kind.PDF, entry_key=None, advance=None):
    """Set one copy a recipient, each with its own number, in the register and in the journal.

    Both are committed before anything can be sent. `entry_key` is that of their run.
    """
    current = lock(edition)
    _check_printable(current, kind)
    last = current.copies.aggregate(last=Max("copy_number"))["last"] or 0
    # To the second, as the document tells it.
    now = timezone.localtime().replace(microsecond=0)
    numbered = [
        copy_of(number, by, recipient, reason, now)
        for number, recipient in enumerate(recipients, start=last + 1)
    ]
    copies = _typeset(current, _contents(current, numbered, kind), kind, advance)
    PrintedCopy.objects.bulk_create(
        PrintedCopy(
            edition=current,
            copy_number=copy.number,
            version=current.version,
            recipient=recipient,
            reason=reason,
            printed_by=by,
            printed_at=now,
            sha256=hashlib.sha256(copy.content).hexdigest(),
            entry_key=entry_key,
        )
        for copy, recipient in zip(copies, recipients, strict=True)
    )
    said = SAID.get(kind, "exemplaire")
    for copy, recipient in zip(copies, recipients, strict=True):
        journal.record(
            by,
            "edition.printed",
            f"{current.number} v{current.version} {said} {copy.number}",
            why=reason,
            recipients=recipient,
            department=current.journal_department,
        )
    return copies


def fail(run, sentence):
    """Say why no copy of this run was made."""
    PrintRun.objects.filter(pk=run.pk, finished_at=None).update(
        finished_at=timezone.now(), failure=sentence[:300]
    )


def has_died(run):
    """It waits for a job that has ended without saying so: the worker was lost too often."""
    return run.is_waiting and not Job.objects.filter(pk=run.job, state__in=Job.LIVE).exists()


# --- Their files ------------------------------------------------------------------------------


def file_of(run, *, by):
    """The name and content of the file of a run: the one kept, or the same made again.

    Raises ValidationError when it would not be the same any more: each copy has its digest. The
    door has written the line of the first in the journal, the others have theirs here.
    """
    registered = list(
        access.own_prints(by).filter(entry_key=run.entry_key).order_by("copy_number")
    )
    for copy in registered[1:]:
        journal.record(by, "edition.copied", copy)
    if run.file:
        with run.file.open() as kept:
            return _name_of(run, registered), kept.read()
    return packed(run.edition, copies_again(run, registered))


def copies_again(run, registered):
    """The very files of copies printed together: the same bytes, nothing new in the register."""
    if run.kind == Kind.ODT:
        raise ValidationError(WORKING_COPIES_ARE_KEPT_BRIEFLY)
    numbered = [
        copy_of(
            copy.copy_number,
            copy.printed_by,
            copy.recipient,
            copy.reason,
            timezone.localtime(copy.printed_at),
        )
        for copy in registered
    ]
    files = _typeset(run.edition, _contents(run.edition, numbered, run.kind), run.kind)
    for copy, file in zip(registered, files, strict=True):
        if hashlib.sha256(file.content).hexdigest() != copy.sha256:
            raise ValidationError(NOT_THE_SAME)
    return files


def packed(edition, copies):
    """The name and content of one file: the copy itself, or a zip of several."""
    if len(copies) == 1:
        return copies[0].name, copies[0].content
    file = io.BytesIO()
    # Not compressed again: a PDF already is.
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for copy in copies:
            archive.writestr(copy.name, copy.content)
    return _zip_name(edition, copies[0].number, copies[-1].number), file.getvalue()


def _name_of(run, registered):
    if len(registered) == 1:
        return _file_name(run.edition, registered[0].copy_number, run.kind)
    return _zip_name(run.edition, registered[0].copy_number, registered[-1].copy_number)


def _zip_name(edition, first, last):
    return f"{edition.number}-exemplaires-{first}-a-{last}.zip"


def _file_name(edition, number, kind):
    said = "copie-de-travail" if kind == Kind.ODT else "exemplaire"
    return f"{edition.number}-{said}-{number}.{'odt' if kind == Kind.ODT else 'pdf'}"


def _keep_file(run, copies):
    """Under a name of its own: run again after a crash, it replaces what was left there."""
    name, content = packed(run.edition, copies)
    place = run.file.field.generate_filename(run, f"{run.entry_key}.{name.rpartition('.')[2]}")
    run.file.storage.delete(place)
    run.file.save(f"{run.entry_key}.{name.rpartition('.')[2]}", ContentFile(content), save=False)


def forget_files(now=None):
    """Remove the files that have waited long enough; how many. Their lines stay."""
    before = (now or timezone.now()) - timedelta(days=settings.COPY_FILE_DAYS)
    left = PrintRun.objects.filter(finished_at__lt=before).exclude(file="")
    forgotten = 0
    for run in left:
        run.file.delete(save=False)
        PrintRun.objects.filter(pk=run.pk).update(file="")
        forgotten += 1
    return forgotten


# --- What becomes of them ----------------------------------------------------------------------


@transaction.atomic
def end(copy, *, by, how, on, words):
    """Write down that a copy came back, was destroyed or is said lost."""
    copy = PrintedCopy.objects.select_for_update(of=("self",)).get(pk=copy.pk)
    if on < timezone.localdate(copy.printed_at):
        raise ValidationError({"on": "Cet exemplaire n’était pas encore imprimé ce jour-là."})
    if copy.ends.filter(undone_at=None).exists():
        raise ValidationError("Ce que cet exemplaire est devenu est déjà inscrit.")
    ended = CopyEnd.objects.create(copy=copy, how=how, on=on, words=words, by=by)
    journal.record(
        by, "copy.ended", copy, why=f"{ended.get_how_display()} le {short_day(on)} : {words}"
    )
    return ended


@transaction.atomic
def take_back_end(copy, *, by):
    """It was a mistake: the copy is out again, and both lines stay in the journal."""
    ended = CopyEnd.objects.select_for_update().filter(copy=copy, undone_at=None).first()
    if ended is None:
        raise ValidationError("Cet exemplaire est déjà inscrit comme sorti.")
    ended.undone_by, ended.undone_at = by, timezone.now()
    ended.save(update_fields=["undone_by", "undone_at"])
    journal.record(by, "copy.reopened", copy, why=ended.get_how_display())


def tell_superseded(edition):
    """Tell those who printed copies of this note that are still out: its text is another now."""
    out = reading.chosen(edition.copies.all(), state="perimes")
    printers = Member.objects.filter(pk__in=out.values("printed_by"))
    tell(
        "copies.superseded",
        to=list(printers),
        about=f"{edition.number} v{edition.version} {edition.state}",
        path=f"{reverse('copy_register')}?etat=perimes&par=moi&note={edition.number}",
    )


def export_register(copies, *, by):
    """The register as one CSV file, as the reader has filtered it; a line in the journal."""
    rows = [_register_row(copy) for copy in copies[: MOST_ROWS + 1]]
    if len(rows) > MOST_ROWS:
        raise ValidationError(
            f"Un export contient au plus {counted(MOST_ROWS, 'exemplaire')}. Resserrez les "
            "filtres."
        )
    file = io.BytesIO()
    write_sheet("csv", file, REGISTER_HEADER, rows)
    journal.record(
        by,
        "copies.exported",
        counted(len(rows), "exemplaire"),
        recipients=by.get_full_name(),
    )
    return file.getvalue()


def _register_row(copy):
    ended = next(iter(copy.standing_ends), None)
    return (
        copy.edition.number,
        str(copy.copy_number),
        str(copy.version),
        "oui" if copy.is_superseded else "non",
        copy.recipient,
        copy.reason,
        copy.printed_by.get_full_name(),
        short_moment(copy.printed_at),
        ended.get_how_display() if ended else "Sorti",
        short_day(ended.on) if ended else "",
        ended.words if ended else "",
        ended.by.get_full_name() if ended else "",
        copy.sha256,
    )


# --- Set --------------------------------------------------------------------------------------


def _contents(edition, numbered, kind):
    """What each copy of a run says: gathered once, they differ by their number and recipient."""
    content = brief.gather(edition, numbered[0], for_partners=kind == Kind.PARTNERS)
    told = content.copy
    return [
        replace(content, copy=replace(told, number=each.number, recipient=each.recipient))
        for each in numbered
    ]


def _typeset(edition, contents, kind, advance=None):
    write = WRITERS[kind]
    files = []
    try:
        with ThreadPoolExecutor(PRESSES) as presses:
            for content, file in zip(contents, presses.map(write, contents), strict=True):
                number = content.copy.number
                files.append(Copy(number, _file_name(edition, number, kind), file))
                if advance:
                    advance(len(files), len(contents), f"Exemplaire n° {number} mis en page")
    except PrintError as fault:
        raise ValidationError(str(fault)) from fault
    return files


def copy_of(number, by, recipient, reason, now):
    return Print(
        number=number,
        recipient=recipient,
        printed_by=by.get_full_name(),
        printed_by_unit=str(by.unit),
        printed_at=now,
        reason=reason,
    )

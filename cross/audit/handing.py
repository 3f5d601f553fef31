"""Lines of the journal handed to an authority: a file that is signed, and that verifies itself.

It holds the lines asked for, as text for a spreadsheet and as they were sealed; the seals of their
batches with one digest for every row of these; the keys; a manifest, signed, of all of that; and
the verifier, which needs no part of this software.
"""

import base64
import csv
import hashlib
import io
import json
import tempfile
import zipfile
from bisect import bisect_right
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import connection, transaction
from django.utils import timezone

from cross import outbox
from cross.audit import access, anchors, journal, keys, reading, verifier
from cross.audit.models import Handout, Operation, Seal
from cross.audit.sealing import COLUMNS
from cross.audit.wording import VERBS
from cross.outbox.models import Job
from cross.ui.templatetags.words import counted

NOTHING = "Aucune ligne ne correspond : élargissez la période, ou retirez un filtre."
READ_ME = """\
Extrait du journal de CROSS (directive (UE) 2016/680, article 25)

journal.csv      les lignes demandées, pour un tableur
journal.jsonl    les mêmes, telles qu’elles ont été scellées
ancres.jsonl     les sceaux signés, du premier lot de l’extrait au dernier, et les clés
lots.jsonl       une empreinte pour chaque ligne des lots de l’extrait
manifest.json    qui l’a demandé, pour qui, l’empreinte de chaque fichier ; signé
verifier.py      le programme qui vérifie cet extrait

Pour vérifier, avec Python et son paquet « cryptography » :

    python verifier.py CE_FICHIER.zip --key EMPREINTE

EMPREINTE est celle de la clé du journal, demandée au délégué à la protection des données par une
autre voie que celle de ce fichier. L’extrait prouve que chacune de ses lignes est bien celle qui a
été scellée ; il ne dit pas qu’il n’y en a pas d’autres hors de ce qui a été demandé.
"""
CHUNK = 2000


@transaction.atomic
def ask(*, by, **wanted):
    """Ask the worker for it; `wanted` are the fields of the form."""
    handout = Handout(
        department=by.journal_identity().department,
        member_id=by.pk,
        who=by.get_full_name(),
        **wanted,
    )
    if not lines_of(handout, by).exists():
        raise ValidationError(NOTHING)
    job = outbox.enqueue("export_journal", args={"handout": str(handout.key)}, by=by)
    handout.job = job.pk
    handout.save()
    journal.record(
        by, "journal.export_asked", handout, why=handout.why, recipients=handout.recipient
    )
    return handout


def lines_of(handout, member):
    """What was asked for, of what the member may read."""
    wanted = {
        "reference": handout.reference,
        "agent": handout.agent,
        "du": handout.since,
        "au": handout.until,
    }
    return reading.narrowed(access.readable_entries(member), wanted)


def make(handout, *, by, advance):
    """Write, sign and keep the file; the one that was made already when run again."""
    if not handout.is_waiting:
        return
    if not lines_of(handout, by).exists():
        raise ValidationError(NOTHING)  # his right may have ended since
    with tempfile.TemporaryFile() as file:
        with transaction.atomic():
            with connection.cursor() as cursor:
                # Its files say the same, whatever is written meanwhile.
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            rows = _write(file, handout, by, advance)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        with transaction.atomic():
            handout.rows, handout.sha256 = rows, digest
            handout.finished_at = timezone.now()
            place = handout.file.field.generate_filename(handout, f"{handout.key}.zip")
            handout.file.storage.delete(place)
            handout.file.save(f"{handout.key}.zip", File(file), save=False)
            handout.save()
            journal.record(
                by,
                "journal.exported",
                handout,
                why=f"{counted(rows, 'ligne')} : {handout.why}",
                recipients=handout.recipient,
            )


def fail(handout, sentence):
    Handout.objects.filter(pk=handout.pk, finished_at=None).update(
        finished_at=timezone.now(), failure=sentence[:300]
    )


def job_of(handout):
    return Job.objects.filter(pk=handout.job).first()


def has_died(handout):
    """It waits for a job that has ended without saying so."""
    live = Job.objects.filter(pk=handout.job, state__in=Job.LIVE)
    return handout.is_waiting and not live.exists()


def forget_files(now=None):
    """Remove the files that were kept long enough; how many. What was handed stays told."""
    before = (now or timezone.now()) - timedelta(days=settings.COPY_FILE_DAYS)
    forgotten = 0
    for handout in Handout.objects.filter(finished_at__lt=before).exclude(file=""):
        handout.file.delete(save=False)
        Handout.objects.filter(pk=handout.pk).update(file="")
        forgotten += 1
    return forgotten


# --- The file -----------------------------------------------------------------------------------


class _Archive:
    """A zip whose files are written one after the other, each with its digest."""

    def __init__(self, file):
        self.zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self.digests: dict[str, str] = {}

    def add(self, name, chunks):
        digest = hashlib.sha256()
        with self.zip.open(name, "w", force_zip64=True) as entry:
            for chunk in chunks:
                entry.write(chunk)
                digest.update(chunk)
        self.digests[name] = digest.hexdigest()


def _write(file, handout, by, advance):
    lines = lines_of(handout, by).order_by("tx", "id")
    total = lines.count()
    batches = _Batches()
    archive = _Archive(file)
    with archive.zip:
        archive.add("journal.jsonl", _sealed(lines, batches, total, advance))
        archive.add("journal.csv", _for_people(lines))
        archive.add("lots.jsonl", batches.leaves())
        archive.add("ancres.jsonl", batches.anchors())
        archive.add("LISEZMOI.txt", [READ_ME.encode()])
        archive.add("verifier.py", [Path(verifier.__file__).read_bytes()])
        manifest = anchors.sign(_manifest(handout, total, archive.digests), keys.signing_key())
        archive.zip.writestr("manifest.json", manifest.as_line())
    return total


def _manifest(handout, rows, digests):
    return {
        "kind": "export",
        "export": str(handout.key),
        "asked_by": handout.who,
        "asked_at": verifier.moment(handout.at),
        "department": handout.department,
        "since": handout.since and handout.since.isoformat(),
        "until": handout.until and handout.until.isoformat(),
        "agent": handout.agent,
        "reference": handout.reference,
        "recipient": handout.recipient,
        "why": handout.why,
        "rows": rows,
        "files": digests,
    }


class _Batches:
    """The batch of each row; `met` are those of the rows asked so far."""

    def __init__(self):
        self.seals = list(Seal.objects.defer("links").order_by("number"))
        self.met: set[int] = set()
        # Of each era: the number that its rows are above, and its batches in order.
        self.eras: dict[int, list] = {}
        for seal in self.seals:
            self.eras.setdefault(seal.record["after_id"], []).append(seal)

    def of(self, number, transaction):
        """Its batch, or None for a row that is not sealed yet."""
        after = max((each for each in self.eras if each < number), default=-1)
        era = self.eras.get(after, [])
        rank = bisect_right(era, transaction, key=lambda seal: seal.record["to_tx"])
        if rank == len(era):
            return None
        self.met.add(era[rank].number)
        return era[rank].number

    def leaves(self):
        for seal in Seal.objects.filter(number__in=self.met).order_by("number").iterator():
            told = {
                "batch": seal.number,
                "leaves": base64.b64encode(verifier.leaves_of(bytes(seal.links or b""))).decode(),
            }
            yield json.dumps(told).encode() + b"\n"

    def anchors(self):
        """The keys, and the chain from the first batch that was met to the last."""
        for anchor in anchors.read_all():
            if anchor.record["kind"] == "key":
                yield anchor.as_line().encode() + b"\n"
        for seal in self.seals:
            if self.met and min(self.met) <= seal.number <= max(self.met):
                yield seal.signed.as_line().encode() + b"\n"


def _sealed(lines, batches, total, advance):
    for rank, row in enumerate(lines.values_list(*COLUMNS).iterator(chunk_size=CHUNK)):
        if rank % CHUNK == 0:
            advance(rank, total, "Lignes et sceaux")
        told = dict(zip(COLUMNS, row, strict=True))
        told["at"] = verifier.moment(told["at"])
        told["batch"] = batches.of(row[0], row[1])
        yield json.dumps(told, ensure_ascii=False).encode() + b"\n"
    advance(total, total, "Mise en forme")


HEADER = (
    "Date et heure", "Opération", "Action", "Agent", "Unité", "Rôle", "Département", "Référence",
    "Motif", "Destinataires", "Numéro",
)  # fmt: skip


def _for_people(lines):
    labels = dict(Operation.choices)
    yield b"\xef\xbb\xbf" + _csv(HEADER)
    for entry in lines.order_by("at", "id").iterator(chunk_size=CHUNK):
        words = VERBS.get(entry.verb)
        yield _csv(
            (
                timezone.localtime(entry.at).strftime("%d/%m/%Y %H:%M:%S"),
                labels.get(entry.operation, entry.operation),
                words.sentence if words else entry.verb,
                entry.who,
                entry.unit,
                entry.role,
                entry.department,
                entry.target,
                entry.why,
                entry.recipients,
                str(entry.pk),
            )
        )


def _csv(cells):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerow(map(_guarded, cells))
    return text.getvalue().encode()


def _guarded(text):
    """No spreadsheet reads a formula in it."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text

"""The scanned papers of a protocol: received, looked at by the scanner, served by the gate."""

import hashlib
import secrets

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from cross import outbox, quarantine, uploads
from cross.audit import journal
from protocols import access
from protocols.models import ProtocolAnnex

ONCE_A_TIME = 100
STAYS_IN = "Cette annexe ne peut pas sortir de quarantaine."
ALREADY = "Ce fichier est déjà joint au protocole."


def annex(protocol, *, by, upload, amendment=None):
    """Put a file beside the protocol, or beside one of its amendments; the worker scans it."""
    data, content_type = uploads.check(
        upload, among=uploads.PICTURES, in_words=uploads.PICTURES_IN_WORDS
    )
    made = ProtocolAnnex(
        protocol=protocol,
        amendment=amendment,
        name=uploads.served_name(upload, content_type),
        content_type=content_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        scan=quarantine.at_first(),
        by=by,
    )
    # Looked for first: what is not kept is not written on the disk.
    if protocol.annexes.filter(sha256=made.sha256).exists():
        raise ValidationError({"upload": ALREADY})
    made.file.save(secrets.token_hex(12), ContentFile(data), save=False)
    try:
        with transaction.atomic():
            made.save()
            _noted(made, by=by)
    except IntegrityError as twice:
        made.file.delete(save=False)
        raise ValidationError({"upload": ALREADY}) from twice
    return made


def _noted(made, *, by):
    journal.record(by, "protocol.annex_added", made, why=f"empreinte {made.sha256}")
    outbox.enqueue("examine_annex", args={"annex": made.pk})


@transaction.atomic
def examine(key):
    """Ask the scanner about the file of this row; one taken away meanwhile is left alone."""
    held = ProtocolAnnex.objects.select_for_update(of=["self"]).filter(pk=key).first()
    if held is None:
        return
    with held.file.open("rb") as opened:
        looked_at = quarantine.look_at(held, opened.read())
    held.save(update_fields=looked_at)


def scan_again():
    """Ask for those that no scanner has looked at yet; how many."""
    left = quarantine.left(ProtocolAnnex.objects.all())
    keys = list(left.values_list("pk", flat=True)[:ONCE_A_TIME])
    for key in keys:
        outbox.enqueue("examine_annex", args={"annex": key})
    return len(keys)


@transaction.atomic
def release(found, *, by):
    """Whoever keeps the protocol knows where the file comes from, and takes it out of quarantine
    under his own name. What the scanner has refused stays in."""
    held = access.releasable_annexes(by).select_for_update(of=["self"]).filter(pk=found.pk).first()
    quarantine.let_out(held, by=by, verb="protocol.annex_released", stays_in=STAYS_IN)


@transaction.atomic
def remove(found, *, by):
    """Take it away from a draft, file included."""
    held = access.removable_annexes(by).filter(pk=found.pk).first()
    if held is None:
        raise ValidationError("Le protocole est signé : ses annexes restent.")
    journal.record(by, "protocol.annex_removed", held, why=f"empreinte {held.sha256}")
    held.delete()
    transaction.on_commit(lambda: held.file.delete(save=False), robust=True)

"""Holds the journal of this database against its seals and their anchors."""

import logging
import time
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from cross.audit import anchors, keys
from cross.audit.models import Check, Seal
from cross.audit.sealing import COLUMNS, next_transaction, rows_of, turn
from cross.audit.verifier import verify

logger = logging.getLogger(__name__)

KEPT_FINDINGS = 50
CHUNK = 5000


def known_key():
    """The fingerprint of our own key, where it can be read: the worker's."""
    path = Path(settings.JOURNAL_KEY)
    return keys.name_of(keys.signing_key()) if path.exists() else ""


def check(*, known="", where=None):
    """The verdict on the whole journal; changes nothing, and needs no more than to read it.

    Seals, anchors and rows are those of one instant: while the first two are read nothing is
    sealed nor removed, and what comes afterwards is not seen.
    """
    is_first = not connection.in_atomic_block
    with ExitStack() as still:
        still.enter_context(turn(wait=True))
        with transaction.atomic():
            if is_first:
                _ask_nothing("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            seals = Seal.objects.defer("links").order_by("number")
            kept = [seal.as_kept() for seal in seals.iterator()]
            anchored = anchors.read_all(where)
            still.close()
            return verify(
                anchors=anchored,
                kept=kept,
                rows=_stream,
                known=known or known_key(),
                xmax=next_transaction(),
            )


def _stream(after, until):
    return rows_of(after, until).values_list(*COLUMNS).iterator(chunk_size=CHUNK)


def _ask_nothing(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def check_and_note():
    """The same, kept for the page of the journal."""
    began = time.monotonic()
    verdict = check()
    if not verdict.is_sound:
        logger.error("the journal does not hold: %s", verdict.findings[0])
    return Check.objects.create(
        seconds=time.monotonic() - began,
        rows=verdict.rows,
        batches=verdict.batches,
        sealed_until=(
            datetime.fromisoformat(verdict.sealed_until) if verdict.sealed_until else None
        ),
        findings=[
            [each.sentence, each.batch, each.row] for each in verdict.findings[:KEPT_FINDINGS]
        ],
        found=len(verdict.findings) + verdict.more,
    )


def note_what_is_broken():
    """A check, unless the last one has already told that something is."""
    last = Check.objects.order_by("-at").first()
    if last is None or last.is_sound:
        check_and_note()

"""The sealer: chains what was committed since the last seal, signs it, anchors it outside.

A row of the journal carries its transaction. Once every transaction below a number has ended, the
rows below it are all there, for good: that number is where a batch stops, and where the next one
begins. A row that is committed late is in a later batch, whatever its own number.

Another server, where a backup was restored, counts its transactions from the beginning. Nothing
is sealed there until somebody who holds the key says so (`restored`): rows above those of the old
server are then a new era.
"""

from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils import timezone

from cross.audit import anchors, journal, keys
from cross.audit.anchors import Broken
from cross.audit.models import Entry, Seal
from cross.audit.verifier import (
    FIELDS,
    LINK,
    NOTHING_BEFORE,
    inventory_of,
    leaves_of,
    link_of,
    moment,
)

# Rows of a batch, but for those of one transaction, which stay together.
BATCH = 10_000
# Any number, as long as it is always this one: one sealer, and nobody removes rows meanwhile.
TURN = 4242_2016_0680
TRY = "SELECT pg_try_advisory_lock(%s)"
WAIT = "SELECT true FROM pg_advisory_lock(%s)"
COLUMNS = ("id", "tx", *FIELDS)


@dataclass(frozen=True)
class Span:
    """Rows numbered above `after_id` of the transactions in [from_tx, to_tx[."""

    after_id: int
    from_tx: int
    to_tx: int

    @property
    def rows(self):
        return rows_of(self.after_id).filter(tx__gte=self.from_tx, tx__lt=self.to_tx)


def rows_of(after, until=None):
    """The rows of an era, in the order of batches."""
    held = Entry.objects.filter(id__gt=after)
    if until is not None:
        held = held.filter(id__lte=until)
    return held.order_by("tx", "id")


def seal():
    """Seal all that has ended; how many batches. None when another one is at it."""
    sealed = 0
    with turn() as is_ours:
        while is_ours and (anchor := _seal_one()) is not None:
            anchors.append(anchor)
            sealed += 1
        if is_ours:
            anchors.carry()
    return sealed


def _seal_one():
    """One batch, committed: its anchor, or None when nothing is left to seal."""
    with transaction.atomic():
        key = keys.signing_key()
        last = last_seal()
        check_anchors(last, key)
        span = _next_span(last)
        return _keep(span, last, key) if span.rows.exists() else None


@contextmanager
def turn(*, wait=False):
    """Whether nobody else seals, removes or looks meanwhile: a seal and its anchor are one.

    Of the session, so that it ends with the process that holds it.
    """
    is_ours = _ask(WAIT if wait else TRY, TURN)
    try:
        yield is_ours
    finally:
        if is_ours:
            _ask("SELECT pg_advisory_unlock(%s)", TURN)


def last_seal():
    return Seal.objects.defer("links").order_by("-number").first()


def _ask(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


def next_transaction():
    """The number that no transaction of what we see has reached."""
    return _ask("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")


def server():
    """What tells this server from another one: its transactions are counted by itself alone."""
    return str(_ask("SELECT system_identifier FROM pg_control_system()"))


# --- One batch ----------------------------------------------------------------------------------


def _next_span(last):
    after, begin = (last.record["next_after_id"], last.record["next_from_tx"]) if last else (0, 0)
    ended = _ask("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    span = Span(after, begin, ended)
    whole = span.rows.values_list("tx", flat=True)[BATCH - 1 : BATCH]
    return Span(after, begin, whole[0] + 1) if whole else span


def _keep(span, last, key, following=None):
    """Write the seal of a batch; `following` is where the next one begins, when not at its end."""
    held = span.rows.values_list(*COLUMNS)
    links = b"".join(map(link_of, held.iterator(chunk_size=2000)))
    numbers = [number for number, _, _ in LINK.iter_unpack(links)]
    ends = span.rows.order_by().aggregate(first=Min("at"), last=Max("at"))
    now = timezone.now()
    after_id, from_tx = following or (span.after_id, span.to_tx)
    anchor = anchors.sign(
        {
            "kind": "seal",
            "number": last.number + 1 if last else 1,
            "previous": last.signed.head if last else NOTHING_BEFORE,
            "server": server(),
            "after_id": span.after_id,
            "from_tx": span.from_tx,
            "to_tx": span.to_tx,
            "next_after_id": after_id,
            "next_from_tx": from_tx,
            "count": len(numbers),
            "first_id": min(numbers, default=0),
            "last_id": max(numbers, default=0),
            "first_at": moment(ends["first"] or now),
            "last_at": moment(ends["last"] or now),
            "inventory": inventory_of(leaves_of(links)),
            "sealed_at": moment(now),
        },
        key,
    )
    Seal.objects.create(number=anchor.record["number"], anchor=anchor.as_line(), links=links)
    return anchor


# --- The anchors, before anything is put on top of them ------------------------------------------


def check_anchors(last, key):
    """The database ends where the anchors end, on the same server, under the key they name.

    The first anchor of all names the key. The one that a sealer killed after it had written in the
    database did not add is added here.
    """
    tail = anchors.tail()
    if tail.anchor is None:
        if last is not None:
            raise Broken("Le dossier des ancres est vide : remettez-y sa copie.")
        anchors.append(anchors.naming(key))
        return
    if tail.key != keys.name_of(key):
        raise Broken("La clé n’est pas celle des dernières ancres : annoncez-la (journal_key).")
    number, head = (last.number, last.signed.head) if last else (0, NOTHING_BEFORE)
    if last and tail.number == number - 1 and last.record["previous"] == tail.head:
        if not last.signed.is_signed_by(keys.public_of(key)):
            raise Broken(f"Le sceau {number} n’est pas signé par la clé.")
        anchors.append(last.signed)
    elif (tail.number, tail.head) != (number, head):
        raise Broken(
            f"Le journal finit au lot {number} et les ancres au lot {tail.number}, ou ce ne sont "
            "pas les mêmes : lancez verify_journal."
        )
    if last and last.record["server"] != server():
        raise Broken("Cette base vient d’un autre serveur : dites-le (seal_journal --restored).")


def restored(why):
    """Go on after a backup was put back, before anything else is written: what the anchors knew
    beyond it is given up, for that reason, and another server begins a new era."""
    with turn(wait=True), transaction.atomic():
        key, last = keys.signing_key(), last_seal()
        journal.record(None, "journal.restored", f"lot {last.number if last else 0}", why=why)
        told = {
            "kind": "restored",
            "number": last.number if last else 0,
            "head": last.signed.head if last else NOTHING_BEFORE,
            "why": why,
            "at": moment(timezone.now()),
        }
        made = [anchors.sign(told, key)]
        if last and last.record["server"] != server():
            made.append(_end_era(last, key))
        transaction.on_commit(lambda: anchors.append(*made))


def _end_era(last, key):
    """The rows that the old server had not sealed: all of them are there. The next one starts."""
    begin = last.record["next_from_tx"]
    left = rows_of(last.record["next_after_id"]).filter(tx__gte=begin).order_by()
    ends = left.aggregate(tx=Max("tx"), id=Max("id"))
    sealed = max(seal.record["last_id"] for seal in Seal.objects.defer("links"))
    span = Span(last.record["next_after_id"], begin, (ends["tx"] or begin) + 1)
    return _keep(span, last, key, following=(max(sealed, ends["id"] or 0), 0))

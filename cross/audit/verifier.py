"""What is sealed of the journal, as bytes, and whether it still holds. No Django, no database.

Also a program of its own, which needs Python and the package `cryptography` alone, for whoever
was handed an export:

    python verifier.py EXPORT.zip --key FINGERPRINT

A batch is the rows of finished transactions, in the order of (transaction, number). Its record
holds the digest of the record before it, the digest of the inventory of its rows, and counts; it
is signed. An anchor is a signed record, one a line of a file that lies outside the database.
"""

import argparse
import base64
import hashlib
import json
import struct
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "cross-journal-1"
# What is sealed of a row, in this order. A row is a tuple: number, transaction, then these.
FIELDS = (
    "at", "operation", "verb", "member_id", "who", "unit", "role", "department", "target", "why",
    "recipients",
)  # fmt: skip
# A line of the inventory of a batch: number, transaction, digest of the rest.
LINK = struct.Struct(">qq32s")
NOTHING_BEFORE = "0" * 64
# A row is written at most so long before its transaction ends: older, it was added afterwards.
ANTEDATED = timedelta(hours=1)
# The sealer passes every minute.
SEALED_WITHIN = timedelta(minutes=15)
# No setting removes anything younger.
SHORTEST_TERM = timedelta(days=365)
MOST_FINDINGS = 1000


# --- Bytes --------------------------------------------------------------------------------------


def moment(at):
    """An instant as it is sealed: UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def digest_of(row):
    _, _, at, *said = row
    text = json.dumps([moment(at), *said], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


def link_of(row):
    return LINK.pack(row[0], row[1], digest_of(row))


def leaves_of(links):
    """One digest a row: they prove that a row was there without telling anything of the others."""
    return b"".join(
        hashlib.sha256(links[start : start + LINK.size]).digest()
        for start in range(0, len(links), LINK.size)
    )


def inventory_of(leaves):
    return hashlib.sha256(leaves).hexdigest()


def canonical(record):
    return json.dumps(
        record, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()  # fmt: skip


def head_of(text):
    """The digest of a record, given as the bytes that were signed."""
    return hashlib.sha256(text).hexdigest()


def key_id(public):
    """The fingerprint by which a key is named: of its 32 bytes."""
    return hashlib.sha256(public).hexdigest()


# --- Keys ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Anchor:
    """A signed record, as a line of the file of anchors."""

    text: bytes
    signature: str
    countersignature: str = ""  # by the new key, of a record that names one

    @classmethod
    def read(cls, line):
        told = json.loads(line)
        return cls(canonical(told["record"]), told["signature"], told.get("countersignature", ""))

    @cached_property
    def record(self):
        return json.loads(self.text)

    @cached_property
    def head(self):
        return head_of(self.text)

    def as_line(self):
        told = {"record": self.record, "head": self.head, "signature": self.signature}
        if self.countersignature:
            told["countersignature"] = self.countersignature
        return canonical(told).decode()

    def is_signed_by(self, public, signature=None):
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(
                base64.b64decode(self.signature if signature is None else signature), self.text
            )
        except (InvalidSignature, ValueError):
            return False
        return True


class Keyring:
    """The keys of a journal, each from one batch on; the one that is known vouches for the others.

    A new key is named in a record that the old one and the new one have both signed.
    """

    def __init__(self, anchors, known=""):
        """`known` is the fingerprint of any of them; without one, the first is taken on trust."""
        self.keys: list[tuple[int, str, bytes]] = []  # (last batch of the one before, name, key)
        self.faults: list[str] = []
        for anchor in anchors:
            if anchor.record["kind"] == "key":
                self._add(anchor)
        if known and known not in {name for _, name, _ in self.keys}:
            self.faults.append("La clé attendue n’est pas celle de ces sceaux.")

    def _add(self, anchor):
        record = anchor.record
        public = base64.b64decode(record["public"])
        if self.keys:
            _, name, before = self.keys[-1]
            is_vouched = record["key"] == name and anchor.is_signed_by(before)
            is_accepted = anchor.is_signed_by(public, anchor.countersignature)
        else:
            is_vouched = record["key"] == key_id(public)
            is_accepted = anchor.is_signed_by(public)
        if is_vouched and is_accepted:
            self.keys.append((record["after"], key_id(public), public))
        else:
            self.faults.append(
                "Un changement de clé n’est pas signé par l’ancienne et la nouvelle."
            )

    def of_batch(self, number):
        """The key that seals this batch, or None."""
        valid = [key for after, _, key in self.keys if after < number]
        return valid[-1] if valid else None

    def any_signed(self, anchor):
        return any(anchor.is_signed_by(public) for _, _, public in self.keys)


# --- Verdict ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Finding:
    """What does not hold, in a French sentence; the batch and the row that it is about."""

    sentence: str
    batch: int | None = None
    row: int | None = None

    def __str__(self):
        where = []
        if self.batch is not None:
            where.append(f"lot {self.batch}")
        if self.row is not None:
            where.append(f"ligne {self.row}")
        return f"{', '.join(where).capitalize()} : {self.sentence}" if where else self.sentence


@dataclass
class Verdict:
    findings: list[Finding] = field(default_factory=list)
    batches: int = 0
    removed: int = 0
    rows: int = 0
    waiting: int = 0  # rows that no seal holds yet
    sealed_until: str = ""
    more: int = 0  # findings beyond those that are told

    @property
    def is_sound(self):
        return not self.findings

    def find(self, sentence, *, batch=None, row=None):
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(sentence, batch, row))
        else:
            self.more += 1


@dataclass(frozen=True)
class Kept:
    """A seal as the database keeps it: its inventory goes with the rows, once they are removed."""

    number: int
    anchor: Anchor | None  # None when it cannot be read any more
    links: Callable[[], bytes | None]  # asked only of a batch that does not hold
    is_removed: bool = False
    removal: Anchor | None = None

    @classmethod
    def read(cls, number, text, links, removal):
        """From what the database holds, whatever somebody made of it."""
        return cls(
            number,
            _readable(text, SEAL_HOLDS),
            links,
            bool(removal),
            _readable(removal, REMOVAL_HOLDS) if removal else None,
        )


SEAL_HOLDS = {
    "number", "previous", "after_id", "from_tx", "to_tx", "next_after_id", "next_from_tx", "count",
    "first_at", "last_at", "sealed_at", "inventory", "key",
}  # fmt: skip
REMOVAL_HOLDS = {"number", "head", "before", "removed_at", "key"}


def _readable(text, held):
    try:
        anchor = Anchor.read(text)
        return anchor if held <= anchor.record.keys() else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


Rows = Callable[[int, int | None], Iterable[tuple]]


def verify(*, anchors, kept, rows: Rows, known="", now=None, xmax=None) -> Verdict:
    """Hold a journal against its seals, and its seals against their anchors.

    `anchors` are those of the folder, in order; `kept` the seals of the database, by number;
    `rows(after, until)` gives the rows numbered in ]after, until], in the order of batches;
    `xmax` is the next transaction of the database, when it is a live one.
    """
    verdict = Verdict()
    now = now or datetime.now(UTC)
    anchors = list(anchors)
    ring = Keyring(anchors, known)
    for fault in ring.faults:
        verdict.find(fault)
    kept, unread = [], [*kept]
    for each in unread:
        if each.anchor is None or each.anchor.record["number"] != each.number:
            verdict.find("ce sceau ne se lit plus.", batch=each.number)
        else:
            kept.append(each)
    _check_chain(kept, anchors, ring, verdict)
    _check_removals(kept, anchors, ring, verdict)
    eras = [0]
    for each in kept:
        if (after := each.anchor.record["next_after_id"]) != eras[-1]:
            eras.append(after)
    for after, until in zip(eras, [*eras[1:], None], strict=True):
        held = [each for each in kept if each.anchor.record["after_id"] == after]
        _check_rows(held, rows(after, until), verdict, is_last=until is None, now=now, xmax=xmax)
    return verdict


def _check_chain(kept, anchors, ring, verdict):
    """Every seal follows the one before, is signed, and is the one that was anchored."""
    anchored = _anchored(anchors, ring, verdict)
    expected, previous = 1, NOTHING_BEFORE
    for each in kept:
        record = each.anchor.record
        number = record["number"]
        if number != expected:
            verdict.find(f"les sceaux {expected} à {number - 1} manquent.", batch=number)
        elif record["previous"] != previous:
            verdict.find("ce sceau ne suit pas le précédent.", batch=number)
        key = ring.of_batch(number)
        if key is None or not each.anchor.is_signed_by(key):
            verdict.find("la signature du sceau n’est pas celle de la clé.", batch=number)
        if number not in anchored:
            verdict.find("ce sceau n’a pas d’ancre hors de la base.", batch=number)
        elif anchored[number].text != each.anchor.text:
            verdict.find("le sceau de la base n’est pas celui qui a été ancré.", batch=number)
        expected, previous = number + 1, each.anchor.head
        verdict.batches += 1
        verdict.sealed_until = record["sealed_at"]
    if lost := sorted(number for number in anchored if number >= expected):
        rows = sum(anchored[number].record["count"] for number in lost)
        span = f"le lot {lost[0]}" if len(lost) == 1 else f"les lots {lost[0]} à {lost[-1]}"
        verdict.find(
            f"La fin du journal a été coupée : {span}, ancrés hors de la base, n’y sont plus "
            f"({rows} lignes)."
        )


def _anchored(anchors, ring, verdict):
    """{batch: its anchor}. A backup that was put back gives up those that came after it."""
    anchored: dict[int, Anchor] = {}
    for anchor in anchors:
        record = anchor.record
        if record["kind"] == "seal":
            number = record["number"]
            if number in anchored and anchored[number].text != anchor.text:
                verdict.find("deux ancres différentes portent ce numéro.", batch=number)
            anchored[number] = anchor
        elif record["kind"] == "restored":
            if not ring.any_signed(anchor):
                verdict.find("le retour à une sauvegarde n’est pas signé.", batch=record["number"])
            anchored = {n: each for n, each in anchored.items() if n <= record["number"]}
    return anchored


def _check_removals(kept, anchors, ring, verdict):
    """A batch is removed by a signed record, once its term is over, and for good."""
    removed = {anchor.record["number"] for anchor in anchors if anchor.record["kind"] == "removal"}
    for each in kept:
        number = each.anchor.record["number"]
        if not each.is_removed:
            if number in removed:
                verdict.find("ce lot a été retiré au terme, et il est revenu.", batch=number)
            continue
        verdict.removed += 1
        told = each.removal and each.removal.record
        if told is None or not ring.any_signed(each.removal) or told["head"] != each.anchor.head:
            verdict.find("le retrait de ce lot n’est pas signé.", batch=number)
            continue
        before, at = (datetime.fromisoformat(told[name]) for name in ("before", "removed_at"))
        last_at = datetime.fromisoformat(each.anchor.record["last_at"])
        if last_at >= before or before > at - SHORTEST_TERM:
            verdict.find("ce lot a été retiré avant son terme.", batch=number)


def _check_rows(kept, rows, verdict, *, is_last, now, xmax):
    """Every row of one era is the one that was sealed, in the batch where it was."""
    stream = _Stream(rows)
    oldest = None
    for each in kept:
        record = each.anchor.record
        for row in stream.below(record["from_tx"]):
            verdict.find("cette ligne n’est dans aucun lot : elle a été ajoutée.", row=row[0])
        sealed_at = datetime.fromisoformat(record["sealed_at"])
        if not each.is_removed:
            # A clock that was set back tells nothing of what was written before.
            since = oldest if oldest is not None and sealed_at >= oldest else None
            _check_batch(each, stream.below(record["to_tx"]), since, verdict)
        else:
            for row in stream.below(record["to_tx"]):
                told = "cette ligne fait partie d’un lot retiré au terme."
                verdict.find(told, batch=record["number"], row=row[0])
        # A row that says to be older than the seal before its own was written afterwards.
        oldest = sealed_at - ANTEDATED
    for row in stream.below(None):
        if not is_last:
            verdict.find("cette ligne n’est dans aucun lot : elle a été ajoutée.", row=row[0])
        elif xmax is not None and row[1] >= xmax:
            verdict.find("cette ligne porte une transaction qui n’a pas eu lieu.", row=row[0])
        else:
            verdict.waiting += 1
            if verdict.waiting == 1 and now - row[2] > SEALED_WITHIN:
                verdict.find("cette ligne et les suivantes attendent leur sceau.", row=row[0])


class _Stream:
    """Rows in the order of batches, taken transaction by transaction."""

    def __init__(self, rows):
        self._rows: Iterator[tuple] = iter(rows)
        self._next = next(self._rows, None)

    def below(self, transaction):
        while self._next is not None and (transaction is None or self._next[1] < transaction):
            yield self._next
            self._next = next(self._rows, None)


def _check_batch(each, rows, oldest, verdict):
    record = each.anchor.record
    number = record["number"]
    links, count = bytearray(), 0
    for row in rows:
        links += link_of(row)
        count += 1
        if oldest is not None and row[2] < oldest:
            verdict.find("cette ligne est antidatée.", batch=number, row=row[0])
    verdict.rows += count
    if count == record["count"] and inventory_of(leaves_of(links)) == record["inventory"]:
        return
    sealed = each.links()
    if sealed is None or inventory_of(leaves_of(sealed)) != record["inventory"]:
        verdict.find(
            f"{count} lignes au lieu de {record['count']}, ou d’autres lignes ; l’inventaire du "
            "lot a été modifié, on ne sait pas lesquelles.",
            batch=number,
        )
        return
    _compare(number, _by_number(sealed), _by_number(bytes(links)), verdict)


def _by_number(links):
    return {number: (tx, digest) for number, tx, digest in LINK.iter_unpack(links)}


def _compare(batch, sealed, found, verdict):
    digests = {digest: number for number, (_, digest) in sealed.items()}
    for number in sorted(sealed.keys() | found.keys()):
        if number not in found:
            verdict.find("cette ligne a été retirée.", batch=batch, row=number)
        elif number not in sealed:
            verdict.find("cette ligne a été ajoutée.", batch=batch, row=number)
        elif found[number] != sealed[number]:
            moved = digests.get(found[number][1])
            told = (
                f"cette ligne a pris la place d’une autre : elle portait le numéro {moved}."
                if moved is not None and moved != number
                else "cette ligne a été modifiée."
            )
            verdict.find(told, batch=batch, row=number)


# --- An export ----------------------------------------------------------------------------------


def verify_export(path, known="") -> Verdict:
    """The same of a file that was handed out: every row in it is in a signed batch, and no file
    of it was changed. A part of the journal proves its own rows, not that there are no others."""
    verdict = Verdict()
    with zipfile.ZipFile(path) as archive:
        manifest = Anchor.read(archive.read("manifest.json"))
        for name, digest in manifest.record["files"].items():
            if name not in archive.namelist():
                verdict.find(f"Le fichier {name} manque.")
            elif hashlib.sha256(archive.read(name)).hexdigest() != digest:
                verdict.find(f"Le fichier {name} a été modifié.")
        anchors = _lines(archive, "ancres.jsonl", Anchor.read)
        ring = Keyring(anchors, known)
        for fault in ring.faults:
            verdict.find(fault)
        if not ring.any_signed(manifest):
            verdict.find("Le manifeste n’est pas signé par une clé du journal.")
        leaves = {
            told["batch"]: base64.b64decode(told["leaves"])
            for told in _lines(archive, "lots.jsonl", json.loads)
        }
        batches = _exported_batches(anchors, leaves, ring, verdict)
        for told in _lines(archive, "journal.jsonl", json.loads):
            _check_exported(told, batches, verdict)
    return verdict


def _lines(archive, name, read: Callable[[bytes], Any]):
    return [read(line) for line in archive.read(name).splitlines()]


def _exported_batches(anchors, leaves, ring, verdict):
    """{batch: the digests of its rows}, for those whose seal holds."""
    batches: dict[int, set[bytes]] = {}
    previous = None
    for anchor in anchors:
        record = anchor.record
        if record["kind"] != "seal":
            continue
        number = record["number"]
        key = ring.of_batch(number)
        if key is None or not anchor.is_signed_by(key):
            verdict.find("la signature du sceau n’est pas celle de la clé.", batch=number)
        if previous is not None and record["previous"] != previous:
            verdict.find("ce sceau ne suit pas le précédent.", batch=number)
        previous = anchor.head
        verdict.batches += 1
        verdict.sealed_until = record["sealed_at"]
        if number in leaves:
            if inventory_of(leaves[number]) != record["inventory"]:
                verdict.find("l’inventaire du lot a été modifié.", batch=number)
            size = hashlib.sha256().digest_size
            batches[number] = {
                leaves[number][start : start + size]
                for start in range(0, len(leaves[number]), size)
            }
    return batches


def _check_exported(told, batches, verdict):
    at = datetime.fromisoformat(told["at"])
    row = (told["id"], told["tx"], at, *(told[name] for name in FIELDS[1:]))
    verdict.rows += 1
    if told["batch"] is None:
        verdict.waiting += 1
    elif hashlib.sha256(link_of(row)).digest() not in batches.get(told["batch"], ()):
        verdict.find(
            "cette ligne n’est pas celle qui a été scellée.", batch=told["batch"], row=row[0]
        )


def report(verdict):
    """Lines to print."""
    yield from map(str, verdict.findings)
    yield (
        f"{verdict.rows} lignes, {verdict.batches} lots ({verdict.removed} retirés au terme), "
        f"{verdict.waiting} lignes pas encore scellées, dernier sceau : "
        f"{verdict.sealed_until or 'aucun'}."
    )
    found = len(verdict.findings) + verdict.more
    yield "Intact." if verdict.is_sound else f"ALTÉRÉ, constats : {found}."


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Vérifie un export du journal de CROSS.")
    parser.add_argument("export")
    parser.add_argument("--key", default="", help="empreinte de la clé, connue par ailleurs")
    asked = parser.parse_args(arguments)
    verdict = verify_export(asked.export, asked.key)
    sys.stdout.write("\n".join(report(verdict)) + "\n")
    if not asked.key:
        sys.stdout.write("Attention : sans --key, la clé est celle que l’export contient.\n")
    return 0 if verdict.is_sound else 1


if __name__ == "__main__":
    sys.exit(main())

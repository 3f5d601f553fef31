"""Lines go at their term, by whole batches, and the chain still holds."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from cross.audit import checking, retention, sealing
from cross.audit.models import Entry, Seal
from tests.audit.test_seals import as_superuser, found

pytestmark = pytest.mark.django_db(transaction=True, available_apps=["cross.audit"])


def test_twelve_batches_leave_at_their_term_and_the_chain_holds(write, time_machine, figure):
    """A batch a month for fifteen months: three years later, the first twelve go."""
    start = timezone.now()
    for month in range(15):
        time_machine.move_to(start + timedelta(days=30 * month))
        write(3)
        sealing.seal()
    time_machine.move_to(start + timedelta(days=3 * 365 + 11 * 30 + 5))
    assert retention.remove() == 36
    assert retention.remove() == 0
    sealing.seal()
    verdict = checking.check()
    assert verdict.is_sound, verdict.findings
    assert (verdict.batches, verdict.removed, verdict.rows) == (16, 12, 9 + 12)
    # Each removal is a line, and leaves a tombstone: how many lines there were, from when to when.
    assert Entry.objects.filter(verb="journal.removed").count() == 12
    tombstone = Seal.objects.get(number=1)
    assert (tombstone.links, tombstone.record["count"]) == (None, 3)
    figure("B59", "the chain holds after 12 batches of 15 were removed")


def test_nothing_leaves_before_its_term(write, time_machine, settings):
    start = timezone.now()
    write(2)
    sealing.seal()
    time_machine.move_to(start + timedelta(days=3 * 365 - 1))
    assert retention.remove() == 0
    settings.JOURNAL_YEARS = 6
    time_machine.move_to(start + timedelta(days=6 * 365))
    assert retention.remove() == 0
    time_machine.move_to(start + timedelta(days=6 * 365 + 3))
    assert retention.remove() == 2


def test_lines_that_are_not_sealed_stay(write, time_machine):
    start = timezone.now()
    write(2)
    time_machine.move_to(start + timedelta(days=4 * 365))
    assert retention.remove() == 0
    assert Entry.objects.count() == 2


def test_a_batch_said_to_be_removed_and_that_was_not_is_found(sealed):
    """Lines cut off under a removal that nobody signed."""
    record = Seal.objects.get(number=1)
    as_superuser(
        "DELETE FROM audit_entry WHERE tx < %(end)s",
        "UPDATE audit_seal SET links = NULL, removal = anchor WHERE number = 1",
        end=record.record["to_tx"],
    )
    assert (1, None, "le retrait de ce lot n’est pas signé.") in found()


def test_a_removal_by_the_key_before_the_term_is_found(sealed, monkeypatch):
    monkeypatch.setattr(retention, "term", lambda now=None: timezone.now() + timedelta(days=1))
    assert retention.remove() == 11
    assert (1, None, "ce lot a été retiré avant son terme.") in found()


def test_rows_that_come_back_are_found(write, time_machine):
    start = timezone.now()
    [row] = write(1)
    kept = list(Entry.objects.values())
    sealing.seal()
    time_machine.move_to(start + timedelta(days=3 * 365 + 5))
    retention.remove()
    with transaction.atomic():
        Entry.objects.bulk_create(Entry(**each) for each in kept)
    assert (1, row, "cette ligne fait partie d’un lot retiré au terme.") in found()

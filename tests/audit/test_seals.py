"""The seals: what is committed is chained, signed, anchored; what is changed afterwards is found.

The attacks are those of a superuser of the database, who switches the triggers off.
"""

import base64
import socketserver
import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from cross.audit import anchors, checking, journal, keys, sealing, tasks
from cross.audit.models import Check, Entry, Seal
from cross.audit.verifier import link_of
from cross.outbox.models import Job

# Only its tables are emptied after each test: all of them take seconds.
pytestmark = pytest.mark.django_db(
    transaction=True, available_apps=["cross.audit", "cross.outbox"]
)

MODIFIED = "cette ligne a été modifiée."
REMOVED = "cette ligne a été retirée."
ADDED = "cette ligne a été ajoutée."
NOWHERE = "cette ligne n’est dans aucun lot : elle a été ajoutée."


def as_superuser(*statements, **values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement, values)


def found():
    return [(each.batch, each.row, each.sentence) for each in checking.check().findings]


def test_what_is_sealed_holds(sealed, write):
    write(2)
    verdict = checking.check()
    assert verdict.is_sound
    assert (verdict.batches, verdict.rows, verdict.waiting) == (3, 11, 2)
    assert [anchor.record["kind"] for anchor in anchors.read_all()] == ["key"] + ["seal"] * 3
    assert sealing.seal() == 1
    assert sealing.seal() == 0
    assert checking.check().waiting == 0


# --- Attacks ------------------------------------------------------------------------------------

COPY = (
    "INSERT INTO audit_entry (at, operation, verb, who, unit, role, department, target, why, "
    "recipients, tx, id) SELECT at, operation, verb, who, unit, role, department, 'faux', why, "
    "recipients, tx + %(shift)s, 900001 FROM audit_entry WHERE id = %(row)s"
)


ATTACKS = (
    "UPDATE audit_entry SET why = 'Autre' WHERE id = %(row)s",
    "UPDATE audit_entry SET at = at + interval '1 second' WHERE id = %(row)s",
    "UPDATE audit_entry SET tx = tx - 1 WHERE id = %(row)s",
    "DELETE FROM audit_entry WHERE id = %(row)s",
    "DELETE FROM audit_entry",
    "UPDATE audit_entry SET id = id + 100000 WHERE id = %(row)s",
    "INSERT INTO audit_entry (id, at, operation, verb, who, unit, role, department, target, why, "
    "recipients, tx) SELECT 900001, at, operation, verb, who, unit, role, department, target, "
    "why, recipients, tx FROM audit_entry WHERE id = %(row)s",
    "DELETE FROM audit_seal WHERE number = 1",
    "DELETE FROM audit_seal WHERE number = 3",
    "DELETE FROM audit_seal",
    "UPDATE audit_seal SET anchor = replace(anchor, '\"count\":5', '\"count\":4')",
    "UPDATE audit_seal SET links = NULL, removal = anchor WHERE number = 1",
)


def test_each_attack_is_found(sealed, figure):
    """Tried in turn on the same journal, and taken back."""
    missed = []
    for attack in ATTACKS:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(attack, {"row": sealed[7]})
            if checking.check().is_sound:
                missed.append(attack)
            transaction.set_rollback(True)
    assert missed == []
    assert checking.check().is_sound
    figure("B54", f"{len(ATTACKS) - len(missed)} attacks of {len(ATTACKS)} found")


def test_an_edited_row_is_found(sealed):
    for edit in (
        "UPDATE audit_entry SET who = 'Personne' WHERE id = %(row)s",
        "UPDATE audit_entry SET at = at - interval '1 day' WHERE id = %(row)s",
        "UPDATE audit_entry SET target = '', member_id = 7 WHERE id = %(row)s",
    ):
        as_superuser(edit, row=sealed[2])
    assert found() == [(1, sealed[2], MODIFIED)]


def test_a_removed_row_is_found(sealed):
    as_superuser(
        "DELETE FROM audit_entry WHERE id = %(one)s OR id = %(two)s", one=sealed[2], two=sealed[5]
    )
    assert found() == [(1, sealed[2], REMOVED), (2, sealed[5], REMOVED)]


def test_rows_that_changed_places_are_found(sealed):
    one, two = sealed[0], sealed[3]
    as_superuser(
        "UPDATE audit_entry SET id = -1 WHERE id = %(one)s",
        "UPDATE audit_entry SET id = %(one)s WHERE id = %(two)s",
        "UPDATE audit_entry SET id = %(two)s WHERE id = -1",
        one=one,
        two=two,
    )
    told = {row: sentence for _, row, sentence in found()}
    assert told.keys() >= {one, two}


def test_a_row_slipped_in_is_found(sealed):
    as_superuser(COPY, row=sealed[1], shift=0)
    assert found() == [(1, 900001, ADDED)]


def test_a_row_slipped_in_before_all_batches_is_found(sealed):
    as_superuser(COPY, row=sealed[1], shift=-(10**9))
    assert found() == [(None, 900001, NOWHERE)]


def test_a_row_that_hides_behind_a_transaction_to_come_is_found(sealed):
    as_superuser(COPY, row=sealed[1], shift=10**9)
    assert found() == [(None, 900001, "cette ligne porte une transaction qui n’a pas eu lieu.")]


def test_an_end_that_was_cut_off_is_found(sealed):
    last = Seal.objects.get(number=3).record
    as_superuser(
        "DELETE FROM audit_entry WHERE tx >= %(begin)s",
        "DELETE FROM audit_seal WHERE number = 3",
        begin=last["from_tx"],
    )
    [(batch, _, sentence)] = found()
    assert batch is None
    assert sentence.startswith("La fin du journal a été coupée : le lot 3")
    # And nothing is sealed on top of it.
    with pytest.raises(sealing.Broken, match="finit au lot 2 et les ancres au lot 3"):
        sealing.seal()


def test_rows_that_were_resealed_without_the_key_are_found(sealed, settings, tmp_path):
    """He edits a row and makes the chain again, with a key of his own."""
    as_superuser("UPDATE audit_entry SET who = 'Personne' WHERE id = %(row)s", row=sealed[0])
    record = Seal.objects.get(number=1).record
    span = sealing.Span(0, record["from_tx"], record["to_tx"])
    links = b"".join(map(link_of, span.rows.values_list(*sealing.COLUMNS)))
    forged = anchors.sign(record | {"count": 5}, keys.make(tmp_path / "other.pem"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE audit_seal SET anchor = %s, links = %s WHERE number = 1",
            [forged.as_line(), links],
        )
    told = found()
    assert (1, None, "la signature du sceau n’est pas celle de la clé.") in told
    assert (1, None, "le sceau de la base n’est pas celui qui a été ancré.") in told


def test_an_inventory_that_was_lost_still_leaves_the_batch_named(sealed):
    as_superuser(
        "UPDATE audit_entry SET who = 'Personne' WHERE id = %(row)s",
        "UPDATE audit_seal SET links = '' WHERE number = 1",
        row=sealed[0],
    )
    [(batch, row, sentence)] = found()
    assert (batch, row) == (1, None)
    assert sentence.startswith("5 lignes au lieu de 5, ou d’autres lignes")


def test_a_seal_that_was_spoilt_is_found(sealed):
    as_superuser("UPDATE audit_seal SET anchor = '{' WHERE number = 1")
    assert (1, None, "ce sceau ne se lit plus.") in found()


def test_a_row_written_afterwards_with_an_earlier_date_is_found(sealed, write):
    [row] = write(1, at=timezone.now() - timedelta(hours=2))
    sealing.seal()
    assert found() == [(4, row, "cette ligne est antidatée.")]


def test_a_clock_that_was_set_back_accuses_nobody(write, time_machine):
    now = timezone.now()
    time_machine.move_to(now + timedelta(days=2))
    write(1)
    sealing.seal()
    time_machine.move_to(now)
    write(1)
    sealing.seal()
    write(1)
    sealing.seal()
    assert checking.check().is_sound


def test_whoever_keeps_the_journal_reads_of_a_cut_within_a_minute(sealed):
    as_superuser("DELETE FROM audit_seal WHERE number = 3")
    job = Job(kind="seal_journal")
    for _ in range(2):
        with pytest.raises(ValidationError, match="verify_journal"):
            tasks.seal_journal(job)
    assert not Check.objects.get().is_sound


def test_a_sealer_that_stopped_is_found(sealed, write):
    [row] = write(1, at=timezone.now() - timedelta(minutes=20))
    assert found() == [(None, row, "cette ligne et les suivantes attendent leur sceau.")]


def test_another_key_is_not_ours(sealed, tmp_path):
    other = keys.name_of(keys.make(tmp_path / "other.pem"))
    told = [str(each) for each in checking.check(known=other).findings]
    assert told == ["La clé attendue n’est pas celle de ces sceaux."]


# --- What a batch takes --------------------------------------------------------------------------


def test_a_row_committed_late_under_a_lower_number_is_not_lost(write, other_session):
    """Two transactions: the first to take a number is the last to commit."""
    with other_session.transaction():
        late = other_session.execute(
            "INSERT INTO audit_entry (at, operation, verb, who, unit, role, department, target, "
            "why, recipients) VALUES (now(), 'consultation', 'report.read', 'Lente', '', '', "
            "'88', 'CROSS-88-2026-0001', '', '') RETURNING id"
        ).fetchone()[0]
        [early] = write(1)
        assert late < early
        # The one that is committed waits for the other, which began before.
        assert sealing.seal() == 0
        assert checking.check().waiting == 1
    assert sealing.seal() == 1
    assert Seal.objects.get().record["count"] == 2
    assert checking.check().is_sound


def test_a_thousand_transactions_taken_back_leave_no_gap(write, other_session, figure):
    write(1)
    insert = (
        "INSERT INTO audit_entry (at, operation, verb, who, unit, role, department, target, why, "
        "recipients) VALUES (now(), 'consultation', 'report.read', 'x', '', '', '88', 'x', '', '')"
    )
    for rank in range(1000):
        other_session.execute(insert)
        other_session.rollback()
        if rank % 250 == 0:
            write(1)
            sealing.seal()
    write(1)
    sealing.seal()
    verdict = checking.check()
    assert verdict.is_sound
    assert (verdict.rows, verdict.waiting) == (6, 0)
    figure("B55", "no gap after 1,000 transactions taken back")


def test_two_sealers_seal_once(write, other_session):
    write(2)
    with other_session.transaction():
        other_session.execute("SELECT pg_advisory_xact_lock(%s)", [sealing.TURN])
        assert sealing.seal() == 0
    assert sealing.seal() == 1


def test_a_large_batch_is_cut_between_transactions(write, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 4)
    write(3)
    with transaction.atomic():
        Entry.objects.bulk_create(
            Entry(verb="report.read", operation="consultation", who="x", target=str(rank))
            for rank in range(6)
        )
    write(2)
    assert sealing.seal() == 2
    assert [seal.record["count"] for seal in Seal.objects.order_by("number")] == [9, 2]
    assert checking.check().is_sound


def test_a_sealer_killed_between_database_and_anchor_loses_nothing(write, monkeypatch):
    write(1)
    sealing.seal()
    write(1)
    with monkeypatch.context() as killed:
        killed.setattr(anchors, "append", lambda *lines: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            sealing.seal()
    assert not checking.check().is_sound
    write(1)
    assert sealing.seal() == 1
    assert checking.check().is_sound
    assert Seal.objects.count() == 3


# --- Keys ---------------------------------------------------------------------------------------


def test_a_key_follows_another_and_both_say_so(sealed, write, settings, tmp_path):
    first = keys.name_of(keys.signing_key())
    call_command("journal_key", "--make", str(tmp_path / "new.pem"))
    settings.JOURNAL_KEY = tmp_path / "new.pem"
    with pytest.raises(sealing.Broken, match="annoncez-la"):
        sealing.seal()
    settings.JOURNAL_KEY = tmp_path / "key.pem"
    call_command("journal_key", "--change-to", str(tmp_path / "new.pem"))
    settings.JOURNAL_KEY = tmp_path / "new.pem"
    write(1)
    assert sealing.seal() == 1
    assert checking.check().is_sound
    # Whoever kept the first fingerprint, or the new one, trusts the whole chain.
    assert checking.check(known=first).is_sound
    assert Entry.objects.filter(verb="journal.key_changed").exists()


def test_no_key_no_seal_in_production(write, settings, tmp_path):
    write(1)
    settings.TESTING = settings.DEMONSTRATION = False
    settings.JOURNAL_KEY = tmp_path / "nowhere.pem"
    with pytest.raises(ImproperlyConfigured, match="CROSS_JOURNAL_KEY"):
        sealing.seal()


def test_a_key_is_closed_to_others_and_never_written_over(tmp_path):
    path = tmp_path / "kept" / "key.pem"
    keys.make(path)
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(CommandError, match="existe déjà"):
        call_command("journal_key", "--make", str(path))


# --- Backups ------------------------------------------------------------------------------------


def test_a_backup_put_back_is_said_and_the_chain_goes_on(sealed, write):
    kept = Seal.objects.get(number=3).record
    as_superuser(
        "DELETE FROM audit_entry WHERE tx >= %(begin)s",
        "DELETE FROM audit_seal WHERE number = 3",
        begin=kept["from_tx"],
    )
    sealing.restored("Disque perdu")
    write(1)
    sealing.seal()
    assert checking.check().is_sound
    assert Entry.objects.filter(verb="journal.restored", why="Disque perdu").exists()


def test_another_server_counts_its_transactions_anew(write, monkeypatch):
    write(3)
    sealing.seal()
    write(2)
    # As if these transactions were of a server that had lived for long.
    monkeypatch.setattr(sealing, "server", lambda: "another")
    with pytest.raises(sealing.Broken, match="autre serveur"):
        sealing.seal()
    sealing.restored("Nouvelle machine")
    era = sealing.last_seal().record
    assert (era["count"], era["next_from_tx"]) == (3, 0)
    write(1)
    sealing.seal()
    verdict = checking.check()
    assert verdict.is_sound, verdict.findings
    assert verdict.waiting == 0


# --- Away from here -----------------------------------------------------------------------------


def test_anchors_leave_by_syslog_each_once(write, settings):
    heard = []

    class Syslog(socketserver.StreamRequestHandler):
        def handle(self):
            told = self.rfile.read()
            while told:
                size, _, rest = told.partition(b" ")
                heard.append(rest[: int(size)].decode())
                told = rest[int(size) :]

    with socketserver.TCPServer(("127.0.0.1", 0), Syslog) as host:
        settings.ANCHOR_SYSLOG = f"tcp://127.0.0.1:{host.server_address[1]}"
        for _ in range(2):
            answered = threading.Thread(target=host.handle_request)
            answered.start()
            write(1)
            sealing.seal()
            answered.join()
    lines = [message.split(" anchor - ")[1] for message in heard]
    assert lines == [anchor.as_line() for anchor in anchors.read_all()]
    assert heard[0].startswith("<109>1 ")


def test_a_syslog_that_is_down_stops_no_seal(write, settings):
    settings.ANCHOR_SYSLOG = "tcp://127.0.0.1:1"
    write(1)
    assert sealing.seal() == 1
    assert anchors.carry() == 0


def test_the_end_is_found_in_a_long_file_too(sealed, monkeypatch):
    whole = list(anchors._from_the_end(next(anchors.folder().glob(anchors.NAME)), size=50))
    assert whole == [anchor.as_line().encode() for anchor in reversed(anchors.read_all())]


# --- As a program -------------------------------------------------------------------------------


def test_the_command_says_which_row_and_ends_with_one(sealed, capsys):
    call_command("verify_journal")
    assert "Intact." in capsys.readouterr().out
    as_superuser("DELETE FROM audit_entry WHERE id = %(row)s", row=sealed[2])
    with pytest.raises(SystemExit, match="1"):
        call_command("verify_journal")
    assert f"Lot 1, ligne {sealed[2]} : cette ligne a été retirée." in capsys.readouterr().out


def test_no_content_is_in_an_anchor(write):
    write(1, why="très secret")
    sealing.seal()
    told = " ".join(anchor.as_line() for anchor in anchors.read_all())
    assert "secret" not in told
    assert "Diane" not in told
    assert base64.b64decode(anchors.read_all()[0].record["public"])


def test_a_line_by_the_one_way_in_carries_its_transaction(transactional_db):
    with transaction.atomic():
        one = journal.record(None, "journal.check_asked", "x")
        two = journal.record(None, "journal.check_asked", "y")
    assert len(set(Entry.objects.filter(pk__in=[one.pk, two.pk]).values_list("tx"))) == 1

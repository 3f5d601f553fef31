"""Fields under seal: nothing in the database, everything on the sheet, nothing elsewhere."""

import re
import time

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from cross.sealed import Unopenable, is_current, keys, ring, seal, seals_too, unseal
from cross.sealed.fields import Closed, fields_of, open_together
from cross.sealed.models import ValueKey
from intel.actions import discarded, drafts, raw_texts, tips
from intel.models import DiscardedReport, Draft, RawText, Report, Tip
from tests import factories
from tests.intel.test_desk import days_from_now
from tests.intel.test_entry import words
from tests.intel.test_malice import whole_database

WORD = "quetzalcoatlus"
BECAUSE = "test"


@pytest.fixture
def folder(settings, tmp_path):
    settings.KEYS = tmp_path / "keys"
    return settings.KEYS


def tip_of(cast, vosges, number):
    report = factories.report(
        cast.diane, vosges["Épinal"], origin="citizen", facts=f"Fiche numéro {number}."
    )
    return Tip.objects.create(
        report=report,
        department=report.department,
        portal="Portail",
        portal_reference=f"SIG-{number}",
        raw_text=f"{WORD} brut {number}",
        contact=f"{WORD}{number}@exemple.invalid",
    )


@pytest.fixture
def kept(folder, cast, vosges):
    """Two rows of each kind that is sealed, the word in each."""
    made = [tip_of(cast, vosges, number) for number in (1, 2)]
    for number in (1, 2):
        said = factories.report(cast.diane, vosges["Épinal"], origin="human_source")
        original = raw_texts.Original(f"{WORD} tout bas {number}", is_attested=True)
        raw_texts.keep(said, by=cast.diane, original=original)
        fields = {"raw_text": [f"{WORD} {number}"]}
        drafts.keep(by=cast.diane, key=f"nouveau-00000000000{number}", fields=fields)
        thrown = factories.report(cast.diane, vosges["Épinal"], draft=True)
        raw_texts.keep(thrown, by=cast.diane, original=original)
        discarded.discard(thrown, by=cast.diane)
    return made


SEALED = [(model, field) for model in (Tip, RawText, Draft, DiscardedReport)
          for field in fields_of(model)]  # fmt: skip
NAMES = [field.place for _, field in SEALED]


def rows_of(model):
    return list(model.objects.order_by("pk").unguarded(because=BECAUSE))


def exchange(model, field):
    """Each of the first two rows gets the bytes of the other."""
    first, second = (row.pk for row in rows_of(model)[:2])
    table, column = model._meta.db_table, field.column
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS a SET {column} = b.{column} FROM {table} b"  # noqa: S608
            " WHERE (a.id, b.id) IN ((%s, %s), (%s, %s))",
            [first, second, second, first],
        )


def test_what_is_sealed_is_in_no_table_and_is_read_as_it_was(kept):
    assert {field.place for _, field in SEALED} == set(
        ValueKey.objects.values_list("place", flat=True)
    )
    assert whole_database(WORD) == []
    assert whole_database(WORD.encode().hex()) == []
    assert [(tip.raw_text, tip.contact) for tip in rows_of(Tip)] == [
        (f"{WORD} brut {number}", f"{WORD}{number}@exemple.invalid") for number in (1, 2)
    ]
    assert rows_of(Draft)[0].fields == {"raw_text": [f"{WORD} 1"]}
    assert WORD in str(rows_of(DiscardedReport)[0].rows)
    assert rows_of(RawText)[0].text == f"{WORD} tout bas 1"


@pytest.mark.parametrize(("model", "field"), SEALED, ids=NAMES)
def test_two_rows_exchanged_open_no_more(kept, model, field, figure):
    exchange(model, field)
    for row in rows_of(model)[:2]:
        with pytest.raises(Unopenable):
            getattr(row, field.attname)
    figure("B81", f"{len(SEALED)} sealed columns, 0 word in a dump, every exchange refused")


def test_two_columns_exchanged_open_no_more(kept):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE intel_tip SET raw_text = contact, contact = raw_text")
    for tip in rows_of(Tip):
        for name in ("raw_text", "contact"):
            with pytest.raises(Unopenable):
                getattr(tip, name)


def test_the_keys_of_two_rows_exchanged_with_their_values_open_no_more(kept):
    """Whoever writes in the database moves all that it holds: the place is in the seal itself."""
    exchange(Tip, Tip._meta.get_field("raw_text"))
    first, second = ValueKey.objects.filter(place="intel_tip.raw_text").order_by("pk")
    ValueKey.objects.filter(pk=first.pk).update(key=second.key)
    ValueKey.objects.filter(pk=second.pk).update(key=first.key)
    for tip in rows_of(Tip):
        with pytest.raises(Unopenable):
            assert tip.raw_text


def test_with_a_wrong_key_the_page_is_refused_and_nothing_is_written_again(
    kept, cast, enter, folder, figure
):
    [first, *_] = kept
    with connection.cursor() as cursor:
        cursor.execute("SELECT raw_text FROM intel_tip ORDER BY id")
        before = [bytes(blob) for (blob,) in cursor.fetchall()]
    (folder / "1.key").unlink()
    ring.add_key()
    client = enter(cast.anna)
    client.raise_request_exception = False
    pages = [client.get(f"/tri/{first.report.reference}/"),
             client.get(first.report.get_absolute_url())]  # fmt: skip
    assert [page.status_code for page in pages] == [500, 500]
    shown = b"".join(page.content for page in pages)
    assert not [blob for blob in before if blob in shown or blob.hex().encode() in shown]
    tip = rows_of(Tip)[0]
    tip.portal = "Autre portail"
    tip.save()  # what was never opened goes back as it came
    for name in ("raw_text", "contact"):
        with pytest.raises(Unopenable):
            getattr(tip, name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT raw_text FROM intel_tip ORDER BY id")
        assert [bytes(blob) for (blob,) in cursor.fetchall()] == before
    figure("B82", "wrong key: 500, 0 sealed byte shown or written again")


def test_sealed_bytes_are_shown_nowhere(kept):
    [(said, *_), *_] = Tip.objects.unguarded(because=BECAUSE).values_list("raw_text", "pk")
    assert isinstance(said, Closed)
    assert repr(said) == "<sealed>"
    with pytest.raises(TypeError):
        str(said)


def test_a_text_is_not_written_nor_sought_without_its_row(kept):
    tips_of = Tip.objects.unguarded(because=BECAUSE)
    with pytest.raises(TypeError), transaction.atomic():
        tips_of.update(raw_text="Autre")
    with pytest.raises(TypeError), transaction.atomic():
        tips_of.filter(raw_text="Autre").first()
    assert tips_of.exclude(contact="").count() == 2


def test_many_rows_are_opened_with_one_query_more(kept, django_assert_num_queries):
    with django_assert_num_queries(2):
        found = open_together(Tip.objects.unguarded(because=BECAUSE))
        assert all(WORD in tip.raw_text + tip.contact for tip in found)


def test_the_sheet_of_a_tip_shows_its_text_and_its_contact(kept, cast, enter):
    client = enter(cast.anna)
    assert f"{WORD} brut 1" in words(client.get(f"/tri/{kept[0].report.reference}/"))
    shown = words(client.get(kept[0].report.get_absolute_url()))
    assert f"{WORD} brut 1" in shown
    assert f"{WORD}1@exemple.invalid" in shown
    assert "brut 2" not in shown


# --- Keys die with what they seal ---------------------------------------------------------------


def test_a_contact_whose_day_has_come_is_read_in_no_backup_either(kept):
    assert tips.forget_contacts(days_from_now(91)) == 2
    assert not ValueKey.objects.filter(place="intel_tip.contact").exists()
    assert ValueKey.objects.filter(place="intel_tip.raw_text").count() == 2
    assert [tip.contact for tip in rows_of(Tip)] == ["", ""]


def test_a_key_goes_with_its_row_whatever_takes_it_away(kept):
    Report.objects.unguarded(because=BECAUSE).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM intel_draft")
        cursor.execute("DELETE FROM intel_discardedreport")
    assert not ValueKey.objects.exists()


def test_an_older_backup_reads_nothing_of_what_was_erased_since(kept, figure):
    """What a backup without keys holds, opened with the keys of today."""
    backup = [(tip.report_id, tip.__dict__["raw_text"].blob) for tip in rows_of(Tip)]
    [(erased, _), (left, _)] = backup
    Report.objects.unguarded(because=BECAUSE).filter(pk=erased).delete()
    today = keys.found_of([str(row) for row, _ in backup], ["intel_tip.raw_text"])
    opened = {}
    for row, blob in backup:
        place = ("intel_tip.raw_text", str(row))
        if place in today:
            opened[row] = keys.open_value(today[place], blob, *place)
    assert opened == {left: f"{WORD} brut 2".encode()}
    with pytest.raises(Unopenable):
        keys.open_value(today["intel_tip.raw_text", str(left)], backup[0][1],
                        "intel_tip.raw_text", str(erased))  # fmt: skip
    figure("B86", "an erased tip is unreadable in an older backup")


# --- Rotation -----------------------------------------------------------------------------------


@pytest.fixture
def many(request):
    return 200_000 if request.config.getoption("--slow") else 2_000


def test_a_rotation_leaves_everything_readable_and_the_old_key_removable(
    folder, db, many, figure, capsys
):
    for first in range(0, many, 1000):
        keys.drawn(("intel_tip.raw_text", str(n)) for n in range(first, first + 1000))
    place = ("intel_tip.raw_text", "7")
    blob = keys.close(keys.found("7", [place[0]])[place[0]], b"said", *place)
    secret = {"sealed": seal("JBSWY3DP", "mfa_authenticator.data")}

    def seal_again():
        if is_current(secret["sealed"]):
            return 0
        secret["sealed"] = seal(
            unseal(secret["sealed"], "mfa_authenticator.data"), "mfa_authenticator.data"
        )
        return 1

    seals_too("test", seal_again)
    try:
        ring.add_key()
        assert keys.open_value(keys.found("7", [place[0]])[place[0]], blob, *place) == b"said"
        with pytest.raises(CommandError, match="dépend"):
            call_command("rotate_keys", "--remove-old")
        started = time.perf_counter()
        call_command("rotate_keys", "--again")
        took = time.perf_counter() - started
        assert set(ValueKey.objects.values_list("number", flat=True)) == {2}
        call_command("rotate_keys", "--remove-old")
    finally:
        ring.forget_too("test")
    assert [path.name for path in folder.iterdir()] == ["2.key"]
    assert keys.open_value(keys.found("7", [place[0]])[place[0]], blob, *place) == b"said"
    assert unseal(secret["sealed"], "mfa_authenticator.data") == "JBSWY3DP"
    assert re.search(r"ancienne clé effacée", capsys.readouterr().out)
    assert took < 900 * many / 200_000 + 5
    figure("B83", f"{many:,} values sealed again in {took:.1f} s, 0 error")


def test_what_is_written_during_a_rotation_is_under_the_new_key(kept, cast, vosges, folder):
    ring.add_key()
    tip = tip_of(cast, vosges, 3)
    assert set(
        ValueKey.objects.filter(row=str(tip.report_id)).values_list("number", flat=True)
    ) == {2}
    call_command("rotate_keys", "--again", verbosity=0)
    call_command("rotate_keys", "--remove-old", verbosity=0)
    assert [WORD in each.raw_text for each in rows_of(Tip)] == [True] * 3


# --- What stands there in clear -----------------------------------------------------------------


def test_no_time_is_told_by_what_is_sealed(kept, figure):
    now = int(time.time())
    told = {at.to_bytes(size) for at in range(now - 60, now + 60) for size in (4, 8)}
    blobs = [row.__dict__[field.attname].blob for model, field in SEALED for row in rows_of(model)]
    assert len(blobs) == 2 * len(SEALED)
    assert {blob[:1] for blob in blobs} == {b"\x02"}, "a mark, the same for all"
    assert not [blob for blob in blobs for each in told if each in blob]
    figure("B84", f"{len(blobs)} sealed values, 0 plain time")

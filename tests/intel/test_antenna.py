"""The note to the antenna: what may stand in it, when it is frozen, what leaves, who reads it."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from cross.audit.models import Entry
from intel.actions import accords, antenna, antenna_exports, reports, sharing
from intel.models import AntennaLine, AntennaNote, HandlingAccord, Report
from intel.models.choices import Handling
from intel.reading.antenna import page_of
from tests import factories

SCHEMA = json.loads(Path("docs/note-antenne.schema.json").read_text())


@pytest.fixture
def note(cast):
    return antenna.prepare(by=cast.anna, title="Go-fast vers Nancy")


@pytest.fixture
def filed(cast, vosges):
    """A report for each case, by its name."""
    here = vosges["Épinal"]
    return {
        "open": factories.report(cast.diane, here, subject="Go-fast"),
        "h2": factories.report(cast.diane, here, handling=Handling.H2),
        "h3": factories.report(cast.diane, here, handling=Handling.H3, handling_note="Rien"),
        "restricted": factories.report(cast.diane, here, units=[cast.anna.unit]),
        "ours": factories.report(cast.anna, here, units=[cast.diane.unit]),
        "draft": factories.report(cast.anna, here, draft=True),
    }


def frozen(note, cast, *filed):
    antenna.add(note, [each.reference for each in filed], by=cast.anna)
    return antenna.freeze(note, by=cast.anna)


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("open", True),
        ("h2", True),  # chosen, then waits for its accord
        ("h3", False),
        ("restricted", False),  # though the cell is named, and reads it
        ("ours", True),  # restricted by the cell itself
        ("draft", False),
    ],
)
def test_what_may_stand_in_a_note(note, cast, filed, name, may):
    if may:
        assert antenna.add(note, [filed[name].reference], by=cast.anna) == 1
    else:
        with pytest.raises(PermissionDenied):
            antenna.add(note, [filed[name].reference], by=cast.anna)


def test_h2_waits_for_the_accord_that_one_click_asks(note, cast, filed, enter):
    antenna.add(note, [filed["h2"].reference], by=cast.anna)
    with pytest.raises(ValidationError, match="accord de son unité"):
        antenna.freeze(note, by=cast.anna)
    client, here = enter(cast.anna), f"/antenne/{note.key}/"
    assert "Demander l’accord" in client.get(here).content.decode()
    client.post(f"{here}accord/", {"fiche": filed["h2"].reference})
    assert "Accord demandé, en attente" in client.get(here).content.decode()
    accord = HandlingAccord.objects.all().unguarded(because="test").get()
    assert accord.recipient == antenna.RECIPIENT
    accords.accept(accord, by=cast.diane, until=timezone.localdate() + timedelta(days=9))
    assert antenna.freeze(note, by=cast.anna).number == f"ANT-88-{timezone.localdate().year}-001"


def test_a_frozen_note_does_not_move(note, cast, filed):
    made = frozen(note, cast, filed["open"], filed["ours"])
    before = antenna_exports.export(made, "json", by=cast.anna)
    told = json.loads(before)
    assert [each["facts"] for each in told["reports"]] == [filed["open"].facts] * 2
    reports.change(filed["open"], by=cast.diane, version=1, fields={"facts": "Trois hommes."})
    assert antenna_exports.export(made, "json", by=cast.anna) == before
    [row] = page_of(made, cast.anna).to_correct
    assert row.report.reference == filed["open"].reference
    with pytest.raises(ValidationError, match="plus en préparation"):
        antenna.add(made, [filed["open"].reference], by=cast.anna)
    # One line a report, with whom it is for.
    lines = Entry.objects.filter(verb="report.told_antenna").values_list("target", "recipients")
    assert set(lines) == {(filed[name].reference, antenna.RECIPIENT) for name in ("open", "ours")}


def test_the_file_is_what_its_schema_says(note, cast, filed):
    told = json.loads(
        antenna_exports.export(frozen(note, cast, filed["open"]), "json", by=cast.anna)
    )
    assert sorted(told) == sorted(SCHEMA["required"]) == sorted(SCHEMA["properties"])
    of_report = SCHEMA["$defs"]["report"]
    [report] = told["reports"]
    assert sorted(report) == sorted(of_report["required"]) == sorted(of_report["properties"])
    for name, rule in of_report["properties"].items():
        assert "enum" not in rule or report[name] in rule["enum"]
    assert told["digest"] == antenna.digest_of([antenna.digest_of(report)])


@pytest.mark.parametrize(("kind", "start"), [("pdf", b"%PDF-"), ("csv", b"\xef\xbb\xbf")])
def test_the_other_files(note, cast, filed, kind, start):
    made = antenna_exports.export(frozen(note, cast, filed["open"]), kind, by=cast.anna)
    assert made.startswith(start)
    assert len(made) > 200


def test_the_words_of_a_source_and_its_code_stay(note, cast, vosges):
    report = factories.report(cast.diane, vosges["Épinal"])
    Report.objects.filter(pk=report.pk).update(source_code="SECRET-7")
    made = frozen(note, cast, report)
    assert b"SECRET-7" not in antenna_exports.export(made, "json", by=cast.anna)


def test_what_closed_since_leaves_no_more(note, cast, filed, enter):
    made = frozen(note, cast, filed["open"])

    sharing.restrict(
        filed["open"],
        by=cast.diane,
        narrowing=sharing.Narrowing(
            units=(cast.bruno.unit,), reason="source", text="",
            review_on=timezone.localdate() + timedelta(days=9),
        ),
    )  # fmt: skip
    page = enter(cast.anna).get(f"/antenne/{made.key}/").content.decode()
    assert filed["open"].reference not in page
    assert "plus ouverte" in page
    with pytest.raises(ValidationError, match="plus ouverte"):
        antenna_exports.export(made, "json", by=cast.anna)


def test_what_its_owner_keeps_back_since_leaves_no_more(note, cast, filed, enter):
    """Even to who still reads it: it would have stood in no note."""
    made = frozen(note, cast, filed["open"], filed["ours"])
    narrowing = sharing.Narrowing(
        units=(cast.anna.unit,), reason="source", text="",
        review_on=timezone.localdate() + timedelta(days=9),
    )  # fmt: skip
    sharing.restrict(filed["open"], by=cast.diane, narrowing=narrowing)
    for kind in antenna_exports.TYPES:
        with pytest.raises(ValidationError, match="plus partir"):
            antenna_exports.export(made, kind, by=cast.anna)
    assert "plus partir" in enter(cast.anna).get(f"/antenne/{made.key}/").content.decode()


def test_an_erased_report_leaves_nothing_of_itself(note, cast, filed):
    made = frozen(note, cast, filed["open"], filed["ours"])
    Report.objects.filter(pk=filed["open"].pk).unguarded(because="test").delete()
    assert AntennaLine.objects.unguarded(because="test").count() == 1
    assert page_of(made, cast.anna).erased == 1


def test_sent_is_said_by_hand(note, cast, filed, enter):
    made = frozen(note, cast, filed["open"])
    client, address = enter(cast.marc), f"/antenne/{made.key}/transmise/"
    tomorrow = timezone.localdate() + timedelta(days=1)
    said = {"sent_on": tomorrow.isoformat(), "sent_how": "Messagerie sécurisée"}
    assert client.post(address, said).status_code == 422
    said["sent_on"] = timezone.localdate().isoformat()
    assert client.post(address, said).status_code == 302
    assert AntennaNote.objects.get().sent_by == cast.marc
    assert "Transmise" in client.get("/antenne/").content.decode()


def test_choosing_shows_what_may_be_told_and_a_forged_one_is_absent(note, cast, filed, enter):
    client, address = enter(cast.anna), f"/antenne/{note.key}/choisir/"
    page = client.get(address).content.decode()
    shown = {name for name, report in filed.items() if f'value="{report.reference}"' in page}
    assert shown == {"open", "h2", "ours"}
    assert client.post(address, {"fiche": [filed["open"].reference]}).status_code == 302
    assert f'value="{filed["open"].reference}"' not in client.get(address).content.decode()
    for forged in (filed["restricted"].reference, "CROSS-88-2026-00000"):
        assert client.post(address, {"fiche": [forged]}).status_code == 404


@pytest.mark.parametrize("who", ["diane", "louise", "claire", "gilles", "rose", "ines", "paul"])
def test_nobody_else_knows_of_it(note, cast, filed, enter, who):
    made = frozen(note, cast, filed["open"])
    client = enter(cast[who])
    assert client.get("/antenne/").status_code == 403
    for address in ("", "export/?format=json", "transmise/"):
        assert client.get(f"/antenne/{made.key}/{address}").status_code == 404

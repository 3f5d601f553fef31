"""A list that leaves: exactly what its reader sees, without a formula, written in the journal."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from odf.opendocument import load
from odf.table import Table, TableCell, TableRow
from odf.teletype import extractText
from openpyxl import load_workbook

from cross.audit.models import Entry
from intel import access
from intel.actions import exports
from intel.exporting.sheets import write_sheet
from intel.importing.cells import cleaned
from intel.importing.tables import open_table
from tests import factories

KINDS = ("csv", "xlsx", "ods")
READERS = {"diane": True, "louise": True, "bruno": False, "anna": False}
PAYLOADS = [
    '=HYPERLINK("http://exemple.invalid";"clic")', "+1+1", "-1+1", "@SUM(A1)", "\t=1", " =1",
    "=cmd|' /C'!A0", "＝1", "'=déjà gardé", "'simple", "deux  espaces\net une ligne",
    "<b>&amp;</b>", "œ – « »",
]  # fmt: skip


@pytest.fixture
def read(tmp_path):
    """The rows of an export, by our own reader of tables."""

    def rows(content):
        path = tmp_path / "export"
        path.write_bytes(content)
        table = open_table(path)
        return list(table.header), [list(row.cells) for row in table.rows()]

    return rows


def exported(client, kind, **query):
    answer = client.get(reverse("export_reports"), {"format": kind, **query})
    assert answer.status_code == 200, answer
    return b"".join(answer)


@pytest.fixture
def three(cast, vosges):
    return [
        factories.report(cast.diane, vosges["Épinal"], facts="Un"),
        factories.report(cast.louise, vosges["Golbey"], facts="Deux", products=["crack"]),
        factories.report(cast.diane, vosges["Épinal"], facts="Secret", units=[cast.louise.unit]),
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_holds_what_its_reader_sees_and_nothing_else(three, cast, enter, read, kind):
    for who, sees_the_secret in READERS.items():
        _, rows = read(exported(enter(cast[who]), kind))
        readable = access.readable_reports(cast[who])
        assert {row[0] for row in rows} == set(readable.values_list("reference", flat=True)), who
        assert ("Secret" in str(rows)) is sees_the_secret, who


def test_the_filters_of_the_list_hold(three, cast, enter, read):
    _, rows = read(exported(enter(cast.diane), "csv", produit="crack"))
    assert [row[0] for row in rows] == [three[1].reference]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_is_evaluated_and_nothing_lost(read, kind, payload):
    file = io.BytesIO()
    assert write_sheet(kind, file, ["a", "b"], [["x", payload]]) == 1
    _, [[_, cell]] = read(file.getvalue())
    assert not cell.startswith(("=", "+", "-", "@", "\t", "＝"))
    assert cleaned(cell) == payload.strip()


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_other_programs_read_our_workbooks(kind):
    file = io.BytesIO()
    write_sheet(kind, file, ["titre", "b"], [["=1", "Épinal & <co>"], ["", "fin"]])
    file.seek(0)
    if kind == "xlsx":
        sheet = load_workbook(file).active
        assert [[cell.value for cell in row] for row in sheet] == [
            ["titre", "b"], ["'=1", "Épinal & <co>"], ["", "fin"],
        ]  # fmt: skip
        assert not any(cell.data_type == "f" for row in sheet for cell in row)
    else:
        table = load(file).getElementsByType(Table)[0]
        texts = [[extractText(cell) for cell in row.getElementsByType(TableCell)]
                 for row in table.getElementsByType(TableRow)]  # fmt: skip
        assert texts == [["titre", "b"], ["'=1", "Épinal & <co>"], ["", "fin"]]


def test_grades_dates_handling_and_two_texts_are_always_there(three, cast, enter, read):
    header, rows = read(exported(enter(cast.anna), "ods"))
    told = dict(zip(header, rows[-1], strict=True))
    assert told["Faits observés ou rapportés"] == "Un"
    assert told["Code d’exploitation"].startswith("H0")
    assert {"Commentaire de l’analyste", "Cotation de la source", "Cotation de l’information",
            "Date des faits", "Restriction d’emploi", "Exporté le"} <= set(header)  # fmt: skip


def test_the_code_of_a_source_never_leaves(cast, vosges, enter):
    factories.report(cast.diane, vosges["Épinal"], origin="human_source", source_code="ZX-CANARI")
    for kind in KINDS:
        assert b"ZX-CANARI" not in exported(enter(cast.diane), kind)


def test_the_journal_keeps_who_took_how_many(three, cast, enter):
    exported(enter(cast.louise), "ods")
    line = Entry.objects.get(verb="report.exported")
    assert (line.member_id, line.target) == (cast.louise.pk, "3\u00a0fiches (ODS)")


def test_an_export_costs_the_same_with_one_and_with_ten(
    cast, vosges, enter, django_assert_max_num_queries, django_assert_num_queries
):
    client = enter(cast.diane)
    factories.report(cast.diane, vosges["Épinal"])
    with django_assert_max_num_queries(15) as first:
        exported(client, "csv")
    for _ in range(9):
        factories.report(cast.diane, vosges["Golbey"])
    with django_assert_num_queries(len(first)):
        exported(client, "csv")


@pytest.mark.parametrize(("query", "words"), [
    ({"format": "exe"}, "Choisissez un format"),
    ({"format": "csv", "produit": "lsd"}, "rien à exporter"),
])  # fmt: skip
def test_what_cannot_be_exported_sends_back_to_the_list(three, cast, enter, query, words):
    page = enter(cast.diane).get(reverse("export_reports"), query, follow=True)
    assert words in page.text
    assert not Entry.objects.filter(verb="report.exported").exists()


def test_too_long_a_list_is_refused_with_its_length(three, cast, enter, monkeypatch):
    monkeypatch.setattr(exports, "MOST", 2)
    page = enter(cast.diane).get(reverse("export_reports"), {"format": "csv"}, follow=True)
    assert "Cette liste compte 3\u00a0fiches" in page.text


@pytest.mark.parametrize(("who", "status"), [
    ("diane", 200), ("anna", 200), ("claire", 403), ("gilles", 403), ("ines", 403), ("tom", 403),
])  # fmt: skip
def test_who_may_export(three, cast, enter, who, status):
    answer = enter(cast[who]).get(reverse("export_reports"), {"format": "csv"})
    assert answer.status_code == status
    answer.close()


def test_paul_gets_his_own_department_only(three, cast, meurthe, enter, read):
    own = factories.report(cast.paul, meurthe["Nancy"])
    _, rows = read(exported(enter(cast.paul), "csv"))
    assert [row[0] for row in rows] == [own.reference]


def test_a_csv_opens_in_a_french_spreadsheet(three, cast, enter):
    content = exported(enter(cast.diane), "csv")
    assert content.startswith("\ufeffRéférence;État;".encode())
    days = {row["Reçu le"][:10] for row in
            csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")}  # fmt: skip
    assert days <= {
        (timezone.localdate() - timedelta(days=n)).strftime("%d/%m/%Y") for n in (0, 1)
    }

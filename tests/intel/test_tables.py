"""Tables as people send them: every dress of CSV, workbooks, broken rows, hostile files."""

import csv
import datetime
import io
import tracemalloc
import zipfile

import pytest
from openpyxl import Workbook
from tablib import Dataset

from intel.importing import tables, xlsx
from intel.importing.tables import TableError, open_table
from intel.importing.workbooks import cell_text

HEADER = ["référence", "commune", "description"]
ROWS = [
    ["A-1", "Épinal", "un deux"],
    ["A-2", "Golbey", 'avec ; et , et " et\nun retour'],
    ["A-3", "", "œuvre – « été »"],
]


def as_csv(separator, encoding, *, header=HEADER, rows=ROWS, before=""):
    text = io.StringIO(newline="")
    text.write(before)
    csv.writer(text, delimiter=separator).writerows([header, *rows])
    return text.getvalue().encode(encoding)


@pytest.fixture
def opened(tmp_path):
    def open_bytes(content):
        path = tmp_path / "table"
        path.write_bytes(content)
        return open_table(path)

    return open_bytes


def cells(table):
    return [list(row.cells) for row in table.rows()]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_every_dress_of_csv(opened, separator, encoding):
    table = opened(as_csv(separator, encoding))
    assert list(table.header) == HEADER
    assert cells(table) == ROWS
    assert [row.number for row in table.rows()] == [2, 3, 4]
    said = " ".join(table.notes)
    assert ("Windows-1252" in said) is (encoding == "cp1252")
    assert ("UTF-16" in said) is (encoding == "utf-16")


def test_the_line_that_tells_excel_its_separator_is_no_row(opened):
    table = opened(as_csv(",", "utf-8-sig", before="sep=,\r\n"))
    assert list(table.header) == HEADER
    assert cells(table) == ROWS


def test_blank_rows_are_skipped_and_counted_as_a_spreadsheet_does(opened):
    table = opened(b"\r\na;b\r\n\r\n;\r\n1;2\r\n\r\n3;4\r\n")
    assert [(row.number, *row.cells) for row in table.rows()] == [(5, "1", "2"), (7, "3", "4")]


def test_a_text_full_of_commas_does_not_hide_the_semicolons(opened):
    content = "ref;texte;date\n" + "".join(f"{n};ici, là, et là, oui;2026\n" for n in range(9))
    assert len(opened(content.encode()).header) == 3


def test_titles_without_a_name_or_twice_the_same_get_one(opened):
    assert opened(b"a;;a;\n1;2;3;4\n").header == ("a", "colonne 2", "a (3)")


def test_short_rows_are_padded_and_long_ones_told(opened):
    rows = list(opened(b"a;b;c\n1\n1;2;3;;\n1;2;3;4\n").rows())
    assert [row.cells for row in rows] == [("1", "", ""), ("1", "2", "3"), ("1", "2", "3")]
    assert [bool(row.fault) for row in rows] == [False, False, True]
    assert "4\u00a0cellules pour 3\u00a0colonnes" in rows[2].fault


@pytest.mark.parametrize("lines", [3, 2000])
def test_a_quote_never_closed_loses_one_row_only(opened, lines):
    content = 'a;b\n1;"jamais fermé\n' + "".join(f"{n};x\n" for n in range(lines))
    rows = list(opened(content.encode()).rows())
    assert len(rows) == lines + 1
    assert "guillemet" in rows[0].fault
    assert [row.number for row in rows] == list(range(2, lines + 3))
    assert not any(row.fault for row in rows[1:])


def test_a_quote_inside_a_word_is_no_quote(opened):
    assert cells(opened(b'a;b\n1;un pneu de 18" use\n2;x\n')) == [
        ["1", 'un pneu de 18" use'],
        ["2", "x"],
    ]


def test_a_giant_cell_is_read_and_an_endless_one_told(opened):
    before = csv.field_size_limit()
    long, endless = "x" * 200_000, "y" * (tables.MAX_CELL + 1)
    rows = list(opened(f"a;b\n1;{long}\n2;{endless}\n3;z\n".encode()).rows())
    assert [len(row.cells[1]) for row in rows] == [200_000, 0, 1]
    assert [bool(row.fault) for row in rows] == [False, True, False]
    assert csv.field_size_limit() == before


@pytest.mark.parametrize(("content", "said"), [
    (b"", "vide"),
    (b"\n\n;;\n", "Aucun séparateur|vide"),
    (b"%PDF-1.7", "PDF"),
    (b"MZ\x90\x00", "programme"),
    (b"\x89PNG\r\n", "image"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1", "ancien classeur Excel"),
    (b"<html><table><tr><td>1</td></tr></table>", "page web"),
    (b"\xef\xbb\xbf<?xml version='1.0'?><a/>", "page web ou un document XML"),
    (b"PK\x03\x04abc", "abîmé"),
    (b"bonjour tout le monde\nencore une ligne\n", "Aucun séparateur"),
    (b"a;b\n1;caf\x81\n", "encodage"),
    ("a;b\n1;2\n".encode("utf-16-le"), "octets nuls"),
    (b"\xff\xfea\x00;\x00b\x00\n\x00\x00\xd8", "abîmé"),
    (b"{\\rtf1 a;b}", "traitement de texte"),
])  # fmt: skip
def test_what_is_no_table_is_refused_with_a_sentence(opened, content, said):
    with pytest.raises(TableError, match=said):
        list(opened(content).rows())


def workbook(rows=(HEADER, *ROWS)):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return book


def saved(book):
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_xlsx(opened):
    table = opened(saved(workbook()))
    assert list(table.header) == HEADER
    assert cells(table) == ROWS
    assert table.notes == ()


def test_xlsx_values_come_out_as_people_read_them(opened):
    book = workbook([["date", "instant", "code", "decimal", "vrai", "formule", "heure", "texte"]])
    book.active.append([
        datetime.date(2026, 9, 2), datetime.datetime.fromisoformat("2026-09-02 18:42"),
        88160, 1.5, True,
        '=HYPERLINK("http://exemple.invalid")', datetime.time(17, 30), "01004",
    ])  # fmt: skip
    assert cells(opened(saved(book))) == [[
        "2026-09-02", "2026-09-02 18:42:00", "88160", "1.5", "oui",
        '=HYPERLINK("http://exemple.invalid")', "17:30:00", "01004",
    ]]  # fmt: skip


def test_xlsx_gaps_hidden_sheets_and_other_sheets(opened):
    book = workbook([["a", "b", "c"]])
    book.active["C5"] = "loin"
    hidden = book.create_sheet("cachée", 0)
    hidden.sheet_state = "hidden"
    hidden["A1"] = "secret"
    book.create_sheet("Autre")
    table = opened(saved(book))
    assert [(row.number, row.cells) for row in table.rows()] == [(5, ("", "", "loin"))]
    assert "2\u00a0feuilles" in table.notes[0]


def ods(rows, **options):
    data = Dataset(*rows[1:], headers=rows[0])
    return data.export("ods", **options)


def test_ods(opened):
    table = opened(ods([HEADER, *ROWS]))
    assert list(table.header) == HEADER
    assert cells(table) == ROWS


def content_of_ods(body):
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    return (
        f"<office:document-content{names}><office:body><office:spreadsheet>"
        f'<table:table table:name="F1">{body}</table:table>'
        '<table:table table:name="F2"><table:table-row/></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )


def zipped(**entries):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in entries.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return content.getvalue()


def cell(text="", **attributes):
    said = "".join(f' {name.replace("__", ":").replace("_", "-")}="{value}"'
                   for name, value in attributes.items())  # fmt: skip
    return f"<table:table-cell{said}><text:p>{text}</text:p></table:table-cell>"


def test_ods_repetitions_dates_formulas_and_notes(opened):
    header = "".join(cell(name) for name in ("a", "b", "c", "d"))
    date = cell("02/09/26", office__value_type="date", office__date_value="2026-09-02T00:00:00")
    number = cell("88 160", office__value_type="float", office__value="88160")
    formula = cell("clic", table__formula="of:=HYPERLINK(1)")
    note = (
        "<table:table-cell><office:annotation><text:p>privé</text:p></office:annotation>"
        "<text:p>deux<text:s text:c='3'/>mots<text:line-break/>suite</text:p></table:table-cell>"
    )
    body = (
        f"<table:table-row>{header}</table:table-row>"
        "<table:table-row table:number-rows-repeated='3'><table:table-cell/></table:table-row>"
        f"<table:table-row>{date}{number}{formula}{note}</table:table-row>"
        f"<table:table-row table:number-rows-repeated='2'>"
        f"{cell('x', table__number_columns_repeated='2')}</table:table-row>"
        "<table:table-row table:number-rows-repeated='1048576'><table:table-cell/>"
        "</table:table-row>"
    )
    table = opened(zipped(mimetype="x", content_xml=content_of_ods(body)))
    assert [(row.number, row.cells) for row in table.rows()] == [
        (5, ("2026-09-02", "88160", "=HYPERLINK(1)", "deux   mots\nsuite")),
        (6, ("x", "x", "", "")),
        (7, ("x", "x", "", "")),
    ]
    assert "2\u00a0feuilles" in table.notes[0]


BOMB = '<!DOCTYPE x [<!ENTITY a "ah"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(("content", "said"), [
    (zipped(mimetype="x", content_xml=BOMB + content_of_ods("")), "déclaration XML interdite"),
    (zipped(mimetype="x", content_xml="<a>"), "aucune feuille"),
    (zipped(mimetype="x", content_xml=content_of_ods("<table:table-row>")), "abîmé"),
    (zipped(mimetype="x", content_xml=content_of_ods("")), "vide"),
    (zipped(xl__workbook_xml="<workbook/>"), "aucune feuille"),
    (zipped(xl__workbook_xml="<workbook><sheets><sheet name='a'/></sheets></workbook>"), "abîmé"),
    (zipped(word__document_xml="<a/>"), "Word"),
    (zipped(autre="x"), "archive"),
    (zipped(**{f"f{n}": "" for n in range(1_100)}), "démesuré"),
    (zipped(mimetype="x", content_xml="0" * 30_000_000), "démesuré"),
    (saved(workbook())[:-400], "abîmé"),
])  # fmt: skip
def test_hostile_and_damaged_workbooks_are_refused(opened, content, said):
    with pytest.raises(TableError, match=said):
        list(opened(content).rows())


def test_too_many_columns_and_too_many_rows(opened, monkeypatch):
    with pytest.raises(TableError, match="201\u00a0colonnes"):
        opened(";".join(f"c{n}" for n in range(201)).encode())
    monkeypatch.setattr(tables, "MAX_ROWS", 5)
    with pytest.raises(TableError, match="plus de 5 lignes"):
        list(opened(b"a;b\n" + b"1;2\n" * 6).rows())


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_reading_keeps_nothing_of_what_was_read(opened, kind):
    """Four times the rows, the same memory."""

    def peak(count):
        rows = [HEADER, *([f"R-{n}", "Épinal", "mot " * 20] for n in range(count))]
        if kind == "csv":
            table = opened(as_csv(";", "utf-8", rows=rows[1:]))
        elif kind == "xlsx":
            table = opened(saved(workbook(rows)))
        else:
            body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>"
                           for row in rows)  # fmt: skip
            table = opened(zipped(mimetype="x", content_xml=content_of_ods(body)))
        tracemalloc.start()
        assert sum(1 for _ in table.rows()) == count
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    few, many = peak(1_000), peak(4_000)
    # XLSX keeps its shared texts: here 3,000 references more, some 100 bytes each.
    assert many < few + (600_000 if kind == "xlsx" else 100_000)


def test_a_serial_number_that_is_no_day_stays_a_number():
    assert cell_text(xlsx._as_instant(-5e9, xlsx.CALENDAR_WINDOWS_1900))
    assert xlsx._column("A7") == 0
    assert xlsx._column("AB12") == 27

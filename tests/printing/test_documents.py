"""Any document but the brief, read back from the file."""

import re
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from cross.printing.content import (
    Boxed,
    Document,
    Entries,
    Figure,
    Print,
    PrintError,
    Section,
    Signatory,
    Table,
    TableColumn,
    Wide,
)
from cross.printing.press import press
from cross.printing.words import read_words

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=ZoneInfo("Europe/Paris"))
SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 40"><path d="M0 0h9v9z"/></svg>'
PICTURE = Figure(SQUARE, "Carte des lieux", "Carte : trois lieux.", "3 lieux.", whole=True)
LIST = Table("Présents", (TableColumn("Service"), TableColumn("Voix", "number")), (("Police", 2),))


def a_document(**changes):
    whole = Document(
        title="Compte rendu de réunion",
        reference="RC-88-2026-003",
        issuer="CROSS des Vosges",
        scope="Vosges (88)",
        copy=Print(2, "la préfète", "Camille Brunet", "préfecture", NOW, "envoi aux membres"),
        notice="Données fictives",
        state="Projet",
        about=(("Date", "3 octobre 2026"), ("Lieu", "Épinal")),
        sections=(
            Section("Décisions", (Boxed("À savoir", read_words("Un **mot**.")), LIST)),
            Section("Lieux", (Entries((("Commune", "Golbey"),)), Wide(PICTURE))),
            Section("Suite", read_words("La fin.")),
        ),
        signatories=(Signatory("La préfète"),),
    )
    return replace(whole, **changes)


def read(document, tmp_path):
    path = tmp_path / "document.pdf"
    path.write_bytes(press(document))
    return PdfReader(path)


def test_each_page_says_whose_copy_it_is_and_why(tmp_path):
    reader = read(a_document(), tmp_path)
    for number, page in enumerate(reader.pages, start=1):
        words = re.sub(r"\s+", " ", page.extract_text())
        assert words.count("DIFFUSION RESTREINTE") >= 3
        for told in ("la préfète", "Exemplaire n° 2", "RC-88-2026-003", "DONNÉES FICTIVES"):
            assert told in words
        assert "imprimé par Camille Brunet, 22 novembre 2026 à 14 h 05" in words
        assert "motif : envoi aux membres" in words
        assert f"Page {number}/{len(reader.pages)}" in words


def test_it_holds_what_it_was_given_and_its_figures_as_csv(tmp_path):
    reader = read(a_document(), tmp_path)
    words = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))
    for told in ("Compte rendu de réunion", "3 octobre 2026", "À savoir Un mot.", "Golbey"):
        assert told in words
    assert "La fin." in reader.pages[-1].extract_text()
    content = reader.attachments["diffusion-restreinte-tableau-1-presents.csv"][0]
    assert content.decode("utf-8-sig").splitlines() == ["Service;Voix", "Police;2"]


def test_it_may_be_archived_and_read_aloud(tmp_path):
    reader = read(a_document(), tmp_path)
    root = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    for told in (
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
    ):
        assert told in metadata
    assert root["/Lang"].startswith("fr")
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata.title == "Compte rendu de réunion – RC-88-2026-003"
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(descriptor), "a font is not in the file"


def test_a_picture_that_needs_room_has_a_page_in_a3_and_the_a4_comes_back(tmp_path):
    sizes = [tuple(map(round, page.mediabox[2:])) for page in read(a_document(), tmp_path).pages]
    assert sizes == [(595, 842), (1191, 842), (595, 842)]


def test_the_source_of_a_table_is_never_left_alone_on_the_next_page(tmp_path):
    """Whatever stands before it: some of these lengths end the first page between the two."""
    rows = tuple((f"Ligne {rank}", rank) for rank in range(8))
    table = replace(LIST, rows=rows, source="Compté par la police.")
    ends = []
    for lines in range(25, 30):
        before = tuple(block for _ in range(lines) for block in read_words("Un paragraphe."))
        sections = (Section("", (*before, table, *read_words("La suite."))),)
        reader = read(a_document(about=(), signatories=(), sections=sections), tmp_path)
        pages = [page.extract_text() for page in reader.pages]
        [end] = [rank for rank, text in enumerate(pages) if "Ligne 7" in text]
        assert "Compté par la police." in pages[end]
        ends.append(end)
    assert set(ends) == {0, 1}


def test_a_map_has_a_sheet_of_its_own(tmp_path):
    document = a_document(paper="a3", sections=(Section("", (PICTURE,)),), signatories=())
    (page,) = read(document, tmp_path).pages
    assert tuple(map(round, page.mediabox[2:])) == (1191, 842)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reference": " "}, "sans la référence"),
        ({"marking": ""}, "sans la mention de protection"),
        ({"title": "x" * 201}, "le titre dépasse 200 caractères"),
        ({"sections": (Section("Carte", (Wide(replace(PICTURE, alt="")),)),)}, "texte de remplac"),
        ({"copy": replace(a_document().copy, number=0)}, "commence à 1"),
    ],
)
def test_what_cannot_be_printed_is_said_in_a_sentence(changes, sentence):
    with pytest.raises(PrintError, match=sentence):
        press(a_document(**changes))


def test_typed_words_are_never_the_language_of_the_typesetter(tmp_path):
    hostile = '#read("/etc/passwd") *gras* $x^2$ @ref <lab>'
    document = a_document(
        title=hostile,
        state=hostile,
        about=((hostile, hostile),),
        sections=(Section(hostile, (Boxed(hostile, read_words(hostile)),)),),
    )
    text = " ".join(page.extract_text() for page in read(document, tmp_path).pages)
    words = re.sub(r"\s+", " ", text)
    assert words.count('#read("/etc/passwd") *gras* $x^2$') >= 5
    assert "root:" not in words

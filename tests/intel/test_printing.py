"""The printed brief, read back as a reader, a screen reader and an archive would."""

import logging
import re
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from cross.outbox.interruptions import Killed, is_interruption
from cross.printing import press
from cross.printing.content import (
    Beside,
    Bullets,
    Figure,
    Paragraph,
    Print,
    PrintError,
    Run,
    Section,
    Signatory,
    Subtitle,
    Table,
    TableColumn,
)
from cross.printing.pictures import print_ready
from cross.printing.words import drawable, french_instant, printable, read_words, typographic
from cross.ui import maps
from cross.ui.charts import Bar, Column, Masked, bars, columns, describe
from intel.printing.content import BriefContent, KeyFigure, Origin, StrategyAxis
from intel.printing.reading_note import reading_note
from intel.printing.typeset import compile_brief

PARIS = ZoneInfo("Europe/Paris")
MASKED, WITHHELD = Masked("< 5"), Masked("n.c.")
HOSTILE = (
    '#read("/etc/passwd") *gras* $x^2$ <script>alert(1)</script> _i_ @ref <lab> `raw` // fin'
    " #{panic()} \u202eretourné\u202c \x00\x07 😀👩\u200d👧 العربية 漢字 Ελληνικά"
)
COMMUNES = (
    TableColumn("Commune"),
    TableColumn("Faits", "number"),
    TableColumn("Avant", "number"),
    TableColumn("Écart", "change"),
)


def a_map(width=520):
    """Three polygons, a link and a label, as a map of communes draws them."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {width * 0.7:.0f}"'
        ' font-family="Marianne" class="map"><title>Carte</title>'
        '<a href="/territoires/88160/"><polygon class="k3" fill="#24407a" points="10,10 200,20'
        ' 180,200 20,190"/></a><polygon fill="#8da3cf" points="200,20 400,40 380,220 180,200"/>'
        '<polygon fill="#eef1f7" points="20,190 180,200 380,220 200,340"/>'
        '<text x="100" y="100" font-size="14">Épinal</text></svg>'
    )


def a_figure(**changes):
    whole = Figure(a_map(), "Faits par commune", "Carte : Épinal compte 38 faits.", "38 faits.")
    return replace(whole, **changes)


def a_table(**changes):
    rows = (("Épinal", 38, 31, 7), ("Golbey", 1234, MASKED, WITHHELD), ("Vittel", 6, 8, -2))
    return replace(Table("Faits par commune", COMMUNES, rows, "Au moins 5 faits."), **changes)


def a_copy(**changes):
    whole = Print(
        number=3,
        recipient="la directrice de cabinet",
        printed_by="Camille Brunet",
        printed_by_unit="bureau de la sécurité",
        printed_at=datetime(2026, 11, 22, 14, 5, tzinfo=PARIS),
        reason="Comité départemental",
    )
    return replace(whole, **changes)


def an_origin(**changes):
    whole = Origin(
        summary="SYN-88-2026-T3",
        digest="b1946ac92492d2347c6235b4d2611184a7c9d4c1e9a8f0b63f5f3f1f77d0c2aa",
        frozen_at=datetime(2026, 10, 3, 2, 0, tzinfo=PARIS),
        audience="préfecture",
        reports=231,
        facts=211,
        caution=("Une hausse ne dit rien seule.", "Les effectifs inférieurs à 5 sont tus."),
        left_out=23,
    )
    return replace(whole, **changes)


def a_brief(**changes):
    """A brief of every part, as the demonstration prints it."""
    modes = [Bar("Point de deal", 48, 52), Bar("Livraison à domicile", 57, MASKED)]
    months = [Column(month, 50, 44, group="2026") for month in ("juil.", "août", "sept.")]
    whole = BriefContent(
        department="Vosges",
        department_code="88",
        period="3e trimestre 2026",
        previous_period="2e trimestre 2026",
        edition="2026-03",
        version=2,
        issuer="Préfecture des Vosges",
        copy=a_copy(),
        origin=an_origin(),
        notice="Données fictives",
        cover=a_figure(caption="Vue d’ensemble", alt="Carte du département."),
        key_figures=(KeyFigure("faits", 211, "+14"), KeyFigure("communes", MASKED)),
        opening=read_words("La menace est **concentrée**.\n\n- Un\n- Deux"),
        sections=(
            Section(
                "État de la menace",
                (
                    Subtitle("Par commune"),
                    Beside(a_figure(), a_table()),
                    Figure(bars(modes, title="Formes"), "Faits par forme", describe(modes)),
                    Figure(columns(months, title="Mois"), "Faits par mois", describe(months)),
                ),
            ),
        ),
        axes=(
            StrategyAxis(
                "Réduire les points de deal",
                "Passer de 19 à 12 points.",
                ("Pilonnage.", "Bailleurs."),
                pilot="DDPN",
                deadline="30 juin 2027",
                state="engagé",
            ),
        ),
        steering=read_words("Le comité se réunit chaque trimestre."),
        signatories=(Signatory("La préfète", "Hélène Marchal"), Signatory("Le procureur")),
        annexes=(a_table(caption="Toutes les communes", dense=True),),
    )
    return replace(whole, **changes)


def read(content, tmp_path):
    path = tmp_path / "brief.pdf"
    path.write_bytes(compile_brief(content))
    return PdfReader(path)


def told(reader):
    """The text of all pages, on one line, places to break left out."""
    words = " ".join(page.extract_text() for page in reader.pages)
    return re.sub(r"\s+", " ", words.replace("\u200b", ""))


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    return read(a_brief(), tmp_path_factory.mktemp("printed"))


def nodes(reader):
    """Every node of the structure that assistive technologies read."""
    waiting, found = [reader.trailer["/Root"]["/StructTreeRoot"]["/K"]], []
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += reversed(node)
        elif isinstance(node, dict):
            found.append(node)
            waiting += [node["/K"]] if "/K" in node else []
    return found


# --- every page ------------------------------------------------------------------------------


def test_every_page_says_how_it_is_protected_and_whose_copy_it_is(printed):
    pages = [page.extract_text() for page in printed.pages]
    assert 3 <= len(pages) <= 7
    for number, page in enumerate(pages, start=1):
        # top, bottom, and along the margin
        assert page.count("DIFFUSION RESTREINTE") >= 3
        assert f"Page {number}/{len(pages)}" in page
        assert "Exemplaire n° 3" in page
        assert "la directrice de cabinet" in page
        assert "imprimé par Camille Brunet, 22\u00a0novembre 2026" in page
        assert "2026-03, version 2" in page
        assert "DONNÉES FICTIVES" in page


def test_the_marking_stands_at_the_top_and_at_the_bottom(printed):
    for page in printed.pages:
        heights = []

        def note(text, current, matrix, _font, _size, heights=heights):
            if "DIFFUSION" in text:
                heights.append(current[1] * matrix[4] + current[3] * matrix[5] + current[5])

        page.extract_text(visitor_text=note)
        assert max(heights) > 750
        assert min(heights) < 80


def test_long_names_do_not_push_the_text_of_a_page_away(tmp_path):
    copy = a_copy(recipient="Le comité " + "très " * 28, printed_by="Anne-" * 30)
    reader = read(a_brief(copy=copy), tmp_path)
    assert len(reader.pages) <= 7
    assert "Le comité très" in reader.pages[1].extract_text()


# --- what an archive and a screen reader need ------------------------------------------------


def test_the_file_claims_pdf_a_3a_and_pdf_ua_1(printed):
    metadata = printed.trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata


def test_the_file_is_tagged_in_french_with_title_and_author(printed):
    root = printed.trailer["/Root"]
    assert root["/Lang"].startswith("fr")
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert printed.metadata.title == "Note de stratégie locale – Vosges – 3e\u00a0trimestre 2026"
    assert printed.metadata.author == "Préfecture des Vosges"
    assert an_origin().digest in printed.metadata["/Keywords"]


def test_headings_tables_and_figures_are_told_as_such(printed):
    roles = [node.get("/S") for node in nodes(printed)]
    assert roles.count("/Figure") == 4
    assert {"/H1", "/H2", "/Table", "/THead", "/TH", "/TD", "/Caption", "/L", "/LI"} <= set(roles)
    assert roles.index("/H1") < roles.index("/H2")
    alternatives = [node["/Alt"] for node in nodes(printed) if node.get("/S") == "/Figure"]
    assert "Carte\u00a0: Épinal compte 38 faits." in alternatives
    assert all(alternatives)


def test_the_date_of_the_file_is_that_of_the_print(printed):
    assert printed.metadata.creation_date == datetime(2026, 11, 22, 13, 5, tzinfo=UTC)


def test_the_same_content_makes_the_same_file():
    assert compile_brief(a_brief()) == compile_brief(a_brief())


def test_nothing_in_the_file_leads_out_of_it(printed):
    links = [
        annotation.get_object() for page in printed.pages for annotation in page.get("/Annots", [])
    ]
    assert links, "the contents lead to the sections"
    for link in links:
        assert "/URI" not in link.get("/A", {})
    assert "/territoires/" not in told(printed)


def test_the_typesetter_has_nothing_to_complain_about(caplog):
    with caplog.at_level(logging.WARNING, logger="cross.printing.press"):
        compile_brief(a_brief())
    assert not caplog.records


# --- what it says ----------------------------------------------------------------------------


def test_words_and_figures_are_found_where_they_belong(printed):
    words = told(printed)
    for expected in (
        "Note de stratégie locale",
        "211 faits",
        "La menace est concentrée.",
        "État de la menace",
        "Golbey 1\u202f234 < 5 n.c.",
        "Épinal 38 31 +7",
        "Vittel 6 8 −2",
        "Axe 1 – Réduire les points de deal",
        "Hélène Marchal",
        "Comité départemental",
        "Toutes les communes",
    ):
        assert expected.replace("\u202f", " ") in words.replace("\u202f", " ")


def test_the_cover_tells_who_printed_it_for_whom_and_why(printed):
    cover = re.sub(r"\s+", " ", printed.pages[0].extract_text())
    for expected in ("Vosges (88)", "3e trimestre 2026", "n° 3", "Comité départemental"):
        assert expected in cover
    assert "Camille Brunet (bureau de la sécurité)" in cover
    assert "22 novembre 2026 à 14 h 05" in cover


def test_the_figures_are_attached_as_csv(printed):
    files = printed.attachments
    assert list(files) == [
        "diffusion-restreinte-tableau-1-faits-par-commune.csv",
        "diffusion-restreinte-tableau-2-toutes-les-communes.csv",
    ]
    content = files["diffusion-restreinte-tableau-1-faits-par-commune.csv"][0]
    assert content.decode("utf-8-sig").splitlines() == [
        "Commune;Faits;Avant;Écart",
        "Épinal;38;31;7",
        "Golbey;1234;< 5;n.c.",
        "Vittel;6;8;-2",
    ]
    for file in printed.trailer["/Root"]["/AF"]:
        assert file.get_object()["/AFRelationship"] == "/Data"


def test_a_text_that_looks_like_a_formula_is_neutralised_in_the_csv(tmp_path):
    rows = (("=HYPERLINK(1)", 1.5), ("+33612", None), ("@x", -2), ("-1", 0))
    table = Table("Essai", (TableColumn("a"), TableColumn("b", "number", decimals=1)), rows)
    reader = read(a_brief(sections=(), annexes=(table,)), tmp_path)
    (content,) = next(iter(reader.attachments.values()))
    assert content.decode("utf-8-sig").splitlines()[1:] == [
        "'=HYPERLINK(1);1,5",
        "'+33612;",
        "'@x;-2",
        "'-1;0",
    ]


def test_an_empty_summary_still_makes_a_readable_brief(tmp_path):
    sections = (
        Section(
            "Communes",
            (a_table(rows=()), a_figure(svg=bars([], title="Produits"), alt="Aucune donnée.")),
        ),
    )
    content = a_brief(
        sections=sections,
        cover=None,
        key_figures=(),
        opening=(),
        axes=(),
        steering=(),
        signatories=(),
        annexes=(a_table(rows=(), dense=True),),
        origin=an_origin(reports=0, facts=0, left_out=0),
    )
    words = told(read(content, tmp_path))
    assert words.count("Rien à communiquer sur la période.") == 2
    assert "porte sur 0 fait, d’après 0 renseignement," in words
    for absent in ("L’essentiel", "Axes proposés", "Pilotage et suivi", "Signataires"):
        assert absent not in words


@pytest.mark.parametrize("dense", [True, False])
def test_an_annex_of_506_communes_is_whole_with_its_header_on_each_page(tmp_path, dense):
    names = [f"Commune-sur-Vologne-et-sa-Forêt-{i}" if i % 9 == 0 else f"Bourg-{i}"
             for i in range(506)]  # fmt: skip
    rows = tuple((name, i, MASKED, 0) for i, name in enumerate(names))
    annex = a_table(caption="Toutes les communes", rows=rows, dense=dense)
    reader = read(a_brief(sections=(), annexes=(annex,)), tmp_path)
    words = told(reader).replace(" ", "")
    assert all(name in words for name in names)
    pages = [page.extract_text() for page in reader.pages]
    annexed = [page for page in pages if "Bourg-" in page]
    assert len(annexed) <= (6 if dense else 13)
    assert all("Commune" in page and "Écart" in page for page in annexed)
    # no page of the annex holds a mere leftover, but the last
    assert all(page.count("Bourg-") > 20 for page in annexed[:-1])


# --- what people may type --------------------------------------------------------------------


def hostile_brief():
    """The hostile text wherever a text goes."""
    line = HOSTILE[:88]
    return a_brief(
        title=line,
        subject=line,
        department=line,
        period=line,
        previous_period=line,
        issuer=line,
        notice=line,
        handling=HOSTILE,
        copy=a_copy(recipient=HOSTILE, printed_by=HOSTILE, reason=HOSTILE, printed_by_unit=line),
        origin=an_origin(summary=line, audience=line),
        cover=a_figure(caption=HOSTILE, alt=HOSTILE, source=HOSTILE),
        key_figures=(KeyFigure(line, 3, HOSTILE),),
        opening=(
            Paragraph((Run(HOSTILE), Run(HOSTILE, bold=True))),
            Bullets(((Run(HOSTILE),),)),
            Subtitle(HOSTILE),
        ),
        sections=(
            Section(
                line,
                (
                    Figure(bars([Bar(HOSTILE, 3)], title=HOSTILE), HOSTILE, HOSTILE, HOSTILE),
                    Table(HOSTILE, (TableColumn(HOSTILE),), ((HOSTILE,),), HOSTILE),
                ),
            ),
        ),
        axes=(StrategyAxis(HOSTILE, HOSTILE, (HOSTILE, HOSTILE), HOSTILE, (HOSTILE,)),),
        signatories=(Signatory(HOSTILE, HOSTILE),),
        annexes=(),
    )


def test_hostile_text_is_printed_and_never_obeyed(tmp_path):
    words = told(read(hostile_brief(), tmp_path))
    assert words.count('#read("/etc/passwd") *gras* $x^2$ <script>alert(1)</script>') > 5
    assert "root:" not in words
    assert "[?]" in words
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\x00\x07]", words)


def test_a_paragraph_of_10000_characters_runs_over_the_pages(tmp_path):
    long = "Une phrase qui se répète sans fin. " * 300 + "La fin."
    reader = read(a_brief(opening=read_words(long)), tmp_path)
    assert "La fin." in told(reader)


def test_a_word_of_3000_characters_stays_within_its_page(tmp_path):
    reader = read(a_brief(opening=read_words("x" * 3000)), tmp_path)
    lines = [line for page in reader.pages for line in page.extract_text().splitlines()]
    runs = [line.replace("\u200b", "").strip() for line in lines if "xxxx" in line]
    assert sum(map(len, runs)) == 3000
    # 169 mm of text at 10 points
    assert all(len(run) <= 110 for run in runs)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"cover": a_figure(alt="  ")}, "«\u00a0Faits par commune\u00a0» n’a pas de texte de rem"),
        ({"cover": a_figure(caption="")}, "Une figure n’a pas de titre."),
        ({"annexes": (a_table(caption=""),)}, "Un tableau n’a pas de titre."),
        ({"annexes": (a_table(columns=(), rows=()),)}, "n’a pas de colonne"),
        ({"annexes": (a_table(rows=(("Épinal", 3),)),)}, "dont le nombre de cases n’est pas 4"),
        ({"marking": " "}, "sans la mention de protection"),
        ({"copy": a_copy(recipient="", reason="")}, "sans le destinataire, le motif"),
        ({"copy": a_copy(recipient="x" * 201)}, "le destinataire dépasse 200 caractères"),
        ({"copy": a_copy(number=0)}, "commence à 1"),
        (
            {"copy": a_copy(printed_at=datetime(2026, 1, 1))},  # noqa: DTZ001 - what is refused
            "L’heure de l’impression est donnée sans fuseau",
        ),
        ({"origin": an_origin(caution=())}, "sans précautions de lecture"),
        ({"sections": (Section("x" * 91, ()),)}, "dépasse 90 caractères"),
    ],
)
def test_what_cannot_be_printed_is_said_in_a_sentence(changes, sentence):
    with pytest.raises(PrintError, match=re.escape(sentence)):
        compile_brief(a_brief(**changes))


def test_figures_beside_one_another_are_checked_too():
    pair = Beside(a_table(), a_figure(alt=""))
    with pytest.raises(PrintError, match="texte de remplacement"):
        compile_brief(a_brief(sections=(Section("Communes", (pair,)),)))


@pytest.mark.parametrize(("width", "together"), [(310, True), (640, False)])
def test_figures_too_wide_for_their_half_stand_one_above_the_other(tmp_path, width, together):
    drawn = bars([Bar("Épinal", 3)], title="Faits", width=width)
    pair = Beside(a_figure(svg=drawn, caption="À gauche"), a_figure(svg=drawn, caption="À droite"))
    reader = read(a_brief(sections=(Section("Faits", (pair,)),)), tmp_path)
    heights = {}

    def note_height(text, current, matrix, _font, _size):
        for caption in ("À gauche", "À droite"):
            if caption in text:
                heights[caption] = current[3] * matrix[5] + current[5]

    for page in reader.pages:
        page.extract_text(visitor_text=note_height)
    assert (heights["À gauche"] == heights["À droite"]) is together


# --- pictures --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inside", "sentence"),
    [
        ("<script>1</script>", "script"),
        ("<style>*{}</style>", "style"),
        ("<foreignObject/>", "foreignObject"),
        ('<image href="/etc/passwd"/>', "image"),
        ('<use href="file:///etc/passwd#a"/>', "un lien vers l’extérieur"),
        ('<rect fill="url(http://x.invalid/)"/>', "un lien vers l’extérieur"),
        ('<rect style="fill:red"/>', "style"),
        ('<rect onload="x()"/>', "onload"),
        ("<rect>", "un SVG mal formé"),
        ('<html xmlns="x"/>', "html"),
    ],
)
def test_a_picture_that_could_fetch_or_run_is_refused(inside, sentence):
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{inside}</svg>'
    with pytest.raises(PrintError, match=sentence):
        print_ready(a_figure(svg=svg))


@pytest.mark.parametrize(
    ("svg", "sentence"),
    [
        ('<!DOCTYPE svg [<!ENTITY a "b">]><svg/>', "une déclaration"),
        ("<svg/>", "autre chose"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "viewBox"),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 9"/>', "sans surface"),
        ("", "mal formé"),
    ],
)
def test_what_is_not_a_whole_picture_is_refused(svg, sentence):
    with pytest.raises(PrintError, match=sentence):
        print_ready(a_figure(svg=svg))


def test_a_picture_loses_its_links_and_takes_the_font_of_the_brief():
    svg, width, ratio = print_ready(a_figure())
    assert (width, round(ratio, 2)) == (520, 1.43)
    assert "href" not in svg
    assert "Marianne" not in svg
    assert svg.count("<polygon") == 3
    assert "Épinal" in svg


def test_maps_and_charts_of_the_screen_are_printed_as_they_are():
    square = [[[0, 0, 9000, 0, 9000, 9000, 0, 9000]]]
    areas = [maps.Area("88160", "Épinal", square, (4500, 4500), 32000)]
    whole = maps.choropleth(areas, {"88160": 12}, title="Faits", interactive=True)
    thumbnail = maps.choropleth(areas, {"88160": 12}, title="Faits", width=375, has_key=False)
    assert "1\u00a0km" in print_ready(a_figure(svg=whole))[0]
    svg, width, ratio = print_ready(a_figure(svg=thumbnail))
    assert (width, round(ratio, 1)) == (375, 1.0)
    assert "Épinal" in svg
    assert "1\u00a0km" not in svg


def test_words_of_a_picture_that_the_font_cannot_draw_are_shown_as_such():
    svg, _, _ = print_ready(
        a_figure(svg=a_map().replace("Épinal", "Épinal 😀 <tspan>x</tspan> y"))
    )
    assert "Épinal [?] <tspan>x</tspan> y" in svg


# --- words -----------------------------------------------------------------------------------


def test_the_font_draws_french():
    assert set(map(ord, "AZazàâäçéèêëîïôöùûüÿœæŒÆÉÈÀÇ«»’…–—−°€\u00a0\u202f")) <= drawable()
    assert ord("😀") not in drawable()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("e\u0301te\u0301", "été"),
        ("a\tb\nc  d", "a b c d"),
        ("a\u202eb\x00c\u200dd", "abcd"),
        ("👩\u200d👧😀 ok", "[?] ok"),
        ("l\u2011autre", "l-autre"),
        (" bord ", " bord "),
        ("lone \ud800 half", "lone [?] half"),
        ("é" * 30, "é" * 24 + "\u200b" + "é" * 6),
    ],
)
def test_only_drawable_characters_are_printed(typed, shown):
    assert printable(typed) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Quoi ?", "Quoi\u202f?"),
        ("Ainsi : oui ; non !", "Ainsi\u00a0: oui\u202f; non\u202f!"),
        ("« mot »", "«\u00a0mot\u00a0»"),
        ("«mot»", "«\u00a0mot\u00a0»"),
        ("l'axe d'Épinal", "l’axe d’Épinal"),
        ("12 500 habitants", "12\u202f500 habitants"),
        ("le 15 janvier à 14 h 05", "le 15\u00a0janvier à 14\u00a0h\u00a005"),
        ("le 2e trimestre, le 1er semestre", "le 2e\u00a0trimestre, le 1er\u00a0semestre"),
        ("n° 3, M. X, 12 %", "n°\u00a03, M.\u00a0X, 12\u00a0%"),
        ("à 12:30, http://x", "à 12:30, http://x"),
        ("etc...", "etc…"),
    ],
)
def test_french_spaces_and_apostrophes(typed, shown):
    assert typographic(typed) == shown


def test_what_the_prefecture_types_becomes_blocks():
    typed = (
        "Un **mot** fort,\nsuite.\r\n\r\n## Titre\n- un\n  suite\n- **deux**\n\nFin ** de 2*3*4."
    )
    assert read_words(typed) == (
        Paragraph((Run("Un "), Run("mot", bold=True), Run(" fort, suite."))),
        Subtitle("Titre"),
        Bullets(((Run("un suite"),), (Run("deux", bold=True),))),
        Paragraph((Run("Fin ** de 2*3*4."),)),
    )
    assert read_words(" \n\n ") == ()


# --- reading note ----------------------------------------------------------------------------


def note(content):
    return dict(reading_note(content))


@pytest.mark.parametrize(
    ("changes", "label", "sentence"),
    [
        ({"facts": 1, "reports": 1}, "Ce que disent les chiffres", "1 fait, d’après 1 renseignem"),
        ({"facts": 2}, "Ce que disent les chiffres", "sur 2 faits,"),
        ({"reports": MASKED}, "Ce que disent les chiffres", "d’après < 5 renseignements"),
        ({}, "Comment les lire", "Une hausse ne dit rien seule. Les effectifs inférieurs à 5"),
        (
            {"left_out": 1},
            "Périmètre",
            "1 renseignement que ce public ne peut pas recevoir n’entre ",
        ),
        ({"left_out": MASKED}, "Périmètre", "< 5 renseignements que ce public"),
        ({"left_out": 0}, "Périmètre", "Aucun renseignement de la période n’a été écarté."),
        ({"audience": "parquet"}, "Périmètre", "Public de la synthèse : parquet."),
        ({}, "Origine des chiffres", "SYN-88-2026-T3, figée le 3 octobre 2026 à 2 h 00"),
        ({}, "Origine des chiffres", "joints à ce fichier au format CSV"),
    ],
)
def test_the_reading_note_tells_what_the_figures_are(changes, label, sentence):
    assert sentence in note(a_brief(origin=an_origin(**changes)))[label]


def test_the_reading_note_keeps_silent_on_what_must_not_be_told():
    silent = an_origin(left_out=None)
    assert note(a_brief(origin=silent))["Périmètre"] == "Public de la synthèse : préfecture."


def test_the_key_of_the_charts_is_told_only_when_there_are_some():
    assert "Signes des graphiques" in note(a_brief())
    assert "Signes des graphiques" not in note(a_brief(sections=()))


def test_instants_are_written_in_french():
    assert french_instant(datetime(2026, 3, 1, 9, 5, tzinfo=PARIS)) == "1er mars 2026 à 9 h 05"


# --- the press -------------------------------------------------------------------------------


def another_press(monkeypatch, tmp_path, program):
    path = tmp_path / "press.py"
    path.write_text(program)
    monkeypatch.setattr(press, "TYPESETTER", path)


def test_the_press_leaves_nothing_on_the_disk(monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    compile_brief(a_brief())
    assert list(tmp_path.iterdir()) == []


def test_the_press_inherits_no_secret(monkeypatch, tmp_path):
    another_press(
        monkeypatch, tmp_path, "import os, sys; sys.stdout.write(' '.join(sorted(os.environ)))"
    )
    monkeypatch.setenv("DATABASE_URL", "postgresql:///secret")
    names = compile_brief(a_brief()).decode().split()
    assert "DATABASE_URL" not in names
    assert {"HOME", "PATH", "USER"}.isdisjoint(names)


def test_a_brief_that_takes_too_long_is_stopped_and_says_so(monkeypatch, tmp_path):
    another_press(monkeypatch, tmp_path, "import time; time.sleep(60)")
    monkeypatch.setattr(press, "LONGEST_SECONDS", 0.2)
    with pytest.raises(PrintError, match="a été arrêtée"):
        compile_brief(a_brief())


def test_a_press_that_fails_is_not_taken_for_a_brief(monkeypatch, tmp_path):
    another_press(monkeypatch, tmp_path, "import sys; sys.exit('broken')")
    with pytest.raises(RuntimeError, match="broken"):
        compile_brief(a_brief())


def test_a_press_that_is_killed_is_asked_again(monkeypatch, tmp_path):
    """By the kernel, when memory is short: nothing is wrong with the text."""
    another_press(monkeypatch, tmp_path, "import os; os.kill(os.getpid(), 9)")
    with pytest.raises(Killed) as killed:
        compile_brief(a_brief())
    assert is_interruption(killed.value)
    another_press(monkeypatch, tmp_path, "import os; os.kill(os.getpid(), 11)")
    with pytest.raises(RuntimeError) as broken:
        compile_brief(a_brief())
    assert not is_interruption(broken.value)


def test_a_warning_of_the_typesetter_goes_to_the_log(monkeypatch, tmp_path, caplog):
    another_press(monkeypatch, tmp_path, "import sys; sys.stderr.write('layout'); print('pdf')")
    with caplog.at_level(logging.WARNING, logger="cross.printing.press"):
        compile_brief(a_brief())
    assert "layout" in caplog.text

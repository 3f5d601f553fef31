"""The local strategy brief: frozen figures, words that two people write, counted copies."""

import io
import re
import threading
import zipfile
from datetime import date, datetime, timedelta
from hashlib import sha256

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from cross.audit.models import Entry
from cross.printing.content import Beside, Table
from intel import access, periods
from intel.actions import copies, drafts, edition_life, editions, summaries
from intel.actions.reports import Overtaken
from intel.models import Edition, PrintedCopy, Summary, SummaryAudience, TerritoryScore
from intel.reading import brief, brief_figures, brief_sections, edition_words, frozen
from intel.reading import editions as reading
from intel.reading.first_words import first_words
from intel.statistics import HotSpotLabel
from intel.summaries.words import Code, Sentence, said_of
from protocols.models import Protocol, Signature
from tests import factories
from tests.browser import assert_accessible, assert_fits

QUARTER, AUGUST = periods.read("2026-Q3"), periods.read("2026-08")
Dimension, Display = TerritoryScore.Dimension, TerritoryScore.Display


def told(cast, vosges, commune, day, count=1, **fields):
    """Facts of that day, entered within the hour, told by two services in turn: where one tells
    nearly all, the figures of a commune would be its own."""
    noon = datetime(*day, 12, tzinfo=timezone.get_current_timezone())
    for number in range(count):
        factories.report(
            (cast.diane, cast.louise)[number % 2],
            vosges[commune],
            received_at=noon,
            entered_at=noon + timedelta(hours=1),
            occurred_on=date(*day),
            **fields,
        )


@pytest.fixture
def busy(cast, vosges):
    """A quarter and the one before, in which every commune has a figure that may be told."""
    # Each month has enough of its own: else its quarter would not be summed.
    for month, golbey, epinal in ((4, 8, 6), (7, 9, 8)):
        told(cast, vosges, "Golbey", (2026, month, 12), golbey, products=["heroine"])
        told(cast, vosges, "Épinal", (2026, month + 1, 10), epinal, products=["cocaine"])
        told(cast, vosges, "Le Thillot", (2026, month + 2, 14), 5, products=["cocaine"])
    summary_of(vosges, QUARTER.previous())  # the prefecture is told again what it was told then
    return vosges


def summary_of(vosges, period=QUARTER, audience=SummaryAudience.PREFECTURE):
    return summaries.build_for(audience, vosges.department, period)


def a_note(cast, vosges, period=QUARTER, by="claire", **fields):
    fields = {"title": "Note de stratégie locale"} | fields
    return editions.create(summary_of(vosges, period), by=cast[by], **fields)


@pytest.fixture
def note(cast, vosges):
    for month in (7, 8, 9):
        told(cast, vosges, "Épinal", (2026, month, 10), 6)
    return a_note(cast, vosges)


@pytest.fixture
def colleague(cast):
    return factories.member("hugo", cast.claire.unit, cast.claire.role)


def posted(edition, **changes):
    """What the browser sends from the page as it stands."""
    fields = edition_words.fields_of(edition)
    seen = {"version": edition.version, "seen": edition_words.seen_of(fields)}
    return {
        name: str(text).replace("\n", "\r\n") for name, text in (fields | seen | changes).items()
    }


def pdf_of(answer):
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(answer.content))


def text_of(reader):
    words = " ".join(page.extract_text() for page in reader.pages)
    return re.sub(r"\s+", " ", words.replace("\u200b", ""))


# --- Made from a summary ----------------------------------------------------------------------


def test_a_note_is_prepared_from_the_page_of_a_summary(cast, busy, enter):
    summary = summary_of(busy)
    client = enter(cast.claire)
    page = client.get(f"/syntheses/{summary.pk}/").content.decode()
    assert f"/notes/nouvelle/?synthese={summary.pk}" in page
    form = client.get(f"/notes/nouvelle/?synthese={summary.pk}").content.decode()
    assert f'<option value="{summary.pk}" selected>3e trimestre 2026 (22' in form
    answer = client.post("/notes/nouvelle/", {"summary": summary.pk, "title": ""})
    note = Edition.objects.get()
    year = timezone.localdate().year
    assert note.number == f"NSL-88-{year}-001"
    assert answer.url == f"/notes/{note.number}/rediger/"
    assert note.title == "Note de stratégie locale, 3e trimestre 2026"
    assert note.figures["totals"]["facts"] == 22
    line = Entry.objects.get(verb="edition.created")
    assert (line.target, line.who, line.department) == (note.number, "Claire Essai", "88")
    assert note.figures_digest in line.why


def test_no_summary_yet_says_what_to_do(cast, vosges, enter):
    page = enter(cast.claire).get("/notes/nouvelle/").content.decode()
    assert "Elles sont construites chaque nuit" in page
    assert "<select" not in page


def test_only_a_summary_for_the_prefecture_starts_a_note(cast, busy, enter):
    of_cell = summary_of(busy, audience=SummaryAudience.CELL)
    answer = enter(cast.claire).post("/notes/nouvelle/", {"summary": of_cell.pk})
    assert answer.status_code == 422
    assert "Choisissez une synthèse de la liste" in answer.content.decode()
    with pytest.raises(ValidationError, match="synthèse pour la préfecture"):
        editions.create(of_cell, by=cast.claire, title="Note")
    assert not Edition.objects.exists()


def test_a_summary_of_another_reader_is_not_offered_whatever_is_asked_for(cast, busy, enter):
    ours, of_cell = summary_of(busy), summary_of(busy, audience=SummaryAudience.CELL)
    client = enter(cast.claire)
    asked = client.get(f"/notes/nouvelle/?synthese={of_cell.pk}").content.decode()
    assert f'value="{ours.pk}"' in asked
    assert f'value="{of_cell.pk}"' not in asked
    assert client.get("/notes/nouvelle/?synthese=abc").status_code == 200


def test_figures_stay_as_they_were_when_the_note_was_made(cast, busy, enter):
    """What comes later changes neither the note nor the summary, drawn up once for its reader."""
    note = a_note(cast, busy)
    told(cast, busy, "Épinal", (2026, 8, 20), 5)
    assert summary_of(busy) == note.summary
    assert "22 faits" in text_of(pdf_of(enter(cast.claire).get(f"/notes/{note.number}/pdf")))
    note.refresh_from_db()
    assert frozen.is_intact(note)


def test_a_note_prints_the_same_when_its_summary_has_gone(cast, busy):
    """What is frozen holds everything: nothing is read again from the rows of the summary."""
    note = a_note(cast, busy)
    before = frozen.figures_of(note)
    TerritoryScore.objects.filter(summary=note.summary).delete()
    Summary.objects.filter(pk=note.summary_id).update(facts=1, input_digest="changed")
    note.refresh_from_db()
    after = frozen.figures_of(note)
    assert after.totals == before.totals
    assert [row.facts for row in after.told(Dimension.COMMUNE)] == [9, 8, 5]
    assert "Le Thillot" in text_of(PdfReader(io.BytesIO(printed(note, cast)[0].content)))


def test_a_masked_count_is_not_in_the_figures_at_all(cast, vosges, note):
    """Épinal alone has facts, so that its row hides with the others; only the total is told."""
    assert note.figures["totals"]["facts"] == 18
    rows = [row for rows in note.figures["tables"].values() for row in rows]
    for code, _, *counts, display, change in rows:
        assert display == Display.EXACT or (counts, change) == ([None] * 4, ""), code
    assert not any(row[1] == "Épinal" for row in rows)
    assert note.figures["left_out"] is None


# --- First words ------------------------------------------------------------------------------


def some_figures(period=QUARTER, *, has_details=True, hidden=504, totals=(), said=(), **tables):
    """Figures by hand: `commune=[("Épinal", 16, 12)]`, a count of None is masked."""
    facts, reports, before, before_reports = totals or (53, 63, 61, 68)
    shown = {
        dimension: [_row(dimension, *row) for row in tables.get(dimension.value, ())]
        for dimension in Dimension
    }
    return frozen.Figures(
        department={"code": "88", "name": "Vosges", "of_name": "des Vosges"},
        geography_year=2026,
        period=period,
        audience="prefecture",
        version=1,
        built_at=timezone.now(),
        input_digest="0" * 64,
        totals={
            "facts": facts,
            "reports": reports,
            "previous_facts": before,
            "previous_reports": before_reports,
        },
        tables=shown,
        caution=("Prudence.",),
        said=tuple(said),
        proposals=(),
        has_details=has_details,
        hidden_communes=hidden,
        left_out=None,
    )


def _row(dimension, label, facts, previous=0, code=""):
    display = Display.MASKED if facts is None else Display.EXACT
    return TerritoryScore(
        dimension=dimension,
        code=code or label,
        label=label,
        facts=facts,
        reports=facts,
        previous_facts=None if facts is None else previous,
        display=display,
    )


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("period", "totals", "sentence"),
    [
        (
            "2026-Q3",
            (1234, 1500, 1230, 1),
            "Au 3e trimestre 2026, la cellule a enregistré **1 234 faits**, d’après 1 500 "
            "renseignements. Elle en avait enregistré 1 230 au 2e trimestre 2026.",
        ),
        (
            "2026-08",
            (15, 15, 16, 1),
            "En août 2026, la cellule a enregistré **15 faits**, d’après 15 renseignements. Elle "
            "en avait enregistré 16 en juillet 2026.",
        ),
        (
            "2026",
            (60, 60, 60, 1),
            "En 2026, la cellule a enregistré **60 faits**, d’après 60 renseignements. Elle en "
            "avait enregistré 60 en 2025.",
        ),
        (
            "2026-Q1",
            (None, None, 12, 1),
            "Au 1er trimestre 2026, la cellule a enregistré **un nombre de faits non "
            "communicable**, d’après un nombre de renseignements non communicable. Elle en avait "
            "enregistré 12 au 4e trimestre 2025.",
        ),
        (
            "2026-Q1",
            (7, 9, None, None),
            "Au 1er trimestre 2026, la cellule a enregistré **7 faits**, d’après "
            "9 renseignements.",
        ),
    ],
)
def test_the_first_sentence_agrees_with_its_figures(period, totals, sentence):
    figures = some_figures(periods.read(period), has_details=False, totals=totals)
    assert plain(first_words(figures)["opening"]) == sentence


@pytest.mark.parametrize(
    ("communes", "hidden", "sentence"),
    [
        (
            [("Épinal", 16, 12), ("Le Thillot", 5, 11)],
            504,
            "Le nombre de faits est communicable pour 2 communes. Elles réunissent ensemble 21 "
            "faits sur 53. Pour chacune des 504 autres, l’effectif est inférieur à 5, "
            "ou n’est pas communicable.\n\n- À Épinal : 16 faits, contre 12 au 2e trimestre 2026."
            "\n- Au Thillot : 5 faits, contre 11 au 2e trimestre 2026.",
        ),
        (
            [("Épinal", 16, 12)],
            1,
            "Le nombre de faits est communicable pour une seule commune, Épinal : 16 faits sur "
            "53. Pour l’autre commune, l’effectif est inférieur à 5 ou n’est pas "
            "communicable.\n\n- À Épinal : 16 faits, contre 12 au 2e trimestre 2026.",
        ),
        (
            [],
            506,
            "Au 3e trimestre 2026, aucune commune n’atteint un nombre de faits communicable.",
        ),
    ],
)
def test_communes_in_words(communes, hidden, sentence):
    figures = some_figures(hidden=hidden, commune=communes)
    assert plain(first_words(figures)["threat"]) == sentence


@pytest.mark.parametrize(
    ("months", "sentence"),
    [
        (
            [("2026-07", 4), ("2026-08", 2), ("2026-09", 6)],
            "De juillet 2026 à septembre 2026, la cellule a enregistré 12 faits, soit 4 par mois "
            "en moyenne. Le mois le plus chargé est septembre 2026 (6 faits). Le mois le moins "
            "chargé est août 2026 (2 faits).",
        ),
        (
            [("2026-08", 6), ("2026-09", 1), ("2026-10", 6)],
            "D’août 2026 à octobre 2026, la cellule a enregistré 13 faits, soit 4 par mois en "
            "moyenne. Les mois les plus chargés sont août 2026 et octobre 2026 (6 faits chacun). "
            "Le mois le moins chargé est septembre 2026 (1 fait).",
        ),
        (
            [("2026-08", 6), ("2026-09", None), ("2026-10", None)],
            "D’août 2026 à octobre 2026, le nombre de faits n’est pas communicable pour 2 mois "
            "sur 3.",
        ),
        ([("2026-09", None)], "Le nombre de faits par mois n’est pas communicable."),
    ],
)
def test_months_in_words(months, sentence):
    rows = [(periods.read(code).label, facts, 0, code) for code, facts in months]
    assert plain(first_words(some_figures(month=rows))["trend"]) == sentence


def test_products_in_words_leave_the_unknown_one_out_of_the_essential():
    rows = [("Cocaïne", 16, 12), ("Produit non précisé", 9, 9, "unknown"), ("Crack", None)]
    words = first_words(some_figures(product=rows))
    assert ": cocaïne (16 faits), produit non précisé (9 faits)." in plain(words["products"])
    assert "- **Produits les plus cités** : cocaïne (16 faits)." in plain(words["opening"])
    assert "Crack" not in words["products"]


def test_the_sentences_of_the_summary_start_the_note(cast, busy):
    """Each where it belongs: of the whole in the essential, of a commune in the threat."""
    said = (
        Sentence(
            Code.STEADY, "Pas d’évolution nette dans les Vosges.", 53, "", "department", "88"
        ),
        Sentence(Code.RISE, "Hausse nette à Golbey : 12 faits.", 12, "Sûr.", "commune", "88209"),
        Sentence(
            Code.FOYER,
            "Foyer : Épinal ainsi que les communes voisines.",
            None,
            "",
            "commune",
            "88160",
        ),
        Sentence(Code.HIDDEN, "31 communes ne sont pas détaillées."),
    )
    words = first_words(some_figures(said=said, commune=[("Épinal", 16, None)]))
    assert words["opening"].splitlines()[0].endswith("Pas d’évolution nette dans les Vosges.")
    assert words["threat"].endswith(
        "- Hausse nette à Golbey : 12 faits. Sûr.\n"
        "- Foyer : Épinal ainsi que les communes voisines."
    )
    assert "- À Épinal : 16\u00a0faits.\n" in words["threat"]  # nothing was told of it before
    assert "31 communes" not in words["threat"]


def test_foyers_come_from_the_twelve_months_told_to_the_same_reader(cast, busy):
    quarter, twelve_months = summary_of(busy), summary_of(busy, periods.read("2026-Q3R12"))
    of_foyer = {"dimension": Dimension.COMMUNE, "hot": HotSpotLabel.FOYER, "rank": 900}
    twelve_months.scores.create(
        code="88465", label="Thaon", hot_zone="88465", display=Display.MASKED, **of_foyer
    )
    assert Code.FOYER not in {each.code for each in said_of(quarter)}
    note = editions.create(quarter, by=cast.claire, title="Note")
    assert "- Foyer : Thaon ainsi que les communes voisines." in note.words["threat"]
    assert frozen.is_intact(note)


def test_a_table_has_no_column_of_what_was_never_told(cast, busy):
    quarter = summary_of(busy)
    told_twice = brief_figures.blocks_of(
        "threat", frozen.read(frozen.freeze(quarter)), busy.department.pk
    )
    assert [each.title for each in told_twice[0].columns][:3] == [
        "Commune", "Faits", "2e\u00a0trim. 2026",
    ]  # fmt: skip
    TerritoryScore.objects.filter(summary=quarter).update(previous_facts=None, change="")
    once = frozen.read(frozen.freeze(quarter))
    for section in ("threat", "products"):
        shown = brief_figures.blocks_of(section, once, busy.department.pk)[0]
        table = shown.left if isinstance(shown, Beside) else shown
        assert isinstance(table, Table)
        assert len(table.columns) == 2
        assert all(len(row) == 2 for row in table.rows)


def test_signatories_come_from_the_protocol(cast, vosges):
    protocol = Protocol.objects.get(department=vosges.department)
    protocol.meets_every = "une fois par mois"
    protocol.save()
    for rank, (capacity, name) in enumerate(
        (("Préfète des Vosges", "Hélène Marchal"), ("Directrice des douanes", "Zoé Lambert"))
    ):
        Signature.objects.create(
            protocol=protocol,
            rank=rank,
            service=cast.diane.unit.service,
            capacity=capacity,
            signed_by=name,
            signed_on=protocol.signed_on,
        )
    note = a_note(cast, vosges)
    assert note.words["signatories"] == (
        "Préfète des Vosges : Hélène Marchal\nDirectrice des douanes : Zoé Lambert\n"
        "Procureur de la République, Tribunal judiciaire de Épinal"
    )
    assert note.words["steering"].startswith("La cellule se réunit une fois par mois.")
    text = text_of(PdfReader(io.BytesIO(printed(note, cast)[0].content)))
    assert "Préfète des Vosges Hélène Marchal Date et signature" in text


# --- Writing ----------------------------------------------------------------------------------


def test_words_change_and_figures_never(cast, busy, enter):
    note = a_note(cast, busy)
    held = note.figures
    client = enter(cast.claire)
    sent = posted(note, opening="La menace est **concentrée**.\n\n- Épinal\n- Golbey")
    sent |= {
        "figures": '{"totals": {"facts": 999}}',
        "totals": "876543210",
        "facts": "876543210",
        "figures_digest": "0" * 64,
        "state": "validee",
        "number": "NSL-88-2026-999",
    }
    answer = client.post(f"/notes/{note.number}/rediger/", sent)
    assert answer.url == f"/notes/{note.number}/"
    note.refresh_from_db()
    assert note.figures == held
    assert note.state == Edition.State.DRAFT
    assert note.version == 2
    assert set(note.words) == {part.code for part in brief_sections.WRITTEN} | {"axes"}
    page = client.get(f"/notes/{note.number}/").content.decode()
    assert "<strong>concentrée</strong>" in page
    assert "<li>Golbey</li>" in page
    assert "876543210" not in page
    assert "876543210" not in text_of(pdf_of(client.get(f"/notes/{note.number}/pdf")))
    assert Entry.objects.get(verb="edition.changed").why == "version 2"


def test_saving_the_same_words_is_no_new_version(cast, note, enter):
    enter(cast.claire).post(f"/notes/{note.number}/rediger/", posted(note))
    note.refresh_from_db()
    assert note.version == 1
    assert not Entry.objects.filter(verb="edition.changed").exists()


def test_an_axis_is_written_and_printed(cast, note, enter):
    client = enter(cast.claire)
    sent = posted(
        note,
        axis2_title="Réduire les points de deal",
        axis2_objective="Passer de 19 à 12 points.",
        axis2_actions="- Pilonnage\n- Bailleurs",
        axis2_pilot="DDPN",
        axis2_partners="Mairie\nBailleurs",
        axis2_state="Engagé",
    )
    client.post(f"/notes/{note.number}/rediger/", sent)
    note.refresh_from_db()
    assert [axis["title"] for axis in note.words["axes"]] == ["Réduire les points de deal"]
    text = text_of(pdf_of(client.get(f"/notes/{note.number}/pdf")))
    assert "Axe 1 – Réduire les points de deal" in text
    assert "Mairie, Bailleurs" in text
    form = client.get(f"/notes/{note.number}/rediger/").content.decode()
    assert 'name="axis1_title" value="Réduire les points de deal"' in form


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"axis1_pilot": "DDPN"}, "Donnez un titre à l’axe 1"),
        ({"axis3_title": "Un axe"}, "Donnez un objectif à l’axe 3"),
        ({"title": ""}, "cette réponse est nécessaire."),
        ({"opening": "x" * 20_001}, "la limite est de 20 000"),
        ({"signatories": "Préfet : A\n" * 25}, "24 signataires ; il y en a 25"),
        ({"signatories": "Q" * 300}, "200 caractères au plus"),
        ({"axis1_title": "a", "axis1_objective": "b", "axis1_state": "Fini"}, "Fini"),
    ],
)
def test_a_refused_text_is_told_and_kept(cast, note, enter, changes, sentence):
    client = enter(cast.claire)
    sent = posted(note, products="Texte déjà tapé.") | changes
    answer = client.post(f"/notes/{note.number}/rediger/", sent)
    assert answer.status_code == 422
    page = plain(answer.content.decode())
    assert sentence in page
    assert "Texte déjà tapé." in page
    note.refresh_from_db()
    assert note.version == 1


def test_a_proposed_line_fills_an_empty_axis_and_saves_nothing(cast, busy, enter):
    """The whole of what is typed comes back with it; who adds it rewrites it, then saves."""
    twelve_months = summary_of(busy, periods.read("2026-Q3R12"))
    twelve_months.scores.create(
        dimension=Dimension.COMMUNE, code="88465", label="Thaon", rank=900, hot="foyer",
        hot_zone="88465", history="nouveau", display=Display.MASKED,
    )  # fmt: skip
    note = a_note(cast, busy)
    client, address = enter(cast.claire), f"/notes/{note.number}/rediger/"
    page = client.get(address).content.decode()
    assert "Propositions tirées des constats" in page
    assert "Repose sur un nombre de faits non communiqué, douze mois" in page
    key = "foyer_nouveau:commune:88465"
    assert f'form="words" name="add" value="{key}"' in page
    answer = client.post(address, posted(note, opening="Ma phrase.") | {"add": key})
    assert answer.url == f"{address}#axes"
    shown = client.get(address)
    form = shown.context["form"]
    assert form["axis1_title"].value() == "À Thaon : recueil ciblé"
    objective = form["axis1_objective"].value()
    assert "Constat : Foyer : Thaon ainsi que les communes voisines." in objective
    assert form["opening"].value() == "Ma phrase."
    note.refresh_from_db()
    assert (note.version, note.words["axes"]) == (1, [])
    refused = client.post(address, posted(note) | {"add": "autre"}, follow=True)
    assert "Cette proposition n’est pas de cette note" in refused.content.decode()
    full = {f"axis{rank}_title": f"Axe {rank}" for rank in range(1, 7)}
    refused = client.post(address, posted(note, **full) | {"add": key}, follow=True)
    assert "Les six axes sont remplis" in refused.content.decode()
    assert refused.context["form"]["axis6_title"].value() == "Axe 6"


def test_two_writers_lose_nothing(cast, note, enter, colleague):
    """Hugo writes two parts while Claire has the page open and writes one of them."""
    claire, hugo = enter(cast.claire), enter(colleague)
    on_screen = posted(note, opening="Texte de Claire.")
    theirs = posted(note, opening="Texte de Hugo.", places="Douze points.")
    assert hugo.post(f"/notes/{note.number}/rediger/", theirs).status_code == 302
    answer = claire.post(f"/notes/{note.number}/rediger/", on_screen)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "pendant que vous écriviez" in page
    assert "vous avez tous deux modifié cette partie" in page
    assert "Texte de Hugo." in page
    fields = answer.context["form"].data
    assert fields["opening"] == "Texte de Claire."
    assert fields["places"] == "Douze points."  # hers was untouched: his is taken over
    note.refresh_from_db()
    assert note.words["opening"] == "Texte de Hugo."
    again = {name: fields[name] for name in on_screen}
    assert claire.post(f"/notes/{note.number}/rediger/", again).status_code == 302
    note.refresh_from_db()
    assert note.words["opening"] == "Texte de Claire."
    assert note.words["places"] == "Douze points."
    assert note.version == 3


def test_without_the_digests_everything_that_differs_is_shown(cast, note, enter, colleague):
    enter(colleague).post(f"/notes/{note.number}/rediger/", posted(note, places="Douze points."))
    sent = posted(note) | {"seen": "not json"}
    answer = enter(cast.claire).post(f"/notes/{note.number}/rediger/", sent)
    assert answer.status_code == 409
    assert [each.label for each in answer.context["differences"]] == ["Points de deal"]
    assert answer.context["differences"][0].is_yours
    assert answer.context["form"].data["places"] == ""


def test_what_is_typed_is_kept_and_comes_back(cast, note, enter, colleague):
    client = enter(cast.claire)
    sent = posted(note, opening="À moitié écrit", places="")
    assert client.post(f"/notes/{note.number}/brouillon/", sent).status_code == 204
    page = client.get(f"/notes/{note.number}/rediger/").content.decode()
    assert "Votre saisie a été reprise" in page
    assert "À moitié écrit" in page
    assert (
        "À moitié écrit"
        not in enter(colleague).get(f"/notes/{note.number}/rediger/").content.decode()
    )
    too_long = posted(note, opening="x" * 500_000)
    assert client.post(f"/notes/{note.number}/brouillon/", too_long).status_code == 413
    client.post(f"/notes/{note.number}/brouillon/supprimer/")
    page = client.get(f"/notes/{note.number}/rediger/").content.decode()
    assert "À moitié écrit" not in page
    assert "Votre saisie a été reprise" not in page


def test_a_saved_text_leaves_no_draft(cast, note, enter):
    client = enter(cast.claire)
    client.post(f"/notes/{note.number}/brouillon/", posted(note, opening="À moitié"))
    client.post(f"/notes/{note.number}/rediger/", posted(note, opening="Tout entier"))
    assert drafts.kept(by=cast.claire, key=editions.draft_key(note)) is None


def test_what_is_typed_while_another_validates_is_kept(cast, note, enter, colleague):
    edition_life.validate(note, by=colleague, version=1)
    client = enter(cast.claire)
    answer = client.post(f"/notes/{note.number}/rediger/", posted(note, opening="Trop tard"))
    assert answer.url == f"/notes/{note.number}/"
    page = client.get(answer.url).content.decode()
    assert "Votre saisie est conservée" in page
    edition_life.send_back(note, by=colleague, why="reprise")
    assert "Trop tard" in client.get(f"/notes/{note.number}/rediger/").content.decode()


def test_a_second_writer_of_the_same_version_is_overtaken(cast, note):
    words = note.words | {"opening": "Un"}
    editions.write(note, by=cast.claire, title=note.title, words=words, version=1)
    with pytest.raises(Overtaken):
        editions.write(note, by=cast.claire, title=note.title, words=words, version=1)


# --- Copies -----------------------------------------------------------------------------------


def printed(note, cast, *, by="claire", count=1, **fields):
    recipient = fields.pop("recipient", "Comité départemental")
    fields = {"recipients": [recipient] * count, "reason": "Réunion"} | fields
    return copies.print_copies(note, by=cast[by], **fields)


def file_of(client, note, **said):
    """What the form prints: the file of the page on which its answer leads."""
    answer = client.post(f"/notes/{note.number}/pdf", said)
    assert answer.status_code == 302
    return client.get(f"{answer.url}fichier")


def test_a_copy_carries_its_marks_on_every_page(cast, busy, enter):
    note = a_note(cast, busy)
    answer = file_of(
        enter(cast.claire),
        note,
        recipient="la directrice de cabinet",
        reason="Comité",
        copies=1,
    )
    assert answer["Content-Disposition"] == (
        f'attachment; filename="{note.number}-exemplaire-1.pdf"'
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    reader = pdf_of(answer)
    pages = [page.extract_text() for page in reader.pages]
    for number, page in enumerate(pages, start=1):
        assert page.count("DIFFUSION RESTREINTE") >= 2
        assert f"Page {number}/{len(pages)}" in page
        assert "Exemplaire n° 1" in page
        assert "la directrice de cabinet" in page
        assert "imprimé par Claire Essai" in page
        assert note.number in page
        assert "PROJET" in page
    text = plain(text_of(reader))
    for words in (
        "22 faits",
        "Épinal",
        "Le Thillot",
        "Cocaïne",
        "Tableau 1 – Communes détaillées",
        "Figure 1 – Vue d’ensemble",
        "Faits par commune, 3e trimestre 2026",
        "19 au 2e trimestre 2026",
        "non ce qui existe",
        "Les effectifs inférieurs à 5, zéro compris, ne sont pas communiqués",
    ):
        assert words in text
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_the_register_and_the_journal_know_every_copy(cast, note, enter):
    client = enter(cast.claire)
    client.get(f"/notes/{note.number}/pdf")
    answer = file_of(client, note, recipient="Sous-préfet", reason="Comité", copies=2)
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].endswith(f'{note.number}-exemplaires-2-a-3.zip"')
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    files = {name: archive.read(name) for name in archive.namelist()}
    assert list(files) == [f"{note.number}-exemplaire-{n}.pdf" for n in (2, 3)]
    copies = PrintedCopy.objects.order_by("copy_number")
    assert [(copy.copy_number, copy.recipient, copy.reason) for copy in copies] == [
        (1, "Claire Essai", "Consultation"),
        (2, "Sous-préfet", "Comité"),
        (3, "Sous-préfet", "Comité"),
    ]
    assert [copy.sha256 for copy in copies[1:]] == [
        sha256(pdf).hexdigest() for pdf in files.values()
    ]
    third = PdfReader(io.BytesIO(files[f"{note.number}-exemplaire-3.pdf"]))
    assert "Exemplaire n° 3" in third.pages[-1].extract_text()
    lines = Entry.objects.filter(verb="edition.printed").order_by("pk")
    assert [(line.target, line.recipients, line.why) for line in lines] == [
        (f"{note.number} v1 exemplaire 1", "Claire Essai", "Consultation"),
        (f"{note.number} v1 exemplaire 2", "Sous-préfet", "Comité"),
        (f"{note.number} v1 exemplaire 3", "Sous-préfet", "Comité"),
    ]
    page = client.get(f"/notes/{note.number}/").content.decode()
    assert page.count("Sous-préfet") == 2


def test_the_page_of_a_print_says_what_is_registered_and_reloading_registers_no_more(
    cast, note, enter, colleague
):
    client = enter(cast.claire)
    sent = client.get(f"/notes/{note.number}/imprimer/").context["form"]["sent"].value()
    said = {"recipient": "Sous-préfet", "reason": "Comité", "copies": 2, "sent": sent}
    refused = client.post(f"/notes/{note.number}/pdf", said | {"copies": "51"})
    assert "point à corriger" in plain(refused.content.decode())
    address = client.post(f"/notes/{note.number}/pdf", said).url
    assert client.post(f"/notes/{note.number}/pdf", said).url == address
    page = plain(client.get(address).content.decode())
    for words in ("Exemplaires 1 et 2 inscrits", "Sous-préfet", "Comité"):
        assert words in page
    assert "point à corriger" not in page
    first, again = (
        zipfile.ZipFile(io.BytesIO(client.get(f"{address}fichier").content)) for _ in range(2)
    )
    assert first.namelist() == [f"{note.number}-exemplaire-{number}.pdf" for number in (1, 2)]
    assert [first.read(name) for name in first.namelist()] == [
        again.read(name) for name in first.namelist()
    ]
    assert PrintedCopy.objects.count() == 2
    # A line a copy each time.
    assert Entry.objects.filter(verb="edition.copied").count() == 2 * 2
    assert address in client.get(f"/notes/{note.number}/").content.decode()
    other = client.post(f"/notes/{note.number}/pdf", said | {"recipient": "Cabinet"}).url
    assert other != address
    # Whoever did not print it does not take it again, colleague or not.
    for who in (colleague, cast.gilles, cast.diane, cast.paul):
        assert enter(who).get(address).status_code == 404
        assert enter(who).get(f"{address}fichier").status_code == 404


def test_a_file_that_would_not_be_the_same_is_not_given_again(cast, note, enter):
    client = enter(cast.claire)
    said = {"recipient": "Sous-préfet", "reason": "Comité", "copies": 1}
    address = client.post(f"/notes/{note.number}/pdf", said).url
    client.post(f"/notes/{note.number}/rediger/", posted(note, title="Autre titre"))
    copies.forget_files(timezone.now() + timedelta(days=2))
    answer = client.get(f"{address}fichier", follow=True)
    assert answer.redirect_chain[0][0] == address
    assert "ne peuvent plus être refaits à l’identique" in plain(answer.content.decode())
    assert not Entry.objects.filter(verb="edition.copied").exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"recipient": ""}, "cette réponse est nécessaire"),
        ({"reason": " "}, "cette réponse est nécessaire"),
        ({"copies": "51"}, "Imprimez au plus 50 exemplaires à la fois."),
        ({"copies": "0"}, "Imprimez au moins un exemplaire."),
        ({"copies": "deux"}, "Écrivez un nombre entier."),
        ({"recipient": "x" * 151}, "la limite est de 150"),
    ],
)
def test_a_print_without_recipient_reason_or_number_is_refused(
    cast, note, enter, changes, sentence
):
    sent = {"recipient": "Comité", "reason": "Réunion", "copies": "1"} | changes
    answer = enter(cast.claire).post(f"/notes/{note.number}/pdf", sent)
    assert answer.status_code == 422
    assert sentence in plain(answer.content.decode())
    assert not PrintedCopy.objects.exists()
    assert not Entry.objects.filter(verb="edition.printed").exists()


@pytest.mark.parametrize(
    ("comes_from", "is_printed"),
    [
        (None, True),  # an old browser
        ("none", True),  # typed, or kept among the bookmarks
        ("same-origin", True),
        ("same-site", False),
        ("cross-site", False),
        ("?", False),
    ],
)
def test_a_link_of_another_site_makes_no_copy(cast, note, enter, comes_from, is_printed):
    followed = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    headers = {"Sec-Fetch-Site": comes_from, **followed} if comes_from else {}
    client = enter(cast.claire)
    answer = client.get(f"/notes/{note.number}/pdf", headers=headers, follow=True)
    assert answer.status_code == 200
    assert PrintedCopy.objects.exists() == is_printed
    assert (answer["Content-Type"] == "application/pdf") == is_printed
    if not is_printed:
        assert "Aucun exemplaire n’a été fait" in plain(answer.content.decode())


def test_asking_for_the_head_of_the_file_prints_nothing(cast, note, enter):
    assert enter(cast.claire).head(f"/notes/{note.number}/pdf").status_code == 405
    assert not PrintedCopy.objects.exists()


def test_a_published_note_is_no_longer_a_project(cast, note, enter):
    factories.published(note, cast)
    text = text_of(pdf_of(enter(cast.claire).get(f"/notes/{note.number}/pdf")))
    assert "PROJET" not in text
    assert "Publiée le" in text


def test_the_demonstration_says_so_on_every_page(cast, note, enter, settings):
    settings.DEMONSTRATION = True
    for page in pdf_of(enter(cast.claire).get(f"/notes/{note.number}/pdf")).pages:
        assert "PROJET – DONNÉES FICTIVES" in page.extract_text()


def test_figures_changed_behind_our_back_are_not_printed(cast, note, enter):
    note.figures["totals"]["facts"] = 60
    Edition.objects.filter(pk=note.pk).update(figures=note.figures)
    client = enter(cast.claire)
    answer = client.get(f"/notes/{note.number}/pdf", follow=True)
    page = answer.content.decode()
    assert "ne correspondent plus à leur empreinte" in page
    assert "ont été altérés" in page
    assert "/imprimer/" not in page
    assert not PrintedCopy.objects.exists()
    with pytest.raises(ValidationError, match="empreinte"):
        edition_life.validate(note, by=cast.claire, version=1)


def test_hostile_words_are_printed_as_words(cast, note, enter):
    hostile = '#read("/etc/passwd") <script>alert(1)</script> $x$ \u202eretourné **gras'
    client = enter(cast.claire)
    client.post(f"/notes/{note.number}/rediger/", posted(note, opening=hostile))
    page = client.get(f"/notes/{note.number}/").content.decode()
    assert "<script>alert" not in page
    text = text_of(pdf_of(client.get(f"/notes/{note.number}/pdf")))
    assert '#read("/etc/passwd")' in text
    assert "root:" not in text


def test_a_month_has_its_total_and_its_months(cast, busy, enter):
    note = a_note(cast, busy, AUGUST)
    client = enter(cast.claire)
    page = client.get(f"/notes/{note.number}/").content.decode()
    assert "Faits par commune" not in page
    text = plain(text_of(pdf_of(client.get(f"/notes/{note.number}/pdf"))))
    assert "En août 2026, la cellule a enregistré 8 faits" in text
    assert "Faits par mois, douze mois jusqu’à août 2026" in text
    assert "est communiqué au trimestre" in text
    assert "Faits par commune" not in text
    assert "Faits par produit" not in text


def test_a_note_on_nothing_prints_too(cast, vosges, enter):
    note = a_note(cast, vosges)
    text = plain(text_of(pdf_of(enter(cast.claire).get(f"/notes/{note.number}/pdf"))))
    assert "un nombre de faits non communicable" in text
    assert "aucune commune n’atteint un nombre de faits communicable" in text
    assert "Rien à communiquer sur la période." in text


def test_a_part_without_words_or_figures_is_not_printed(cast, note):
    sections = [section.title for section in contents(note, cast).sections]
    assert "Points de deal" not in sections
    note.words["places"] = "Douze points ouverts."
    sections = [section.title for section in contents(note, cast).sections]
    assert sections.index("Points de deal") > sections.index("Produits")


def contents(note, cast):
    copy = copies.copy_of(1, cast.claire, "Comité", "Réunion", timezone.localtime())
    return brief.gather(note, copy)


@pytest.mark.django_db(transaction=True)
def test_two_printers_at_once_never_share_a_number(cast, note):
    faults = []

    def work():
        try:
            printed(note, cast)
        except Exception as fault:  # noqa: BLE001 - told to the test's own thread
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    numbers = PrintedCopy.objects.order_by("copy_number").values_list("copy_number", flat=True)
    assert list(numbers) == [1, 2, 3, 4]


# --- How old, how many --------------------------------------------------------------------------


def test_old_figures_are_told(cast, vosges, note):
    end, readable = QUARTER.end, access.readable_editions(cast.claire)
    assert not reading.freshness(note, readable, end + timedelta(days=100)).is_old
    assert reading.freshness(note, readable, end + timedelta(days=101)).is_old


def test_the_page_of_an_old_note_says_so(cast, vosges, enter):
    note = a_note(cast, vosges, periods.read("2024-Q1"))
    page = enter(cast.claire).get(f"/notes/{note.number}/").content.decode()
    assert "Des chiffres anciens" in page
    assert "le 31\u00a0mars 2024" in page


LATER_STANDS = (
    "est en rédaction",
    "attend la validation du parquet",
    "est validée et attend sa publication",
    "est publiée",
)


@pytest.mark.parametrize(
    ("who", "knows_from"),
    [
        ("claire", "est en rédaction"),
        ("gilles", "attend la validation du parquet"),  # his court is the one that it awaits
        ("diane", "est publiée"),
        ("anna", "est publiée"),
    ],
)
def test_an_old_note_names_the_later_one_to_who_may_open_it_alone(
    cast, vosges, enter, stopped_clock, who, knows_from
):
    old = factories.published(a_note(cast, vosges, periods.read("2024-Q1")), cast)
    client, address = enter(cast[who]), f"/notes/{old.number}/"

    def notice():
        main = client.get(address).content.decode().partition("Des chiffres anciens")[2]
        return re.sub(r"\s+", " ", main.partition("</p>")[0])

    alone = notice()
    assert "plus récente" in alone
    later = a_note(cast, vosges)
    lives = (
        lambda: None,
        lambda: edition_life.validate(later, by=cast.claire, version=1),
        lambda: edition_life.validate(later, by=cast.gilles, version=1),
        lambda: edition_life.publish(later, by=cast.claire, version=1),
    )
    for stands, happens in zip(LATER_STANDS, lives, strict=True):
        happens()
        told = notice()
        if LATER_STANDS.index(stands) < LATER_STANDS.index(knows_from):
            assert told == alone
        else:
            assert f'href="/notes/{later.number}/"' in told
            assert f"(3e trimestre 2026) {stands}" in told
            assert "plus récente" not in told


def test_an_old_note_says_nothing_of_the_notes_of_another_department(cast, vosges, meurthe):
    """Not even to who may open those too."""
    old = a_note(cast, vosges, periods.read("2024-Q1"))
    a_note(cast, meurthe)
    ours = a_note(cast, vosges)
    assert reading.freshness(old, Edition.objects.all()).later == (ours,)


def test_who_writes_the_notes_is_not_sent_to_himself_before_printing_an_old_one(
    cast, vosges, enter
):
    note = a_note(cast, vosges, periods.read("2024-Q1"))
    page = enter(cast.claire).get(f"/notes/{note.number}/imprimer/").content.decode()
    assert "Préparer une note sur une période plus récente" in page
    assert "Demandez à la préfecture" not in page


def test_the_list_is_filtered_by_state_newest_first(cast, vosges, enter):
    first, second = a_note(cast, vosges), a_note(cast, vosges, AUGUST)
    factories.published(first, cast)
    client = enter(cast.claire)
    page = client.get("/notes/").content.decode()
    assert page.index(second.number) < page.index(first.number)
    validated = client.get("/notes/?etat=publiee").content.decode()
    assert first.number in validated
    assert second.number not in validated
    assert first.number not in client.get("/notes/?etat=brouillon").content.decode()
    assert client.get("/notes/?etat=autre").status_code == 200


def test_an_empty_list_says_what_to_do(cast, vosges, enter):
    assert "Préparer la première note" in enter(cast.claire).get("/notes/").content.decode()
    told_to_readers = enter(cast.diane).get("/notes/").content.decode()
    assert "dès que la préfecture les a publiées" in told_to_readers
    assert "Préparer" not in told_to_readers


def test_a_page_costs_few_queries_however_many_copies(cast, busy, enter):
    note = a_note(cast, busy)
    client = enter(cast.claire)

    def cost(address):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/notes/{note.number}/{address}").status_code == 200
        return len(asked)

    addresses = ("", "rediger/", "imprimer/")
    for address in addresses:
        cost(address)  # permissions and outlines are read once a process
    few = [cost(address) for address in addresses]
    PrintedCopy.objects.bulk_create(
        PrintedCopy(
            edition=note,
            copy_number=number,
            version=1,
            recipient="Comité",
            reason="Réunion",
            printed_by=cast.claire,
            sha256="0" * 64,
        )
        for number in range(1, 51)
    )
    assert [cost(address) for address in addresses] == few
    assert max(few) <= 15


def test_a_list_costs_the_same_with_one_note_and_with_many(cast, vosges, enter):
    a_note(cast, vosges)
    client = enter(cast.claire)
    for path in ("/notes/", "/notes/nouvelle/"):
        client.get(path)
        with CaptureQueriesContext(connection) as one:
            client.get(path)
        for month in range(1, 6):
            a_note(cast, vosges, periods.read(f"2026-0{month}"))
        with CaptureQueriesContext(connection) as many:
            client.get(path)
        assert len(one) == len(many) <= 15


# --- In a browser -----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_pages_fit_and_are_accessible(cast, busy, browse, width, theme):
    note = a_note(cast, busy)
    printed(note, cast)
    page = browse(cast.claire, width=width, theme=theme)
    for address in ("", f"{note.number}/", f"{note.number}/rediger/", f"{note.number}/imprimer/"):
        page.goto(f"/notes/{address}")
        assert_fits(page)
        assert_accessible(page)


@pytest.mark.django_db(transaction=True)
def test_a_note_is_written_validated_and_printed_by_hand(cast, busy, browse):
    summary = summary_of(busy)
    page = browse(cast.claire)
    page.goto(f"/syntheses/{summary.pk}/")
    page.get_by_role("link", name="Préparer une note de stratégie").click()
    page.get_by_role("button", name="Créer la note").click()
    page.get_by_role("textbox", name="Points de deal").fill(
        "Douze points, source : cellule, 30 septembre 2026."
    )
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("version 2").first.wait_for()
    page.get_by_role("button", name="Valider pour la préfecture").click()
    page.get_by_role("link", name="Imprimer le projet").click()
    page.get_by_label("Destinataire").fill("Comité départemental")
    page.get_by_label("Motif de l’impression").fill("Réunion")
    page.get_by_role("button", name="Imprimer").click()
    page.get_by_role("heading", name="Exemplaire 1 inscrit").wait_for()
    page.reload()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger le fichier").click()
    reader = PdfReader(download.value.path())
    assert "Douze points" in text_of(reader)
    page.get_by_role("link", name="Imprimer pour un autre destinataire").click()
    page.get_by_label("Destinataire").fill("Cabinet")
    page.get_by_label("Motif de l’impression").fill("Réunion")
    page.get_by_role("button", name="Imprimer").click()
    with page.expect_download() as second:
        page.get_by_role("link", name="Télécharger le fichier").click()
    assert second.value.suggested_filename.endswith("-exemplaire-2.pdf")
    page.get_by_role("link", name="Tous les exemplaires").click()
    page.get_by_role("cell", name="Comité départemental").wait_for()


# --- Who ----------------------------------------------------------------------------------------

DOORS = {
    "write": ("get", "/notes/{}/rediger/"),
    "save": ("post", "/notes/{}/rediger/"),
    "keep": ("post", "/notes/{}/brouillon/"),
    "drop": ("post", "/notes/{}/brouillon/supprimer/"),
    "print": ("get", "/notes/{}/imprimer/"),
    "pdf": ("get", "/notes/{}/pdf"),
    "copies": ("post", "/notes/{}/pdf"),
}


@pytest.mark.parametrize(
    ("who", "reads_draft", "reads_public", "lists", "creates"),
    [
        ("claire", 200, 200, 200, 200),
        ("anna", 404, 200, 200, 403),
        ("marc", 404, 200, 200, 403),
        ("gilles", 404, 200, 200, 403),
        ("rose", 404, 404, 403, 403),
        ("ines", 404, 404, 403, 403),
        ("tom", 404, 404, 403, 403),
        ("fanny", 403, 403, 403, 403),
        ("paul", 404, 404, 200, 403),
        ("diane", 404, 200, 200, 403),
    ],
)
def test_who_opens_a_note(cast, note, enter, who, *, reads_draft, reads_public, lists, creates):
    client = enter(cast[who])
    assert client.get(f"/notes/{note.number}/").status_code == reads_draft
    factories.published(note, cast)
    assert client.get(f"/notes/{note.number}/").status_code == reads_public
    assert client.get("/notes/").status_code == lists
    assert client.get("/notes/nouvelle/").status_code == creates
    shown = note.number in client.get("/notes/").content.decode()
    assert shown == (reads_public == 200)


@pytest.mark.parametrize("door", sorted(DOORS))
def test_only_the_prefecture_writes_and_prints(cast, note, enter, door):
    """The same request for all: it is refused for who asks, not for what is asked."""
    method, address = DOORS[door]
    sent = posted(note, recipient="Comité", reason="Réunion", copies=1, why="Motif")
    for who in ("gilles", "paul", "diane"):
        answer = getattr(enter(cast[who]), method)(address.format(note.number), sent)
        assert answer.status_code == 404
        assert not PrintedCopy.objects.exists()
    answer = getattr(enter(cast.claire), method)(address.format(note.number), sent)
    assert answer.status_code in {200, 204, 302}
    assert PrintedCopy.objects.exists() == (door in {"pdf", "copies"})


def test_a_reader_has_no_button_and_no_register(cast, note, enter):
    printed(note, cast, recipient="Cabinet")
    factories.published(note, cast)
    for who in ("gilles", "diane"):
        page = enter(cast[who]).get(f"/notes/{note.number}/").content.decode()
        assert note.title in page
        for hidden in ("Cabinet", "rediger", "imprimer", "/pdf", "valider", "/syntheses/"):
            assert hidden not in page.partition("<main")[2].partition("</main>")[0]


def test_a_hidden_note_and_an_absent_one_are_alike(cast, note, enter):
    client = enter(cast.paul)
    pages = []
    for number in (note.number, "NSL-88-2026-999"):
        answer = client.get(f"/notes/{number}/")
        assert answer.status_code == 404
        page = answer.content.decode().replace(number, "")
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page))
    assert pages[0] == pages[1]

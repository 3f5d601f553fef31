"""Files of a summary: what the reader's own page shows, in the journal, and nothing else."""

import csv
import io
import json
import zipfile

import pytest
from django.urls import reverse

from cross.audit.models import Entry
from intel.actions import summaries
from intel.actions.summary_exports import TYPES
from intel.models import TerritoryScore
from intel.reading.summaries import communes_of
from services.models import Commune
from tests.summaries.test_pages import QUARTER, told

SQUARE = [[[950000, 6780000, 951000, 6780000, 951000, 6781000, 950000, 6780000]]]


@pytest.fixture
def quarter(cast, vosges):
    """Fifteen facts in Golbey, seven in Épinal by one and one in Le Thillot, which is masked."""
    Commune.objects.filter(department=vosges.department).update(
        outline=SQUARE, centre_x=950500, centre_y=6780500
    )
    for day in range(1, 16):
        told(cast, vosges, "Golbey", 2026, 8, day, by=("diane", "louise")[day % 2])
    for day in range(1, 8):
        told(cast, vosges, "Épinal", 2026, 9, day, by=("diane", "louise")[day % 2])
    told(cast, vosges, "Le Thillot", 2026, 7, 3)
    return summaries.build(vosges.department, QUARTER)[:2]


def exported(enter, member, summary, kind, **query):
    address = reverse("export_summary", args=[summary.pk])
    return enter(member).get(address, {"format": kind} | query)


def content_of(answer):
    return b"".join(answer)


def text_of(kind, content):
    """Everything that is written in the file, archives opened."""
    if kind in {"xlsx", "ods"}:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "".join(
                archive.read(name).decode() for name in archive.namelist() if "xml" in name
            )
    return content.decode(errors="replace")


def lines_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_the_table_is_that_of_the_page(cast, quarter, enter):
    answer = exported(enter, cast.anna, quarter[0], "csv")
    assert (
        'filename="synthese-88-3e-trimestre-2026-cellule-v1.csv"'
        in answer.headers["Content-Disposition"]
    )
    lines = lines_of(content_of(answer))
    stored = TerritoryScore.objects.filter(summary=quarter[0])
    assert len(lines) == stored.count()
    for row in stored.filter(dimension="commune"):
        [line] = [each for each in lines if each["Code"] == row.code]
        assert line["Faits"] == str(row.facts)
        assert line["Renseignements"] == str(row.reports)
        assert line["Au 2e trimestre"] == str(row.previous_facts)
    assert "Foyer" not in lines[0]
    entry = Entry.objects.get(verb="summary.exported")
    assert "tableaux (CSV)" in entry.why


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_nothing_masked_is_in_any_file(cast, vosges, quarter, enter, kind):
    """Le Thillot has one fact, which the prefecture is not told."""
    content = content_of(exported(enter, cast.claire, quarter[1], kind))
    assert content
    if kind == "png":
        assert content.startswith(b"\x89PNG")
        return
    text = text_of(kind, content)
    code = vosges["Le Thillot"].code
    assert code not in text
    if kind == "svg":
        assert "Le Thillot : 1" not in text
    if kind == "csv":
        told_to = TerritoryScore.objects.filter(summary=quarter[1])
        counts = {(row.label, row.facts) for row in told_to}
        for line in lines_of(content):
            facts = None if line["Faits"] == "n.c." else int(line["Faits"])
            assert (line["Libellé"], facts) in counts


def test_the_map_of_communes_is_in_degrees(cast, vosges, quarter, enter):
    drawn = json.loads(content_of(exported(enter, cast.anna, quarter[0], "geojson")))
    golbey = next(each for each in drawn["features"] if each["id"] == vosges["Golbey"].code)
    assert golbey["properties"]["Faits"] == 15
    longitude, latitude = golbey["geometry"]["coordinates"][0][0][0]
    assert 5 < longitude < 8
    assert 47 < latitude < 49


def test_a_formula_is_only_a_text(cast, vosges, quarter, enter):
    TerritoryScore.objects.filter(summary=quarter[0], dimension="epci").delete()
    rows = TerritoryScore.objects.filter(summary=quarter[0], code=vosges["Golbey"].code)
    rows.update(label="=HYPERLINK(1)")
    lines = lines_of(content_of(exported(enter, cast.anna, quarter[0], "csv")))
    assert "'=HYPERLINK(1)" in {line["Libellé"] for line in lines}


def test_who_exports_nothing_and_what_is_no_format(cast, quarter, enter):
    assert exported(enter, cast.anna, quarter[0], "exe").status_code == 302
    assert exported(enter, cast.anna, quarter[1], "csv").status_code == 404
    assert exported(enter, cast.paul, quarter[0], "csv").status_code == 404
    assert not Entry.objects.filter(verb="summary.exported").exists()


def test_without_an_outline_there_are_tables_and_no_map(cast, vosges, enter):
    Commune.objects.filter(department=vosges.department).update(outline=None)
    communes_of.cache_clear()
    told(cast, vosges, "Golbey", 2026, 8, 1)
    summary = summaries.build(vosges.department, QUARTER)[0]
    page = enter(cast.anna).get(reverse("summary_page", args=[summary.pk])).content.decode()
    assert "<svg xmlns" not in page.split('id="carte"')[1].split("</section>")[0]
    assert "Golbey" in page
    assert exported(enter, cast.anna, summary, "png").status_code == 302
    assert exported(enter, cast.anna, summary, "csv").status_code == 200
    communes_of.cache_clear()

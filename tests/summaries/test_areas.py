"""The summary of a court: the reports of its area that its prosecutors open, and no other."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from intel import access
from intel.actions import summaries
from intel.models import Summary, SummaryAudience, TerritoryScore
from intel.models.choices import Product
from intel.summaries import areas, told
from intel.summaries.figures import Figures
from intel.summaries.places import Cited, Known
from intel.summaries.spans import consolidated_on
from intel.summaries.territories import Ground
from protocols.actions import admit
from protocols.models import Participation, Protocol
from services.models import Court, Department
from services.roles import Role
from tests import factories
from tests.summaries.invented import QUARTER, Reports, units
from tests.summaries.test_behind import a_world, at, listed

Dimension = TerritoryScore.Dimension
EPINAL = Court(pk=1, code="88160", name="Tribunal judiciaire d’Épinal")


def figures(reports, communes, *, merged=(), cited=(), repeats=()):
    """Of twelve communes, of which the area holds those of these keys. `merged`: pairs of a key
    and the unit that it counts in; `cited`: see `Cited.of`; `repeats`: pairs of tips."""
    ground, vosges = units(), Department(code="88", name="Vosges")
    read = told.of_rows(reports.rows, consolidated_on(QUARTER))
    number = {key: unit for unit, key in enumerate(ground.keys.tolist())} | dict(merged)
    made = Ground.of(
        read, vosges, ground, number, cited=Cited.of(read, cited), repeats=dict(repeats)
    )
    whole = Figures(read, vosges, QUARTER, ground=made)
    return areas.within(whole, EPINAL, set(communes))


def test_the_area_is_counted_as_if_there_were_no_other():
    reports = Reports()
    reports.tell(9, date(2026, 5, 2), fact=7)  # another area told it first, in another quarter
    reports.tell(1, fact=7)
    reports.tell(2)
    reports.tell(9)
    alone = Reports()
    alone.rows = [row for row in reports.rows if row.commune != 9]
    found, same = figures(reports, range(1, 7)), figures(alone, range(1, 7))
    assert found.totals == same.totals
    assert found.totals["facts"] == 2
    assert found.territories == same.territories
    assert found.digest == same.digest
    assert [line.code for line in found.territories[Dimension.COMMUNE]] == [
        f"8800{number}" for number in range(1, 7)
    ]


def test_a_commune_that_merged_brings_the_unit_that_holds_it():
    """Its reports are of the area, whatever the name of the commune that counts them today."""
    reports = Reports()
    reports.tell(99)
    found = figures(reports, [99], merged=[(99, 3)]).territories[Dimension.COMMUNE]
    assert [(line.code, line.facts) for line in found] == [("88004", 1)]


def test_a_place_and_a_tip_of_another_area_are_told_nowhere_in_it():
    reports = Reports()
    ours, theirs = reports.tell(1, origin="citizen"), reports.tell(9, origin="citizen")
    reports.tell(1, origin="citizen")
    hall, park = (Known(code, code, True, 1, None, None) for code in ("hall", "parc"))
    day = date(2026, 7, 10)
    cited = [(ours.pk, hall, day, "active"), (theirs.pk, park, day, "active")]
    found = figures(reports, [1, 2], cited=cited, repeats=[(2, 0), (1, 0)])
    assert [line.code for line in found.territories[Dimension.PLACE]] == ["hall"]
    assert found.ground.repeats == {1: 0}


def test_what_the_area_cuts_is_named_so():
    reports = Reports()
    reports.tell(5)
    found = figures(reports, [1, 2, 3, 4, 5]).territories  # four communes in each of three
    assert [line.label for line in found[Dimension.EPCI]] == [
        "Interco 0", "Interco 1 (partie du ressort)",
    ]  # fmt: skip
    [whole] = found[Dimension.DEPARTMENT]
    assert whole.label == "Ressort du tribunal judiciaire d’Épinal"
    assert whole.more["population"] == 5_000


def of_court(department, court):
    return summaries.build_for(SummaryAudience.COURT, department, QUARTER, court=court)


@pytest.fixture
def two_courts(vosges):
    """Le Thillot is of another court of the same department."""
    court = Court.objects.create(
        code="88002", name="Tribunal judiciaire de Remiremont", department=vosges.department
    )
    thillot = vosges["Le Thillot"]
    thillot.derived_court = court
    thillot.save()
    return vosges.court, court


def test_a_court_is_told_what_its_prosecutors_list(cast, vosges, two_courts):
    a_world(cast, vosges, 3)
    day = date(2026, 8, 10)
    fields = {"occurred_on": day, "received_at": at(day), "entered_at": at(day)}
    factories.report(cast.diane, vosges["Le Thillot"], **fields)
    *_, summary = summaries.build(vosges.department, QUARTER)
    assert (summary.audience, summary.court) == (SummaryAudience.COURT, vosges.court)
    rows = list(summary.scores.all())
    assert not any(row.label == "Le Thillot" for row in rows)
    cell = Summary.objects.get(audience=SummaryAudience.CELL, period=QUARTER.code)
    assert summary.reports < cell.reports
    for row in rows:
        if row.dimension != Dimension.MONTH and row.facts:
            assert row.reports == listed(cast.gilles, summary, row), (row.dimension, row.label)
            assert row.facts == listed(cast.gilles, summary, row, facts=True), row.label


def test_nothing_of_another_area_nor_restricted_changes_a_byte_of_it(cast, vosges, two_courts):
    day = date(2026, 8, 10)
    fields = {"occurred_on": day, "received_at": at(day), "entered_at": at(day)}
    first = factories.report(cast.diane, vosges["Épinal"], **fields)
    before = of_court(vosges.department, vosges.court)
    Summary.objects.filter(pk=before.pk).delete()
    factories.report(cast.diane, vosges["Le Thillot"], **fields)
    factories.report(cast.diane, vosges["Épinal"], units=[cast.louise.unit], **fields)
    after = of_court(vosges.department, vosges.court)
    assert (before.input_digest, before.result_digest) == (after.input_digest, after.result_digest)
    assert after.facts == 1
    assert summaries.replay(after) == summaries.Replay(same_input=True, same_figures=True)
    other = of_court(vosges.department, two_courts[1])
    assert (other.facts, other.reports) == (1, 1)
    assert listed(cast.gilles, after, after.scores.get(dimension="commune")) == 1
    assert first.commune == vosges["Épinal"]


def test_who_reads_the_summary_of_a_court(cast, vosges, two_courts, enter):
    """Its prosecutors alone; they read no summary of the department, nor of another court."""
    built = summaries.build(vosges.department, QUARTER)
    mine = built[-1]
    other = of_court(vosges.department, two_courts[1])
    elsewhere = factories.unit(
        vosges.department, "Parquet de Remiremont", kind="parquet", court=two_courts[1]
    )
    vera = factories.member("vera", elsewhere, Role.PROSECUTOR)
    for who, read in (("gilles", [mine]), ("paul", []), ("rose", []), ("ines", [])):
        assert list(access.readable_summaries(cast[who])) == read
    # She has no seat under the protocol: she opens no report, and no figure of any.
    assert not access.readable_summaries(vera).exists()
    for who in ("diane", "anna", "claire"):
        assert not access.readable_summaries(cast[who]).filter(audience="parquet").exists()
    client = enter(cast.gilles)
    page = client.get(reverse("summary_page", args=[mine.pk])).content.decode()
    assert "Parquet, tribunal judiciaire" in page
    for hidden in (*built[:-1], other):
        assert client.get(reverse("summary_page", args=[hidden.pk])).status_code == 404
    assert client.get(reverse("export_summary", args=[mine.pk])).status_code == 404
    assert client.get(reverse("territory_page", args=[vosges["Épinal"].code])).status_code == 200
    assert (
        client.get(reverse("territory_page", args=[vosges["Le Thillot"].code])).status_code == 404
    )


def test_a_seat_on_a_subject_or_without_reports_reads_no_exact_figure(cast, vosges):
    """A referent reads the reports of his subject; a seat on summaries alone, none."""
    summaries.build(vosges.department, QUARTER)
    ours = Protocol.objects.get(department=vosges.department)
    since = {"by": None, "starts_on": date(2020, 9, 24)}
    seats = {
        "permanent": {},
        "subject": {
            "standing": Participation.Standing.CASE_BY_CASE,
            "subject": "Cocaïne",
            "products": [Product.COCAINE],
            "ends_on": timezone.localdate() + timedelta(days=30),
        },
        "figures": {"reads_reports": False},
    }
    read = {}
    for name, seat in seats.items():
        seated = factories.unit(vosges.department, f"Unité {name}")
        admit(seated, ours, **since, **seat)
        member = factories.member(name, seated, Role.LIAISON)
        read[name] = set(access.readable_summaries(member).values_list("audience", flat=True))
    assert read == {"permanent": {"cellule"}, "subject": set(), "figures": set()}

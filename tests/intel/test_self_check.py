"""The yearly self-check: foyers of last year held to the facts of this year, in shares alone."""

import re

import pytest
from django.utils import timezone

from intel import access, periods
from intel.models import Maturity, Summary, SummaryAudience, TerritoryScore
from intel.reading import self_check
from tests.summaries.test_words import NEVER

ADDRESS = "/verification-des-foyers/"


def twelve_months(vosges, code, rows, audience=SummaryAudience.CELL, **fields):
    """A stored summary and its communes: {name: columns}."""
    period = periods.read(code)
    fields = {
        "audience": audience, "maturity": Maturity.CONSOLIDATED, "stage": Summary.Stage.DONE,
        "as_of": timezone.now(), "hot_status": "faite", "input_digest": f"{code}{audience}",
    } | fields  # fmt: skip
    summary = Summary.objects.create(
        department=vosges.department,
        period=code,
        starts_on=period.start,
        ends_on=period.end,
        **fields,
    )
    for rank, (name, columns) in enumerate(rows.items(), start=1):
        summary.scores.create(
            dimension=TerritoryScore.Dimension.COMMUNE,
            code=vosges[name].code,
            label=name,
            rank=rank,
            **columns,
        )
    return summary


@pytest.fixture
def two_years(vosges):
    """A foyer on one of three communes of equal size; half of the facts fell there since."""
    twelve_months(
        vosges, "2025-Q3R12", {"Golbey": {"facts": 9, "hot_zone": "88002"}, "Épinal": {"facts": 2}}
    )
    twelve_months(
        vosges,
        "2026-Q3R12",
        {"Golbey": {"facts": 20, "reactive": 2}, "Épinal": {"facts": 15, "reactive": 18}}
        | {"Le Thillot": {"facts": 5, "reactive": 20}},
    )
    return vosges


def plain(text):
    return re.sub("[\u00a0\u202f]", " ", text)


def test_shares_are_told_beside_those_of_the_surface(cast, two_years):
    mine = access.checked_summaries(cast.marc)
    check = self_check.check_of(mine, two_years.department, opens_reports=True)
    assert (check.communes, round(check.surface, 3)) == (1, 0.333)
    every, reactive = check.lines
    assert (every.facts, every.inside, every.share) == (40, 20, 0.5)
    assert every.times == pytest.approx(1.5)
    assert every.best == pytest.approx(0.5)  # one commune chosen afterwards holds no more
    assert reactive.best == pytest.approx(0.5)
    assert [plain(each) for each in check.sentences] == [
        "Les foyers de l’an dernier couvraient 33 % du territoire et 50 % des faits de cette "
        "année : 1,5 fois plus qu’un choix au hasard.",
        "Les foyers de l’an dernier couvraient 33 % du territoire et 5 % des faits venus d’un "
        "appel ou d’un signalement de cette année : moins qu’un choix au hasard.",
    ]


@pytest.mark.parametrize(
    ("times", "said"),
    [
        (7.04, "7 fois plus qu’un choix au hasard"),
        (1.02, "autant qu’un choix au hasard"),
        (0.6, "moins qu’un choix au hasard"),
        (0.0, "aucun n’y est tombé"),
    ],
)
def test_times_in_words(times, said):
    assert self_check._times(times) == said


@pytest.mark.parametrize("who", ["marc", "ines"])
def test_the_page_tells_shares_and_names_no_commune(cast, two_years, enter, who):
    page = plain(enter(cast[who]).get(ADDRESS).content.decode())
    assert "1,5 fois plus qu’un choix au hasard" in page
    main = page[page.index("<main") : page.index("</main>")]
    for name in ("Golbey", "Épinal", "Le Thillot", "88002"):
        assert name not in main
    assert not NEVER.search(re.sub("<[^>]+>", " ", main))


def test_who_opens_no_report_is_told_no_count_nor_a_share_of_few_facts(cast, two_years, enter):
    told = main_of(enter(cast.marc).get(ADDRESS))
    assert (">40<" in told, ">20<" in told) == (True, True)
    checked = main_of(enter(cast.ines).get(ADDRESS))
    assert "50 %" in checked
    assert not re.search(r">(40|20|2)<", checked)
    TerritoryScore.objects.filter(summary__period="2026-Q3R12").update(facts=3, reactive=1)
    checked = main_of(enter(cast.ines).get(ADDRESS))
    assert "elle n’est pas communiquée" in checked
    # The surface alone is told, which is known to all.
    assert set(re.findall(r"\d+ %", checked)) <= {"33 %"}


def main_of(response):
    page = plain(response.content.decode())
    return page[page.index("<main") : page.index("</main>")]


def test_with_less_than_two_years_the_page_says_so(cast, vosges, enter):
    client = enter(cast.ines)
    assert "Moins de deux ans de chiffres" in client.get(ADDRESS).content.decode()
    twelve_months(vosges, "2026-Q3R12", {"Golbey": {"facts": 9, "reactive": 4}})
    # Not the year before, not for the cell, not for good: none of them is a year to check.
    twelve_months(vosges, "2025-Q2R12", {"Golbey": {"facts": 9, "hot_zone": "88002"}})
    twelve_months(
        vosges, "2025-Q3R12", {"Golbey": {"facts": None, "display": "masque"}}, "prefecture"
    )
    twelve_months(
        vosges, "2025-Q3R12", {"Golbey": {"facts": 9}}, maturity=Maturity.PROVISIONAL, version=2
    )
    assert "Moins de deux ans de chiffres" in client.get(ADDRESS).content.decode()
    twelve_months(vosges, "2025-Q3R12", {"Golbey": {"facts": 9}}, version=3, input_digest="3")
    assert "il n’y a rien à vérifier" in client.get(ADDRESS).content.decode()


def test_who_checks_checks_his_own_department(cast, two_years, meurthe):
    assert access.checked_summaries(cast.ines).exists()
    cast.ines.unit.department = meurthe.department
    assert not access.checked_summaries(cast.ines).exists()
    assert not access.checked_summaries(cast.anna).exists()
    assert not access.readable_summaries(cast.ines).exists()

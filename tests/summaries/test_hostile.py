"""What somebody who wants to know more tries on the summaries: each attempt, and what he gets."""

import hashlib

import pytest

from intel import periods
from intel.actions import life, summaries
from intel.models import SummaryAudience
from intel.states import State
from tests.summaries.test_pages import QUARTER, page_of, quarter, told

__all__ = ["quarter"]
HUGE = "9" * 40
LONG = "x" * 3_000
# Behind each, what is put in the place of {pk} and {code}: those of the cell's own summary.
FORGED = {
    404: (
        "/territoires/%00/",
        "/territoires/88%00/",
        "/territoires/88160%00/",
        "/territoires/QN%00%00%00%00/",
        f"/territoires/{LONG}/",
        "/territoires/８８/",
        f"/syntheses/{HUGE}/",
        "/notes/%00/",
    ),
    200: (
        f"/syntheses/{{pk}}/?couche=%00&niveau={LONG}",
        "/syntheses/{pk}/?couche=faits&couche=foyers&niveau=departement&niveau=x",
        "/territoires/{code}/?periode=%00&et=%00&avec=%00",
        "/territoires/{code}/?periode=2026-Q3&periode=x&et=9999-W52&avec=54395",
        "/syntheses/?travail=%00&apres=%00",
        *(
            f"/renseignements/?synthese={{pk}}&territoire={where}&faits=1"
            for where in (
                "%00", ":", "commune:%00", "lieu:%00", "heure:%00", "maille:%00", "epci:%00",
                "semaine:9999-W52", "mois:9999-12", "mois:0001-Q1R12", "departement:88:88",
            )
        ),
        f"/renseignements/?synthese={HUGE}&territoire=commune:{{code}}",
        "/renseignements/?synthese=%00",
        "/renseignements/?synthese=-1",
    ),
    302: (
        "/syntheses/{pk}/export/?format=%00",
        "/syntheses/{pk}/export/?format=svg&format=x",
        "/syntheses/{pk}/export/",
    ),
}  # fmt: skip


@pytest.mark.parametrize("status", FORGED)
def test_forged_addresses_are_answered_and_not_stumbled_over(cast, vosges, quarter, enter, status):
    client = enter(cast.anna)
    for address in FORGED[status]:
        asked = address.format(pk=quarter[0].pk, code=vosges["Golbey"].code)
        assert client.get(asked).status_code == status, address


def test_a_month_once_told_is_told_the_same_in_each_summary(cast, vosges):
    """What was put out of scope since, or restricted, shows in no later table."""
    july = [told(cast, vosges, "Golbey", 2026, 7, day) for day in range(1, 9)]
    for month in (8, 9):
        for day in range(1, 9 if month == 8 else 5):
            told(cast, vosges, "Golbey", 2026, month, day)
    first = prefecture_of(vosges, "2026-07")
    masked = prefecture_of(vosges, "2026-09")
    assert month_of(masked, "2026-09") is None
    life.move(july[0], by=cast.anna, target=State.OUT_OF_SCOPE, why="Hors sujet")
    told(cast, vosges, "Golbey", 2026, 9, 10)
    later = prefecture_of(vosges, "2026-Q3")
    assert month_of(later, "2026-07") == month_of(first, "2026-07") == 8
    assert month_of(later, "2026-08") == 8
    # Five now, but masked once: beside its total, the others would give it.
    assert month_of(later, "2026-09") is None
    assert (later.facts, later.reports) == (None, None)
    # Of what was told since, a replay knows nothing.
    assert summaries.replay(masked).same_figures is not False


def test_what_is_not_told_of_a_change_is_not_said_to_be_none(cast, vosges, enter):
    """Five facts after three would say how many the year before held."""
    for day in range(1, 10):
        for month in (7, 8, 9):
            told(cast, vosges, "Golbey", 2026, month, day)
    summary = prefecture_of(vosges, "2026-Q3")
    assert summary.facts == 27
    summary.scores.update(change="")
    assert "Aucune évolution n’est communicable." in page_of(enter, cast.claire, summary)
    page = enter(cast.claire).get("/territoires/88/").content.decode()
    assert "Aucune évolution n’en est communicable." in page


def prefecture_of(vosges, period):
    return summaries.build_for(SummaryAudience.PREFECTURE, vosges.department, periods.read(period))


def month_of(summary, code):
    return summary.scores.get(dimension="month", code=code).facts


def test_the_digest_of_nothing_is_not_known_by_heart(cast, vosges, enter):
    """Zero is masked too: the digest of an empty input is in every encyclopaedia."""
    cell, *others = summaries.build(vosges.department, QUARTER)
    masked = [each for each in others if each.is_masked]
    nothing = hashlib.sha256(b"").hexdigest()
    assert cell.input_digest == nothing
    assert len({each.input_digest for each in (cell, *masked)}) == 1 + len(masked)
    assert nothing not in page_of(enter, cast.claire, masked[0])
    assert all(summaries.replay(each).same_figures for each in (cell, *masked))

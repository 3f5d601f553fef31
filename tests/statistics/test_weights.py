"""Origins count, carriers do not; and the order of a list tells when it hangs on our choices."""

import numpy as np
import pytest

from intel.statistics.sensitivity import rank_by_stock
from intel.statistics.weights import Scale, Tier, decayed, roots, weigh


def weighed(*reports, disproved=False, facts=1, scale=None):
    """Reports as (fact, origin, service, grade such as "B2", day, is a tip)."""
    fact, origin, service, grade, day, is_tip = zip(*reports, strict=True) if reports else [[]] * 6
    return weigh(
        fact=fact,
        origin=origin,
        service=service,
        reliability=[letters[0] for letters in grade],
        credibility=[int(letters[1]) for letters in grade],
        day=day,
        is_tip=is_tip,
        is_disproved=[disproved] * facts,
        facts=facts,
        scale=scale,
    )


ONE = (0, "a", "GN", "B2", 100, False)
OTHER = (0, "b", "PN", "C3", 130, False)


def test_copies_of_one_source_add_nothing():
    copies = [(0, "a", service, "D4", 100, False) for service in ("GN", "PN", "DD", "PJ", "SR")]
    once, five = weighed(copies[0]), weighed(*copies)
    assert five.weight == once.weight
    assert (five.tier, five.origins) == (once.tier, once.origins)
    assert five.services == 5


def test_two_origins_corroborate():
    found = weighed(ONE, OTHER)
    assert found.tier == Tier.CORROBORATED
    assert found.weight == pytest.approx(1 - 0.2 * (1 - 0.57))
    assert found.last_day == 130


def test_tips_alone_never_corroborate():
    tips = [(0, f"t{n}", "PORTAIL", "A1", 100 + n, True) for n in range(20)]
    found = weighed(*tips)
    assert (found.tier, found.weight, found.services) == (Tier.TO_CONFIRM, 0.60, 0)
    assert weighed(*tips, (0, "x", "GN", "F6", 90, False)).weight == 0.98


def test_the_weakest_pair_of_origins_is_not_corroboration():
    weak = [(0, "a", "GN", "F6", 1, False), (0, "b", "PN", "D4", 1, False)]
    assert weighed(*weak).tier == Tier.TO_CONFIRM


def test_a_threshold_met_exactly_is_met():
    """B3 is 0.4 × 0.80 + 0.6 × 0.55 = 0.65: probable, whatever the rounding of the sum."""
    assert weighed((0, "a", "GN", "B3", 1, False)).tier == Tier.PROBABLE


def test_grade_one_is_worth_grade_two():
    assert weighed((0, "a", "GN", "B1", 1, False)).weight == weighed(ONE).weight


def test_a_fact_set_aside_weighs_nothing():
    assert weighed(ONE, OTHER, disproved=True).tier == Tier.SET_ASIDE
    nothing = weighed(facts=2)
    assert nothing.tier.tolist() == [Tier.SET_ASIDE] * 2
    assert nothing.weight.tolist() == [0, 0]
    assert np.isnan(nothing.last_day).all()
    assert decayed(nothing.weight, nothing.last_day, 10, 90).tolist() == [0, 0]


def test_facts_are_weighed_together_as_alone():
    draw = np.random.default_rng(2)
    reports = [
        (int(draw.integers(40)), f"o{draw.integers(30)}", f"s{draw.integers(6)}",
         "ABCDEF"[draw.integers(6)] + str(draw.integers(1, 7)), int(draw.integers(300)),
         bool(draw.random() < 0.3))
        for _ in range(200)
    ]  # fmt: skip
    together = weighed(*reports, facts=40)
    for fact in range(40):
        alone = weighed(*((0, *report[1:]) for report in reports if report[0] == fact))
        for name, values in vars(together).items():
            np.testing.assert_array_equal(values[fact], getattr(alone, name)[0])


def test_another_scale_is_taken():
    scale = Scale(reliability={"B": 1.0}, credibility={2: 0.5}, share_of_reliability=0.5)
    assert weighed(ONE, scale=scale).weight == pytest.approx(0.75)
    with pytest.raises(KeyError):
        weighed(OTHER, scale=scale)


def test_what_repeats_goes_back_to_the_first():
    #       0   1  2   3  4  5  6: 1 repeats 0, 2 repeats 1; 4, 5 and 6 cite each other
    cites = [-1, 0, 1, -1, 5, 6, 4]
    assert roots(cites).tolist() == [0, 0, 0, 3, 4, 4, 4]
    assert roots([1, 2, 3, 2]).tolist() == [2, 2, 2, 2]  # a chain that ends in a circle
    assert roots([]).tolist() == []
    long = roots(np.arange(-1, 999))
    assert (long == 0).all()


def test_age_halves_and_is_never_negative():
    assert decayed([0.8, 0.8, 0.8], [10, 100, 150], 100, 90).tolist() == [0.4, 0.8, 0.8]


# --- The order of a list -------------------------------------------------------------------------


def ranked(territory, weight, last_day, **options):
    options = {"reference_day": 100, "half_life": 90, "territories": 4, "first": 2} | options
    return rank_by_stock(territory, weight, last_day, **options)


def test_a_rank_that_every_choice_gives_is_not_sensitive():
    found = ranked([0] * 5 + [1] * 3 + [2], [0.8] * 9, [100] * 9)
    assert found.rank.tolist() == [1, 2, 3, 0]
    assert found.stock.tolist() == [4.0, 2.4, 0.8, 0.0]
    assert not found.is_sensitive.any()


def test_a_rank_that_hangs_on_the_grades_is_sensitive():
    """Two well-graded facts come before three others, which come first when all weigh 1."""
    found = ranked([0] * 9 + [1] * 2 + [2] * 3, [0.9] * 11 + [0.5] * 3, [100] * 14)
    assert found.rank.tolist() == [1, 2, 3, 0]
    assert found.is_sensitive.tolist() == [False, True, False, False]


def test_a_rank_that_hangs_on_the_ageing_is_sensitive():
    """One fact of today before two of six months ago, which weigh more once they age slower."""
    weight = [0.9] * 5 + [0.9] + [0.8, 0.8]
    found = ranked([0] * 5 + [1] + [2, 2], weight, [100] * 6 + [-20] * 2, first=2)
    assert found.rank.tolist() == [1, 2, 3, 0]
    assert found.is_sensitive.tolist() == [False, True, False, False]


def test_a_fact_set_aside_is_out_of_every_ranking():
    found = ranked([0, 1, 2, 2, 2], [0.9, 0.5, 0, 0, 0], [100] * 5)
    assert found.rank.tolist() == [1, 2, 0, 0]
    assert not found.is_sensitive.any()


def test_ties_are_by_number_whatever_the_order_of_the_facts():
    draw = np.random.default_rng(1)
    territory, weight = np.repeat([3, 1, 0], 7), np.tile(draw.random(7), 3)
    for _ in range(5):
        order = draw.permutation(21)
        assert ranked(territory[order], weight[order], [100] * 21).rank.tolist() == [1, 2, 0, 3]

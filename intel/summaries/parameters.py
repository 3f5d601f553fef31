"""What the figures of a summary depend on besides the reports: one versioned record.

Source of the values: the study of methods on the Vosges, of which each is a measured choice.
"""

import hashlib
import json
from dataclasses import asdict, dataclass

# Raised whenever the same reports and parameters would give other figures.
CODE_VERSION = "7"


@dataclass(frozen=True)
class Parameters:
    """Days, numbers of facts, ratios and p-values; `half_life_days` by nature of what is told."""

    version: str = "t4"
    close_days: int = 15  # what is entered later than that is not waited for
    dated_within_days: int = 30  # beyond, a report without a date of facts has no day
    reference_months: int = 12
    alpha: float = 0.05
    ratio_up: float = 1.25
    ratio_down: float = 0.80
    change_gate: int = 8
    steady_from: int = 20
    overdispersed_above: float = 1.25
    hot_q: float = 0.05
    watched_q: float = 0.20
    hot_least: int = 3
    hot_least_units: int = 100
    hot_least_facts: int = 30
    history_quarters: int = 8
    weekly_alpha: float = 0.005
    weekly_mean: float = 2.0
    weekly_reference: int = 52
    weekly_left_out: int = 2
    emerging_least: int = 3
    emerging_origins: int = 2
    repeated_least: int = 3  # facts told by tips that say the same: few enough to be one person
    effort_exponent: float = 0.6
    effort_surge: float = 1.25
    rebuilt_within_days: int = 90  # a point de deal at work again after it was dismantled
    threshold: int = 5
    narrowest: int = 3
    dominance: float = 0.85
    half_life_point: int = 90
    half_life_mode: int = 120
    half_life_stock: int = 180
    half_life_person: int = 60
    series_months: int = 12
    series_weeks: int = 26
    neighbours: str = "intersects"
    maturity_periods: int = 8  # told of: what was known of each when it ended, and later
    hexagon_resolution: int = 7  # of H3: 5.2 km² a cell
    hexagon_resolution_in_towns: int = 8  # 0.74 km²
    town_inhabitants: int = 5_000

    @property
    def digest(self):
        """sha256 of all of them, in the order of their names."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


PARAMETERS = Parameters()

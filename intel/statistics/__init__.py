"""Pure functions over counts and arrays: no Django, no query, no clock, no hidden chance.

NaN says "not defined"; a field without a fact is no error. What is random takes a generator.
"""

from intel.statistics.accuracy import Accuracy, prediction_accuracy
from intel.statistics.alarm import (
    Farrington,
    WeeklyAlarm,
    ears_bound,
    farrington_bound,
    weekly_alarm,
)
from intel.statistics.autocorrelation import gi_star, local_moran, moran
from intel.statistics.change import (
    Change,
    ChangeLabel,
    change_labels,
    change_q_values,
    compare_counts,
    overdispersion_of,
)
from intel.statistics.effort import EffortStatus, effort_status, exposure_with_effort
from intel.statistics.emerging import History, history, is_emerging
from intel.statistics.false_discovery import false_discovery_rate
from intel.statistics.hotspots import (
    HotSpotLabel,
    HotSpots,
    NotTested,
    hot_spot_labels,
    hot_spot_zones,
    hot_spots,
    reason_not_tested,
)
from intel.statistics.masked_levels import MaskedLevels, mask_levels
from intel.statistics.masking import Masking, dominated, mask, mask_together
from intel.statistics.maturity import counts_by_maturity, delay_curve, share_entered
from intel.statistics.near_repeat import Knox, knox
from intel.statistics.neighbours import Neighbours
from intel.statistics.rates import SmoothedRates, raw_rates, smoothed_locally, smoothed_rates
from intel.statistics.scan import Cluster, poisson_scan
from intel.statistics.sensitivity import Ranking, rank_by_stock
from intel.statistics.smallest_rise import smallest_visible_rise
from intel.statistics.trend import Trend, mann_kendall
from intel.statistics.weights import Scale, Tier, Weighed, decayed, roots, weigh

__all__ = [
    "Accuracy",
    "Change",
    "ChangeLabel",
    "Cluster",
    "EffortStatus",
    "Farrington",
    "History",
    "HotSpotLabel",
    "HotSpots",
    "Knox",
    "MaskedLevels",
    "Masking",
    "Neighbours",
    "NotTested",
    "Ranking",
    "Scale",
    "SmoothedRates",
    "Tier",
    "Trend",
    "WeeklyAlarm",
    "Weighed",
    "change_labels",
    "change_q_values",
    "compare_counts",
    "counts_by_maturity",
    "decayed",
    "delay_curve",
    "dominated",
    "ears_bound",
    "effort_status",
    "exposure_with_effort",
    "false_discovery_rate",
    "farrington_bound",
    "gi_star",
    "history",
    "hot_spot_labels",
    "hot_spot_zones",
    "hot_spots",
    "is_emerging",
    "knox",
    "local_moran",
    "mann_kendall",
    "mask",
    "mask_levels",
    "mask_together",
    "moran",
    "overdispersion_of",
    "poisson_scan",
    "prediction_accuracy",
    "rank_by_stock",
    "raw_rates",
    "reason_not_tested",
    "roots",
    "share_entered",
    "smallest_visible_rise",
    "smoothed_locally",
    "smoothed_rates",
    "weekly_alarm",
    "weigh",
]

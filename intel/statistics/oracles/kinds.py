"""Which function reads which file: by its name, and nothing else."""

import re

from intel.statistics.oracles import (
    adjacency,
    alarm,
    emerging,
    false_discovery,
    fields,
    hotspots,
    masking,
    over_time,
    points,
    rates,
    weights,
)
from intel.statistics.oracles.cases import Malformed

# By the words that the file's name holds; the others name the data: `scan_ny`, `knox_burkitt`.
KINDS = {
    "adjacency": adjacency.read,
    "emerging": emerging.read,
    "fdr": false_discovery.read,
    "gi_star": fields.read_gi_star,
    "knox": points.read_knox,
    "mann_kendall": over_time.read_trend,
    "moran": fields.read_moran,
    "nb": hotspots.read,
    "pai": points.read_accuracy,
    "rate_change": over_time.read_change,
    "rates": rates.read,
    "scan": points.read_scan,
    "secret": masking.read,
    "surveillance": alarm.read,
    "weights": weights.read,
}


def kind_of(path):
    """The reader of a file: a function from its content to its cases."""
    known = [name for name in KINDS if re.search(rf"(^|[_-]){name}([_-]|\d*$)", path.stem)]
    if path.suffix != ".json" or not known:
        raise Malformed(f"no oracle has that name (known: {', '.join(sorted(KINDS))})")
    return KINDS[max(known, key=len)]

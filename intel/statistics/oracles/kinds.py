"""Which function reads which file: by its name, and nothing else."""

import re

from intel.statistics.oracles import (
    alarm,
    emerging,
    false_discovery,
    fields,
    over_time,
    rates,
    weights,
)
from intel.statistics.oracles.cases import Malformed

# By the words that the file's name holds; the others name the data: `scan_ny`, `knox_burkitt`.
KINDS = {
    "emerging_categories": emerging.read,
    "fact_weights": weights.read,
    "fdr": false_discovery.read,
    "gi_star": fields.read_gi_star,
    "mann_kendall": over_time.read_trend,
    "moran": fields.read_moran,
    "rate_change": over_time.read_change,
    "rates": rates.read,
    "surveillance": alarm.read,
}


def kind_of(path):
    """The reader of a file: a function from its content to its cases."""
    known = [name for name in KINDS if re.search(rf"(^|[_-]){name}([_-]|\d*$)", path.stem)]
    if path.suffix != ".json" or not known:
        raise Malformed(f"no oracle has that name (known: {', '.join(sorted(KINDS))})")
    return KINDS[max(known, key=len)]

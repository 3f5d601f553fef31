"""Which function reads which file: by its name, and nothing else."""

import re

from intel.statistics.oracles import alarm, false_discovery
from intel.statistics.oracles.cases import Malformed

# By the words that the file's name holds; the others name the data: `scan_ny`, `knox_burkitt`.
KINDS = {
    "fdr": false_discovery.read,
    "surveillance": alarm.read,
}


def kind_of(path):
    """The reader of a file: a function from its content to its cases."""
    known = [name for name in KINDS if re.search(rf"(^|[_-]){name}([_-]|\d*$)", path.stem)]
    if path.suffix != ".json" or not known:
        raise Malformed(f"no oracle has that name (known: {', '.join(sorted(KINDS))})")
    return KINDS[max(known, key=len)]

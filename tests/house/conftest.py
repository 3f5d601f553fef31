"""How much of the house is walked: a part each time, all of it with `./run test --slow`."""

import os


def examples(quick=40, whole=600):
    """How many random worlds are drawn."""
    return whole if os.environ.get("CROSS_WHOLE") else quick

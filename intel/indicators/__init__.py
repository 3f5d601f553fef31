"""The indicators of the cell: one definition each, shown with it, and what was counted.

`frozen(department, period)` is what an edition takes: plain data, drawn up once for good.
"""

from intel.indicators.sheet import build_due, frozen

__all__ = ["build_due", "frozen"]

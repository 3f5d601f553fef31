"""Charts as plain SVG text: one source for the screen and for the printed brief.

Pure functions: they take rows already computed and hand back a safe string. Nothing is fetched,
no script, no style attribute, no id (two charts on one page never clash), and text stays text.
Colours are presentation attributes, because the typesetter of the brief ignores the page's CSS;
every part also carries a class, so that the page's CSS can recolour it for the dark theme:

    chart            the <svg> itself
    chart-bar        value of the period (filled)
    chart-outline    value of the period before (empty, outlined)
    chart-hatch      masked value: a hatched box of constant size
    chart-text       labels and values
    chart-muted      secondary text
    chart-axis       base line
    chart-grid       scale lines

Nothing is told by colour alone: filled, outlined and hatched shapes differ in black and white, and
each shape carries its value. A masked value (`Masked`) never has a length: its box is the same
whatever was hidden.
"""

from cross.ui.charts.bar_chart import bars
from cross.ui.charts.column_chart import columns
from cross.ui.charts.figures import Bar, Column, Masked, Value, describe, french_number
from cross.ui.charts.shapes import empty

__all__ = [
    "Bar", "Column", "Masked", "Value",
    "bars", "columns", "describe", "empty", "french_number",
]  # fmt: skip

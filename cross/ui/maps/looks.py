"""The colours and sizes of maps: presentation attributes, because print ignores CSS."""

PAPER = "#ffffff"
NONE = "#f1f2f4"
NONE_BORDER = "#c3c8d0"
# One hue, even steps of lightness (L* 84, 71, 54, 36, 17): each is told from the next in grey too.
RAMP = ("#c5d3ea", "#97aed8", "#6282bb", "#36548f", "#16284f")
MOST_CLASSES = len(RAMP)
HATCH = "#8d94a1"

# Sizes in user units: at the width of a text column in print, 12 units are about 9 points.
WIDTH = 800
MARGIN = 8
SMALL_SIZE = 10.5

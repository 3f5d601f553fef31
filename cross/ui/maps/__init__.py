"""Maps of communes as plain SVG text: one source for the screen and for the printed brief.

Pure functions: they take outlines and values already computed and hand back a safe string. Nothing
is fetched, no tile, no script, no style attribute, no id (two maps on one page never clash).
Outlines are whole metres in a true projection (see `services.models.Commune.outline`), so the
scale bar is exact. Colours are presentation attributes, because the typesetter of the brief
ignores the page's CSS; every part also carries a class, so that the CSS can recolour it at night:

    map                the <svg> itself
    map-areas          the communes: one <g> a class, named after its shade: map-none, map-k1
                       (lightest) … map-k5 (darkest), map-masked, map-unknown
    map-hatch          slanted lines over masked communes, dotted ones over those not computed
    map-edge           outer border
    map-text, map-muted, map-halo, map-dot, map-scale

Nothing is told by colour alone: lightness falls steadily from "none" to the last class, so that
the map survives a black-and-white printer, and what is masked or not computed is hatched.
"""

from cross.ui.maps.choropleth_map import choropleth, in_words
from cross.ui.maps.classes import Value, bounds, class_labels, class_of, shades_for
from cross.ui.maps.key import round_length
from cross.ui.maps.layers import (
    MASKED,
    NO_FACT,
    NOT_COMPUTED,
    ON_EDGE,
    TOLD,
    TOLD_APART,
    WATCHED,
    Cell,
    Kind,
    Layer,
    Symbol,
    Zone,
    layer_map,
)
from cross.ui.maps.looks import HATCH, MARGIN, MOST_CLASSES, NONE, NONE_BORDER, PAPER, RAMP
from cross.ui.maps.sheet import Area, Entry, Shade, Sheet, Wording
from cross.ui.maps.towns import town_width

__all__ = [
    "HATCH", "MARGIN", "MASKED", "MOST_CLASSES", "NONE", "NONE_BORDER", "NOT_COMPUTED", "NO_FACT",
    "ON_EDGE", "PAPER", "RAMP", "TOLD", "TOLD_APART", "WATCHED",
    "Area", "Cell", "Entry", "Kind", "Layer", "Shade", "Sheet", "Symbol", "Value", "Wording",
    "Zone", "bounds", "choropleth", "class_labels", "class_of", "in_words", "layer_map",
    "round_length", "shades_for", "town_width",
]  # fmt: skip

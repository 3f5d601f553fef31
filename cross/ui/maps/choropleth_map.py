"""The whole map of one territory."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from cross.ui.charts import french_number
from cross.ui.map_shapes import FINE
from cross.ui.maps.classes import Value
from cross.ui.maps.ground import communes, edge
from cross.ui.maps.key import communes_count, key, map_text
from cross.ui.maps.looks import WIDTH
from cross.ui.maps.sheet import Area, Sheet, Wording
from cross.ui.maps.towns import towns as names_of_towns
from cross.ui.svg import join, number


def choropleth(
    areas: Sequence[Area],
    values: Mapping[str, Value],
    *,
    title: str,
    description: str = "",
    wording: Wording | None = None,
    least: int = 1,
    towns: int = 8,
    interactive: bool = False,
    width: int = WIDTH,
    has_key: bool = True,
) -> SafeString:
    """Communes shaded by how many; a commune absent from `values` counts none.

    `least` is the masking threshold of the audience, 1 where figures are exact. `towns` names that
    many communes, by weight, where there is room. `interactive` adds to each commune what the
    mouse tells; keyboard and screen reader have the table beside the map. Communes without outline
    are not drawn. Without its key a map is a thumbnail: the page must show the whole elsewhere.
    """
    drawn = [area for area in areas if area.outline]
    wording = wording or Wording()
    if not drawn:
        return _nothing(title, width)
    sheet = Sheet(drawn, values, wording, least, width, has_key)
    ground = [communes(sheet, interactive=interactive), edge(sheet)]
    left, top = sheet.corner
    key_parts, height = key(sheet)
    parts = [
        format_html(
            '<g transform="translate({} {}) scale({})"{}>{}</g>',
            number(left),
            number(top),
            1 / FINE,
            _HIDDEN if interactive else "",
            join(ground),
        ),
        names_of_towns(sheet, towns),
        key_parts,
    ]
    return _svg(
        parts,
        title=title,
        description=description or in_words(sheet),
        width=width,
        height=height,
        role=format_html('role="group" aria-label="{}"', title) if interactive else _IMAGE,
    )


_IMAGE = format_html('role="{}"', "img")
_HIDDEN = format_html(' aria-hidden="{}"', "true")


def in_words(sheet: Sheet, *, most: int = 12) -> str:
    """The map for who does not see it: the largest values, then the size of each class."""
    told = [
        (value, area.name)
        for area in sheet.areas
        if isinstance(value := sheet.value(area), int) and value > 0
    ]
    told.sort(key=lambda pair: (-pair[0], pair[1]))
    largest = "\u00a0; ".join(
        f"{name}\u00a0: {french_number(value)}" for value, name in told[:most]
    )
    classes = "\u00a0; ".join(
        f"{entry.label}\u00a0: {communes_count(entry.count)}" for entry in sheet.entries
    )
    start = f"Les plus grandes valeurs\u00a0: {largest}. " if told else ""
    return f"{start}{sheet.wording.legend}\u00a0: {classes}."


def _nothing(title: str, width: int) -> SafeString:
    words = "Aucun contour à dessiner pour ce territoire."
    sentence = map_text(width / 2, 40, words, anchor="middle", muted=True)
    return _svg([sentence], title=title, description=words, width=width, height=72, role=_IMAGE)


def _svg(
    parts: Iterable[SafeString],
    *,
    title: str,
    description: str,
    width: float,
    height: float,
    role: SafeString,
) -> SafeString:
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="map" {} width="{}" height="{}"'
        ' viewBox="0 0 {} {}"><title>{}</title><desc>{}</desc>{}</svg>',
        role, number(width), number(height), number(width), number(height),
        title, description, join(parts),
    )  # fmt: skip

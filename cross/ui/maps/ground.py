"""The ground of a map: communes filled by class, hatching, the outer border."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from cross.ui import map_shapes
from cross.ui.map_shapes import FINE, Shape
from cross.ui.maps.looks import HATCH
from cross.ui.maps.sheet import Area, Sheet
from cross.ui.svg import INK, join, number

HATCH_STEP = 6.0


def communes(sheet: Sheet, *, interactive: bool) -> SafeString:
    members: dict[str, list[Area]] = {}
    for area in sheet.areas:
        members.setdefault(sheet.entry_name(area), []).append(area)
    groups = []
    for entry in sheet.entries:
        inside = members.get(entry.name, [])
        groups.append(
            format_html(
                '<g class="{}" fill="{}" stroke="{}" stroke-width="{}" stroke-linejoin="round"'
                ' fill-rule="evenodd">{}</g>',
                entry.name,
                entry.fill,
                entry.border,
                number(0.6 * FINE),
                join(_commune(sheet, area, interactive=interactive) for area in inside),
            )
        )
        if entry.dashes is not None:
            groups.append(hatch([sheet.shapes[area.code] for area in inside], entry.dashes))
    return format_html('<g class="map-areas">{}</g>', join(groups))


def _commune(sheet: Sheet, area: Area, *, interactive: bool) -> SafeString:
    data = map_shapes.closed_path(sheet.shapes[area.code])
    if not interactive:
        return format_html('<path d="{}"/>', data)
    words = f"{area.name}\u00a0: {sheet.wording.amount(sheet.value(area))}"
    return format_html('<path d="{}"><title>{}</title></path>', data, words)


def hatch(shapes: Sequence[Shape], dashes: str) -> SafeString:
    return format_html(
        '<path class="map-hatch" d="{}" fill="none" stroke="{}" stroke-width="{}"{}/>',
        map_shapes.hatch(shapes, step=HATCH_STEP),
        HATCH,
        number(0.75 * FINE),
        dashed(dashes, FINE),
    )


def dashed(dashes: str, fine: int) -> SafeString | str:
    if not dashes:
        return ""
    lengths = " ".join(number(float(length) * fine) for length in dashes.split())
    return format_html(' stroke-dasharray="{}"', lengths)


def edge(sheet: Sheet) -> SafeString:
    border = map_shapes.outer_border(sheet.shapes.values())
    return format_html(
        '<path class="map-edge" d="{}" fill="none" stroke="{}" stroke-width="{}"'
        ' stroke-linejoin="round"/>',
        map_shapes.open_path(border),
        INK,
        number(1.2 * FINE),
    )

"""The pictures of a document: charts and maps, checked and made ready for the typesetter.

The same SVG serves the screen and the print. On paper there is no link, no page CSS and one font.
A picture that could fetch or run something is refused: it is a fault of ours, not of a person.
"""

import math
import xml.etree.ElementTree as ET

from cross.printing.content import Figure, PrintError
from cross.printing.words import FONT_FAMILY, ZERO_WIDTH_SPACE, printable

_SPACE = "{http://www.w3.org/2000/svg}"
_GROUPS = {"svg", "g", "a", "defs", "symbol", "use", "title", "desc", "clipPath", "mask", "marker"}
_SHAPES = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"}
_PAINTS = {"pattern", "linearGradient", "radialGradient", "stop"}
_ALLOWED = _GROUPS | _SHAPES | _PAINTS
_DROPPED = {"class", "font-family", "role", "tabindex"}

ET.register_namespace("", _SPACE.strip("{}"))


def print_ready(figure: Figure) -> tuple[str, float, float]:
    """The picture for the typesetter, its width in user units, and its width over its height.

    Raises PrintError on what must not be there.
    """
    if "<!" in figure.svg.replace("<!--", ""):
        raise _refused(figure, "une déclaration")
    try:
        # declarations, the way of all attacks on XML parsers, were refused above
        root = ET.fromstring(figure.svg)  # noqa: S314
    except ET.ParseError as fault:
        raise _refused(figure, "un SVG mal formé") from fault
    if root.tag != f"{_SPACE}svg":
        raise _refused(figure, "autre chose qu’un SVG")
    for node in root.iter():
        _ready(node, figure)
    root.set("font-family", FONT_FAMILY)
    return ET.tostring(root, encoding="unicode"), *_proportions(root, figure)


def _proportions(root: ET.Element, figure: Figure) -> tuple[float, float]:
    """Width of the view box, and its width over its height."""
    box = root.get("viewBox", "").replace(",", " ").split()
    try:
        _, _, width, height = (float(number) for number in box)
    except ValueError as fault:
        raise _refused(figure, "un SVG sans «\u00a0viewBox\u00a0»") from fault
    if not (0 < width < math.inf and 0 < height < math.inf):
        raise _refused(figure, "un SVG sans surface")
    return width, width / height


def _ready(node: ET.Element, figure: Figure) -> None:
    name = str(node.tag).removeprefix(_SPACE)
    if name not in _ALLOWED:
        raise _refused(figure, f"l’élément «\u00a0{name}\u00a0»")
    for attribute, value in list(node.attrib.items()):
        local = attribute.rpartition("}")[2]
        if name == "a" or local in _DROPPED or local.startswith(("aria-", "data-")):
            del node.attrib[attribute]
        elif local == "style" or local.startswith("on"):
            raise _refused(figure, f"l’attribut «\u00a0{local}\u00a0»")
        elif (local == "href" and not value.startswith("#")) or _fetches(value):
            raise _refused(figure, "un lien vers l’extérieur")
    if name == "a":
        node.tag = f"{_SPACE}g"
    if node.text and name in {"text", "tspan"}:
        node.text = _drawable(node.text)
    if node.tail and node.tail.strip():
        node.tail = _drawable(node.tail)


def _drawable(words: str) -> str:
    return printable(words).replace(ZERO_WIDTH_SPACE, "")


def _fetches(value: str) -> bool:
    return "url(" in value and "url(#" not in value


def _refused(figure: Figure, what: str) -> PrintError:
    return PrintError(f"La figure «\u00a0{figure.caption}\u00a0» contient {what}.")

"""Points on the ground: from degrees to the metres of a department, and back."""

import math
import re
from functools import cache
from urllib.parse import unquote

import shapely

DEGREES = 4326
# « 48,1744 ; 6,4503 », « 48.1744, 6.4503 », « 48.1744 6.4503 », « 48°10'27,8"N 6°26'57,8"E »:
# degrees, then minutes and seconds or not, with a letter after each or not.
FIGURE = r"\d+(?:[.,]\d+)?"
MINUTES = rf"""(?:({FIGURE})\s*['’‘′´]\s*(?:({FIGURE})\s*(?:["”“″]|['’‘′´]{{2}})\s*)?)?"""
ANGLE = rf"([+-]?\d{{1,3}}(?:[.,]\d+)?)\s*°?\s*{MINUTES}([NnSs]?|[EeWwOo]?)"
PAIR = re.compile(rf"\s*\(?\s*{ANGLE}\s*(?:[;,/]\s*|\s+|(?<=[NnSs]))\s*{ANGLE}\s*\)?\s*")
BACKWARDS = tuple("SsWwOo")

# Of a map's link, a pair of decimal figures: the pin before the question, then the middle of the
# view. A link is read, never opened.
DECIMAL = r"([+-]?\d{1,3}(?:\.\d+)?)"
BOTH = rf"{DECIMAL},\s*\+?{DECIMAL}(?![\d.])"
IN_LINKS = (
    re.compile(rf"!3d{DECIMAL}!4d{DECIMAL}"),
    re.compile(rf"[?&]mlat={DECIMAL}&mlon={DECIMAL}"),
    re.compile(rf"[?&](?:q|query|daddr|destination|ll|center)=(?:loc:)?{BOTH}"),
    re.compile(rf"^geo:{BOTH}", re.IGNORECASE),
    re.compile(rf"/(?:place|search|dir)/{BOTH}"),
    re.compile(rf"@{BOTH}"),
    re.compile(rf"#map=[\d.]+/{DECIMAL}/{DECIMAL}"),
)
LINK = re.compile(r"\s*(?:geo:|https?://)\S+\s*", re.IGNORECASE)
FINEST = 5  # decimals of a degree: a metre
NOWHERE = (0.0, 0.0)  # of a geo: address whose point is in its question


def read_degrees(text):
    """(latitude, longitude) as typed or pasted, a map's link included. Raises `ValueError` when
    it is no such pair."""
    pair = _in_link(unquote(text)) if LINK.fullmatch(text) else _in_words(text)
    if pair is None:
        raise ValueError(text)
    latitude, longitude = pair
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError(text)
    return latitude, longitude


def _in_link(address):
    found = (
        (float(latitude), float(longitude))
        for pattern in IN_LINKS
        for latitude, longitude in pattern.findall(address)
    )
    return next((pair for pair in found if pair != NOWHERE), None)


def _in_words(text):
    # A comma is the point of a French number, or what parts two English ones.
    found = PAIR.fullmatch(text) or PAIR.fullmatch(text.replace(",", ".", 1))
    if found is None:
        return None
    angles = found.groups()
    return _angle(*angles[:4]), _angle(*angles[4:])


def _angle(degrees, minutes, seconds, letter):
    whole, minutes, seconds = (
        float((part or "0").replace(",", ".")) for part in (degrees, minutes, seconds)
    )
    if minutes >= 60 or seconds >= 60:
        raise ValueError(f"{minutes} {seconds}")
    part = (minutes + seconds / 60) / 60
    angle = whole - part if degrees.startswith("-") else whole + part
    return -angle if letter in BACKWARDS else angle


@cache
def transformer(source, target):
    """From one projection to another, x or longitude first.

    Made once: that costs as much as thousands of points, and one serves every thread.
    """
    import pyproj  # noqa: PLC0415 - 9 MB that most processes never need

    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def metres_of(latitude, longitude, srid):
    """Whole metres (x, y) in the projection `srid` of a department."""
    x, y = transformer(DEGREES, srid).transform(longitude, latitude)
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ValueError(f"{latitude} {longitude}")
    return round(x), round(y)


def degrees_of(x, y, srid):
    """(latitude, longitude) of a point in metres."""
    longitude, latitude = transformer(srid, DEGREES).transform(x, y)
    return latitude, longitude


def show_degrees(x, y, srid):
    """« 48,1744 ; 6,4503 » of a point in metres: as few decimals as lead back to it, five at most,
    so that what was typed is what is shown."""
    latitude, longitude = degrees_of(x, y, srid)
    for decimals in range(3, FINEST):
        shorter = round(latitude, decimals), round(longitude, decimals)
        if metres_of(*shorter, srid) == (x, y):
            return _written(shorter, decimals)
    return _written((latitude, longitude), FINEST)


def _written(degrees, decimals):
    return "\u00a0; ".join(f"{each:.{decimals}f}" for each in degrees).replace(".", ",")


def metres_outside(outline, x, y):
    """How far outside of an outline a point lies, in whole metres; 0 inside of it, or without
    one."""
    area = shapely.union_all([shapely.Polygon(*_rings(polygon)) for polygon in outline or ()])
    return math.ceil(area.distance(shapely.Point(x, y))) if not area.is_empty else 0


def _rings(polygon):
    shell, *holes = ([*zip(ring[::2], ring[1::2], strict=True)] for ring in polygon)
    return shell, holes


def reach_of(outline, x, y):
    """How far from a point the farthest corner of an outline is, in whole metres; 0 for none."""
    corners = (
        math.hypot(east - x, north - y)
        for polygon in outline or ()
        for ring in polygon
        for east, north in zip(ring[::2], ring[1::2], strict=True)
    )
    return math.ceil(max(corners, default=0))

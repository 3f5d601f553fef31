"""Points on the ground: from degrees to the metres of a department, and back."""

import math
import re

import pyproj

DEGREES = 4326
# « 48,1744 ; 6,4503 », « 48.1744, 6.4503 », « 48.1744 6.4503 », with N or E after each or not.
NUMBER = r"([+-]?\d{1,3}(?:[.,]\d+)?)\s*°?\s*"
PAIR = re.compile(rf"\s*{NUMBER}[NnSs]?\s*(?:[;,/]\s*|\s+){NUMBER}[EeWwOo]?\s*")


def read_degrees(text):
    """(latitude, longitude) as typed or pasted. Raises `ValueError` when it is no such pair."""
    # A comma is the point of a French number, or what parts two English ones.
    found = PAIR.fullmatch(text) or PAIR.fullmatch(text.replace(",", ".", 1))
    if found is None:
        raise ValueError(text)
    latitude, longitude = (float(part.replace(",", ".")) for part in found.groups())
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError(text)
    return latitude, longitude


def metres_of(latitude, longitude, srid):
    """Whole metres (x, y) in the projection `srid` of a department."""
    to_metres = pyproj.Transformer.from_crs(DEGREES, srid, always_xy=True)
    x, y = to_metres.transform(longitude, latitude)
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ValueError(f"{latitude} {longitude}")
    return round(x), round(y)


def degrees_of(x, y, srid):
    """(latitude, longitude) of a point in metres."""
    to_degrees = pyproj.Transformer.from_crs(srid, DEGREES, always_xy=True)
    longitude, latitude = to_degrees.transform(x, y)
    return latitude, longitude


def reach_of(outline, x, y):
    """How far from a point the farthest corner of an outline is, in whole metres; 0 for none."""
    corners = (
        math.hypot(east - x, north - y)
        for polygon in outline or ()
        for ring in polygon
        for east, north in zip(ring[::2], ring[1::2], strict=True)
    )
    return math.ceil(max(corners, default=0))

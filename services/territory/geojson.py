"""A GeoJSON file as it is handed over: read whole, bounded, each fault a French sentence.

RFC 7946: one FeatureCollection in degrees (WGS 84), longitude first. A file may come from anybody:
nothing of it is believed before it is checked.
"""

import json
from dataclasses import dataclass

import numpy as np
import shapely

# The national file of priority neighbourhoods holds 1,584 of them, in some tens of megabytes.
MOST_BYTES = 100_000_000
MOST_FEATURES = 20_000
# What older files say of degrees, that RFC 7946 no longer asks for.
DEGREES = {
    "urn:ogc:def:crs:ogc:1.3:crs84",
    "urn:ogc:def:crs:ogc::crs84",
    "urn:ogc:def:crs:epsg::4326",
    "epsg:4326",
}
LEAST_POSITIONS = 4  # of a ring: a triangle, its first corner said again
SHOWN = 60  # characters of what a file says, in a sentence


class FileFault(Exception):
    """The file cannot be used; `sentences` say why, in French, each to act on."""

    def __init__(self, *sentences):
        super().__init__("\n".join(sentences))
        self.sentences = sentences


class OutlineFault(Exception):
    """An outline cannot be used; the text ends a French sentence: « son contour … »."""


@dataclass(frozen=True, slots=True)
class Feature:
    number: int  # its rank in the file, from 1
    properties: dict  # {name in lower case: value}
    geometry: object  # as read, unchecked


def read_features(path):
    """The features of a file, geometries unchecked. Raises `FileFault`."""
    document = _parsed(_content(path))
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise FileFault(
            "Le fichier n’est pas une liste GeoJSON : « type » devrait être « FeatureCollection »."
        )
    _check_projection(document.get("crs"))
    features = document.get("features")
    if not isinstance(features, list) or not features:
        raise FileFault("Le fichier ne contient aucun quartier : sa liste « features » est vide.")
    if len(features) > MOST_FEATURES:
        raise FileFault(
            f"Le fichier contient {len(features)} éléments, plus que les {MOST_FEATURES} admis."
        )
    faults = [
        f"Élément n° {number} : ce n’est pas un élément GeoJSON (« Feature » avec « properties »)."
        for number, each in enumerate(features, 1)
        if not _is_feature(each)
    ]
    if faults:
        raise FileFault(*faults)
    return [
        Feature(
            number,
            {name.lower(): value for name, value in each["properties"].items()},
            each.get("geometry"),
        )
        for number, each in enumerate(features, 1)
    ]


def _content(path):
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise FileFault(
                f"Le fichier pèse {size // 1_000_000} Mo, plus que les "
                f"{MOST_BYTES // 1_000_000} admis."
            )
        content = path.read_bytes()
    except OSError as error:
        raise FileFault(
            f"Le fichier « {path} » ne peut pas être lu ({error.strerror})."
        ) from error
    if content.startswith(b"PK"):
        raise FileFault(
            "Le fichier est une archive : décompressez-la, puis donnez le fichier GeoJSON en "
            "WGS 84 qu’elle contient."
        )
    return content


def _parsed(content):
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_refuse)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileFault(
            f"Ligne {line} : le fichier n’est pas un texte en UTF-8, ce que demande GeoJSON."
        ) from error
    except json.JSONDecodeError as error:
        raise FileFault(
            f"Ligne {error.lineno}, colonne {error.colno} : le fichier n’est pas du JSON valable."
        ) from error
    except RecursionError as error:
        raise FileFault(
            "Le fichier n’est pas du GeoJSON : ses listes sont emboîtées trop profondément."
        ) from error
    except ValueError as error:
        raise FileFault("Le fichier contient un nombre qui n’en est pas un.") from error


def _refuse(name):
    raise ValueError(name)


def _check_projection(declared):
    if declared is None:
        return
    properties = declared.get("properties") if isinstance(declared, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if str(name).lower() not in DEGREES:
        raise FileFault(
            f"Le fichier est dans une autre projection (« {str(name)[:SHOWN]} ») : prenez la "
            "version en degrés, WGS 84."
        )


def _is_feature(each):
    return (
        isinstance(each, dict)
        and each.get("type") == "Feature"
        and isinstance(each.get("properties"), dict)
    )


# --- Outlines ---------------------------------------------------------------------------------


def read_outline(geometry):
    """(multipolygon in degrees, was it mended). Raises `OutlineFault`.

    A ring that crosses itself is mended and told: published files hold some, and what they enclose
    is not in doubt.
    """
    if not isinstance(geometry, dict):
        raise OutlineFault("manque")
    kind, polygons = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon"):
        raise OutlineFault(
            "devrait être une surface (« Polygon » ou « MultiPolygon »), pas "
            f"« {str(kind)[:SHOWN]} »"
        )
    if kind == "Polygon":
        polygons = [polygons]
    if not isinstance(polygons, list) or not polygons:
        raise OutlineFault("est vide")
    shape = shapely.multipolygons([_polygon(rings) for rings in polygons])
    is_mended = not shapely.is_valid(shape)
    if is_mended:
        shape = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    if shapely.area(shape) == 0:
        raise OutlineFault("n’entoure rien")
    return shape, is_mended


def _polygon(rings):
    if not isinstance(rings, list) or not rings:
        raise OutlineFault("contient une surface sans anneau")
    outside, *holes = (shapely.linearrings(_positions(ring)) for ring in rings)
    return shapely.polygons(outside, holes=holes or None)


def _positions(ring):
    """Longitudes and latitudes, shape (n, 2); an altitude is left aside."""
    if not isinstance(ring, list) or len(ring) < LEAST_POSITIONS:
        raise OutlineFault(f"a un anneau de moins de {LEAST_POSITIONS} points")
    if not all(_is_position(each) for each in ring):
        raise OutlineFault(
            "a des points qui ne sont pas une longitude puis une latitude, en degrés"
        )
    positions = np.array([each[:2] for each in ring], dtype=float)
    if (positions[0] != positions[-1]).any():
        raise OutlineFault("a un anneau qui n’est pas fermé")
    return positions


def _is_position(each):
    return (
        isinstance(each, list)
        and len(each) >= 2
        and all(type(angle) in (int, float) for angle in each[:2])
        and -180 <= each[0] <= 180
        and -90 <= each[1] <= 90
    )

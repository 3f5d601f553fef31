"""The tables and the map of a summary as files: exactly what the reader's own page shows."""

import io
import json

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from cross.audit import journal
from cross.printing.content import Figure
from cross.printing.press import draw_png
from cross.ui.templatetags.words import short_moment
from intel.exporting.sheets import TYPES as SHEETS
from intel.exporting.sheets import write_sheet
from intel.models import TerritoryScore
from intel.reading.summary_maps import LAYERS
from intel.reading.summary_words import EFFORTS, foyer_of, sign_of
from intel.summaries import hexagons
from services.models import Commune
from services.territory.points import degrees_of

Dimension = TerritoryScore.Dimension
TYPES = SHEETS | {
    "geojson": "application/geo+json",
    "svg": "image/svg+xml",
    "png": "image/png",
}
RESTS_ON = ("Département", "Pour", "Période", "État", "Arrêtée au", "Version")
# The heads of what is told of twelve months alone.
OF_TWELVE_MONTHS = ("Foyer", "Taux brut (‰)", "Taux lissé (‰)")
SHEET = "Synthèse"
NOT_TOLD = "n.c."
# Degrees are written to about a metre.
DECIMALS = 5


def export_summary(shown, kind, *, by):
    """The bytes of a file of that kind; `shown` is the reader's own page of a summary."""
    if kind not in TYPES:
        raise ValidationError("Choisissez un format : ODS, XLSX, CSV, GeoJSON, SVG ou PNG.")
    if kind in {"geojson", "svg", "png"} and not shown.is_drawn:
        raise ValidationError("Cette synthèse n’a pas de carte : exportez ses tableaux.")
    made = MAKERS[kind](shown) if kind in MAKERS else _sheet(shown, kind)
    journal.record(
        by,
        "summary.exported",
        shown.summary,
        why=_what(shown, kind),
        recipients=by.get_full_name(),
    )
    return made


def file_name(shown, kind):
    """« synthese-88-3e-trimestre-2026-prefecture-v1-faits.svg »."""
    summary = shown.summary
    said = ["synthese", summary.department.code, summary.label, summary.get_audience_display()]
    said.append(f"v{summary.version}")
    if kind in {"svg", "png"}:
        said.append(LAYERS[shown.layer])
    return f"{slugify(' '.join(said))}.{kind}"


def _what(shown, kind):
    if kind in {"svg", "png"}:
        return f"carte « {LAYERS[shown.layer]} » ({kind.upper()})"
    return f"{'communes' if kind == 'geojson' else 'tableaux'} ({kind.upper()})"


# --- Tables -----------------------------------------------------------------------------------


def _sheet(shown, kind):
    file = io.BytesIO()
    header = (*_heads(shown), *RESTS_ON)
    write_sheet(kind, file, header, _rows(shown), sheet=SHEET)
    return file.getvalue()


def _rows(shown):
    summary = shown.summary
    rests_on = (
        summary.department.name,
        summary.get_audience_display(),
        summary.label,
        summary.get_maturity_display(),
        short_moment(summary.as_of),
        str(summary.version),
    )
    for dimension in Dimension:
        for row in shown.tables[dimension]:
            told = _told(shown, row).values()
            yield (*(_written(value) for value in told), *rests_on)


def _heads(shown):
    """The columns that this period fills; what is provisional is compared with nothing."""
    heads = ["Niveau", "Code", "Libellé", "Faits"]
    if shown.before:
        heads.append(shown.before)
    heads.append("Renseignements")
    if shown.before:
        heads += ["Évolution", "Activité des services"]
    if shown.period.kind == "rolling":
        heads += OF_TWELVE_MONTHS
    return heads


def _told(shown, row):
    """What the file says of a row, by the head of its column; a count that is not told is not
    a number."""
    sign = sign_of(row)
    told = {
        "Niveau": _level_of(row),
        "Code": row.code,
        "Libellé": row.label,
        "Faits": _count(row.facts),
        shown.before: _count(row.previous_facts),
        "Renseignements": _count(row.reports),
        "Évolution": sign.words if sign else "",
        "Activité des services": EFFORTS.get(row.effort, ""),
        "Foyer": foyer_of(row),
        "Taux brut (‰)": row.rate,
        "Taux lissé (‰)": row.smoothed_rate,
    }
    return {name: told[name] for name in _heads(shown)}


def _level_of(row):
    if row.dimension == Dimension.HEXAGON:
        return hexagons.size_of(row.code)
    return row.get_dimension_display()


def _count(value):
    return NOT_TOLD if value is None else value


def _written(value):
    if value is None:
        return ""
    return f"{value:.3f}".replace(".", ",") if isinstance(value, float) else str(value)


# --- Map --------------------------------------------------------------------------------------


def _geojson(shown):
    """Communes that the table holds, with their outlines, in degrees as the format wants."""
    rows = {row.code: row for row in shown.tables[Dimension.COMMUNE]}
    outlines = Commune.objects.filter(code__in=rows, outline__isnull=False)
    srid = shown.summary.department.srid
    features = [
        {
            "type": "Feature",
            "id": code,
            "geometry": {"type": "MultiPolygon", "coordinates": _degrees(outline, srid)},
            "properties": _told(shown, rows[code]),
        }
        for code, outline in outlines.order_by("code").values_list("code", "outline")
    ]
    summary = shown.summary
    whole = {
        "type": "FeatureCollection",
        "name": f"{summary.department.name}, {summary.label}, "
        f"{summary.get_audience_display().lower()}, {summary.get_maturity_display().lower()}, "
        f"version {summary.version}",
        "features": features,
    }
    return json.dumps(whole, ensure_ascii=False).encode()


def _degrees(outline, srid):
    def turned(ring):
        points = []
        for x, y in zip(ring[::2], ring[1::2], strict=True):
            latitude, longitude = degrees_of(x, y, srid)
            points.append([round(longitude, DECIMALS), round(latitude, DECIMALS)])
        return points if points[0] == points[-1] else [*points, points[0]]

    return [[turned(ring) for ring in polygon] for polygon in outline]


def _svg(shown):
    return shown.map().encode()


def _png(shown):
    title = f"{LAYERS[shown.layer]}, {shown.summary.label}"
    return draw_png(Figure(svg=str(shown.map()), caption=title, alt=title))


MAKERS = {"geojson": _geojson, "svg": _svg, "png": _png}

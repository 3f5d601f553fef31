"""The tables and the map of a summary as files: exactly what the reader's own page shows."""

import io
import json

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from cross.audit import journal
from cross.ui.templatetags.words import short_moment
from intel.exporting.sheets import TYPES as SHEETS
from intel.exporting.sheets import write_sheet
from intel.models import TerritoryScore
from intel.printing.typeset import Figure, draw_png
from intel.reading.summary_maps import LAYERS
from intel.reading.summary_words import EFFORTS, foyer_of, sign_of
from services.models import Commune
from services.territory.points import degrees_of

Dimension = TerritoryScore.Dimension
TYPES = SHEETS | {
    "geojson": "application/geo+json",
    "svg": "image/svg+xml",
    "png": "image/png",
}
HEADER = (
    "Niveau", "Code", "Libellé", "Faits", "Faits avant", "Renseignements", "Évolution",
    "Activité des services", "Foyer", "Taux brut (‰)", "Taux lissé (‰)", "Département", "Pour",
    "Période", "État", "Arrêtée au", "Version",
)  # fmt: skip
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
    write_sheet(kind, file, HEADER, _rows(shown))
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
            yield (*_cells(row), *rests_on)


def _cells(row):
    sign = sign_of(row)
    return (
        row.get_dimension_display(),
        row.code,
        row.label,
        *(_count(each) for each in (row.facts, row.previous_facts, row.reports)),
        sign.words if sign else "",
        EFFORTS.get(row.effort, ""),
        foyer_of(row),
        _rate(row.rate),
        _rate(row.smoothed_rate),
    )


def _count(value):
    return NOT_TOLD if value is None else str(value)


def _rate(value):
    return "" if value is None else f"{value:.3f}".replace(".", ",")


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
            "properties": dict(zip(HEADER, _cells(rows[code]), strict=False)),
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

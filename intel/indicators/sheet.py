"""The indicators of a finished quarter, for who opens no report: drawn up once, then kept.

Masked like the summaries of the same readers (k = 5, secondary masking). Each table is told for a
quarter alone: two periods that overlap would give what lies between them. Communes, months and
conflicts are left out: the first two are told by the summaries, the last one rests on what no
reader of figures may open. A quarter is told with the quarter of the year before as it was told
then, or with none.
"""

import hashlib
import json
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from cross.audit import journal
from cross.ui.templatetags.words import percent
from intel import periods
from intel.indicators import counting, places
from intel.indicators.arithmetic import (
    PERCENT_FROM,
    Ratio,
    Span,
    told,
    told_median,
    told_ratio,
    year_before,
)
from intel.indicators.conditions import DELAYS, RATES
from intel.indicators.definitions import BY_CODE, Code
from intel.models import IndicatorSheet
from intel.place_states import PlaceState
from intel.statistics.masking import SECONDARY, THRESHOLD, mask
from intel.summaries.days import midnight
from intel.summaries.parameters import PARAMETERS
from protocols.models import Protocol

LATE = timedelta(days=PARAMETERS.close_days)
VERSION = 1
NOT_TOLD = "n.c."
CAUTION = (
    "Ces chiffres ne reposent que sur les fiches ouvertes à toutes les unités du protocole. Les "
    f"effectifs inférieurs à {THRESHOLD}, zéro compris, ne sont pas communiqués, ni ceux qui "
    "permettraient de les retrouver (n.c.)."
)
QUARTERS_ONLY = "Les indicateurs de la cellule sont arrêtés au trimestre."
NOT_YET = "Les indicateurs de ce trimestre seront arrêtés le {day}."
NONE_BEFORE = "Les indicateurs du même trimestre de l’année précédente n’ont pas été arrêtés."
NO_CELL_BEFORE = "Pas d’année précédente : la cellule n’existait pas encore."


def frozen(department, period):
    """The indicators of `period` (a `Period`, or its code) as plain data, for who opens no report.

    `indicators` is a list of {code, label, definition, cases, about, rows}, a row being {key,
    label, said, before, part, whole}: `said` and `before` are in words, "n.c." where it may not be
    told, `before` None without a year before. Empty, with a `note` that says why, for a period
    that is no quarter or is not drawn up yet. The same for ever once it has been asked.
    """
    if isinstance(period, str):
        period = periods.read(period)
    sheet = _kept(department, period) or _draw_up(department, period)
    return sheet.figures if sheet else _empty(department, period)


def drawn_up_on(period):
    """The first day on which the indicators of a quarter may be drawn up."""
    return period.end + LATE + timedelta(days=1)


def build_due(protocol, *, today):
    """Draw up the quarters of the last two years that nobody has, the earliest first: how many."""
    quarter, due = periods.quarter_of(today), []
    for _ in range(8):
        quarter = quarter.previous()
        if drawn_up_on(quarter) <= today and quarter.start >= protocol.starts_on:
            due.append(quarter)
    department = protocol.department
    return sum(
        _draw_up(department, quarter) is not None
        for quarter in reversed(due)
        if _kept(department, quarter) is None
    )


def _kept(department, period):
    return IndicatorSheet.objects.filter(department=department, period=period.code).first()


@transaction.atomic
def _draw_up(department, period):
    """The sheet of a finished quarter, made once whoever asks at the same time; None too early."""
    if period.kind != "quarter" or timezone.localdate() < drawn_up_on(period):
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"indicators {department.pk} {period.code}"],
        )
    if made := _kept(department, period):
        return made
    figures = _figures(department, period)
    sheet = IndicatorSheet.objects.create(
        department=department, period=period.code, figures=figures, digest=digest(figures)
    )
    target = f"indicateurs {department.code} {period}"
    journal.record(None, "indicators.built", target, department=department.code)
    return sheet


def digest(figures):
    canonical = json.dumps(figures, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _empty(department, period):
    day = periods.day_in_words(drawn_up_on(period))
    note = NOT_YET.format(day=day) if period.kind == "quarter" else QUARTERS_ONLY
    return _headed(department, period, indicators=[], note=note)


def _headed(department, period, *, indicators, note):
    return {
        "version": VERSION,
        "department": department.code,
        "period": period.code,
        "label": period.label,
        "starts_on": period.start.isoformat(),
        "ends_on": period.end.isoformat(),
        "known_until": (period.end + LATE).isoformat(),
        "before": periods.quarter_of(year_before(period.start)).code,
        "audience": "prefecture",
        "threshold": THRESHOLD,
        "caution": CAUTION,
        "note": note,
        "indicators": indicators,
    }


def _figures(department, period):
    until = midnight(drawn_up_on(period))
    span, cohort = Span(period.start, period.end), period.previous()
    earlier = Span(cohort.start, cohort.end)
    found = counting.received(department, span, earlier, until=until)
    names = counting.labels(found)
    delays = counting.delays(department, [span], until=until)
    rates = counting.rates(department, [earlier], until=until)
    seen = places.histories(department, until=until)
    lines = [
        (Code.RECEIVED, period, _received(found, names)),
        *((code, period, [_median(told_median(delays[code][0]))]) for code in DELAYS),
        *(
            (code, cohort, [row])
            for code, row in _rates(found, {code: rates[code][0] for code in RATES}).items()
        ),
        (Code.PLACES, period, _places(seen, span)),
        (Code.REBUILT, cohort, [_ratio(_rebuilt(seen, earlier, period.end + LATE))]),
    ]
    before, note = _before(department, period)
    return _headed(
        department,
        period,
        indicators=[_indicator(code, about, rows, before) for code, about, rows in lines],
        note=note,
    )


def _before(department, period):
    """({(code, key): what was said}, why there is nothing)."""
    earlier = periods.quarter_of(year_before(period.start))
    sheet = _kept(department, earlier)
    if sheet is None:
        signed = Protocol.objects.signed().filter(department=department)
        began = signed.order_by("starts_on").first()
        is_young = began is None or earlier.end < began.starts_on
        return {}, NO_CELL_BEFORE if is_young else NONE_BEFORE
    return {
        (each["code"], row["key"]): row["said"]
        for each in sheet.figures["indicators"]
        for row in each["rows"]
    }, ""


def _indicator(code, about, rows, before):
    definition = BY_CODE[code]
    return {
        "code": code.value,
        "label": definition.label,
        "definition": definition.sentence,
        "cases": definition.cases,
        "about": about.label,
        "rows": [
            row | {"before": before.get((code.value, row["key"]), NOT_TOLD) if before else None}
            for row in rows
        ],
    }


def _row(key, label, said, *, part=None, whole=None):
    return {"key": key, "label": label, "said": str(said), "part": part, "whole": whole}


def _ratio(ratio):
    return _row("ensemble", "Ensemble", ratio, part=ratio.part, whole=ratio.whole)


def _median(median):
    return _row("ensemble", "Ensemble", median, whole=median.cases)


def _count(key, label, value):
    return _row(str(key), label, NOT_TOLD if value is None else value, part=value)


def _total(found, side):
    """How many came in one quarter, None where a month that is told would give another back."""
    months = {month: counts[side] for month, counts in found.by["mois"].items() if counts[side]}
    quiet = {f"none {rank}": 0 for rank in range(3 - len(months))}
    decision = mask(months | quiet)
    if not decision.total_shown or SECONDARY in decision.status.values():
        return None
    return found.total[side]


def _received(found, names):
    """The whole, and the tables that may be told beside it: one told whole would give a hidden
    whole back."""
    groups = ("origine", "service")
    tables = {
        group: told({code: counts[0] for code, counts in found.by[group].items()})
        for group in groups
    }
    total = _total(found, 0)
    if any(whole is None for _, whole in tables.values()):
        total = None
    rows = []
    for group, (shown, _) in tables.items():
        if total is None and None not in shown.values():
            continue
        called = names[group]
        rows += [
            _count(f"{group}:{code}", called[code], shown[code])
            for code in sorted(shown, key=called.__getitem__)
            if shown[code] is not None
        ]
    return [_count("ensemble", "Ensemble", total), *rows]


def _rates(found, rates):
    """{code: row} of each share, counted within the whole quarter.

    Where what a denominator leaves of the quarter is too few to be told, the share alone is.
    """
    total = _total(found, 1)
    return {code: _rate(rates[code], total) for code in RATES}


def _rate(ratio, total):
    part, whole = ratio.part, ratio.whole
    is_told = total is not None and (
        part is not None and (whole == total or min(whole, total - whole) >= THRESHOLD)
    )
    if is_told:
        return _ratio(told_ratio(part, whole, whole_is_told=whole >= THRESHOLD))
    if ratio.share is not None and min(part, whole - part) >= THRESHOLD:
        said = f"{percent(ratio.share)} d’au moins {PERCENT_FROM} cas"
        return _row("ensemble", "Ensemble", said)
    return _ratio(Ratio(None, None))


def _places(seen, span):
    counts = places.by_state(seen, span.end)
    shown, total = told(counts) if any(counts.values()) else ({}, None)
    rows = [_count("ensemble", "Ensemble", total)]
    rows += [
        _count(state, PlaceState(state).label, count)
        for state, count in shown.items()
        if count is not None
    ]
    eve = places.at_work(seen, span.start - timedelta(days=1))
    if min(eve, places.at_work(seen, span.end)) >= THRESHOLD:
        net = places.net_change(seen, span)
        rows.append(_row("solde", "Solde des lieux en activité", f"{net:+d}".replace("-", "−")))
    return rows


def _rebuilt(seen, span, today):
    ratio = places.rebuilt(seen, span, today)
    shown, _ = told({"part": ratio.part, "rest": ratio.whole - ratio.part})
    if shown["part"] is None:
        return Ratio(None, None)
    return ratio

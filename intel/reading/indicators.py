"""The indicators as pages and files show them: small tables, each with its definition.

Every figure of the cell is a link to the list that it counts. Who opens no report is shown the
quarters that were drawn up once.
"""

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from cross.ui.templatetags.words import counted, number, signed
from intel import access, periods
from intel.forms.indicators import IndicatorForm
from intel.indicators import counting, places
from intel.indicators.arithmetic import Span, compared, is_mature, quarters_of
from intel.indicators.conditions import DELAYS, RATES, within
from intel.indicators.definitions import BY_CODE, Code
from intel.indicators.naming import Named
from intel.models import DeconflictionHit, Openness
from intel.place_states import AT_WORK, PlaceState
from protocols.models import Protocol
from services.models import Service, Unit
from services.roles import Right, may

QUARTERS, MONTHS = 8, 12
COMMUNES = 10  # shown first, the others folded
NOT_NARROWED = "Ce chiffre porte sur tous les services."


@dataclass(frozen=True)
class Cell:
    """What stands in one place of a table: words, and the list that it counts."""

    text: str
    url: str = ""
    note: str = ""

    @property
    def drawn(self):
        shown = format_html('<a href="{}">{}</a>', self.url, self.text) if self.url else self.text
        if not self.note:
            return shown
        return format_html('{}<span class="cx-indicators__note">{}</span>', shown, self.note)


@dataclass(frozen=True)
class Table:
    """`heads` are the columns after the first; `rows` pairs of a label and its cells."""

    code: str
    title: str
    first: str
    heads: tuple
    rows: list
    note: str = ""
    folded: bool = False

    @property
    def lines(self):
        """(label, what stands in the line, drawn), each cell with the head of its column."""
        return [(label, self._drawn(cells)) for label, cells in self.rows]

    def _drawn(self, cells):
        """Here and not by the template: a table has a line for each commune."""
        drawn = zip(self.heads, (cell.drawn for cell in cells), strict=False)
        return format_html_join("", '<td class="cx-num" data-label="{}">{}</td>', drawn)


@dataclass(frozen=True)
class Section:
    """One indicator, or several of one family, with the definition of each."""

    id: str
    title: str
    definitions: list
    tables: list
    note: str = ""
    url: str = ""
    url_label: str = ""


@dataclass(frozen=True)
class Board:
    form: IndicatorForm
    department: object
    period: periods.Period
    about: str  # the days that are counted, in words
    against: str  # and the days that they are set against
    note: str
    audience: str
    sections: list = field(default_factory=list)


def board_of(member, query):
    """What `member` reads of the indicators of his cell, or None when he reads none."""
    today = timezone.localdate()
    department = access.indicator_department(member)
    if department is None:
        return _kept_board(member, query)
    services = _services(department)
    form = IndicatorForm(
        _with_default(query, periods.year_of(today).code),
        periods=_choices(today),
        services=[(str(service.pk), str(service)) for service in services],
    )
    said = form.cleaned_data if form.is_valid() else {}
    period = periods.read(said.get("periode") or periods.year_of(today).code)
    service = int(said["service"]) if said.get("service") else None
    began = Protocol.objects.signed().filter(department=department).order_by("starts_on")
    began = began.values_list("starts_on", flat=True).first()
    days = compared(period, today=today, began=began)
    return Board(
        form=form,
        department=department,
        period=period,
        about=days.now.in_words,
        against=days.before.in_words if days.before else "",
        note=days.note,
        audience="Fiches ouvertes à toutes les unités du protocole",
        sections=_Counted(
            member, period, days, today=today, service=service, services=services
        ).sections(),
    )


def _with_default(query, code):
    """The address, with the period that is shown where it says none."""
    asked = query.copy()
    asked.setdefault("periode", code)
    return asked


def _choices(today):
    """Years, quarters and months that have begun, the latest first."""
    years = [periods.year_of(today)]
    years.append(years[0].previous())
    quarters = [periods.quarter_of(today)]
    while len(quarters) < QUARTERS:
        quarters.append(quarters[-1].previous())
    months = periods.last_months(today, MONTHS)[::-1]
    return [(each.code, each.label.capitalize()) for each in (*years, *quarters, *months)]


def _services(department):
    units = Unit.objects.filter(department=department)
    return list(
        Service.objects.filter(pk__in=units.values("service")).order_by("short_name", "pk")
    )


class _Counted:
    """The tables of the cell, for one period and one service or all."""

    def __init__(self, member, period, days, *, today, service, services):
        self.member, self.department = member, member.unit.department
        self.period, self.days, self.today, self.service = period, days, today, service
        self.names = {each.pk: str(each) for each in services}
        self.list_url = reverse("report_list")  # a link a commune: named once

    def sections(self):
        return [
            self.received(),
            self.delays(),
            self.cohorts(),
            self.places(),
            self.conflicts(),
            self.sharing(),
        ]

    # --- Links ---------------------------------------------------------------------------------

    def link(self, code, span, **narrowed):
        named = Named(code, span, service=narrowed.pop("service", self.service), **narrowed)
        return f"{self.list_url}?{urlencode({'indicateur': str(named)})}"

    def pair(self, code, counts, **narrowed):
        """A count of now, the one before, and what moved."""
        now, before = counts
        cells = [Cell(number(now), self.link(code, self.days.now, **narrowed) if now else "")]
        if self.days.before:
            url = self.link(code, self.days.before, **narrowed) if before else ""
            cells += [Cell(number(before), url), Cell(signed(now - before))]
        return cells

    @property
    def heads(self):
        if self.days.before is None:
            return ("Période",)
        return ("Période", "Un an plus tôt", "Écart")

    # --- Sections ------------------------------------------------------------------------------

    def received(self):
        found = counting.received(
            self.department, self.days.now, self.days.before, service=self.service
        )
        labels = counting.labels(found, services=self.names)
        code, tables = Code.RECEIVED, []
        total = [("Ensemble", self.pair(code, found.total))]
        tables.append(Table("ensemble", "Ensemble", "", self.heads, total))
        for name, title, first in (
            ("origine", "Par origine", "Origine"),
            ("service", "Par service contributeur", "Service"),
            ("commune", "Par commune", "Commune"),
        ):
            rows = [
                (labels[name][key], self.pair(code, counts, **_narrowed(name, key)))
                for key, counts in sorted(
                    found.by[name].items(),
                    key=lambda item, name=name: (-item[1][0], -item[1][1], labels[name][item[0]]),
                )
            ]
            folded = name == "commune" and len(rows) > COMMUNES
            tables.append(Table(name, title, first, self.heads, rows, folded=folded))
        if self.period.kind != "month":
            tables.append(self.by_month(found))
        return _section("recus", "Renseignements reçus", [code], tables)

    def by_month(self, found):
        """Each month of the period beside the same one of the year before."""
        counts = found.by["mois"]
        rows = []
        for month in self.period.months():
            if month.start > self.days.now.end:
                break
            days = compared(month, today=self.days.now.end, began=None).now
            cells = [self.month_cell(counts.get(month.start, (0, 0))[0], days)]
            if self.days.before:
                before = month.start.replace(year=month.start.year - 1)
                count = counts.get(before, (0, 0))[1]
                last = min(periods.month_of(before).end, self.days.before.end)
                cells += [
                    self.month_cell(count, Span(before, last)),
                    Cell(signed(counts.get(month.start, (0, 0))[0] - count)),
                ]
            rows.append((month.label.capitalize(), cells))
        return Table("mois", "Par mois", "Mois", self.heads, rows)

    def month_cell(self, count, days):
        return Cell(number(count), self.link(Code.RECEIVED, days) if count else "")

    def delays(self):
        spans = [self.days.now, *([self.days.before] if self.days.before else [])]
        found = counting.delays(self.department, spans, service=self.service)
        rows = []
        for code in DELAYS:
            noun = BY_CODE[code].cases
            cells = [
                Cell(
                    str(median),
                    self.link(code, span) if median.cases else "",
                    counted(median.cases, noun) if median.cases else "",
                )
                for median, span in zip(found[code], spans, strict=True)
            ]
            rows.append((BY_CODE[code].label, cells))
        table = Table("delais", "Délais médians", "Délai", self.heads[:2], rows)
        return _section("delais", "Délais", list(DELAYS), [table])

    def cohorts(self):
        now = quarters_of(self.period, self.days.now)
        before = quarters_of(self.period, self.days.before) if self.days.before else []
        cohorts = [*now[::-1], *before[::-1]]
        found = counting.rates(self.department, cohorts, service=self.service)
        rows = [
            (self.cohort_label(span), [self.rate(code, found[code][rank], span) for code in RATES])
            for rank, span in enumerate(cohorts)
        ]
        heads = tuple(BY_CODE[code].label for code in RATES)
        note = ""
        if not all(is_mature(span, self.today) for span in cohorts):
            note = (
                "Une cohorte est trop récente tant que quatre-vingt-dix jours ne se sont pas "
                "écoulés depuis son dernier jour : ses chiffres montent encore."
            )
        table = Table("cohortes", "Selon la date de réception", "Reçues", heads, rows, note)
        url, label = reverse("rates_page"), "Retours et exploitation de mon unité"
        return _section("suites", "Suites données", list(RATES), [table], url=url, url_label=label)

    def cohort_label(self, span):
        quarter = periods.quarter_of(span.start)
        label = span.in_words
        if span.start == quarter.start:
            partial = "" if span.end == quarter.end else ", en partie"
            label = f"{quarter.label.capitalize()}{partial}"
        return label if is_mature(span, self.today) else f"{label} (trop récent)"

    def rate(self, code, ratio, span):
        url = self.link(code, span, part=True) if ratio.part else ""
        return Cell(str(ratio), url)

    def places(self):
        seen = places.histories(self.department)
        end = self.days.now.end
        states = places.by_state(seen, end)
        rows = [
            (
                PlaceState(state).label,
                [Cell(number(count), self.places_link(state) if count else "")],
            )
            for state, count in states.items()
        ]
        by_state = Table("etats", f"Au {periods.day_in_words(end)}", "État", ("Lieux",), rows)
        spans = [self.days.now, *([self.days.before] if self.days.before else [])]
        works = ", ".join(PlaceState(each).label.lower() for each in PlaceState if each in AT_WORK)
        moved = [
            (
                f"En activité ({works})",
                [Cell(number(places.at_work(seen, span.end))) for span in spans],
            ),
            ("Solde de la période", [Cell(signed(places.net_change(seen, s))) for s in spans]),
            (
                BY_CODE[Code.REBUILT].label,
                [Cell(str(places.rebuilt(seen, span, self.today))) for span in spans],
            ),
        ]
        change = Table("solde", "Ce qui a changé", "", self.heads[:2], moved)
        note = NOT_NARROWED if self.service else ""
        codes = [Code.PLACES, Code.REBUILT]
        return _section("lieux", "Lieux de trafic", codes, [by_state, change], note=note)

    def places_link(self, state):
        named = Named(Code.PLACES, self.days.now, where=("etat", state))
        return f"{reverse('place_list')}?{urlencode({'indicateur': str(named)})}"

    def conflicts(self):
        """What the member is told of: never how many others there are."""
        hits = access.counted_hits(self.member).filter(within("at", self.days.now))
        lines = list(hits.order_by().values("is_ours", "outcome").annotate(hits=Count("pk")))
        ours = {line["outcome"]: line["hits"] for line in lines if line["is_ours"]}
        others = sum(line["hits"] for line in lines if not line["is_ours"])
        rows = [("Conflits de votre unité", [Cell(number(sum(ours.values())))])]
        rows += [
            (f"dont : {label.lower()}", [Cell(number(ours[value]))])
            for value, label in DeconflictionHit.Outcome.choices
            if ours.get(value)
        ]
        if ours.get(""):
            rows.append(("dont : décision non notée", [Cell(number(ours[""]))]))
        if may(Right.ADMIT)(self.member):
            rows.append(("Conflits entre deux autres unités", [Cell(number(others))]))
        table = Table("conflits", "Conflits par unité", "", ("Période",), rows)
        url = reverse("deconfliction")
        note = NOT_NARROWED if self.service else ""
        return _section(
            "conflits", "Conflits", [Code.CONFLICTS], [table], note=note,
            url=url, url_label="Déconfliction",
        )  # fmt: skip

    def sharing(self):
        rows = access.readable_openness(self.member).filter(department=self.department)
        latest = list(
            rows.order_by("-month", "service__short_name").select_related("service")[:40]
        )
        month = latest[0].month if latest else None
        lines = [
            (
                str(row.service),
                [Cell(Openness.Band(row.band).label if row.band else "trop peu de fiches")],
            )
            for row in latest
            if row.month == month
        ]
        title = f"Fin {periods.month_of(month).label}" if month else "Aucun mois compté"
        table = Table("partage", title, "Service", ("Fiches ouvertes à tous",), lines)
        url = reverse("openness_page")
        return _section(
            "partage", "Partage", [Code.SHARING], [table], url=url, url_label="Mois après mois"
        )


def _narrowed(name, key):
    """What of `Named` says one line of a table."""
    if name == "service":
        return {"service": key}
    return {"where": (name, key)}


def _section(key, title, codes, tables, **more):
    return Section(key, title, [BY_CODE[code] for code in codes], tables, **more)


# --- For who opens no report ------------------------------------------------------------------


def _kept_board(member, query):
    sheets = list(access.readable_indicator_sheets(member).order_by("-period"))
    if not sheets:
        return None
    choices = [(each.period, periods.read(each.period).label.capitalize()) for each in sheets]
    form = IndicatorForm(_with_default(query, sheets[0].period), periods=choices)
    said = form.cleaned_data if form.is_valid() else {}
    kept = {sheet.period: sheet for sheet in sheets}
    sheet = kept[said.get("periode") or sheets[0].period]
    figures, period = sheet.figures, periods.read(sheet.period)
    return Board(
        form=form,
        department=member.unit.department,
        period=period,
        about=f"{period.in_words}, arrêtés au {periods.day_in_words(_day(figures))}",
        against=periods.read(figures["before"]).label,
        note=f"{figures['caution']} {figures['note']}".strip(),
        audience="Petits effectifs masqués",
        sections=list(_kept_sections(figures["indicators"])),
    )


def _day(figures):
    return date.fromisoformat(figures["known_until"])


# The indicators that share a card, and its title.
FAMILIES = (
    ("recus", "Renseignements reçus", (Code.RECEIVED,)),
    ("delais", "Délais médians", tuple(DELAYS)),
    ("suites", "Suites données", tuple(RATES)),
    ("lieux", "Lieux de trafic", (Code.PLACES, Code.REBUILT)),
)
PARTS = {"origine": "Par origine", "service": "Par service contributeur"}


def _kept_sections(indicators):
    known = {each["code"]: each for each in indicators}
    for key, title, codes in FAMILIES:
        kept = [known[code.value] for code in codes if code.value in known]
        tables = {}
        for each in kept:
            for row in each["rows"]:
                part = row["key"].partition(":")[0] if ":" in row["key"] else each["about"]
                tables.setdefault((part, each["about"]), []).append((each, row, len(kept)))
        yield Section(
            key,
            title,
            [BY_CODE[Code(each["code"])] for each in kept],
            [
                Table(
                    f"{key}-{part}",
                    PARTS.get(part, f"{about.capitalize()}"),
                    "",
                    (about.capitalize(), "Un an plus tôt"),
                    [_kept_row(*line) for line in lines],
                )
                for (part, about), lines in tables.items()
            ],
        )


def _kept_row(each, row, others):
    """Named by its indicator where several share a table."""
    whole = row["key"] == "ensemble" and others > 1
    label = each["label"] if whole else row["label"]
    return label, [Cell(row["said"]), Cell(row["before"] or "–")]

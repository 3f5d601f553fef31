"""What the pages of the brief show: the list, one edition, what to know of its figures."""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from django.db.models import Count
from django.utils import timezone

from cross.ui import keyset
from cross.ui.charts import Masked
from cross.ui.templatetags.words import counted, number, signed
from intel import periods
from intel.models import Edition, Summary, SummaryAudience
from intel.printing.content import Beside, Bullets, Figure, Paragraph, Subtitle, Table
from intel.printing.words import read_words, typographic
from intel.reading import brief, frozen
from intel.reading.first_words import first_words

# A quarter and a few days: by then, the figures of another one are known.
FRESH_DAYS = 100
SUMMARIES = 24
COPIES = 100
PERIOD_KINDS = {"quarter": "Trimestres", "month": "Mois"}
NARROW = 420  # units of a chart beside a text being written
KINDS = {
    Paragraph: "paragraph",
    Bullets: "bullets",
    Subtitle: "subtitle",
    Figure: "figure",
    Table: "table",
    Beside: "beside",
}


# --- Lists ------------------------------------------------------------------------------------


def page_of(editions, query, *, state, size):
    """Newest first, without what only the page of one edition needs."""
    if state:
        editions = editions.filter(state=state)
    rows = (
        editions.defer("figures", "words")
        .select_related("summary", "department", "created_by")
        .annotate(printed=Count("copies"))
    )
    return keyset.page_of(rows, query, keys=("created_at", "id"), size=size), editions.count()


def summary_choices(summaries, asked, today):
    """Summaries a note may start from, as choices by kind of period; last versions, latest first.

    `asked` is the key that the address names: an older version is offered too when it is asked.
    """
    ours = (
        summaries.filter(audience=SummaryAudience.PREFECTURE)
        .briefed()
        .select_related("department")
    )
    found = list(ours.latest_versions().order_by("-ends_on", "-starts_on")[:SUMMARIES])
    if asked and asked not in {summary.pk for summary in found}:
        found += ours.filter(pk=asked)
    groups: dict[str, list] = {kind: [] for kind in PERIOD_KINDS}
    several = len({summary.department_id for summary in found}) > 1
    for summary in found:
        period = periods.read(summary.period)
        groups[period.kind].append((str(summary.pk), _choice(summary, period, today, several)))
    return found, [(PERIOD_KINDS[kind], choices) for kind, choices in groups.items() if choices]


def _choice(summary, period, today, several):
    facts = "faits : n.c." if summary.facts is None else counted(summary.facts, "fait")
    running = "" if period.is_closed(today) else ", en cours"
    where = f"{summary.department.name}, " if several else ""
    return f"{where}{period.label}{running} ({facts}, version {summary.version})"


def drafts_about(editions, summaries):
    """Notes being written on the periods that may be chosen: perhaps the one looked for."""
    return list(
        editions.filter(
            state=Edition.State.DRAFT, summary__period__in={each.period for each in summaries}
        )
        .defer("figures", "words")
        .select_related("summary", "created_by")
        .order_by("-created_at")[:5]
    )


# --- One edition ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Freshness:
    """How old the figures are."""

    days: int

    @property
    def is_old(self):
        return self.days > FRESH_DAYS


def freshness(edition, today=None):
    """Those of a period never change for whoever opens no report: only time goes by."""
    today = today or timezone.localdate()
    return Freshness((today - edition.summary.ends_on) // timedelta(days=1))


@dataclass(frozen=True)
class Shown:
    """A block of the brief for a template: `rows` of a table in words, `parts` side by side."""

    kind: str
    block: object
    rows: tuple = ()
    parts: tuple = ()


@dataclass(frozen=True)
class Chapter:
    """A section of the page. `blocks` are its pictures and tables."""

    part: brief.Part
    words: tuple
    blocks: tuple

    @property
    def is_empty(self):
        return not (self.words or self.blocks)


def chapters(edition, figures, *, width=brief.LINE):
    """Every section in the order of the pages, empty ones included."""
    return [
        Chapter(
            part,
            words_shown(edition.words.get(part.code, "")),
            shown(brief.blocks_of(part.code, figures, edition.department_id, width=width)),
        )
        for part in brief.SECTIONS
    ]


@lru_cache(maxsize=32)
def essential_of(pk):
    """A summary in sentences, the first of a note: what there is, and its last twelve months.

    A summary is frozen: worded once a process. Its own masked figures are all that is read.
    """
    summary = Summary.objects.select_related("department").get(pk=pk)
    said = first_words(frozen.read(frozen.freeze(summary)))
    return words_shown(said["opening"]) + words_shown(said["trend"])


def words_shown(text):
    return shown(read_words(typographic(text)))


def shown(blocks):
    return tuple(_shown(block) for block in blocks)


def _shown(block):
    kind = KINDS[type(block)]
    if isinstance(block, Table):
        return Shown(kind, block, rows=tuple(_row(block, row) for row in block.rows))
    if isinstance(block, Beside):
        return Shown(kind, block, parts=shown((block.left, block.right)))
    return Shown(kind, block)


def _row(table, row):
    return tuple(
        (column, _cell(cell, column.kind)) for cell, column in zip(row, table.columns, strict=True)
    )


def _cell(cell, kind):
    if isinstance(cell, Masked):
        return cell.words
    if isinstance(cell, str):
        return cell
    return signed(cell) if kind == "change" else number(cell)


def axes(edition):
    return [brief.axis_of(axis) for axis in edition.words.get("axes", ())]


def printed_together(copies, copy):
    """Those of `copies` that one form asked for with `copy`, by number."""
    return list(copies.filter(entry_key=copy.entry_key).order_by("copy_number"))


def register(edition):
    """The copies printed, latest first, with those who printed them; and how many there are."""
    copies = edition.copies.select_related("printed_by__unit").order_by("-copy_number")
    latest = list(copies[:COPIES])
    return latest, latest[0].copy_number if latest else 0

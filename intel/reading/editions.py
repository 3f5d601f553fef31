"""What the pages of the brief show: the list, one edition, what to know of its figures."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache

from django.db.models import Case, Count, Exists, OuterRef, Subquery, When
from django.utils import timezone

from cross.printing.content import Beside, Bullets, Figure, Paragraph, Subtitle, Table
from cross.printing.words import read_words, typographic
from cross.ui import keyset
from cross.ui.charts import Masked
from cross.ui.templatetags.words import counted, number, signed
from intel import access, periods
from intel.models import Edition, EditionStep, Summary, SummaryAudience
from intel.reading import brief_figures, brief_sections, frozen
from intel.reading.first_words import first_words
from services.roles import Right, may

# A quarter and a few days: by then, the figures of another one are known.
FRESH_DAYS = 100
SUMMARIES = 24
LATER = 3
# What is said of a later note; one that was replaced holds no more.
STANDS = {
    Edition.State.DRAFT: "est en rédaction",
    Edition.State.PROPOSED: "attend la validation du parquet",
    Edition.State.VALIDATED: "est validée et attend sa publication",
    Edition.State.PUBLISHED: "est publiée",
}
PERIOD_KINDS = {"quarter": "Trimestres", "month": "Mois"}
# What a list is narrowed to: in words, and the states that it takes.
STATES = {
    "brouillon": ("En rédaction", [Edition.State.DRAFT]),
    "a_publier": ("À valider ou à publier", [Edition.State.PROPOSED, Edition.State.VALIDATED]),
    "publiee": ("En vigueur", [Edition.State.PUBLISHED]),
    "remplacee": ("Remplacées", [Edition.State.REPLACED]),
}
HEAVY = ("figures", "parts", "words")  # what only the page of one edition needs
ENDS = ("corrects", "correction")
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
        editions = editions.filter(state__in=STATES[state][1])
    rows = (
        editions.defer(*HEAVY, *(f"{end}__{name}" for end in ENDS for name in HEAVY))
        .select_related("summary", "department", "created_by", *ENDS)
        .annotate(printed=Count("copies"))
    )
    return keyset.page_of(rows, query, keys=("created_at", "id"), size=size), editions.count()


def in_force(editions):
    """The keys of the notes that hold today: of each department, the latest of those published."""
    latest = (
        editions.filter(state=Edition.State.PUBLISHED)
        .order_by("department_id", "-summary__ends_on", "-pk")
        .distinct("department_id")
    )
    return set(latest.values_list("pk", flat=True))


def latest_in_force(editions):
    """The note of the latest period among those published, or None."""
    return (
        editions.filter(state=Edition.State.PUBLISHED)
        .defer(*HEAVY)
        .order_by("-summary__ends_on", "-pk")
        .first()
    )


def on_home(member, *, size):
    """The notes a home shows: those that wait for the member's own word, then the latest.

    `waits` says which wait: validated by the prefecture, and not yet by his court. `last_step` is
    what was last said of each: a draft that was sent back has something to mend.
    """
    validated = EditionStep.objects.filter(
        edition=OuterRef("pk"),
        version=OuterRef("version"),
        kind=EditionStep.Kind.VALIDATED,
        court=member.unit.court_id,
    )
    waits = Case(
        When(
            ~Exists(validated),
            state=Edition.State.PROPOSED,
            pk__in=access.validatable_editions(member).values("pk"),
            then=not may(Right.WRITE_EDITIONS)(member),
        ),
        default=False,
    )
    rows = access.readable_editions(member).defer(*HEAVY).select_related("summary")
    said = EditionStep.objects.filter(edition=OuterRef("pk")).order_by("-at", "-pk")
    rows = rows.annotate(waits=waits, last_step=Subquery(said.values("kind")[:1]))
    return list(rows.order_by("-waits", "-created_at", "-pk")[:size])


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
        .defer(*HEAVY)
        .select_related("summary", "created_by")
        .order_by("-created_at")[:5]
    )


# --- One edition ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Freshness:
    """How old the figures are, and the notes on a later period that the reader may open."""

    days: int
    later: tuple = ()

    @property
    def is_old(self):
        return self.days > FRESH_DAYS


def freshness(edition, readable, today=None):
    """Those of a period never change for whoever opens no report: only time goes by.

    `readable` are the notes that the reader may open: of any other, nothing is said.
    """
    today = today or timezone.localdate()
    aged = Freshness((today - edition.summary.ends_on) // timedelta(days=1))
    return replace(aged, later=later_than(edition, readable)) if aged.is_old else aged


def later_than(edition, readable):
    """Those of `readable` on a later period of the same department, the latest period first, each
    with `stands`, where it is in its life."""
    found = (
        readable.filter(
            department=edition.department_id,
            summary__ends_on__gt=edition.summary.ends_on,
            state__in=STANDS,
        )
        .select_related("summary")
        .defer(*HEAVY)
        .order_by("-summary__ends_on", "-pk")[:LATER]
    )
    for each in found:
        each.stands = STANDS[each.state]
    return tuple(found)


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

    part: brief_sections.Part
    words: tuple
    blocks: tuple

    @property
    def is_empty(self):
        return not (self.words or self.blocks)


def chapters(edition, figures, *, width=brief_figures.LINE):
    """Every section in the order of the pages, empty ones included."""
    return [
        Chapter(
            part,
            words_shown(edition.words.get(part.code, "")),
            shown(brief_figures.blocks_in(part.code, edition, figures, width=width)),
        )
        for part in brief_sections.SECTIONS
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
    return [brief_sections.axis_of(axis) for axis in brief_sections.typed_axes(edition)]

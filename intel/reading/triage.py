"""The queue of the cell: what waits, in which order, and what was just done with it."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils import timezone

from cross.audit.reading import last_done
from cross.ui import keyset
from intel import access
from intel.actions import desk, life
from intel.bundles import bundles_of
from intel.forms.triage import QueueFilter
from intel.models import Step
from intel.reading.capped import Capped, counts_and_first
from intel.reading.filters import states_of
from intel.reading.nearby import how_many_near
from intel.states import (
    AWAITING_TRIAGE,
    IN_EVALUATION,
    State,
)
from services.roles import Right, may

PAGE = 30
MOST_UNFOLDED = 50
NAME = ("first_name", "last_name", "username")
KEYS = ("rank", "received_at", "id")
URGENT, DUE, OTHERS = range(3)


@dataclass(frozen=True)
class Queue:
    """One tab: what waits in it."""

    name: str
    label: str
    noun: str
    states: frozenset
    emptied: str


QUEUES = {
    queue.name: queue
    for queue in (
        Queue("tri", "À trier", "renseignement", AWAITING_TRIAGE, "La file est vide"),
        Queue(
            "completer",
            "À compléter",
            "renseignement",
            frozenset({State.TO_COMPLETE}),
            "Rien n’attend d’être complété",
        ),
        Queue(
            "evaluation",
            "Évaluation en cours",
            "renseignement",
            IN_EVALUATION,
            "Rien n’est en cours d’évaluation",
        ),
    )
}
FIRST = QUEUES["tri"]


def queue_of(state):
    """The tab in which a report of this state waits, or None."""
    return next((queue for queue in QUEUES.values() if state in queue.states), None)


# --- What is asked ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """The queue that the address asks for: its tab, its filters, its page."""

    queue: Queue
    form: QueueFilter
    query: dict = field(default_factory=dict)

    @property
    def shows(self):
        """Which part of the tab: one of `QueueFilter.Part`."""
        return self.form.cleaned_data.get("voir", "")

    def filters(self, member):
        """Conditions on top of the tab; a value that is no choice has none."""
        said = self.form.cleaned_data
        conditions = PARTS[self.shows](member)
        if said.get("urgent"):
            conditions &= Q(state=State.URGENT)
        if said.get("origine"):
            conditions &= Q(origin=said["origine"])
        if said.get("attente"):
            waited = timezone.now() - timedelta(days=int(said["attente"]))
            conditions &= Q(received_at__lt=waited)
        return conditions

    @property
    def is_filtered(self):
        return any(self.form.cleaned_data.values())


def _is_aside():
    return Q(docket__aside_until__gt=timezone.localdate())


def _is_in_sight(member):
    """Neither put aside, nor late for whoever animates the cell: to him nothing late is hidden."""
    shown = Q(docket__aside_until=None) | Q(docket__aside_until__lte=timezone.localdate())
    return shown | is_late() if may(Right.ADMIT)(member) else shown


def _late_before():
    """What was received before it has waited too long, and is shown in red."""
    return timezone.now() - timedelta(days=settings.TRIAGE_DAYS)


def is_late():
    """It has waited longer than the delay, or its own day has passed."""
    waited = Q(received_at__lt=_late_before())
    return waited | Q(docket__due_on__lt=timezone.localdate())


@dataclass(frozen=True)
class Aside:
    """How many the queue does not show, and the day on which the first comes back."""

    count: Capped
    until: date


def _hidden(reports, member):
    """Those put aside, and so not in the queue of `member`."""
    return reports.filter(_is_aside()).exclude(_is_in_sight(member))


def _until(hidden):
    return hidden.order_by("docket__aside_until").values("docket__aside_until")


def aside_in_list(member, asked):
    """Of what the list of reports is asked, when it is what waits to be sorted; or None."""
    if not states_of(asked.wanted.get("etat", ())) & AWAITING_TRIAGE:
        return None
    hidden = _hidden(asked.of(access.triable_reports(member)), member)
    [count], until = counts_and_first([hidden], _until(hidden))
    return Aside(count, until) if count else None


PARTS = {
    "": _is_in_sight,
    "moi": lambda member: _is_in_sight(member) & Q(docket__assigned_to=member.pk),
    "retard": lambda member: _is_in_sight(member) & is_late(),
    "cote": lambda member: _is_aside(),
}


def asked_by(query, state=None):
    """Read the address; without a tab, that of the state of the open report."""
    queue = QUEUES.get(query.get("file")) or (state and queue_of(state)) or FIRST
    form = QueueFilter(query)
    form.is_valid()
    return Asked(queue, form, query)


def waiting(member, asked):
    """The reports of the queue, urgent ones first, then the oldest."""
    return _in_order(_in_queue(member, asked).filter(asked.filters(member)))


def _in_queue(member, asked):
    if asked.queue is FIRST:
        return access.triable_reports(member, for_page=True)
    gradable = access.gradable_reports(member, for_page=True)
    return gradable.filter(state__in=asked.queue.states)


def _in_order(reports):
    return reports.annotate(rank=_rank()).order_by(*KEYS)


def _rank():
    """What is urgent comes first, then what was to be done by today, then the oldest."""
    due = When(docket__due_on__lte=timezone.localdate(), then=Value(DUE))
    urgent = When(state=State.URGENT, then=Value(URGENT))
    return Case(urgent, due, default=Value(OTHERS), output_field=IntegerField())


def _rank_of(report, state):
    if state == State.URGENT:
        return URGENT
    docket = docket_of(report)
    is_due = docket and docket.due_on and docket.due_on <= timezone.localdate()
    return DUE if is_due else OTHERS


def docket_of(report):
    """What the cell noted about a row that was read with it, or None."""
    return getattr(report, "docket", None)


def first(member, asked):
    return waiting(member, asked).first()


def following(member, asked, report, *, state):
    """What opens once `report`, which stood in `state`, is done with: the one after it, or the
    first that is left. None when the queue is empty."""
    report.rank = _rank_of(report, state)
    cursor = keyset.cursor_of(report, KEYS)
    rest = waiting(member, asked).exclude(pk=report.pk)
    rest = rest.exclude(pk__in=bundles_of(rest).folded)
    after = keyset.page_of(rest, {keyset.AFTER: cursor}, keys=KEYS, size=1, ascending=True)
    return after.rows[0] if after.rows else rest.first()


def is_waiting(member, asked, report):
    return waiting(member, asked).filter(pk=report.pk).exists()


# --- The queue on the left --------------------------------------------------------------------


@dataclass(frozen=True)
class Tab:
    queue: Queue
    count: Capped
    is_current: bool


@dataclass(frozen=True)
class Side:
    tabs: list
    page: keyset.Page
    count: Capped
    aside: Aside | None  # in the tab that is open, and not in what it counts


def left_of(member, asked, report=None):
    """Tabs with their counts, and one page of the queue: three queries, four when the bundle of
    the open `report`, or that of the address, is unfolded."""
    counts, until = _counts(member, asked)
    return Side(
        tabs=[Tab(queue, counts[queue.name], queue is asked.queue) for queue in QUEUES.values()],
        page=_page(member, asked, report),
        count=counts["asked"],
        aside=Aside(counts["aside"], until) if until and not asked.is_filtered else None,
    )


def _counts(member, asked):
    """For each tab, "asked" for what the filters leave of the one that is open, "aside" for what
    it does not show; and the day on which the first of these comes back."""
    gradable = access.gradable_reports(member, for_page=True)
    wanted = {
        name: gradable.filter(_is_in_sight(member), state__in=queue.states)
        for name, queue in QUEUES.items()
    }
    wanted["asked"] = gradable.filter(asked.filters(member), state__in=asked.queue.states)
    wanted["aside"] = _hidden(gradable.filter(state__in=asked.queue.states), member)
    counts, until = counts_and_first(wanted.values(), _until(wanted["aside"]))
    return dict(zip(wanted, counts, strict=True)), until


def _page(member, asked, report):
    """One line for each bundle of near-identical tips, with `others`, how many it stands for; the
    lines of the one that is unfolded follow it, each with `under`."""
    queue = waiting(member, asked)
    bundles = bundles_of(queue)
    rows = _rows(member, queue.exclude(pk__in=bundles.folded))
    page = keyset.page_of(rows, asked.query, keys=KEYS, size=PAGE, ascending=True)
    if not page.rows and (asked.query.get(keyset.AFTER) or asked.query.get(keyset.BEFORE)):
        # Everything after the cursor has been treated: back to the start of the queue.
        page = keyset.page_of(rows, {}, keys=KEYS, size=PAGE, ascending=True)
    lines, unfolded = [], _unfolded(asked, bundles, report, page)
    for row in page:
        keys = bundles.others.get(row.pk, [])
        row.others, row.is_unfolded = len(keys), row.pk == unfolded
        lines.append(row)
        if row.is_unfolded:
            under = list(_rows(member, queue.filter(pk__in=keys))[:MOST_UNFOLDED])
            for each in under:
                each.under = row
            row.untold = len(keys) - len(under)
            lines += under
    for row in lines:
        _tell(row, member)
    return keyset.Page(lines, page.previous, page.next)


def _rows(member, reports):
    return (
        reports.select_related("commune", "owner", "docket__opened_by", "docket__assigned_to")
        .with_opening()
        .annotate(near=how_many_near(member))
        .only(
            "reference", "state", "subject", "origin", "received_at", "audience", "handling",
            "source_grade", "information_grade", "commune__name",
            "owner__short_name", "owner__name",
            "docket__due_on", "docket__aside_until", "docket__opened_at",
            *(f"docket__{who}__{part}" for who in ("opened_by", "assigned_to") for part in NAME),
        )
    )  # fmt: skip


def _unfolded(asked, bundles, report, page):
    """The key of the first of the bundle that is shown whole: that of the open report, or the one
    that the address names."""
    if report is not None and (first := bundles.first_of(report.pk)) != report.pk:
        return first
    named = asked.query.get("deplie")
    return next((row.pk for row in page if row.reference == named), None)


def _tell(row, member):
    docket = docket_of(row)
    row.origin_in_short = row.get_origin_display().partition(" (")[0]
    row.is_overdue = bool(docket and docket.is_overdue)
    row.is_late = row.received_at < _late_before()
    row.aside_until = aside_until(docket)
    row.holder = holder_of(row, member)


def aside_until(docket):
    """The day on which it comes back, or None when it is in the queue."""
    is_aside = docket and docket.aside_until and docket.aside_until > timezone.localdate()
    return docket.aside_until if is_aside else None


def holder_of(report, member):
    """Who else has it open, with `since`; or None."""
    docket = docket_of(report)
    holder = desk.holder_of(docket, by=member)
    if holder:
        holder.since = docket.opened_at
    return holder


# --- What was just done -----------------------------------------------------------------------


def just_done(member, reference):
    """The last step of this report, when this member may still take it back; else None."""
    step = (
        Step.objects.of_all(access.gradable_reports(member))
        .filter(report__reference=reference, undone_at=None)
        .select_related("report")
        .order_by("-at", "-pk")
        .first()
    )
    is_mine = step is not None and step.by_id == member.pk and step.target == step.report.state
    return step if is_mine and life.is_fresh(step.at) else None


def just_put_aside(member, reference):
    """This report, as long as this member keeps it out of the queue, with `is_fresh` when a single
    key may still bring it back; else None."""
    report = (
        access.gradable_reports(member)
        .filter(
            reference=reference,
            docket__aside_by=member.pk,
            docket__aside_until__gt=timezone.localdate(),
        )
        .select_related("docket")
        .first()
    )
    if report is not None:
        at = last_done("triage.put_aside", report.journal_reference, by=member)
        report.is_fresh = at is not None and life.is_fresh(at)
    return report


def last_treated(member):
    """The last report that the unit took out of the queue, and when: for an empty queue."""
    return (
        Step.objects.of_all(access.readable_reports(member))
        .filter(by__unit=member.unit_id, origin__in=AWAITING_TRIAGE, undone_at=None)
        .select_related("report", "by")
        .order_by("-at", "-pk")
        .first()
    )

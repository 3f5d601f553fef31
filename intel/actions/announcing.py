"""What each act tells, and whom: one function an act, called in its transaction.

Which kinds there are is said by `intel.notices`, who may be told by `intel.actions.telling`. What
a silence must not show is told by the worker: whoever asked waits the same time either way.
"""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cross import outbox
from cross.audit.reading import who_did
from intel.actions.telling import forget, tell
from intel.models import (
    REVIEW_SOON,
    AccessRequest,
    DeconflictionHit,
    Handover,
    Informed,
    Match,
    Notification,
    Reminder,
    ReportGroupGrant,
    ReportMemberGrant,
    Restriction,
    SilentMode,
    Tasking,
)
from intel.states import AWAITING_TRIAGE, State, answers
from services.models import Member, Unit

READ = ("report.read", "report.printed")
NOT_SHOWN = "told to who may read it, shown to nobody here"

# --- The life of a report ---------------------------------------------------------------------

# A move to this state: what it is told as, besides to those who follow the report.
OF_MOVES = {
    State.TO_COMPLETE: "report.to_complete",
    State.SORTED: "report.triaged",
    State.URGENT: "report.triaged",
    State.DUPLICATE: "report.triaged",
    State.OUT_OF_SCOPE: "report.triaged",
    State.DIRECTED: "tasking.received",
    State.ACKNOWLEDGED: "tasking.answered",
    State.DECLINED: "tasking.answered",
    State.EXPLOITED: "feedback.due",
    State.NO_FURTHER_ACTION: "feedback.due",
    State.FED_BACK: "feedback.received",
}
SET_ASIDE = {State.DUPLICATE, State.OUT_OF_SCOPE}
OF_CONTRIBUTIONS = {
    State.TO_COMPLETE: "contribution.asked",
    State.SORTED: "contribution.triaged",
    State.DUPLICATE: "contribution.triaged",
    State.OUT_OF_SCOPE: "contribution.triaged",
}


def moved(step, *, by):
    """A move that was just made, `step` being its row."""
    report, told = step.report, []
    if kind := OF_MOVES.get(State(step.target)):
        to = CONCERNED[kind](report)
        told = tell(kind, report=report, to=to, by=by, about=step)
    if step.target in SET_ASIDE:
        told += tell(
            "report.withdrawn", report=report, to=given(report), by=by, about=step, but=told
        )
    if step.target == State.DIRECTED:
        told += tell(
            "tasking.informed", report=report, to=_informed(report), by=by, about=step, but=told
        )
    _settle(step, by=by)
    if step.origin != State.DRAFT:
        tell("report.moved", report=report, by=by, but=told)
    _tell_who_reads_nothing(step, by=by)


def _tell_who_reads_nothing(step, *, by):
    """The contributor that opens no sheet: a word, and the page of its contribution. What is
    decided between two units is none of it."""
    is_triage = step.origin in AWAITING_TRIAGE | {State.TO_COMPLETE}
    kind = OF_CONTRIBUTIONS.get(State(step.target)) if is_triage else None
    if step.target == State.FED_BACK:
        kind = "contribution.told"
    if kind:
        tell(kind, report=step.report, to=[step.report.contributor], by=by, about=step)


ASKED_OF_UNITS = ("tasking.received", "tasking.unacknowledged", "tasking.unanswered")
# Taken in hand, its answer is still awaited.
STILL_ASKED = {State.ACKNOWLEDGED: ("tasking.unanswered",)}


def _settle(step, *, by):
    """What told the unit in charge of a tasking is seen once it answers, whoever of it did."""
    if not answers(step.origin, step.target):
        return
    kinds = [kind for kind in ASKED_OF_UNITS if kind not in STILL_ASKED.get(step.target, ())]
    told = Notification.objects.filter(report=step.report, kind__in=kinds, unit=by.unit_id)
    told.unseen().update(seen_at=step.at)


def undone(step):
    """A move that is taken back was told for nothing; what it had answered waits again.

    That was seen at the very instant of the step, and of nothing else: what somebody saw by
    himself stays seen.
    """
    forget(step.report, step)
    settled = Notification.objects.filter(report=step.report, kind__in=ASKED_OF_UNITS)
    settled.filter(seen_at=step.at).update(seen_at=None)


REMINDED = {
    Reminder.Kind.ACKNOWLEDGE: "tasking.unacknowledged",
    Reminder.Kind.ANSWER: "tasking.unanswered",
    Reminder.Kind.RETURN: "feedback.due",
}


def reminded(reminder):
    """The unit in charge; of a return that is owed, the cell."""
    report = reminder.report
    to = [reminder.tasking.unit] if reminder.tasking else _those_who_direct(report)
    tell(REMINDED[reminder.kind], report=report, to=to, about=reminder)


def _contributors(report):
    return [report.contributor, report.owner]


def _in_charge(report):
    return [tasking.unit for tasking in _latest_tasking(report)]


def _informed(report):
    told = Informed.objects.filter(tasking__in=[each.pk for each in _latest_tasking(report)])
    return list(Unit.objects.filter(pk__in=told.values("unit")))


def _those_who_direct(report):
    """Whoever gave it to a unit, else the cell of its department."""
    cells = Unit.objects.filter(department=report.department_id, is_cell=True, closed_on=None)
    return [tasking.by.unit for tasking in _latest_tasking(report)] or list(cells)


def _latest_tasking(report):
    return Tasking.objects.latest_of(report).select_related("unit", "by__unit")


CONCERNED = {
    "report.to_complete": lambda report: [report.owner],
    "report.triaged": _contributors,
    "tasking.received": _in_charge,
    "tasking.answered": _those_who_direct,
    "feedback.due": _those_who_direct,
    "feedback.received": _contributors,
}


def corrected(report, *, by):
    """What its unit wrote has changed: everybody who was ever given it hears of it."""
    if report.state != State.DRAFT:
        tell("report.corrected", report=report, to=given(report), by=by)


def given(report):
    """Whoever was ever given this report: the units it was named, tasked or handed to, those who
    were invited or granted an access, and whoever has opened or printed it since."""
    units = Unit.objects.filter(
        Q(pk__in=Tasking.objects.of(report).values("unit"))
        | Q(pk__in=Informed.objects.of(report).values("unit"))
        | Q(pk__in=Handover.objects.of(report).values("origin"))
        | Q(pk__in=Handover.objects.of(report).values("target"))
        | Q(group__in=ReportGroupGrant.objects.filter(content_object=report.pk).values("group"))
    )
    people = Member.objects.filter(
        Q(pk__in=who_did(READ, report.journal_reference))
        | Q(pk__in=ReportMemberGrant.objects.filter(content_object=report.pk).values("user"))
    )
    return [*units, *people]


# --- What hangs on it, what is asked about it -------------------------------------------------


def complemented(complement, *, by):
    report = complement.report
    tell("complement.added", report=report, to=[report.owner], by=by, about=complement)


def invited(report, guest, *, by):
    tell("report.invited", report=report, to=[guest], by=by)


def matched(match, *, by):
    """The units of both sides; of a duplicate, its own was told by the move."""
    if match.kind == Match.Kind.UNRELATED:
        return
    sides = [match.other] if match.kind == Match.Kind.DUPLICATE else [match.report, match.other]
    for report in sides:
        tell("match.made", report=report, to=[report.owner], by=by, about=match)


def asked(kind, asking, *, to, by):
    """Something is asked of `to`, a unit."""
    tell(kind, report=asking.report, to=[to], by=by, about=asking)


def answered(kind, asking, *, to, by):
    """What was asked was decided; `to` is who asked, a member or a unit."""
    forget_asked(asking)
    tell(kind, report=asking.report, to=[to], by=by, about=asking)


def forget_asked(asking):
    """Answered or taken back, it waits for nobody any more."""
    forget(asking.report, asking)


def access_asked(request):
    """By the worker: whether the reference names anything must not show in the time it takes."""
    outbox.enqueue("tell_access_asked", args={"request": request.pk})


def tell_access_asked(key):
    waiting = AccessRequest.objects.filter(pk=key, decision="", report__isnull=False)
    for request in waiting.unguarded(because=NOT_SHOWN).select_related(
        "report__owner", "asked_by"
    ):
        asked("access.asked", request, to=request.report.owner, by=request.asked_by)


# --- Units that should speak ------------------------------------------------------------------


def units_sought(*, by, **about):
    """Something was looked for or declared: `check` or `event`, the key of which is given. By the
    worker: a silent answer and a true « aucun rapprochement » take the same time."""
    outbox.enqueue("tell_units_met", args={"by": by.pk, **about})


def tell_units_met(by, *, check=None, event=None):
    """Each unit that is told of a hit; of the members, not the one who asked."""
    about = Q(target__check_made=check) if check else Q(asked_event=event) | Q(held_event=event)
    hits = DeconflictionHit.objects.filter(about, lapsed_at=None, outcome="")
    asker = Member.objects.get(pk=by)
    for hit in hits.unguarded(because=NOT_SHOWN).select_related("asker", "holder"):
        to = [hit.asker] if hit.tells_asker else []
        to += [hit.holder] if hit.tells_holder else []
        tell("units.met", to=to, by=asker, about=hit)


# --- What a day brings ------------------------------------------------------------------------


def tell_reviews(today=None):
    """Every night: restrictions and silences whose day is near, each once; how many."""
    today = today or timezone.localdate()
    kinds = {"restriction.due": Restriction, "silence.due": SilentMode}
    return sum(_tell_due(kind, model, today) for kind, model in kinds.items())


def _tell_due(kind, model, today):
    told = Notification.objects.filter(
        kind=kind,
        report=OuterRef("report"),
        at__date__gte=OuterRef("review_on") - REVIEW_SOON,
    )
    due = model.objects.filter(
        ~Exists(told),
        review_on__lte=today + REVIEW_SOON,
        report__state__in=[state for state in State if state not in NOT_REVIEWED],
    )
    rows = due.unguarded(because=NOT_SHOWN).select_related("report__owner").order_by("review_on")
    for row in rows:
        about = f"{kind} {row.review_on}"
        tell(kind, report=row.report, to=[row.report.owner], about=f"{about} {row.report_id}")
    return len(rows)


NOT_REVIEWED = {State.ARCHIVED, State.ERASED}

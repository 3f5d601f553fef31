"""Make a move of the table, and undo it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from cross import gate
from cross.audit import journal
from cross.ui.templatetags.words import listed, number
from intel import access
from intel.actions import announcing, days, erasing, facts, holding, reports
from intel.models import Docket, Feedback, Informed, Match, Report, Step, Tasking
from intel.models.choices import (
    EXPLOITATIONS,
    FIGURES,
    WITHOUT_FURTHER_ACTION,
    TaskingOutcome,
)
from intel.states import Requirement, State, move_between
from services.roles import Right

LATEST_ANSWER_DAYS = 180  # another day than the usual delay may be said, not too far
SAID_WITH = {
    Requirement.REASON: "why",
    Requirement.ORIGINAL: "original",
    Requirement.UNIT: "unit",
    Requirement.OUTCOME: "outcomes",
    Requirement.FEEDBACK: "feedback",
}


@transaction.atomic
def move(report, *, by, target, seen=None, batch=None, **said):
    """Take `report` to the state `target`.

    `seen` is the state that the member had on the screen: when somebody moved it meanwhile,
    nothing is done and the sentence says by whom. `said` holds what the move asks for: `why`
    (text), `original` (a report readable by the member, and with it `because`, a text that only
    those who read both are shown), `unit` (a unit, and with it `answer_by`, a day, and
    `instruction`, a text, when they are given, and `informed`, units that are told), `outcomes`
    (codes of `TaskingOutcome`, and the numbers of `FIGURES` by name), `feedback`
    (an outcome). `batch` is the key of
    what is decided in one go.
    """
    if original := said.get("original"):
        facts.hold(report, original)
        # As it stands now: two analysts would otherwise make each the duplicate of the other.
        said["original"] = holding.lock(original)
    if target == State.ERASED:
        # It leaves its fact: all of it is held first, in the one order of everybody.
        facts.hold(report)
    current = holding.lock(report)
    if seen and seen != current.state:
        raise overtaken(current)
    step = _move_to(target, current)
    if not access.may_make(by, current, step):
        raise PermissionDenied
    _check_said(current, step, said)
    if target == State.ERASED:
        return _erase(current, by=by, why=said["why"])
    undo = EFFECTS.get(step.target, _no_effect)(current, by=by, step=step, **said)
    current.state = target
    current.version += 1
    current.save(update_fields=["state", "version", "duplicate_of", "fact"])
    made = Step.objects.create(
        report=current,
        origin=step.origin,
        target=target,
        by=by,
        why=said.get("why", ""),
        undo=undo,
        batch=batch,
    )
    if target == State.DUPLICATE:
        _keep_match(made, **said)
    gate.forget()
    journal.record(
        by,
        VERBS.get(step.target, "report.moved"),
        current,
        why=_said_of(step, said),
        recipients=_told_by(step, current, said),
    )
    announcing.moved(made, by=by)
    return current


def check_move(report, *, target, **said):
    """The move that takes `report` to `target`, or the sentence that says why there is none.

    It changes nothing, and leaves aside who may make it. `said` is what `move` is told.
    """
    step = _move_to(target, report)
    _check_said(report, step, said)
    return step


def _move_to(target, report):
    step = move_between(report.state, target)
    if step is None:
        raise ValidationError(
            f"Une fiche « {State(report.state).label} » ne peut pas devenir "
            f"« {State(target).label} »."
        )
    return step


def _check_said(report, step, said):
    _check_requirements(report, step, said)
    if check := CHECKS.get(step.target):
        check(report, **said)


def _said_of(step, said):
    """The move, for the journal; a combination names the other report."""
    original = said.get("original") if step.target == State.DUPLICATE else None
    return f"{step.label} : {original.reference}" if original else step.label


def _told_by(step, report, said):
    """The unit that a move speaks to, for the journal, or nobody."""
    units = {State.DIRECTED: said.get("unit"), State.FED_BACK: report.contributor}
    told = units.get(step.target)
    informed = [unit for unit in said.get("informed", ()) if unit != told]
    for_information = f" ; pour information : {listed(informed)}" if informed else ""
    return f"{told}{for_information}" if told else ""


def _check_requirements(report, step, said):
    faults = {}
    for requirement in step.requires:
        if requirement == Requirement.BOTH_GRADES:
            if not report.is_graded:
                faults["source_grade"] = requirement.label
        elif not said.get(SAID_WITH[requirement]):
            faults[SAID_WITH[requirement]] = requirement.label
    if faults:
        raise ValidationError(faults)


def overtaken(report):
    """What to raise, or to tell, when the report no longer stands where the member saw it."""
    last = Step.objects.of(report).order_by("-at", "-pk").select_related("by").first()
    # Who acted may be of a unit that handed the report over and asked to stay unnamed.
    who = f" par {last.by.get_full_name()}" if last and not report.hides_first_owner else ""
    return reports.Overtaken(
        f"Cette fiche est passée à « {report.get_state_display()} »{who} pendant que vous la "
        "lisiez. Rien n’a été modifié."
    )


def _no_effect(report, **said):
    return {}


def _check_original(report, *, original, **said):
    if original.pk == report.pk:
        raise ValidationError({"original": "Une fiche n’est pas le doublon d’elle-même."})
    if original.department_id != report.department_id or original.state == State.DRAFT:
        raise ValidationError(
            {"original": "L’original est une fiche transmise de votre département."}
        )
    if original.duplicate_of_id:
        raise ValidationError(
            {"original": "Cette fiche est elle-même un doublon : indiquez la première."}
        )
    if said_before := match_between(report, original):
        raise ValidationError({"original": already(said_before)})


def _attach_to_original(report, *, original, **said):
    report.duplicate_of = original
    return {"fact": facts.join(report, original)}


def _keep_match(step, *, original, because="", **said):
    """The move of triage and the match say one thing: neither stands without the other."""
    match = Match.objects.create(
        report=step.report,
        other=original,
        kind=Match.Kind.DUPLICATE,
        why=because or SAID_AT_TRIAGE,
        by=step.by,
        step=step,
    )
    announcing.matched(match, by=step.by)


SAID_AT_TRIAGE = "Dit au tri."


def match_between(report, other):
    """What is said of these two, whichever way; the member has been handed both."""
    of_both = Match.objects.live().about(report).about(other)
    return of_both.unguarded(because="the member has been handed both").first()


def already(match):
    return (
        f"Ces deux fiches sont déjà rapprochées (« {match.get_kind_display()} ») : annulez "
        "d’abord ce rapprochement."
    )


def _task_unit(report, *, by, unit, **said):
    if not access.audience_of(report).filter(pk=unit.pk).exists():
        raise ValidationError(
            {"unit": "Cette unité ne voit pas la fiche : choisissez l’une de ses destinataires."}
        )
    tasking = Tasking.objects.create(
        report=report,
        unit=unit,
        by=by,
        answer_by=_answer_day(said.get("answer_by")),
        instruction=said.get("instruction", ""),
    )
    _inform(tasking, said.get("informed", ()))
    return {"tasking": tasking.pk}


def _inform(tasking, units):
    """Units that read the report already are told that it is in somebody's hands."""
    told = {unit.pk for unit in units} - {tasking.unit_id}
    readers = access.audience_of(tasking.report).filter(pk__in=told)
    if len(readers) < len(told):
        raise ValidationError(
            {"informed": "Choisissez des unités qui lisent déjà la fiche : informer n’ouvre rien."}
        )
    Informed.objects.bulk_create(Informed(tasking=tasking, unit=unit) for unit in readers)


def _answer_day(chosen):
    if not chosen:
        return timezone.localdate() + timedelta(days=settings.ANSWER_DAYS)
    days.check_day("answer_by", chosen, most=LATEST_ANSWER_DAYS)
    return chosen


def _answer(report, *, by, step, **said):
    """The unit in charge answers its tasking; what the cell closes is no answer."""
    if step.right != Right.ANSWER:
        return {}
    tasking = Tasking.objects.latest_of(report).first()
    if tasking is None:
        return {}
    undo = {"answer": [tasking.pk, *answer_of(tasking)]}
    tasking.answer, tasking.outcome = step.target, said.get("why", "")
    tasking.answered_by, tasking.answered_at = by, timezone.now()
    if Requirement.OUTCOME in step.requires:
        _keep_outcomes(tasking, step.target, said)
    tasking.save()
    return undo


def answer_of(tasking):
    """What a tasking was answered, as a step keeps it to be put back."""
    at = tasking.answered_at and tasking.answered_at.isoformat()
    return tasking.answer, tasking.outcome, tasking.answered_by_id, at


def _keep_outcomes(tasking, target, said):
    """From the closed list; a number goes with the outcome that it counts."""
    allowed = OUTCOMES_OF[target]
    chosen = [outcome for outcome in TaskingOutcome if outcome in said["outcomes"]]
    if set(said["outcomes"]) - set(allowed):
        raise ValidationError({"outcomes": "Choisissez des résultats de la liste."})
    for figure in FIGURES:
        value = said.get(figure.name)
        if value is not None and figure.outcome not in chosen:
            words = f"Cochez « {figure.outcome.label} », ou effacez ce nombre."
            raise ValidationError({figure.name: words})
        if value is not None and not 0 < value <= figure.most:
            raise ValidationError(
                {figure.name: f"Écrivez un nombre de 1 à {number(figure.most)}."}
            )
        setattr(tasking, figure.name, value)
    tasking.outcomes = [outcome.value for outcome in chosen]


# What the unit in charge may have come to, by what it declares.
OUTCOMES_OF = {
    State.EXPLOITED: EXPLOITATIONS,
    State.NO_FURTHER_ACTION: WITHOUT_FURTHER_ACTION,
}


def _tell_contributor(report, *, by, feedback, **said):
    """Whoever brought the report hears of it, even after it was handed over."""
    told = Feedback.objects.create(
        report=report,
        unit=report.contributor,
        outcome=feedback,
        text=said.get("why", ""),
        by=by,
    )
    return {"feedback": told.pk}


NOT_TAKEN_BACK = (
    "Ce signalement malveillant a été effacé : la décision ne peut être ni annulée ni rouverte."
)


def _check_reopened(report, **said):
    if is_forgotten(report):
        raise ValidationError(NOT_TAKEN_BACK)


def is_forgotten(report):
    """Was what it said erased, as malicious? What it was is then not to be put back."""
    return Docket.objects.filter(report=report.pk).exclude(malice="").exists()


CHECKS: dict[State, Callable[..., None]] = {
    State.RECEIVED: _check_reopened,
    State.DUPLICATE: _check_original,
}

EFFECTS: dict[State, Callable[..., dict]] = {
    State.DUPLICATE: _attach_to_original,
    State.DIRECTED: _task_unit,
    State.ACKNOWLEDGED: _answer,
    State.DECLINED: _answer,
    State.EXPLOITED: _answer,
    State.NO_FURTHER_ACTION: _answer,
    State.FED_BACK: _tell_contributor,
}

VERBS = {
    State.DUPLICATE: "report.linked",
    State.DIRECTED: "report.tasked",
    State.ACKNOWLEDGED: "report.answered",
    State.DECLINED: "report.answered",
    State.EXPLOITED: "report.answered",
    State.FED_BACK: "report.fed_back",
}


def last_step(report):
    """The step that undoing would take back, or None."""
    return (
        Step.objects.of(report)
        .filter(undone_at=None)
        .select_related("by")
        .order_by("-at", "-pk")
        .first()
    )


def undoable(step):
    """The move of a step, if it can be taken back."""
    return move_between(step.origin, step.target)


def is_fresh(at):
    """Was it done so lately that the single key « u » takes it back without a question?"""
    return timezone.now() - at < timedelta(minutes=settings.UNDO_KEY_MINUTES)


@transaction.atomic
def undo(report, *, by, seen=None):
    """Take back the last move: the report stands where it stood, the step stays, struck out.

    `seen` is the key of the step that the member meant; when another came after it, nothing is
    undone.
    """
    if Match.objects.filter(step__report=report, undone_at=None).exists():
        facts.hold(report)
    current = holding.lock(report)
    step = last_step(current)
    if seen and (step is None or str(step.key) != str(seen)):
        raise overtaken(current)
    if step is None or step.target != current.state:
        raise ValidationError("Il n’y a aucune étape à annuler.")
    if not access.may_make(by, current, undoable(step)):
        raise PermissionDenied
    if step.target == State.OUT_OF_SCOPE and is_forgotten(current):
        raise ValidationError(NOT_TAKEN_BACK)
    for what, value in step.undo.items():
        PUT_BACK[what](current, value)
    current.state = step.origin
    current.version += 1
    current.save(update_fields=["state", "version", "duplicate_of", "fact"])
    step.undone_by, step.undone_at = by, timezone.now()
    step.save(update_fields=["undone_by", "undone_at"])
    said = Match.objects.filter(step=step).unguarded(because="it is what is taken back")
    said.update(undone_by=by, undone_at=step.undone_at)
    gate.forget()
    announcing.undone(step)
    journal.record(by, "report.move_undone", current, why=State(step.target).label)
    return current


def _put_back_fact(report, undo):
    facts.part(report, report.duplicate_of_id, undo)
    report.duplicate_of = None


def _withdraw_tasking(report, pk):
    Tasking.objects.of(report).filter(pk=pk).delete()


def _put_back_answer(report, former):
    """Outcomes come with the last answer alone: whatever is put back has none."""
    pk, *values = former
    names = ("answer", "outcome", "answered_by", "answered_at")
    told: dict[str, Any] = dict(zip(names, values, strict=True))
    told |= {"outcomes": [], **dict.fromkeys((figure.name for figure in FIGURES), None)}
    Tasking.objects.of(report).filter(pk=pk).update(**told)


def _withdraw_feedback(report, pk):
    Feedback.objects.of(report).filter(pk=pk).delete()


PUT_BACK = {
    "fact": _put_back_fact,
    "tasking": _withdraw_tasking,
    "answer": _put_back_answer,
    "feedback": _withdraw_feedback,
}


def _erase(report, *, by, why):
    duplicates = Report.objects.filter(duplicate_of=report).unguarded(
        because="a report that others name cannot go before them"
    )
    if duplicates.exists():
        # Not which: a duplicate may be hidden from whoever asks.
        raise ValidationError(
            "Cette fiche ne peut pas être effacée aujourd’hui : adressez-vous à l’animateur."
        )
    erasing.erase(report, by=by, rule=erasing.DECIDED, why=why)

"""One item of the queue: what its sheet shows, and what may be decided about it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from cross.ui.templatetags.words import listed
from intel import access
from intel.forms.triage import NothingForm, form_of, grade_form
from intel.models import Identifier, Report, Step
from intel.reading import proposals
from intel.reading.nearby import nearby
from intel.reading.sheet import attachments_of, identifiers_of
from intel.reading.silence import silence_of
from intel.reading.triage import aside_until, docket_of, holder_of
from intel.states import GRADE_KEY, MOVES, WAITING, State, moves_from
from services.roles import Right, may

GRADE = "cotation"
MAIN = {State.SORTED, State.GRADED, State.DIRECTED}
RIGHTS = (Right.TRIAGE, Right.DIRECT)


def openable(member):
    """The gate's rows for the item: whatever the cell works on, with what its sheet shows."""
    return access.gradable_reports(member).select_related(
        "commune__epci", "neighbourhood__commune", "owner__service", "author", "comment_by",
        "department", "tip", "duplicate_of",
        "docket__opened_by", "docket__assigned_to", "docket__aside_by",
    ).defer(
        "department__outline", "commune__outline", "neighbourhood__outline",
        "neighbourhood__commune__outline",
    )  # fmt: skip


@dataclass
class Decision:
    """One button of the bar: what it makes of the report, its key, and what it asks for."""

    target: str
    label: str
    key: str
    form: object
    url: str
    is_main: bool
    is_open: bool = False

    @property
    def needs_form(self):
        return not isinstance(self.form, NothingForm)


@dataclass(frozen=True)
class Sheet:
    report: Report
    decisions: list
    identifiers: list
    attachments: list
    nearby: list
    contacts: list
    steps: list
    source_code: str
    silent: dict  # key: why it decides nothing here
    docket: object  # what the cell noted about it, or None
    holder: object  # who else has it open, or None
    aside_until: object  # the day on which it comes back, or None
    is_waiting: bool
    may_forget: bool  # may it be said to be malicious?
    original: str  # what came by the portal, when the facts say it otherwise


def sheet_of(member, report, *, sent=None):
    """What the right side shows. `sent` is a (target, form) that was refused: drawn open."""
    identifiers = identifiers_of(report)
    near = nearby(report, member, identifiers)
    silence = silence_of(report, member)
    silence.over_author(report)
    steps = Step.objects.of(report).select_related("by").order_by("-at", "-pk")
    decisions, docket = _decisions(member, report, near, sent), docket_of(report)
    return Sheet(
        report=report,
        decisions=decisions,
        silent=_silent_keys(report, {decision.key for decision in decisions}),
        identifiers=identifiers,
        attachments=attachments_of(report, member),
        nearby=near,
        contacts=proposals.contacts_in(report.facts, report.origin, today=timezone.localdate()),
        steps=silence.over_steps(list(steps[:6])),
        # A code of a source is read by its own unit alone.
        source_code=report.source_code if access.reads_source(member, report) else "",
        docket=docket,
        holder=holder_of(report, member),
        aside_until=aside_until(docket),
        is_waiting=report.state in WAITING,
        may_forget=access.is_forgettable(report),
        original=_original_of(report),
    )


def _original_of(report):
    """Opened here: a condition of a template would take a seal that refuses for a « no »."""
    raw = report.tip.raw_text if hasattr(report, "tip") else ""
    return raw if raw != report.facts else ""


def _decisions(member, report, near, sent):
    moves = [
        move
        for move in moves_from(report.state)
        if move.right in RIGHTS and may(move.right)(member)
    ]
    made = [
        Decision(
            target=str(move.target),
            label=move.label,
            key=move.key,
            form=_form(member, report, move, near),
            url=_url_of(report, move.target),
            is_main=move.target in MAIN,
        )
        for move in moves
        if move.target != State.ERASED
    ]
    if moves and not any(move.target == State.GRADED for move in moves):
        label = "Revoir la cotation" if report.is_graded else "Coter"
        made.append(
            Decision(
                GRADE, label, GRADE_KEY, grade_form(report), _url_of(report, GRADE), is_main=False
            )
        )
    if sent:
        for decision in made:
            if decision.target == sent[0]:
                decision.form, decision.is_open = sent[1], True
    return made


def _silent_keys(report, live):
    """Why each key of the queue that is not among `live` decides nothing about this report."""
    origins: dict[str, list] = {}
    for move in MOVES:
        if move.key and move.key not in live:
            origins.setdefault(move.key, []).append(move)
    return {key: _why_silent(report, moves) for key, moves in origins.items()}


def _why_silent(report, moves):
    label, states = moves[0].label, list(dict.fromkeys(move.origin for move in moves))
    if report.state in states:
        return f"« {label} » : votre rôle ne le permet pas."
    possible = listed([f"« {state.label} »" for state in states], "ou")
    return (
        f"« {label} » ne s’applique pas à une fiche « {report.get_state_display()} », "
        f"seulement à une fiche {possible}."
    )


def _url_of(report, target):
    grades = target in {State.GRADED, GRADE}
    return reverse("triage_grade" if grades else "triage_decide", args=[report.reference])


def decision_form(member, report, target, data):
    """The form of the decision that was sent, bound; None when this state has no such move."""
    move = next((move for move in moves_from(report.state) if move.target == target), None)
    if move is None:
        return NothingForm(data)
    near = nearby(report, member, list(Identifier.objects.of(report)))
    return _form(member, report, move, near, data)


def _form(member, report, move, near, data=None):
    return form_of(
        move,
        report,
        near=near,
        find=lambda typed: _found(member, report, typed),
        units=lambda: access.audience_of(report),
        data=data,
    )


def _found(member, report, reference):
    """The original is of the report's own department: elsewhere, it is as good as absent."""
    readable = access.readable_reports(member).filter(department=report.department_id)
    return readable.filter(reference=reference).first()

"""The sheet of one report: what it shows to this member, and what he may do with it."""

import re
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone

from cross.ui.templatetags.words import day
from intel import access, independence, states
from intel.access import Why
from intel.actions import life
from intel.extraction.identifiers import show
from intel.models import Feedback, Identifier, Match, RestrictionChange
from intel.reading import (
    amounts,
    audience,
    evidence,
    history,
    openings,
    place_maps,
    places,
    surroundings,
    taskings,
)
from intel.reading import referrals as courts
from intel.reading.list import COLUMNS
from intel.reading.matching import BONDS
from intel.reading.nearby import is_frequent
from intel.reading.silence import silence_of, unit_alone
from intel.states import GRADE_KEY, NOT_COUNTED, Requirement, State
from services.models import Zone

RECENT_EVENTS = 6


def rows(member):
    """Readable reports with what the sheet shows and what `member` may do, in one query."""
    reports = access.with_links(access.readable_reports(member, for_page=True))
    return access.with_abilities(reports, member).annotate(
        why=access.reason(member),
        has_openings=openings.ARE_THERE,
        amounts_told=amounts.TOLD,
        brought_by=independence.BROUGHT_BY,
        has_places=places.ARE_CITED,
        has_referrals=courts.ARE_THERE,
        may_refer=Exists(access.referable_reports(member).filter(pk=OuterRef("pk"))),
        was_restricted=Exists(RestrictionChange.objects.filter(report=OuterRef("pk"))),
        **surroundings.told_of(member),
        **evidence.told_of(member),
        may_say_result=Exists(access.reports_with_results(member).filter(pk=OuterRef("pk"))),
    ).select_related(
        "department", "first_owner", "owner__service", "author__unit", "comment_by__unit",
        "neighbourhood", "restriction__by", "tip",
        "commune__department", "commune__epci", "commune__arrondissement", "commune__court",
    ).defer(
        "search", "department__outline", "commune__outline", "commune__department__outline",
        "neighbourhood__outline",
    )  # fmt: skip


@dataclass(frozen=True)
class Button:
    """A move that this member may make."""

    move: states.Move
    label: str
    kind: str
    address: str  # of the page that asks; "" when the move is made at once


@dataclass(frozen=True)
class Sheet:
    buttons: list
    offers_grading: bool
    grade_key: str
    undo: object  # the step that this member may take back, or None
    undo_question: str  # asked before an older step, or that of somebody else, is taken back
    just_moved: bool  # he has just made it himself
    answered: bool  # and it was the answer of his unit, in charge
    next_tasking: object  # the one that waits next for that unit, or None
    asked_of_us: object  # the tasking that waits for his unit, or None
    identifiers: list
    amounts: list
    places: list  # reading.places.Line
    places_map: str
    attachments: list
    taskings: list
    referrals: list
    feedbacks: list
    related: list
    origins: int  # of the fact, that are independent, among what the member reads
    gradings: list
    readers: list
    why_readable: str
    silence_kept: object  # as a line of the history, for the unit that keeps it alone, or None
    events: list
    older_events: list
    source_code: str
    tip: object  # portal and reference for all; text and contact for the cell
    tip_text: str
    tip_contact: str
    purge_note: str
    zone: str
    handling_words: str
    source_words: str
    information_words: str
    was_changed: bool  # has a text a former version?
    shows_comment: bool
    around: surroundings.Surroundings
    review_is_due: bool
    release_asked: object  # the request that waits for a second person of its unit, or None
    silent_mode: object  # the silence that its unit keeps about it, for that unit alone, or None
    openings: openings.Openings
    may_open: bool  # to a guest, to another department
    results: list  # reading.evidence.OnSheet

    @property
    def said(self):
        """Those of the same fact that the cell linked to this one itself."""
        return [other for other in self.related if other.said]

    @property
    def elsewhere(self):
        """How many of its identifiers other reports cite, among those that the member lists."""
        return sum(identifier.is_elsewhere for identifier in self.identifiers)


def sheet_of(report, member):
    """The sheet of a row of `rows(member)`, as this member may read it."""
    sheet = _gathered(report, member)
    return sheet if report.may_follow else _from_outside(sheet, report, member)


def _from_outside(sheet, report, member):
    """The texts of the report, and nothing of what is done about it nor by whom it is read.

    What the cell and other readers wrote goes to a guest, who may complete it, but never to
    another department: its owner shared a report, not their words.
    """
    crosses = report.why == Why.SHARED
    around = replace(sheet.around, handovers=[], first_owner="")
    if report.department_id != member.unit.department_id:
        unit_alone([report], who=("author", "comment_by"))
        for added in (sheet.identifiers, sheet.amounts, sheet.attachments, around.complements):
            unit_alone(added)
    return replace(
        sheet,
        taskings=[],
        referrals=[],
        feedbacks=[],
        readers=[],
        silence_kept=None,
        events=[],
        older_events=[],
        was_changed=False,
        gradings=[],
        tip=None,
        shows_comment=not crosses,
        around=replace(around, complements=[]) if crosses else around,
    )


def _gathered(report, member):
    """Everything that a sheet may show; as many queries whatever it holds."""
    steps = history.steps_of(report)
    buttons = buttons_of(report)
    step = next((step for step in steps if step.undone_at is None), None)
    undo = step if step and _may_undo(report, step) else None
    just_moved = bool(undo and undo.by_id == member.pk and life.is_fresh(undo.at))
    answered = just_moved and states.answers(undo.origin, undo.target)
    given = taskings.taskings_of(report)
    # From here on, whoever is not to be named has no name.
    silence = silence_of(report, member)
    silence.over_author(report)
    silence.over_steps(steps)
    around = surroundings.around(report, member, silence)
    narrowings = []
    if report.was_restricted:
        narrowings = history.narrowings_of(report, member, silence)
    silent_mode = _silent_mode(report, member)
    if silent_mode:
        silence.over([silent_mode])
    events = history.events_of(
        report, member, steps, silence=silence, handovers=around.handovers, narrowings=narrowings
    )
    related = related_to(report, member)
    cited = places.cited_by(report, member) if report.has_places else []
    tip = getattr(report, "tip", None)
    restriction = getattr(report, "restriction", None)
    reads_tip = tip is not None and report.may_triage
    return Sheet(
        buttons=buttons,
        offers_grading=any(button.label == "Coter" for button in buttons),
        grade_key=_grade_key(buttons),
        undo=undo,
        undo_question=_undo_question(undo),
        just_moved=just_moved,
        answered=answered,
        next_tasking=taskings.next_of(member, report) if answered else None,
        asked_of_us=_asked_of_us(given, report, member),
        identifiers=silence.over(identifiers_of(report, read_by=member)),
        amounts=silence.over(amounts.confirmed(report.amounts_told)),
        places=cited,
        places_map=place_maps.of_cited(cited, report.department),
        attachments=silence.over(attachments_of(report, member)),
        taskings=given,
        referrals=courts.referrals_of(report) if report.has_referrals else [],
        feedbacks=silence.over_feedbacks(
            list(
                Feedback.objects.of(report)
                .select_related("unit", "by__unit")
                .order_by("-at", "-pk")
            )
        ),
        related=related,
        origins=independence.how_many([report, *related]),
        gradings=history.gradings_of(report, events),
        readers=list(access.audience_of(report)),
        why_readable=audience.why_sentence(report, member),
        silence_kept=history.silence_kept(silent_mode) if silent_mode else None,
        events=events[:RECENT_EVENTS],
        older_events=events[RECENT_EVENTS:],
        source_code=report.source_code if access.reads_source(member, report) else "",
        around=around,
        tip=tip,
        tip_text=tip.raw_text if reads_tip else "",
        purge_note=f"Effacées le {day(tip.purge_on)}. La cellule seule les lit." if tip else "",
        zone=Zone(report.commune.zone).label,
        handling_words=_said(report.get_handling_display()),
        source_words=_said(report.get_source_grade_display()),
        information_words=_said(report.get_information_grade_display()),
        was_changed=any(change.before for event in events for change in event.changes),
        shows_comment=True,
        review_is_due=restriction is not None and restriction.review_on <= timezone.localdate(),
        release_asked=_release_asked(report, member),
        silent_mode=silent_mode,
        openings=openings.openings_of(report, member),
        may_open=report.may_write and report.state != State.DRAFT,
        results=evidence.on_sheet(report),
        tip_contact=tip.contact if reads_tip and tip.purge_on > timezone.localdate() else "",
    )


def _said(label):
    """« H0 : exploitable par… » without its code."""
    return re.split(r"\s:\s", label, maxsplit=1)[-1]


def may(report, right):
    """May the member for whom `report` was read make moves of this right on it?"""
    return getattr(report, f"may_{right.value}")


def _undo_question(step):
    if step is None:
        return ""
    made, former = step.get_target_display(), step.get_origin_display()
    return (
        f"Annuler l’étape «\u00a0{made}\u00a0» du {day(step.at)}\u00a0? "
        f"La fiche redevient «\u00a0{former}\u00a0»."
    )


def _may_undo(report, step):
    move = life.undoable(step)
    return move is not None and step.target == report.state and may(report, move.right)


# Moves that put a report aside come last and are drawn quietly.
QUIET = frozenset(
    {State.OUT_OF_SCOPE, State.NO_FURTHER_ACTION, State.DECLINED, State.ARCHIVED, State.ERASED}
)


def buttons_of(report):
    """The moves open from the present state, the expected one first."""
    moves = [move for move in states.moves_from(report.state) if may(report, move.right)]
    moves.sort(key=lambda move: move.target in QUIET)
    return [_button(report, move, rank) for rank, move in enumerate(moves)]


def _button(report, move, rank):
    kind = "tertiary" if move.target in QUIET else "secondary" if rank else "primary"
    if lacks_grades(report, move):
        return Button(move, "Coter", kind, reverse("grade_report", args=[report.reference]))
    address = ""
    if asked_by(move):
        address = f"{reverse('move_report', args=[report.reference])}?vers={move.target}"
    return Button(move, move.label, kind, address)


def _grade_key(buttons):
    """That of « Coter » where it stands beside the moves: one of them may have it already."""
    return "" if any(button.move.key == GRADE_KEY for button in buttons) else GRADE_KEY


def asked_by(move):
    """What must be said to make this move; grades are given on their own page."""
    return move.requires - {Requirement.BOTH_GRADES}


def lacks_grades(report, move):
    return Requirement.BOTH_GRADES in move.requires and not report.is_graded


def identifiers_of(report, *, read_by=None):
    """Confirmed identifiers, each with `shown`: the value as people read it; for `read_by`, with
    `is_elsewhere` too: does another report that he lists cite it, as the search for links finds?
    """
    rows = Identifier.objects.of(report).select_related("by__unit").order_by("kind", "value")
    identifiers = list(
        rows.annotate(is_elsewhere=_elsewhere(report, read_by)) if read_by else rows
    )
    for identifier in identifiers:
        identifier.shown = show(identifier.kind, identifier.value)
    return identifiers


def _elsewhere(report, member):
    others = access.listed_reports(member, for_page=True).filter(department=report.department_id)
    others = others.exclude(pk=report.pk).exclude(state__in=NOT_COUNTED)
    cited = Identifier.objects.of_all(others).filter(
        kind=OuterRef("kind"), value=OuterRef("value")
    )
    return Exists(cited) & ~is_frequent(Value(report.department_id))


def attachments_of(report, member):
    """The files of a report that this member opens."""
    files = access.readable_attachments(member).filter(report=report)
    return list(files.select_related("by__unit").order_by("pk"))


def related_to(report, member):
    """Reports of the same fact that this member may read too, each with its `bond`.

    Both sides of what was said of the two are read here: `said` is what the cell said, or nothing.
    """
    readable = (
        access.readable_reports(member)
        .select_related("commune", "owner")
        .only(*COLUMNS, "duplicate_of", "fact")
        .with_opening()
        .annotate(said=_said_of(report), brought_by=independence.BROUGHT_BY)
        .order_by("received_at", "pk")
    )
    related = access.told_with(report, readable)
    for other in related:
        other.bond = _bond(report, other)
    return related


def _said_of(report):
    """What the cell said of `report` and a row: its kind, why, and from which of the two."""
    either = Q(report=report.pk, other=OuterRef("pk")) | Q(report=OuterRef("pk"), other=report.pk)
    said = Match.objects.live().filter(either)
    return Subquery(said.values(told=JSONObject(kind="kind", why="why", start="report"))[:1])


def _bond(report, other):
    if other.said:
        return BONDS[other.said["kind"]][0 if other.said["start"] == report.pk else 1]
    if other.duplicate_of_id == report.pk:
        return BONDS[Match.Kind.DUPLICATE][1]
    if report.duplicate_of_id == other.pk:
        return BONDS[Match.Kind.DUPLICATE][0]
    return "Même fait"


def _asked_of_us(given, report, member):
    """What his unit is to answer, where he may answer for it."""
    if not report.may_answer:
        return None
    live = [each for each in given if each.is_live and each.unit_id == member.unit_id]
    return live[0] if live else None


def _silent_mode(report, member):
    """For its own unit alone: anybody else would learn what it is there to hide."""
    if not (report.is_restricted and report.may_write):
        return None
    kept = access.own_silences(member).filter(report=report.pk)
    return kept.select_related("by__unit").first()


def _release_asked(report, member):
    """For its own unit alone."""
    is_told = report.is_restricted and report.may_write
    return audience.release_asked(report, member) if is_told else None

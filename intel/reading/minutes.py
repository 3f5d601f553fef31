"""The minutes as they are read and printed; changes nothing."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone

from cross.printing.content import Document, Section, Table, TableColumn
from cross.printing.words import read_words
from cross.ui.templatetags.words import day, moment
from intel import access
from intel.actions import meetings as actions
from intel.reading import meetings as reading
from protocols import cadence
from protocols.access import writes_strategy
from protocols.meeting_states import MeetingState

DEMONSTRATION = "Données fictives"
NOTHING = "Aucune décision n’a été inscrite au compte rendu."
NO_REPORT = (
    "Les renseignements orientés en séance ne figurent pas au compte rendu : leurs unités les "
    "suivent dans l’application."
)


@dataclass(frozen=True)
class Minutes:
    """What was signed, or what would be; `digest` names this very text."""

    text: dict
    digest: str
    is_frozen: bool

    @property
    def items(self):
        return self.text["items"]

    @property
    def lines(self):
        """Each item with its decisions, their days as days."""
        return [
            item
            | {
                "decisions": [
                    each | {"due_on": each["due_on"] and date.fromisoformat(each["due_on"])}
                    for each in item["decisions"]
                ]
            }
            for item in self.text["items"]
        ]


def minutes_of(meeting):
    text = meeting.minutes or actions.minutes_of(meeting)
    return Minutes(text, actions.digest_of(text), meeting.minutes is not None)


def minutes_document(meeting, copy):
    """On paper, word for word what was signed; before that, a project."""
    minutes = minutes_of(meeting)
    text, department = minutes.text, meeting.protocol.department
    signatures = signatures_of(meeting)
    return Document(
        title="Compte rendu de réunion",
        reference=f"{meeting} ({department.code})",
        issuer=f"CROSS {department.of_name}",
        subject=text["protocol"],
        scope=f"{department.name} ({department.code})",
        state="" if meeting.state == MeetingState.SIGNED else "Projet, à signer",
        notice=DEMONSTRATION if settings.DEMONSTRATION else "",
        copy=copy,
        about=(
            ("Tenue le", day(meeting.held_on)),
            ("Heure", text["starts_at"]),
            ("Lieu", text["place"]),
            ("Présidence", text["chair"] or "La cellule"),
            ("Empreinte du texte", minutes.digest),
        ),
        sections=tuple(_sections(minutes, signatures)),
    )


def _sections(minutes, signatures):
    text = minutes.text
    columns = (TableColumn("Unité"), TableColumn("Présence"))
    rows = tuple((unit, said or "Non notée") for unit, said in text["attendance"])
    yield Section("Présences", (Table("Unités convoquées", columns, rows),))
    points = tuple(
        (f"{rank}. {item['title']}", item["rapporteur"] or "La cellule")
        for rank, item in enumerate(text["items"], start=1)
    )
    columns = (TableColumn("Point"), TableColumn("Présenté par"))
    yield Section("Ordre du jour", (Table("Points traités", columns, points),))
    decided = tuple(
        (str(rank), each["text"], each["unit"], day(each["due_on"] or None))
        for rank, item in enumerate(minutes.lines, start=1)
        for each in item["decisions"]
    )
    columns = tuple(map(TableColumn, ("Point", "Décision", "Unité chargée", "Échéance")))
    body = (Table("Décisions prises", columns, decided),) if decided else read_words(NOTHING)
    yield Section("Décisions", (*body, *read_words(NO_REPORT)))
    if text["remarks"]:
        yield Section("Observations", read_words(text["remarks"]))
    if signatures:
        columns = tuple(map(TableColumn, ("Signé par", "Unité", "Le")))
        signed = tuple((s.by.get_full_name(), str(s.unit), moment(s.at)) for s in signatures)
        yield Section("Signatures", (Table("Deux personnes de deux services", columns, signed),))


def is_intact(meeting):
    """Is what was signed still what is kept?"""
    return meeting.minutes is None or actions.digest_of(meeting.minutes) == meeting.digest


def signatures_of(meeting):
    rows = meeting.signatures.select_related("by", "unit__service")
    return list(rows.order_by("at", "pk"))


def decisions_of(member, meeting):
    """(those about reports that this reader follows, those that name none), with what became of
    each, and whether he may say it or write it into the strategy."""
    decisions = reading.decisions_of(member, meeting)
    named = [decision for decision in decisions if decision.report_id]
    others = [decision for decision in decisions if not decision.report_id]
    writes = others and writes_strategy(member) and reading.axes_for(member, meeting).exists()
    for decision in others:
        decision.may_follow = access.follows_decision(member, decision, meeting)
        decision.may_act = writes and decision.unit_id and decision.action_id is None
    return named, others


@dataclass(frozen=True)
class Next:
    """What comes after: the meeting that is there already, or the day that is proposed."""

    meeting: Any = None
    day: date | None = None
    said: dict | None = None


def next_of(member, meeting):
    """For the cell that keeps them; None for anybody else."""
    if not access.keeps_meeting(member, meeting):
        return None
    following = (
        access.keepable_meetings(member)
        .filter(held_on__gt=meeting.held_on)
        .exclude(state=MeetingState.CANCELLED)
        .order_by("held_on")
        .first()
    )
    if following:
        return Next(meeting=following)
    after = max(meeting.held_on, timezone.localdate())
    return Next(
        day=cadence.next_meeting_after(meeting.protocol, after),
        said={
            "starts_at": f"{meeting.starts_at:%H:%M}",
            "lasts": meeting.lasts,
            "place": meeting.place,
            "chair": meeting.chair_id or "",
        },
    )

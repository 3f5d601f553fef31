"""Under which rule: the protocol of a department, its seats, and the strategy decided there."""

from protocols.models.action import Action, ActionMove, QuarterLine
from protocols.models.annex import ProtocolAnnex
from protocols.models.meeting import (
    Attendance,
    Meeting,
    MeetingLetter,
    MeetingStep,
    MinutesSignature,
)
from protocols.models.outcome import Outcome
from protocols.models.outside_total import Nomenclature, OutsideTotal
from protocols.models.protocol import (
    HAND_IN,
    READ_REPORTS,
    READ_SUMMARIES,
    Amendment,
    Protocol,
    ProtocolStep,
    Rhythm,
    Signature,
)
from protocols.models.reminder import RenewalReminder
from protocols.models.seat import Participation
from protocols.models.strategy import Axis, Strategy, StrategyStep

__all__ = [
    "HAND_IN",
    "READ_REPORTS",
    "READ_SUMMARIES",
    "Action",
    "ActionMove",
    "Amendment",
    "Attendance",
    "Axis",
    "Meeting",
    "MeetingLetter",
    "MeetingStep",
    "MinutesSignature",
    "Nomenclature",
    "Outcome",
    "OutsideTotal",
    "Participation",
    "Protocol",
    "ProtocolAnnex",
    "ProtocolStep",
    "QuarterLine",
    "RenewalReminder",
    "Rhythm",
    "Signature",
    "Strategy",
    "StrategyStep",
]

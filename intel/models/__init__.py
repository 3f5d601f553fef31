"""What we know."""

from intel.models.agenda import AgendaItem, ItemGuest, ItemReport, MeetingDecision
from intel.models.amount import Amount
from intel.models.antenna import AntennaLine, AntennaNote
from intel.models.asking import (
    AccessRequest,
    Correction,
    HandlingAccord,
    Handover,
    ReleaseRequest,
)
from intel.models.copies import CopyEnd, PrintRun
from intel.models.deconfliction import (
    CheckedTarget,
    DeconflictionCheck,
    DeconflictionHit,
    OutsideCheck,
    PlannedEvent,
    SilentMode,
)
from intel.models.docket import Docket
from intel.models.draft import DiscardedReport, Draft, DraftFile
from intel.models.edition import Edition, EditionStep, PrintedCopy
from intel.models.evidence import FindingReference, PlaceReference, ReportReference
from intel.models.followup import Informed, Referral, Reminder
from intel.models.grants import ReportGroupGrant, ReportMemberGrant
from intel.models.hanging import Attachment, Complement, Identifier, Mention
from intel.models.indicators import IndicatorSheet
from intel.models.keeping import LegalHold, Tombstone
from intel.models.life import Feedback, Revision, Step, Tasking
from intel.models.matching import FrequentValue, Match
from intel.models.notification import (
    Following,
    Letter,
    NoticeChoice,
    Notification,
    Visit,
)
from intel.models.place import Place, PlaceObservation, PlaceOperation
from intel.models.report import Audience, Fact, ReferenceCounter, Report
from intel.models.reserved import Annex, AnnexGroupGrant, RawText, SharedText
from intel.models.restriction import REVIEW_SOON, Openness, Restriction, RestrictionChange
from intel.models.saved_search import AlertedReport, SavedSearch, SearchAlert
from intel.models.sharing import DistributionList, ReportShare
from intel.models.summary import Maturity, Summary, SummaryAudience, TerritoryScore
from intel.models.tip import ColumnMapping, ImportFault, Tip, TipImport
from intel.models.unit_work import Task, WorkingNote

__all__ = [
    "REVIEW_SOON",
    "AccessRequest",
    "AgendaItem",
    "AlertedReport",
    "Amount",
    "Annex",
    "AnnexGroupGrant",
    "AntennaLine",
    "AntennaNote",
    "Attachment",
    "Audience",
    "CheckedTarget",
    "ColumnMapping",
    "Complement",
    "CopyEnd",
    "Correction",
    "DeconflictionCheck",
    "DeconflictionHit",
    "DiscardedReport",
    "DistributionList",
    "Docket",
    "Draft",
    "DraftFile",
    "Edition",
    "EditionStep",
    "Fact",
    "Feedback",
    "FindingReference",
    "Following",
    "FrequentValue",
    "HandlingAccord",
    "Handover",
    "Identifier",
    "ImportFault",
    "IndicatorSheet",
    "Informed",
    "ItemGuest",
    "ItemReport",
    "LegalHold",
    "Letter",
    "Match",
    "Maturity",
    "MeetingDecision",
    "Mention",
    "NoticeChoice",
    "Notification",
    "Openness",
    "OutsideCheck",
    "Place",
    "PlaceObservation",
    "PlaceOperation",
    "PlaceReference",
    "PlannedEvent",
    "PrintRun",
    "PrintedCopy",
    "RawText",
    "ReferenceCounter",
    "Referral",
    "ReleaseRequest",
    "Reminder",
    "Report",
    "ReportGroupGrant",
    "ReportMemberGrant",
    "ReportReference",
    "ReportShare",
    "Restriction",
    "RestrictionChange",
    "Revision",
    "SavedSearch",
    "SearchAlert",
    "SharedText",
    "SilentMode",
    "Step",
    "Summary",
    "SummaryAudience",
    "Task",
    "Tasking",
    "TerritoryScore",
    "Tip",
    "TipImport",
    "Tombstone",
    "Visit",
    "WorkingNote",
]

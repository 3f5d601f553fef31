"""What we know."""

from intel.models.draft import DraftFile
from intel.models.edition import Edition, PrintedCopy
from intel.models.grants import ReportGroupGrant, ReportMemberGrant
from intel.models.report import (
    Attachment,
    Audience,
    Draft,
    Fact,
    Feedback,
    Identifier,
    ReferenceCounter,
    Report,
    Restriction,
    Revision,
    Step,
    Tasking,
)
from intel.models.summary import Summary, SummaryAudience, TerritoryScore
from intel.models.tip import ColumnMapping, ImportFault, Tip, TipImport

__all__ = [
    "Attachment",
    "Audience",
    "ColumnMapping",
    "Draft",
    "DraftFile",
    "Edition",
    "Fact",
    "Feedback",
    "Identifier",
    "ImportFault",
    "PrintedCopy",
    "ReferenceCounter",
    "Report",
    "ReportGroupGrant",
    "ReportMemberGrant",
    "Restriction",
    "Revision",
    "Step",
    "Summary",
    "SummaryAudience",
    "Tasking",
    "TerritoryScore",
    "Tip",
    "TipImport",
]

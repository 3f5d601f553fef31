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
from intel.models.sharing import (
    AccessRequest,
    Annex,
    AnnexGroupGrant,
    Complement,
    DistributionList,
    HandlingAccord,
    Handover,
    Openness,
    RawText,
    ReleaseRequest,
    ReportShare,
    RestrictionChange,
)
from intel.models.summary import Summary, SummaryAudience, TerritoryScore
from intel.models.tip import ColumnMapping, ImportFault, Tip, TipImport

__all__ = [
    "AccessRequest",
    "Annex",
    "AnnexGroupGrant",
    "Attachment",
    "Audience",
    "ColumnMapping",
    "Complement",
    "DistributionList",
    "Draft",
    "DraftFile",
    "Edition",
    "Fact",
    "Feedback",
    "HandlingAccord",
    "Handover",
    "Identifier",
    "ImportFault",
    "Openness",
    "PrintedCopy",
    "RawText",
    "ReferenceCounter",
    "ReleaseRequest",
    "Report",
    "ReportGroupGrant",
    "ReportMemberGrant",
    "ReportShare",
    "Restriction",
    "RestrictionChange",
    "Revision",
    "Step",
    "Summary",
    "SummaryAudience",
    "Tasking",
    "TerritoryScore",
    "Tip",
    "TipImport",
]

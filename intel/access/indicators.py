"""Whose indicators a member reads: of his own cell, or drawn up once for who opens no report."""

from intel.access.figures import summary_departments
from intel.access.seats import standing
from intel.models import IndicatorSheet
from services.roles import Right, may


def indicator_department(member):
    """The department whose open reports this member reads like every permanent seat of it, and
    whose indicators he therefore reads: his own, or None."""
    own = member.unit.department
    reads = may(Right.READ_CELL_SUMMARIES)(member) and member.is_in_duty()
    return own if reads and own.pk in standing(member).departments else None


def readable_indicator_sheets(member):
    """Quarters drawn up once for his department, for who opens no report."""
    if not may(Right.READ_MASKED_SUMMARIES)(member):
        return IndicatorSheet.objects.none()
    own = member.unit.department_id
    return IndicatorSheet.objects.filter(
        department__in=[key for key in summary_departments(member) if key == own]
    )

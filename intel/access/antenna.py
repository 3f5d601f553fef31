"""What the cell may tell the antenna of the national office, and who prepares it.

What leaves the department is chosen among the reports that whoever prepares it reads, and narrower
still: never what its owner restricted, unless the owner is the one who sends it; never under H3;
under H2 with the accord of the owner alone.
"""

from django.db.models import Q

from intel.access.handling import leaves_unit_freely, stays_in_unit
from intel.access.rule import listed_reports
from intel.models import AntennaNote, Audience
from intel.models.choices import Handling
from intel.states import State
from services.roles import Right, may

# Nothing to tell of what has not left its unit, is not ours, or says again what another says.
NOT_TOLD = (State.DRAFT, State.OUT_OF_SCOPE, State.DUPLICATE, State.ERASED)

tells_antenna = may(Right.DIRECT)


def antenna_notes(member):
    """Those of his own unit, for whoever directs in it."""
    if not (tells_antenna(member) and member.is_in_duty()):
        return AntennaNote.objects.none()
    return AntennaNote.objects.filter(unit=member.unit_id)


def writable_antenna_notes(member):
    return antenna_notes(member).filter(number="")


def frozen_antenna_notes(member):
    return antenna_notes(member).exclude(number="")


def tellable_reports(member):
    """Those that may stand in a note of his own department, with or without an accord to ask."""
    own = Q(audience=Audience.PROTOCOL) | Q(owner=member.unit_id)
    return (
        listed_reports(member)
        .filter(own, department=member.unit.department_id)
        .exclude(state__in=NOT_TOLD)
        .exclude(handling=Handling.H3)
    )


def told_freely(member):
    """Those of them that leave at once."""
    return leaves_unit_freely(tellable_reports(member), member)


def told_with_accord(member):
    """Those of them that wait for the accord of their owner."""
    return stays_in_unit(tellable_reports(member), member)

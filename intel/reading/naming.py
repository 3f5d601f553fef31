"""Does a record name somebody, whom this member must say why he reads about?"""

from intel.models import Identifier, Tasking
from intel.models.choices import IdentifierKind

# A thing that is nobody's name or number by itself is not asked about: a parcel, a weapon.
OF_PERSONS = (
    IdentifierKind.NAME,
    IdentifierKind.ALIAS,
    IdentifierKind.PHONE,
    IdentifierKind.EMAIL,
    IdentifierKind.ACCOUNT,
    IdentifierKind.ADDRESS,
    IdentifierKind.BANK,
)


def names_somebody(report, member):
    """Not for one's own work: what one's unit wrote, what it was given, what the cell treats."""
    if report.owner_id == member.unit_id or member.unit.is_cell:
        return False
    if not Identifier.objects.of(report).filter(kind__in=OF_PERSONS).exists():
        return False
    return not Tasking.objects.of(report).live().filter(unit=member.unit_id).exists()

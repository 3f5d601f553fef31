"""Places: each is read by whoever reads a report that cites it, and by the unit that made it.

What a report says of one hangs on the report. Whatever is told of a place, its present state
first, is put together from the reports that its reader reads: two readers may be told two states.
"""

from django.db.models import Q

from intel.access.abilities import enrichable_reports
from intel.access.handling import leaves_unit_freely
from intel.access.rule import listed_reports, readable_reports
from intel.access.seats import standing
from intel.models import Place, PlaceObservation, PlaceOperation
from services.roles import Right, may


def readable_places(member):
    return _cited_or_ours(member, readable_reports(member))


def listed_places(member):
    """What lists, maps and exports rest on: the reports of our own lists."""
    return _cited_or_ours(member, listed_reports(member))


def leaving_places(member):
    """Those of them that may be printed or exported, given the codes of what cites them."""
    return _cited_or_ours(member, leaves_unit_freely(listed_reports(member), member))


def _cited_or_ours(member, reports):
    cited = PlaceObservation.objects.live().filter(report__in=reports)
    places = Place.objects.filter(Q(pk__in=cited.values("place")) | _ours(member))
    return places.answered()


def _ours(member):
    stands = standing(member)
    if stands.is_guest:
        return Q(pk__in=())
    return Q(
        unit=stands.unit,
        undone_at=None,
        department__in={*stands.departments, *stands.contributes_in},
    )


def observations(reports):
    """What `reports`, answered to somebody, say of places."""
    return PlaceObservation.objects.live().of_all(reports)


def readable_observations(member):
    return observations(readable_reports(member))


def removable_observations(member):
    """Taken back by whoever adds to the report; what came with another goes with it."""
    return observations(enrichable_reports(member)).filter(follows=None)


def citable_places(member, report):
    """Those that a report may cite: of its department, and read by who says so."""
    return readable_places(member).filter(department=report.department_id)


def own_places(member):
    """Those that our unit made, as long as it has not taken them back."""
    if not may(Right.WRITE)(member):
        return Place.objects.none().answered()
    return Place.objects.filter(_ours(member)).answered()


def editable_places(member):
    """Ours; and for the cell, whatever it reads in its department: it keeps the list."""
    if not may(Right.WRITE)(member):
        return Place.objects.none().answered()
    may_change = _ours(member)
    if may(Right.TRIAGE)(member):
        may_change |= Q(department=member.unit.department_id)
    return readable_places(member).filter(may_change)


def workable_places(member):
    """Where our unit says what it did, and what its reports know: where it contributes."""
    if not may(Right.WRITE)(member):
        return Place.objects.none().answered()
    return readable_places(member).filter(department__in=standing(member).contributes_in)


def readable_operations(member):
    """What units did at the places that a member reads; nothing for who reads from outside."""
    stands = standing(member)
    departments = {*stands.departments, *(each.department for each in stands.subjects)}
    if stands.is_guest:
        departments = set()
    done = PlaceOperation.objects.filter(undone_at=None, place__department__in=departments)
    return done.filter(place__in=listed_places(member)).answered()


def removable_operations(member):
    if not may(Right.WRITE)(member):
        return PlaceOperation.objects.none().answered()
    return readable_operations(member).filter(unit=member.unit_id)

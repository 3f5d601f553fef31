"""Around a commune, a place or a point: what is near, how near, and by which of its positions.

A report is where the places that it cites are; when none of them has a point, it is at the centre
of its commune, which says less. What a reader is not shown places nothing.
"""

import math
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.db.models.functions import Lower, Power
from django.db.models.lookups import LessThanOrEqual
from django.utils.functional import cached_property

from intel import access
from intel.reading.communes import label
from services.models import Commune, Department
from services.models.territory import Unaccented
from services.territory.names import folded
from services.territory.points import metres_of, read_degrees, show_degrees

CANDIDATES = 10
MOST_SPOTS = 5_000  # what is cited and sent to the planner as constants


@dataclass(frozen=True)
class Ground:
    """Where one looks from: whole metres in the projection `srid`, and the reach in metres."""

    name: str
    precision: str  # what the point is: « centre de la commune », « point du lieu »…
    x: int
    y: int
    srid: int
    reach: int = 0

    def metres_to(self, x, y):
        return math.hypot(x - self.x, y - self.y)


@dataclass(frozen=True)
class Position:
    """How far a report is, and what it is measured from."""

    metres: float
    place: str = ""  # the place that it cites; none when it is the centre of its commune

    @property
    def said(self):
        if self.metres < 1_000:
            return f"{round(self.metres, -1):.0f}\u00a0m"
        return f"{self.metres / 1000:.1f}\u00a0km".replace(".", ",")


def ground_of(text, member, *, find_communes):
    """What `text` names: a point in degrees, a place that `member` reads, or a commune.

    Raises `ValidationError`, with what to do, when it names none of them, or several.
    """
    try:
        degrees = read_degrees(text)
    except ValueError:
        degrees = None
    if degrees:
        return _point(degrees, member.unit.department.srid)
    communes = [each for each in find_communes(text) if each.centre_x is not None]
    exact = [
        each
        for each in communes
        if folded(text) in (each.sort_key, each.code.lower(), folded(label(each)))
    ]
    places = _places(text, member) if not exact else []
    if len(places) == 1:
        return _at_place(places[0], member)
    if places:
        names = ", ".join(f"« {each.name} ({each.commune.name}) »" for each in places)
        raise ValidationError(f"Plusieurs lieux portent ce nom\u00a0: {names}. Précisez lequel.")
    found = exact or communes
    if len(found) == 1 or exact:
        return _in_commune(found[0], member)
    if found:
        names = ", ".join(label(each) for each in found[:CANDIDATES])
        raise ValidationError(f"Plusieurs communes correspondent\u00a0: {names}. Précisez.")
    raise ValidationError(
        f"Ni commune, ni lieu que vous lisez ne s’appelle « {text} »\u00a0: choisissez une "
        "commune dans la liste, écrivez le nom d’un lieu, ou des coordonnées comme "
        "48,1744\u00a0; 6,4503."
    )


def _point(degrees, srid):
    try:
        x, y = metres_of(*degrees, srid)
    except ValueError:
        raise ValidationError(
            "Vérifiez ces coordonnées\u00a0: latitude, puis longitude."
        ) from None
    return Ground(show_degrees(x, y, srid), "point donné", x, y, srid)


def _places(text, member):
    """Those of that name, alone or with its commune in brackets, or else that hold these words."""
    named = access.listed_places(member).select_related("commune")
    named = named.defer("commune__outline").annotate(plain=Lower(Unaccented("name")))
    said = folded(text)
    name, _, commune = said.removesuffix(")").rpartition(" (")
    whole = Q(plain=said) | Q(plain=name, commune__sort_key=commune)
    named = named.order_by("commune__sort_key", "pk")
    return list(
        named.filter(whole)[:CANDIDATES] or named.filter(plain__contains=said)[:CANDIDATES]
    )


def _at_place(place, member):
    name = f"{place.name} ({place.commune.name})"
    if place.has_point:
        return Ground(name, "point du lieu", place.x, place.y, _srid(place, member))
    centre = _in_commune(place.commune, member)
    return replace(centre, name=name, precision="lieu sans point\u00a0: centre de sa commune")


def _in_commune(commune, member):
    if commune.centre_x is None:
        raise ValidationError(
            f"Rien ne situe {label(commune)}\u00a0: écrivez des coordonnées, ou une autre commune."
        )
    x, y = commune.centre_x, commune.centre_y
    return Ground(commune.name, "centre de la commune", x, y, _srid(commune, member))


def _srid(row, member):
    """That of its department, which is nearly always the member's own."""
    own = member.unit.department
    return own.srid if row.department_id == own.pk else row.department.srid


@dataclass(frozen=True)
class Circle:
    """What is within the reach of a ground, for one member."""

    ground: Ground
    member: object
    departments: tuple

    @cached_property
    def communes(self):
        """Keys of those whose centre is in it, where metres are the same."""
        there = Commune.objects.filter(
            department__in=Department.objects.filter(
                pk__in=self.departments, srid=self.ground.srid
            ).values("pk")
        )
        return list(
            there.filter(self._reaches("centre_x", "centre_y")).values_list("pk", flat=True)
        )

    def _reaches(self, x, y):
        """Within the square, which is quick to tell, then within the circle."""
        ground = self.ground
        square = Q(
            **{
                f"{x}__range": (ground.x - ground.reach, ground.x + ground.reach),
                f"{y}__range": (ground.y - ground.reach, ground.y + ground.reach),
            }
        )
        from_centre = Power(F(x) - ground.x, 2.0) + Power(F(y) - ground.y, 2.0)
        return square & Q(LessThanOrEqual(from_centre, float(ground.reach) ** 2))

    @cached_property
    def spots(self):
        """(report, place, x, y) of what readable reports cite, within reach or in its communes;
        one more than `MOST_SPOTS` when there are too many to be told apart.
        """
        reports = access.listed_reports(self.member)
        said = access.observations(reports).filter(place__x__isnull=False)
        said = said.filter(place__department__srid=self.ground.srid)
        near = Q(self._reaches("place__x", "place__y")) | Q(report__commune__in=self.communes)
        cited = said.filter(near).values_list("report", "place__name", "place__x", "place__y")
        return list(cited[: MOST_SPOTS + 1])

    @property
    def is_too_wide(self):
        return len(self.spots) > MOST_SPOTS

    @cached_property
    def nearest(self):
        """{key of a report: the Position of the nearest place that it cites}."""
        found = {}
        for report, name, x, y in self.spots:
            position = Position(self.ground.metres_to(x, y), name)
            if report not in found or position.metres < found[report].metres:
                found[report] = position
        return found

    def condition(self):
        """On reports: of a place within reach, or of a commune within reach and of no place.

        What is cited is looked up first and comes as constants: beside a subquery, an OR would
        read the whole department.
        """
        reach = self.ground.reach
        inside = [pk for pk, position in self.nearest.items() if position.metres <= reach]
        if not self.communes:
            return Q(pk__in=inside)
        elsewhere = [pk for pk, position in self.nearest.items() if position.metres > reach]
        return Q(pk__in=inside) | (Q(commune__in=self.communes) & ~Q(pk__in=elsewhere))

    def position_of(self, row):
        """Of a row of the list that fits."""
        commune = row.commune
        if row.pk in self.nearest:
            return self.nearest[row.pk]
        return Position(self.ground.metres_to(commune.centre_x, commune.centre_y))

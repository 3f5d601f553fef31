"""Places: made by a unit, cited by reports, worked on by units; each act is taken back."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from cross import gate
from cross.audit import journal
from intel import access
from intel.actions import holding
from intel.models import Place, PlaceObservation, PlaceOperation
from intel.place_states import START, PlaceState, may_become

FARTHEST_METRES = 30_000  # a point further than this from its commune is a slip of the pen
NEITHER = (
    "Un point de deal est sur la voie publique, avec une présence quotidienne : cochez les deux, "
    "ou choisissez « Lieu de trafic »."
)


@dataclass(frozen=True)
class Described:
    """What all the readers of a place know; `point` is (x, y) in metres, None when not said."""

    name: str
    kind: str
    commune: Any
    on_public_way: bool = False
    is_daily: bool = False
    address: str = ""
    point: tuple | None = None


@dataclass(frozen=True)
class Said:
    """What one report says of a place, as of a day; with nothing but the day, it cites it."""

    seen_on: date
    state: str = ""
    moved_to: Any = None
    hours: str = ""
    products: tuple = ()
    lookouts: str = ""
    stash: str = ""

    @property
    def is_bare(self):
        return not (self.state or self.hours or self.products or self.lookouts or self.stash)


# --- The place itself -------------------------------------------------------------------------


@transaction.atomic
def create(described, *, by):
    _check(described)
    department = described.commune.department
    if not access.contributes(by, department):
        raise PermissionDenied
    place = Place(department=department, unit=by.unit, by=by)
    _write(place, described)
    place.save(force_insert=True)
    gate.forget()
    journal.record(by, "place.created", place)
    return place


@transaction.atomic
def change(place, described, *, by):
    _check(described)
    current = _held(access.editable_places(by), place)
    if described.commune.department_id != current.department_id:
        raise ValidationError({"commune": "Un lieu reste dans son département."})
    _write(current, described)
    current.save()
    journal.record(by, "place.changed", current)
    return current


@transaction.atomic
def withdraw(place, *, by):
    """Take back what the unit made, and what it said of it itself.

    Reports of others may cite it: nobody is told whether any does, and their readers keep it.
    """
    current = _held(access.own_places(by), place)
    _take_back(current, by)
    ours = PlaceObservation.objects.live().filter(place=current, by__unit=by.unit_id)
    ours.update(undone_by=by, undone_at=current.undone_at)
    gate.forget()
    journal.record(by, "place.withdrawn", current)


def _check(described):
    if described.kind == Place.Kind.DEALING_POINT and not (
        described.on_public_way and described.is_daily
    ):
        raise ValidationError({"kind": NEITHER})
    commune = described.commune
    if described.point and commune.centre_x is not None:
        east = described.point[0] - commune.centre_x
        north = described.point[1] - commune.centre_y
        if east**2 + north**2 > FARTHEST_METRES**2:
            raise ValidationError(
                {"point": f"Ce point est à plus de 30 km du centre de {commune.name}."}
            )


def _write(place, described):
    said = dict(vars(described))
    place.x, place.y = said.pop("point") or (None, None)
    for name, value in said.items():
        setattr(place, name, value)


# --- What reports say of it -------------------------------------------------------------------


@transaction.atomic
def cite(place, report, said, *, by):
    """Hang on a report what it says of a place; whoever reads the report reads the place."""
    report = holding.lock(report)
    if not access.enrichable_reports(by).filter(pk=report.pk).exists():
        raise PermissionDenied
    places = access.citable_places(by, report)
    if not places.filter(pk=place.pk).exists():
        raise ValidationError({"place": "Choisissez un lieu du département de la fiche."})
    _check_said(place, report, said, places, by)
    observation = _hang(place, report, said, by)
    if said.moved_to:
        _hang(said.moved_to, report, Said(said.seen_on), by, follows=observation)
    gate.forget()
    journal.record(by, "place.observed", place, why=report.reference)
    return observation


def _hang(place, report, said, by, *, follows=None):
    fields = vars(replace(said, products=list(said.products)))
    return PlaceObservation.objects.create(
        place=place, report=report, by=by, follows=follows, **fields
    )


def _check_said(place, report, said, places, by):
    if said.seen_on > timezone.localdate():
        raise ValidationError({"seen_on": "Ce jour n’est pas encore venu."})
    if (
        said.is_bare
        and PlaceObservation.objects.live().filter(place=place, report=report).exists()
    ):
        raise ValidationError(
            "Cette fiche cite déjà ce lieu : dites ce qu’elle en apprend de plus."
        )
    _check_move(place, said, places, by)


def _check_move(place, said, places, by):
    has_moved = said.state == PlaceState.MOVED
    if has_moved and said.moved_to is None:
        raise ValidationError({"moved_to": "Choisissez le lieu vers lequel il s’est déplacé."})
    if said.moved_to and not has_moved:
        raise ValidationError({"moved_to": "À dire seulement d’un lieu « Déplacé »."})
    if said.moved_to and said.moved_to.pk == place.pk:
        raise ValidationError({"moved_to": "Un lieu se déplace vers un autre lieu."})
    if said.moved_to and not places.filter(pk=said.moved_to.pk).exists():
        raise ValidationError({"moved_to": "Choisissez un lieu du même département."})
    before = state_before(place, by, said.seen_on)
    if said.state and not may_become(before, said.state):
        raise ValidationError(
            {
                "state": f"Un lieu « {PlaceState(before).label} » ne devient pas "
                f"« {PlaceState(said.state).label} »."
            }
        )


def state_before(place, member, day):
    """The state of a place on that day, as this member is told it."""
    known = access.readable_observations(member).filter(place=place, seen_on__lte=day)
    return known.latest_states().first() or START


@transaction.atomic
def take_back_observation(observation, *, by):
    """With the citation of the place that it said this one has moved to."""
    current = _held(access.removable_observations(by), observation)
    _take_back(current, by)
    arrivals = PlaceObservation.objects.live().filter(follows=current)
    arrivals.update(undone_by=by, undone_at=current.undone_at)
    gate.forget()
    journal.record(by, "place.unobserved", current.place, why=current.report.reference)
    return current


# --- What units did there ---------------------------------------------------------------------


@transaction.atomic
def note_operation(place, *, by, kind, day, result):
    if day > timezone.localdate():
        raise ValidationError({"day": "Une opération à venir se déclare dans « Déconfliction »."})
    current = _held(access.workable_places(by), place)
    operation = PlaceOperation.objects.create(
        place=current, kind=kind, day=day, result=result, unit=by.unit, by=by
    )
    journal.record(by, "place.operated", current, why=operation.get_kind_display())
    return operation


@transaction.atomic
def take_back_operation(operation, *, by):
    current = _held(access.removable_operations(by), operation)
    _take_back(current, by)
    journal.record(by, "place.operation_undone", current.place, why=current.get_kind_display())
    return current


def _held(rows, row):
    """One row as it stands now, until the transaction ends; what is gone is said plainly."""
    found = rows.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if found is None:
        raise ValidationError("Quelqu’un vient de le retirer.")
    return found


def _take_back(row, by):
    row.undone_by, row.undone_at = by, timezone.now()
    row.save(update_fields=["undone_by", "undone_at"])

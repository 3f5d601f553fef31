"""Declare what a unit plans, so that another one planning nearby at the same hour is told.

Two events conflict when their spans, with a margin, and their circles touch. Declarations of one
department are taken one after the other: of two made at once, the second finds the first.
"""

from copy import copy
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone

from cross.audit import journal
from cross.ui.templatetags.words import counted
from intel import access, references
from intel.actions import announcing, days
from intel.actions.sharing import LONGEST_DAYS
from intel.extraction.cleaning import spaced
from intel.models import DeconflictionHit, PlannedEvent
from services.models import Department
from services.models.territory import Zone
from services.territory.points import reach_of

LONGEST_EVENT_DAYS = 31
FARTHEST_DAYS = 366
FARTHEST_METRES = 30_000  # a point further than this from its commune is a slip of the pen
# A silent operation learns where others work, and they learn nothing: it is declared narrow, it
# stays where it is, and a unit declares few of them, or it would search the map for the others.
SILENT_METRES = PlannedEvent.COUNTRY_METRES
SILENT_A_DAY = 5
ROUNDING_METRES = 3  # of a point written in degrees, then read again


@dataclass(frozen=True)
class Plan:
    """What is declared; `point` is (x, y), in metres as `radius`: None when it is not said."""

    kind: str
    commune: Any
    starts_at: datetime
    ends_at: datetime
    contact: str
    place: str = ""
    point: tuple | None = None
    radius: int | None = None
    is_silent: bool = False
    silence_reason: str = ""
    silence_review_on: date | None = None


def usual_radius(commune):
    """300 m in town, 1 km in the country; in metres."""
    is_town = commune.zone == Zone.POLICE
    return PlannedEvent.TOWN_METRES if is_town else PlannedEvent.COUNTRY_METRES


# --- Declare, change, cancel ------------------------------------------------------------------


@transaction.atomic
def declare(plan, *, by):
    """Write the event down and tell both sides of every conflict."""
    department = _department_of(plan, by)
    _check(plan)
    _take_turn(department)
    event = PlannedEvent(department=department, unit=by.unit, by=by)
    _write(event, plan)
    if declared := _declared(event, by):
        return declared
    if plan.is_silent:
        _check_pace(by.unit)
    event.number = references.draw_number(references.EVENT, department)
    event.save(force_insert=True)
    journal.record(by, "event.declared", event, recipients=_meet(event))
    announcing.units_sought(by=by, event=event.pk)
    return event


def _declared(event, by):
    """The same, word for word, declared by the same member: one form sent twice is one event, and
    the other unit is called once."""
    asked = {field.name for field in fields(Plan)} - {"point"}
    written = asked | {"department", "by", "has_point", "x", "y"}
    said = {name: getattr(event, name) for name in written}
    return access.editable_events(by).filter(**said).first()


@transaction.atomic
def change(event, plan, *, by):
    """The same event otherwise: those that it no longer meets, and those that it now does."""
    department = _department_of(plan, by)
    if department.pk != event.department_id:
        raise ValidationError({"commune": "Une opération reste dans son département."})
    _check(plan)
    current = _held(event, by)
    before = copy(current)
    _write(current, plan)
    if plan.is_silent and _has_moved(before, current):
        raise ValidationError(
            {
                "is_silent": "Une opération silencieuse ne change ni de lieu ni d’heure : levez "
                "le silence, ou annulez-la et déclarez-en une autre."
            }
        )
    current.save()
    _part(current)
    recipients = _meet(current)
    withdrawn = _widen(current, has_moved=_has_moved(before, current))
    journal.record(by, "event.changed", current, recipients=recipients, why=withdrawn)
    announcing.units_sought(by=by, event=current.pk)
    return current


@transaction.atomic
def cancel(event, *, by):
    """It takes place no more: nobody is told of it any longer."""
    current = _held(event, by)
    current.cancelled_at = timezone.now()
    current.save(update_fields=["cancelled_at"])
    _part(current)
    journal.record(by, "event.cancelled", current)
    return current


def _has_moved(before, after):
    same = ("commune_id", "radius", "starts_at", "ends_at")
    return (
        any(getattr(before, name) != getattr(after, name) for name in same)
        or max(abs(before.x - after.x), abs(before.y - after.y)) > ROUNDING_METRES
    )


def _check_pace(unit):
    """Those cancelled count: what they met was told."""
    since = timezone.now() - timedelta(days=1)
    declared = PlannedEvent.objects.filter(unit=unit, is_silent=True, at__gte=since)
    if declared.unguarded(because="how many, not which").count() >= SILENT_A_DAY:
        raise ValidationError(
            {
                "is_silent": f"Votre unité a déclaré {SILENT_A_DAY} opérations silencieuses en un "
                "jour : déclarez celle-ci sans silence, ou demain."
            }
        )


def _held(event, by):
    _take_turn(event.department)
    rows = access.editable_events(by).select_for_update(of=("self",))
    current = rows.select_related("department").filter(pk=event.pk).first()
    if current is None:
        raise PermissionDenied
    return current


def _department_of(plan, by):
    if plan.commune.department_id not in access.checked_departments(by):
        raise PermissionDenied
    return plan.commune.department


def _take_turn(department):
    """Held until the end of the transaction; a report being written, which only points at the
    department, does not wait."""
    Department.objects.select_for_update(no_key=True).filter(pk=department.pk).values_list(
        "pk", flat=True
    ).get()


def _check(plan):
    if faults := faults_of(vars(plan)):
        raise ValidationError(faults)


def faults_of(said):
    """{field: sentence} of what `said`, fields of a `Plan`, may not be; what is missing there, or
    was not understood, is not judged: a form tells all its faults at once."""
    faults = _faults_of_hours(said)
    if said.get("is_silent"):
        faults |= _faults_of_silence(said)
    if "point" in said and said.get("commune"):
        faults |= _faults_of_point(said["point"], said["commune"])
    return faults


def _faults_of_hours(said):
    starts_at, ends_at = said.get("starts_at"), said.get("ends_at")
    faults = {}
    now = timezone.now()
    if starts_at and ends_at and ends_at <= starts_at:
        faults["ends_at"] = "La fin doit suivre le début."
    elif ends_at and ends_at <= now:
        faults["ends_at"] = "Cette opération est terminée : déclarez ce qui est en cours ou prévu."
    elif starts_at and ends_at and ends_at - starts_at > timedelta(days=LONGEST_EVENT_DAYS):
        faults["ends_at"] = (
            f"Une opération dure {counted(LONGEST_EVENT_DAYS, 'jour')} au plus : déclarez-en "
            "plusieurs."
        )
    if starts_at and starts_at > now + timedelta(days=FARTHEST_DAYS):
        faults["starts_at"] = "Ce début est dans plus d’un an : vérifiez l’année."
    return faults


def _faults_of_silence(said):
    faults = {}
    if "silence_reason" in said and not said["silence_reason"].strip():
        faults["silence_reason"] = "Dites pourquoi l’autre unité ne doit pas être avertie."
    if "silence_review_on" in said and (
        fault := days.fault_of_day(said["silence_review_on"], most=LONGEST_DAYS)
    ):
        faults["silence_review_on"] = fault
    if "point" in said and said["point"] is None:
        faults["point"] = "En mode silencieux, indiquez le point : une commune entière est trop."
    if (said.get("radius") or 0) > SILENT_METRES:
        faults["radius"] = (
            f"En mode silencieux, le rayon est de {spaced(SILENT_METRES)}\u00a0m au plus."
        )
    return faults


def _faults_of_point(point, commune):
    if point and commune.centre_x is not None and _is_far(point, commune):
        return {"point": f"Ce point est à plus de 30 km du centre de {commune.name}."}
    if point is None and commune.centre_x is None:
        return {"point": "Le centre de cette commune est inconnu : indiquez les coordonnées."}
    return {}


def _is_far(point, commune):
    east, north = point[0] - commune.centre_x, point[1] - commune.centre_y
    return east**2 + north**2 > FARTHEST_METRES**2


def _write(event, plan):
    """What was declared; without a point, a circle around the whole commune."""
    said = dict(vars(plan))
    point, radius = said.pop("point"), said.pop("radius")
    for name, value in said.items():
        setattr(event, name, value)
    if not event.is_silent:
        event.silence_reason, event.silence_review_on = "", None
    event.has_point = point is not None
    event.x, event.y = point or (plan.commune.centre_x, plan.commune.centre_y)
    if point is None:
        reach = reach_of(plan.commune.outline, event.x, event.y)
        event.radius = max(radius or 0, reach, usual_radius(plan.commune))
    else:
        event.radius = radius or usual_radius(plan.commune)


# --- Who meets whom ---------------------------------------------------------------------------

# `mine` and `other` overlap; the three ranges are those of the index event_overlap.
OVERLAP = """
  other.cancelled_at IS NULL AND mine.cancelled_at IS NULL
  AND other.unit_id <> mine.unit_id AND other.department_id = mine.department_id
  AND other.span && tstzrange(mine.starts_at - %(margin)s, mine.ends_at + %(margin)s, '[]')
  AND other.x_span && mine.x_span AND other.y_span && mine.y_span
  AND (other.x - mine.x)::bigint ^ 2 + (other.y - mine.y)::bigint ^ 2
      <= (other.radius + mine.radius)::bigint ^ 2
"""
# Whoever is told: the one that asks, unless the other is silent; the other, unless the one that
# asks is. Of two silent ones the first that was declared is told, so that somebody always is.
ASKER_TOLD = "NOT held.is_silent"
HOLDER_TOLD = "held.is_silent OR NOT asked.is_silent"

# One statement whatever was found, nothing included: a silent answer takes the same path.
MEET = f"""
WITH met AS (
  INSERT INTO intel_deconflictionhit (department_id, asker_id, holder_id, tells_asker,
    tells_holder, at, is_possible, asked_event_id, held_event_id, outcome)
  SELECT asked.department_id, asked.unit_id, held.unit_id, {ASKER_TOLD}, {HOLDER_TOLD},
    %(now)s, false, asked.id, held.id, ''
  FROM (
    SELECT mine.id AS asked_id, other.id AS held_id
    FROM intel_plannedevent mine JOIN intel_plannedevent other ON {OVERLAP}
    WHERE mine.id = %(event)s
  ) AS pair
  JOIN intel_plannedevent asked ON asked.id = pair.asked_id
  JOIN intel_plannedevent held ON held.id = pair.held_id
  ON CONFLICT DO NOTHING
  RETURNING holder_id
)
SELECT DISTINCT short_name FROM services_unit JOIN met ON services_unit.id = met.holder_id
"""  # noqa: S608 - the pieces are those above
# What was told stays told; what a silence had hidden is told once it is lifted. What was decided
# was decided of this place and hour, by those who knew: once the event has moved, or another unit
# is told, it is to be decided again, and what told of it is forgotten, so that it is told anew.
# One statement whatever there is to withdraw, nothing included.
WIDEN = f"""
WITH live AS (
  SELECT hit.id, hit.outcome,
    CASE asked.id WHEN %(event)s THEN hit.holder_id ELSE hit.asker_id END AS other_id,
    hit.tells_asker OR ({ASKER_TOLD}) AS tells_asker,
    hit.tells_holder OR ({HOLDER_TOLD}) AS tells_holder,
    %(has_moved)s OR ({ASKER_TOLD}) AND NOT hit.tells_asker
      OR ({HOLDER_TOLD}) AND NOT hit.tells_holder AS is_open
  FROM intel_deconflictionhit AS hit
  JOIN intel_plannedevent asked ON asked.id = hit.asked_event_id
  JOIN intel_plannedevent held ON held.id = hit.held_event_id
  WHERE hit.lapsed_at IS NULL AND %(event)s IN (asked.id, held.id)
  FOR UPDATE OF hit
), widened AS (
  UPDATE intel_deconflictionhit AS hit
  SET tells_asker = live.tells_asker, tells_holder = live.tells_holder,
    outcome = CASE WHEN live.is_open THEN '' ELSE hit.outcome END,
    outcome_by_id = CASE WHEN NOT live.is_open THEN hit.outcome_by_id END,
    outcome_at = CASE WHEN NOT live.is_open THEN hit.outcome_at END
  FROM live WHERE hit.id = live.id
), untold AS (
  DELETE FROM intel_notification AS told USING live
  WHERE told.hit_id = live.id AND live.is_open AND live.outcome <> ''
)
SELECT unit.short_name, live.outcome FROM live
JOIN services_unit AS unit ON unit.id = live.other_id
WHERE live.is_open AND live.outcome <> '' ORDER BY unit.short_name
"""  # noqa: S608
PART = f"""
UPDATE intel_deconflictionhit AS hit
SET lapsed_at = %(now)s
FROM intel_plannedevent mine, intel_plannedevent other
WHERE mine.id = hit.asked_event_id AND other.id = hit.held_event_id AND hit.lapsed_at IS NULL
  AND %(event)s IN (mine.id, other.id) AND NOT ({OVERLAP})
"""  # noqa: S608


def _meet(event):
    """Write down the conflicts of `event` that are not yet; the other units, for the journal."""
    return ", ".join(sorted(name for (name,) in _run(MEET, event)))


def _widen(event, *, has_moved):
    """Tell those whom no silence hides any more; the outcomes withdrawn, for the journal."""
    found = _run(WIDEN, event, has_moved=has_moved)
    said = [f"{name} ({DeconflictionHit.Outcome(outcome).label})" for name, outcome in found]
    return f"Issues retirées : {', '.join(said)}" if said else ""


def _part(event):
    """Those that it met and meets no more."""
    _run(PART, event)


def _run(statement, event, **more):
    named: dict[str, Any] = {
        "event": event.pk,
        "now": timezone.now(),
        "margin": timedelta(hours=PlannedEvent.MARGIN_HOURS),
        **more,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, named)
        return cursor.fetchall() if cursor.description else []


# --- Forget -----------------------------------------------------------------------------------


@transaction.atomic
def forget_events(now=None):
    """Every night: events that ended a while ago, with what they met; how many were forgotten.

    That two units met, and what they decided, stays: it names neither place nor hour.
    """
    now = now or timezone.now()
    old = PlannedEvent.objects.unguarded(because="purged, not shown").filter(
        ends_at__lt=now - timedelta(days=settings.PLANNED_EVENT_DAYS)
    )
    keys = list(old.select_for_update().values_list("pk", flat=True))
    _lapse_of(keys, now)
    old.filter(pk__in=keys).delete()
    return len(keys)


LAPSE = """
UPDATE intel_deconflictionhit SET lapsed_at = %s
WHERE lapsed_at IS NULL AND (asked_event_id = ANY(%s) OR held_event_id = ANY(%s))
"""


def _lapse_of(keys, now):
    with connection.cursor() as cursor:
        cursor.execute(LAPSE, [now, keys, keys])

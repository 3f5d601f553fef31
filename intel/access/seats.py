"""What the grants of a member say, before any report is read: his standing, his unit's seats."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from django.contrib.auth.models import Permission
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef, Q, Value
from django.utils import timezone

from cross import gate
from intel.models import Report, ReportMemberGrant, ReportShare
from protocols.models import HAND_IN, READ_REPORTS, Participation, Protocol
from services.roles import Right, Role, may


@cache
def permission_id(model, codename):
    """The key of a permission, as a constant: a join by codename misleads the planner."""
    return Permission.objects.get(
        content_type__app_label=model._meta.app_label,
        content_type__model=model._meta.model_name,
        codename=codename,
    ).pk


@dataclass(frozen=True)
class Subject:
    """What a seat held case by case is about."""

    department: int
    products: tuple[str, ...]
    communes: tuple[int, ...]


@dataclass(frozen=True)
class Seat:
    """By which protocol a unit sits in a department, on what, and the last day of both."""

    department: int
    protocol: str
    subject: str
    last_day: date | None


@dataclass(frozen=True)
class Standing:
    """Where a member stands at this instant: what his grants say, before any report is read."""

    group: int
    unit: int
    departments: tuple[int, ...] = ()  # those whose open reports the unit reads today
    subjects: tuple[Subject, ...] = ()  # those it reads on a subject only
    contributes_in: tuple[int, ...] = ()  # those where it may write
    shared_with: tuple[int, ...] = ()  # protocols of `departments` that were shown reports
    invited: tuple[int, ...] = ()  # reports opened to the member alone, still running
    invited_elsewhere: tuple[int, ...] = ()  # those of them in none of `departments`
    completes: tuple[int, ...] = ()  # those of them that he may complete
    seats: tuple[Seat, ...] = ()  # to say why something is read, never to decide it
    court: int | None = None  # a prosecutor sees the area of this court only
    is_guest: bool = False  # reads what he is invited to, and the subject of his unit


NOWHERE = Standing(0, 0)


def standing(member):
    """Two queries at most, asked once a request and never kept longer."""
    if not _may_stand(member):
        return NOWHERE
    return gate.once(("standing", member.pk), lambda: _standing(member))


def standings(members, reports):
    """The standing of each of `members`, by its key, as far as `reports` go: two queries in all.

    Those of one unit to whom nothing was opened by name stand alike, and compare equal.
    """
    members = [member for member in members if _may_stand(member)]
    units = {member.unit_id: member.unit for member in members if not member.unit.closed_on}
    seats = _seats_of([unit.group_id for unit in units.values()])
    of_units = {pk: _standing_of(unit, seats[unit.group_id]) for pk, unit in units.items()}
    grants = _grants_to([member.pk for member in members], content_object__in=reports)
    found = defaultdict(lambda: NOWHERE)
    for member in members:
        if member.unit_id in of_units and not lacks_court(member):
            found[member.pk] = _of_member(member, of_units[member.unit_id], grants[member.pk])
    return found


def _may_stand(member):
    return member.is_authenticated and member.is_in_duty() and may(Right.READ)(member)


def _standing(member):
    if lacks_court(member):
        return NOWHERE
    stands = standing_of_unit(member.unit)
    if stands is NOWHERE:
        return NOWHERE
    return _of_member(member, stands, _grants_to([member.pk])[member.pk])


def _grants_to(members, **about):
    """What runs of what was opened to each of them by name: rows by the key of the member."""
    now = timezone.now()
    grants = ReportMemberGrant.objects.filter(
        user__in=members,
        starts_at__lte=now,
        expires_at__gt=now,
        content_object__department__in=Protocol.objects.in_force().values("department"),
        **about,
    ).values_list("user_id", "content_object_id", "content_object__department", "permission_id")
    found = defaultdict(list)
    for member, *grant in grants:
        found[member].append(grant)
    return found


def _of_member(member, stands, grants):
    """What he makes of the standing of his unit, and of what was opened to him."""
    is_prosecutor = member.role == Role.PROSECUTOR
    if is_guest := member.role == Role.GUEST:
        stands = replace(stands, departments=(), contributes_in=(), shared_with=())
    reads = permission_id(Report, "read_report")
    completes = permission_id(Report, "complete_report")
    invited, completed = {}, []
    for report, department, permission in grants:
        if permission == reads:
            invited[report] = department
        elif permission == completes:
            completed.append(report)
    return replace(
        stands,
        invited=tuple(invited),
        invited_elsewhere=tuple(
            pk for pk, where in invited.items() if where not in stands.departments
        ),
        completes=tuple(pk for pk in completed if pk in invited),
        court=member.unit.court_id if is_prosecutor else None,
        is_guest=is_guest,
    )


def lacks_court(member):
    """A prosecutor without a court has no area, and nothing to read."""
    return member.role == Role.PROSECUTOR and member.unit.court_id is None


def running_seats():
    """Seats that read reports, under protocols in force: both today."""
    return Participation.objects.running().filter(
        permission_id=permission_id(Protocol, "read_reports"),
        content_object__in=Protocol.objects.in_force(),
    )


def standing_of_unit(unit):
    """What the seats of a unit open, whoever of it reads."""
    if unit.closed_on:
        return NOWHERE
    return _standing_of(unit, _seats_of([unit.group_id])[unit.group_id])


def _seats_of(groups):
    """The running seats of each of these groups: rows by the key of the group."""
    shares = ReportShare.objects.running().filter(protocol=OuterRef("content_object"))
    seats = (
        running_seats()
        .filter(group_id__in=groups)
        .annotate(
            about=ArrayAgg("communes", filter=Q(communes__isnull=False), default=Value([])),
            is_shown_reports=Exists(shares),
        )
        .values_list(
            "group_id",
            "content_object__department",
            "content_object",
            "standing",
            "products",
            "about",
            "contributes",
            "is_shown_reports",
            "subject",
            "ends_on",
            "content_object__title",
            "content_object__ends_on",
        )
    )
    found = defaultdict(list)
    for group, *seat in seats:
        found[group].append(seat)
    return found


def _standing_of(unit, seats):
    departments, subjects, contributes_in, shared_with, told = [], [], [], [], []
    for department, protocol, kind, products, communes, contributes, is_shown, *words in seats:
        told.append(_seat(department, *words))
        if kind == Participation.Standing.PERMANENT:
            departments.append(department)
            if is_shown:
                shared_with.append(protocol)
        else:
            subjects.append(Subject(department, tuple(products), tuple(communes)))
        if contributes:
            contributes_in.append(department)
    return Standing(
        group=unit.group_id,
        unit=unit.pk,
        departments=tuple(sorted(set(departments))),
        subjects=tuple(subject for subject in subjects if subject.department not in departments),
        contributes_in=tuple(sorted(set(contributes_in))),
        shared_with=tuple(shared_with),
        seats=tuple(told),
    )


def _seat(department, subject, ends_on, protocol, protocol_ends_on):
    days = [day for day in (ends_on, protocol_ends_on) if day]
    return Seat(department, protocol, subject, min(days, default=None))


def contributes(member, department):
    """Does the unit hold a seat of that department today? Without one nothing comes in either."""
    return department.pk in contributes_in(member)


def contributes_in(member):
    """Where this member hands reports in today, by whichever seat: the keys of departments."""
    if may(Right.CONTRIBUTE)(member):
        return gate.once(("handing in", member.pk), lambda: _handing_in(member))
    return standing(member).contributes_in


def _handing_in(member):
    """Of who reads nothing: its unit sits to hand reports in, or to read and contribute."""
    if not member.is_in_duty() or member.unit.closed_on:
        return ()
    seats = Participation.objects.running().filter(
        permission_id__in=[
            permission_id(Protocol, codename) for codename in (READ_REPORTS, HAND_IN)
        ],
        group_id=member.unit.group_id,
        contributes=True,
        content_object__in=Protocol.objects.in_force(),
    )
    return tuple(seats.values_list("content_object__department", flat=True).distinct())

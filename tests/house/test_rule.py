"""The rule of visibility against a loop that anybody can read, on random worlds.

`reads` below is written from the sentences of the design, over plain Python values; the database
and the query are never asked. Then: whatever anybody else posts at any door, nobody reads more.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from intel import access
from intel.models import (
    Audience,
    Fact,
    Report,
    ReportGroupGrant,
    ReportMemberGrant,
    ReportShare,
)
from intel.models.choices import Product
from intel.states import State
from protocols.models import Participation, Protocol
from services.models import Member, Unit
from services.roles import DUTIES, Right, Role
from tests.house.conftest import examples

UNITS = ("diane", "louise", "bruno", "anna", "gilles", "rose", "paul")  # whose unit
MEMBERS = {
    "diane": Role.LIAISON,
    "louise": Role.LIAISON,
    "anna": Role.ANALYST,
    "gilles": Role.PROSECUTOR,
    "rose": Role.GUEST,
    "claire": Role.PREFECTURE,
    "paul": Role.LIAISON,
}
PRODUCTS = (Product.COCAINE, Product.HEROIN, Product.NITROUS_OXIDE)
ROLES = (Role.LIAISON, Role.ANALYST, Role.PROSECUTOR, Role.GUEST, Role.PREFECTURE, Role.DPO)


@dataclass(frozen=True)
class Agreement:
    signed: bool
    starts: int
    ends: int | None
    suspended: int | None


@dataclass(frozen=True)
class Seat:
    unit: str
    department: str
    permanent: bool
    reads: bool
    starts: int
    ends: int | None
    products: frozenset
    communes: frozenset


@dataclass(frozen=True)
class Person:
    name: str
    role: Role
    active: bool
    starts: int
    ends: int


@dataclass(frozen=True)
class Sheet:
    owner: str
    department: str
    commune: int  # which of its department
    state: State
    open: bool
    products: frozenset
    named: frozenset
    invited: tuple  # of (name, hours from now, hours from now)
    shared: tuple  # of (department, day it ends or None)


@dataclass(frozen=True)
class World:
    agreements: dict
    seats: tuple
    people: tuple
    closed: frozenset
    sheets: tuple


def some(values, most=2):
    return st.frozensets(st.sampled_from(values), max_size=most)


def mostly(usual, *others, weight=6):
    """`usual` most of the time: a world where everything has ended tells nothing apart."""
    return st.sampled_from([usual] * weight + list(others))


agreements = st.builds(
    Agreement,
    signed=mostly(True, False, weight=12),
    starts=mostly(-2, 0, 1, weight=8),
    ends=mostly(None, -1, 0, 1, weight=9),
    suspended=mostly(None, 0, 1, weight=9),
)
seats = st.builds(
    Seat,
    unit=st.sampled_from(UNITS),
    department=mostly("88", "54", weight=3),
    permanent=st.booleans(),
    reads=mostly(True, False),
    starts=mostly(-2, 0, 1),
    ends=mostly(1, -1, 0, None),
    products=some(PRODUCTS),
    communes=some(range(2)),
)
people = st.tuples(*(
    st.builds(
        Person,
        name=st.just(name),
        role=mostly(role, *ROLES, weight=10),
        active=mostly(True, False, weight=12),
        starts=mostly(-2, 0, 1, weight=10),
        ends=mostly(2, 0, -1, weight=10),
    )
    for name, role in MEMBERS.items()
))  # fmt: skip
grants = st.tuples(
    st.sampled_from(sorted(MEMBERS)), mostly(-2, 1, weight=3), mostly(2, -1, weight=3)
).filter(lambda grant: grant[1] < grant[2])
sheets = st.builds(
    Sheet,
    owner=st.sampled_from(UNITS),
    department=mostly("88", "54", weight=3),
    commune=st.integers(0, 1),
    state=mostly(State.RECEIVED, State.DRAFT, State.DIRECTED, State.ARCHIVED, weight=3),
    open=st.booleans(),
    products=some(PRODUCTS),
    named=some(UNITS, 3),
    invited=st.lists(grants, max_size=2, unique_by=lambda grant: grant[0]).map(tuple),
    shared=st.lists(
        st.tuples(st.sampled_from(["88", "54"]), mostly(None, 0, -1, 1, weight=2)),
        max_size=1,
        unique_by=lambda share: share[0],
    ).map(tuple),
)
worlds = st.builds(
    World,
    agreements=st.fixed_dictionaries({"88": agreements, "54": agreements}),
    seats=st.lists(
        seats,
        min_size=4,
        max_size=12,
        unique_by=lambda seat: (seat.unit, seat.department, seat.reads),
    ).map(tuple),
    people=people,
    closed=some(UNITS, 1),
    sheets=st.lists(sheets, min_size=6, max_size=14).map(tuple),
)


# --- The naive loop --------------------------------------------------------------------------


def runs(starts, ends):
    return starts <= 0 and (ends is None or ends >= 0)


def in_force(agreement):
    return (
        agreement.signed
        and runs(agreement.starts, agreement.ends)
        and (agreement.suspended is None or agreement.suspended > 0)
    )


def reads(person, sheet, world):  # noqa: PLR0911, PLR0912 - a sentence of the design each
    """May `person` read `sheet` today? Sentence after sentence."""
    if not person.active or not runs(person.starts, person.ends):
        return False
    if Right.READ not in DUTIES[person.role].rights or person.name in world.closed:
        return False
    is_prosecutor = person.role == Role.PROSECUTOR
    if is_prosecutor and person.name != "gilles":
        return False  # a unit without a court
    in_my_court = not is_prosecutor or sheet.department == "88"
    is_mine = sheet.owner == person.name
    is_guest = person.role == Role.GUEST
    if not in_force(world.agreements[sheet.department]):
        return False
    left_draft = sheet.state != State.DRAFT
    seats_here = [
        seat
        for seat in world.seats
        if seat.unit == person.name and seat.reads and runs(seat.starts, seat.ends)
        if in_force(world.agreements[seat.department])
    ]
    if not in_my_court:
        return False  # whatever opens it: a prosecutor reads the area of his own court
    for name, since, until in sheet.invited:
        if name == person.name and since <= 0 < until and left_draft:
            return True
    for seat in seats_here:
        if seat.department != sheet.department:
            continue
        if not left_draft and (is_guest or not is_mine):
            continue  # a draft is its own unit's, and a guest is nobody's
        is_named = person.name in sheet.named and not sheet.open
        about = bool(seat.products & sheet.products) or sheet.commune in seat.communes
        if seat.permanent and not is_guest and (sheet.open or is_named):
            return True
        if not seat.permanent and sheet.open and about:
            return True
        if not seat.permanent and not is_guest and (is_named or is_mine):
            return True
    for seat in seats_here:
        for department, ends in sheet.shared:
            shown = seat.department == department and (ends is None or ends >= 0)
            if shown and seat.permanent and not is_guest and sheet.open and left_draft:
                return True
    return False


# --- The same world, in the database -----------------------------------------------------------


def write(world, cast, territories):
    today, now = timezone.localdate(), timezone.now()

    def on(day):
        return None if day is None else today + timedelta(days=day)

    protocols = {}
    for code, agreement in world.agreements.items():
        protocol = Protocol.objects.get(department__code=code)
        protocol.signed_on = today if agreement.signed else None
        protocol.starts_on, protocol.ends_on = on(agreement.starts), on(agreement.ends)
        if agreement.ends is not None and agreement.ends < agreement.starts:
            protocol.starts_on = on(agreement.ends)
        protocol.suspended_from = on(agreement.suspended)
        protocol.save()
        protocols[code] = protocol
    Participation.objects.all().delete()
    for seat in world.seats:
        kinds = Participation.Standing
        participation = Participation.objects.create(
            group=cast[seat.unit].unit.group,
            content_object=protocols[seat.department],
            permission_id=access.permission_id(
                Protocol, "read_reports" if seat.reads else "read_summaries"
            ),
            standing=kinds.PERMANENT if seat.permanent else kinds.CASE_BY_CASE,
            starts_on=on(seat.starts),
            ends_on=on(seat.ends),
            products=sorted(seat.products),
        )
        communes = list(territories[seat.department].communes.values())
        participation.communes.set(communes[index] for index in seat.communes)
    Unit.objects.filter(pk__in=[cast[name].unit_id for name in world.closed]).update(
        closed_on=today
    )
    for person in world.people:
        Member.objects.filter(pk=cast[person.name].pk).update(
            role=person.role,
            is_active=person.active,
            authorised_from=on(person.starts),
            authorised_until=on(person.ends),
        )
    return [
        write_sheet(sheet, rank, cast, territories, protocols, now)
        for rank, sheet in enumerate(world.sheets)
    ]


def write_sheet(sheet, rank, cast, territories, protocols, now):
    territory = territories[sheet.department]
    report = Report.objects.create(
        reference=f"CROSS-{sheet.department}-2026-9{rank:04}",
        department=territory.department,
        commune=list(territory.communes.values())[sheet.commune],
        owner=cast[sheet.owner].unit,
        author=cast[sheet.owner],
        origin="service",
        facts="Deux hommes vendent.",
        state=sheet.state,
        audience=Audience.PROTOCOL if sheet.open else Audience.RESTRICTED,
        products=sorted(sheet.products),
        fact=Fact.objects.create(department=territory.department),
    )
    permission = access.permission_id(Report, "read_report")
    if not sheet.open:
        for name in sheet.named:
            ReportGroupGrant.objects.create(
                content_object=report, permission_id=permission, group=cast[name].unit.group
            )
    for name, since, until in sheet.invited:
        ReportMemberGrant.objects.create(
            content_object=report,
            permission_id=permission,
            user=cast[name],
            starts_at=now + timedelta(hours=since),
            expires_at=now + timedelta(hours=until),
            reason="avis",
            by=cast[sheet.owner],
        )
    for code, ends in sheet.shared:
        ReportShare.objects.create(
            report=report,
            protocol=protocols[code],
            by=cast[sheet.owner],
            why="intérêt commun",
            ends_on=None if ends is None else timezone.localdate() + timedelta(days=ends),
        )
    return report


def possible(world):
    """Dates that the database accepts; a seat on a subject always ends."""
    for seat in world.seats:
        if seat.ends is not None and seat.ends < seat.starts:
            return False
        if not seat.permanent and seat.ends is None:
            return False
    for agreement in world.agreements.values():
        if agreement.ends is not None and agreement.ends < agreement.starts:
            return False
    return all(person.starts <= person.ends for person in world.people)


@settings(
    phases=[Phase.explicit, Phase.generate],
    max_examples=examples(quick=30),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(world=worlds.filter(possible))
def test_the_query_answers_as_the_naive_loop(cast, vosges, meurthe, world):
    with transaction.atomic():
        written = write(world, cast, {"88": vosges, "54": meurthe})
        for person in world.people:
            member = Member.objects.select_related("unit").get(pk=cast[person.name].pk)
            expected = {
                report.reference
                for report, sheet in zip(written, world.sheets, strict=True)
                if reads(person, sheet, world)
            }
            for for_page in (False, True):
                answered = access.readable_reports(member, for_page=for_page)
                assert set(answered.values_list("reference", flat=True)) == expected, person
            said = {report.reference for report in written if access.why_readable(member, report)}
            assert said == expected, person
        transaction.set_rollback(True)

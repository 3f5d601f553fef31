"""Services, units with their seats, and members, as the tables have them. All are invented."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from intel.demonstration.tables import lines
from protocols import actions
from protocols.models import Participation
from services.models import Court, Member, Service, Unit

SEATED_DAYS = 180
AUTHORISED_DAYS = 365
CELL = "cell"  # in the column « standing »: the unit that animates, with a permanent seat


@dataclass(frozen=True)
class Post:
    """A unit to be: `town` is where it sits, for the reports that happen nearby."""

    key: str
    kind: str
    name: str
    short_name: str
    town: str
    standing: str  # of its seat; none without one
    reads: str  # "reports" or "summaries"
    subject: str
    court: str  # Insee code of the seat of its court, for a prosecutor

    @property
    def is_cell(self):
        return self.standing == CELL

    @property
    def reads_reports(self):
        return self.reads == "reports"


@dataclass(frozen=True)
class Person:
    """A member to be; some sign in with the demonstration's password, the others never."""

    username: str
    first_name: str
    last_name: str
    unit: str
    role: str
    authorised_by: str
    signs_in: str

    @property
    def may_sign_in(self):
        return self.signs_in == "yes"


def posts_of(department):
    return [Post(**line) for line in lines("units", department)]


def engage(department):
    """Services, units and members of the department, made where they are missing.

    Returns the units by the key of their post.
    """
    services = {line["kind"]: service(**line) for line in lines("services", department)}
    units = {
        post.key: unit(post, services[post.kind], department) for post in posts_of(department)
    }
    for line in lines("people", department):
        person = Person(**line)
        member(person, units[person.unit])
    return units


def service(kind, name, short_name):
    return Service.objects.get_or_create(
        name=name, defaults={"kind": kind, "short_name": short_name}
    )[0]


def unit(post, service, department):
    found = Unit.objects.filter(service=service, department=department, name=post.name).first()
    return found or Unit.objects.create(
        service=service,
        department=department,
        name=post.name,
        short_name=post.short_name,
        is_cell=post.is_cell,
        court=Court.objects.filter(code=post.court).first(),
    )


def member(person, unit):
    if Member.objects.filter(username=person.username).exists():
        return
    today = timezone.localdate()
    Member.objects.create(
        username=person.username,
        first_name=person.first_name,
        last_name=person.last_name,
        email=f"{person.username}@exemple.invalid",
        unit=unit,
        role=person.role,
        authorised_by=person.authorised_by,
        authorised_from=today,
        authorised_until=today + timedelta(days=AUTHORISED_DAYS),
        # Nobody signs in with an account that no password opens.
        password=make_password(settings.DEMO_PASSWORD if person.may_sign_in else None),
    )


def seat(department, units, protocol):
    """Give each unit its seat under the protocol, once."""
    for post in posts_of(department):
        unit = units[post.key]
        present = Participation.objects.filter(group=unit.group, content_object=protocol)
        if not post.standing or present.exists():
            continue
        standing = Participation.Standing.PERMANENT if post.is_cell else post.standing
        is_permanent = standing == Participation.Standing.PERMANENT
        actions.admit(
            unit,
            protocol,
            by=None,
            reads_reports=post.reads_reports,
            standing=standing,
            subject=post.subject,
            starts_on=protocol.starts_on,
            ends_on=None if is_permanent else timezone.localdate() + timedelta(days=SEATED_DAYS),
        )

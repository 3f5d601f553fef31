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

SEATED_DAYS = 180  # of a seat on a subject, from SAT_SINCE_DAYS ago
SAT_SINCE_DAYS = 30
FORMER_SEAT = (400, 200)  # the one before it, in days before today
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
    reads: str  # "reports", "summaries", or "nothing" of a seat that hands in
    subject: str
    products: str  # codes that a seat on a subject is about, separated by « | »
    court: str  # Insee code of the seat of its court, for a prosecutor

    @property
    def is_cell(self):
        return self.standing == CELL

    @property
    def sits_on_a_subject(self):
        return self.standing == Participation.Standing.CASE_BY_CASE

    @property
    def reads_reports(self):
        return self.reads == "reports"

    @property
    def hands_in(self):
        return self.reads == "nothing"


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
        phone=invented_phone(department, post),
        court=Court.objects.filter(code=post.court).first(),
    )


def invented_phone(department, post):
    """A number that nobody has: 03 53 01 is kept for works of fiction."""
    rank = [each.key for each in posts_of(department)].index(post.key)
    return f"03 53 01 00 {rank:02}"


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
    """Give each unit its seat under the protocol, once; who sits on a subject has sat before."""
    for post in posts_of(department):
        unit = units[post.key]
        present = Participation.objects.filter(group=unit.group, content_object=protocol)
        if not post.standing or present.exists():
            continue
        for starts_on, ends_on in terms_of(post, protocol):
            actions.admit(
                unit,
                protocol,
                by=None,
                reads_reports=post.reads_reports,
                hands_in=post.hands_in,
                standing=Participation.Standing.CASE_BY_CASE
                if post.sits_on_a_subject
                else Participation.Standing.PERMANENT,
                subject=post.subject,
                products=tuple(filter(None, post.products.split("|"))),
                starts_on=starts_on,
                ends_on=ends_on,
            )


def terms_of(post, protocol):
    """From when to when it sits: pairs of days, oldest first."""
    if not post.sits_on_a_subject:
        return [(protocol.starts_on, None)]
    today = timezone.localdate()
    former = tuple(today - timedelta(days=days) for days in FORMER_SEAT)
    start = today - timedelta(days=SAT_SINCE_DAYS)
    return [former, (start, today + timedelta(days=SEATED_DAYS))]

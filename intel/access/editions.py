"""Notes of local strategy: who reads them, who writes, validates, publishes and prints them."""

from django.db.models import Exists, Q

from cross import gate
from intel.access.figures import summary_departments
from intel.edition_states import PUBLIC, SEALED, Bench
from intel.models import Edition, PrintedCopy, PrintRun
from protocols.models import Participation, Protocol, Signature
from services.models import Court, Service, Unit
from services.roles import Right, may


def readable_editions(member):
    """Published notes for whoever consults them; for the prosecutor who validates, those that the
    prefecture has validated; drafts only for those who write them."""
    if not may(Right.READ_EDITIONS)(member):
        return Edition.objects.none()
    editions = Edition.objects.filter(department__in=summary_departments(member))
    if may(Right.WRITE_EDITIONS)(member):
        return editions
    return editions.filter(Q(state__in=PUBLIC) | (Q(state__in=SEALED) & _validated_by(member)))


def writable_editions(member):
    if not may(Right.WRITE_EDITIONS)(member):
        return Edition.objects.none()
    return readable_editions(member)


def validatable_editions(member):
    """Those in whose validation the member has a say, whatever their state."""
    if not may(Right.VALIDATE_EDITIONS)(member):
        return Edition.objects.none()
    editions = readable_editions(member)
    return (
        editions if may(Right.WRITE_EDITIONS)(member) else editions.filter(_validated_by(member))
    )


def _validated_by(member):
    """The condition of an edition that waits, or has waited, for the member's own court."""
    condition = Q(pk__in=[])
    if not may(Right.VALIDATE_EDITIONS)(member):
        return condition
    for department in summary_departments(member):
        ours = validating_units(department).filter(court=member.unit.court_id)
        condition |= Q(Exists(ours), department=department)
    return condition


def printable_editions(member):
    if not may(Right.PRINT_EDITIONS)(member):
        return Edition.objects.none()
    return readable_editions(member)


def own_prints(member):
    """Copies that the member printed himself, of editions that he may still print."""
    return PrintedCopy.objects.filter(
        edition__in=printable_editions(member), printed_by=member
    ).select_related("edition", "printed_by__unit")


def own_runs(member):
    """What the member asked to print, made or being made, of editions that he may still print."""
    return PrintRun.objects.filter(
        edition__in=printable_editions(member), by=member
    ).select_related("edition", "by__unit")


def registered_copies(member):
    """The register: every copy of the editions that the member may print, whoever printed it."""
    return PrintedCopy.objects.filter(edition__in=printable_editions(member))


def bench_of(member, department):
    """On whose behalf the member validates the notes of a department: a bench and its court.

    None for whoever has no say; the prefecture has no court.
    """
    if not may(Right.VALIDATE_EDITIONS)(member) or department not in summary_departments(member):
        return None
    if may(Right.WRITE_EDITIONS)(member):
        return Bench.PREFECTURE, None
    court = next(
        (each for each in validating_courts(department) if each.pk == member.unit.court_id), None
    )
    return court and (Bench.COURT, court)


def validating_courts(department):
    """The courts whose prosecutors validate the notes of a department, by name."""
    return gate.once(
        ("validating_courts", department),
        lambda: list(Court.objects.filter(pk__in=validating_units(department).values("court"))),
    )


def validating_units(department):
    """Prosecutors with a permanent seat under the protocol in force; where prosecutors are among
    its signatories, those alone."""
    protocols = Protocol.objects.in_force().filter(department=department)
    seats = Participation.objects.running().filter(
        content_object__in=protocols, standing=Participation.Standing.PERMANENT
    )
    signatures = Signature.objects.filter(
        protocol__in=protocols, service__kind=Service.Kind.PROSECUTOR
    )
    return Unit.objects.filter(
        ~Exists(signatures) | Q(service__in=signatures.values("service")),
        court__isnull=False,
        closed_on=None,
        group__in=seats.values("group"),
    )

"""What units ask one another: an access, an accord, a report shown to the next department."""

from datetime import timedelta

from django.utils import timezone

from intel import access
from intel.actions import accords, requests, shares
from intel.models import AccessRequest, HandlingAccord, ReportShare
from intel.models.choices import Handling
from intel.states import State
from services.models import Member
from services.roles import Role

ABSENT = "CROSS-{code}-2020-10000"
ACCESS = "Même plaque dans une de nos procédures ; référence donnée au téléphone par la cellule"
PHONED = "Référence entendue en réunion, à vérifier"
RECIPIENT = "Parquet, permanence stupéfiants"
ACCORD = "Soit-transmis à joindre au dossier"
GIVEN = "Accord donné pour ce seul destinataire"
SHARED = "Le véhicule et l’équipe viennent de l’autre département"
SHARED_DAYS = 90


def exchange(departments):
    """One example of each, between the first liaisons of each department; asked once."""
    for department in departments:
        liaisons = list(
            Member.objects.in_duty()
            .filter(unit__department=department, role=Role.LIAISON)
            .select_related("unit__department")
            .order_by("pk")
        )
        if len(liaisons) > 1:
            ask_for_access(liaisons)
            ask_for_accords(liaisons)
    for giver, taker in zip(departments, departments[1:] + departments[:1], strict=True):
        if giver != taker:
            show(giver, taker)


def ask_for_access(liaisons):
    """One that waits for an answer, one of a reference that names nothing."""
    asks = [
        (asker, owner)
        for asker in liaisons
        for owner in liaisons
        if asker.unit_id != owner.unit_id
    ]
    for asker, owner in asks:
        if access.own_access_requests(asker).exists():
            return
        reads = access.readable_reports(asker)
        hidden = access.restricted_reports_of(owner).exclude(state=State.DRAFT)
        report = hidden.exclude(pk__in=reads).order_by("-received_at", "pk").first()
        if report is not None:
            requests.ask(report.reference, by=asker, why=ACCESS)
            absent = ABSENT.format(code=asker.unit.department.code)
            silent = requests.ask(absent, by=asker, why=PHONED)
            long_ago = timezone.now() - timedelta(days=2 * AccessRequest.UNANSWERED_AFTER_DAYS)
            AccessRequest.objects.filter(pk=silent.pk).update(asked_at=long_ago)
            return


def ask_for_accords(liaisons):
    """One that waits, one that was given: by the first liaison who reads two such reports."""
    for asker in liaisons:
        if HandlingAccord.objects.filter(unit=asker.unit_id).exists():
            return
        owners = Member.objects.in_duty().filter(role__in=[Role.LIAISON, Role.ANALYST])
        held = (
            access.held_reports(asker)
            .filter(handling=Handling.H2, owner__in=owners.values("unit"))
            .exclude(state__in=[State.DRAFT, State.ARCHIVED])
            .order_by("-received_at", "pk")[:2]
        )
        asked = [accords.ask(report, by=asker, recipient=RECIPIENT, why=ACCORD) for report in held]
        if len(asked) > 1:
            owner = owners.filter(unit=asked[1].report.owner_id).order_by("pk").first()
            until = timezone.localdate() + timedelta(days=accords.USUAL_DAYS)
            accords.accept(asked[1], by=owner, until=until, answer=GIVEN)
        if asked:
            return


def show(giver, taker):
    """The latest open report of a liaison of `giver`, to the protocol of `taker`."""
    owners = Member.objects.in_duty().filter(unit__department=giver, role=Role.LIAISON)
    for owner in owners.select_related("unit__department").order_by("pk"):
        report = access.shareable_reports(owner).order_by("-received_at", "pk").first()
        if report is None:
            continue
        protocol = access.takers_of(report).filter(department=taker).first()
        if protocol is None or ReportShare.objects.filter(protocol=protocol).exists():
            return
        until = timezone.localdate() + timedelta(days=SHARED_DAYS)
        shares.share(report, by=owner, protocol=protocol, why=SHARED, until=until)
        return

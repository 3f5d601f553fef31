"""Kept searches of the demonstration: one that tells its analyst by the day, one shared."""

from urllib.parse import urlencode

from django.utils import timezone

from intel import access
from intel.actions import searches
from intel.actions.telling import tell
from intel.models import AlertedReport, Report, SearchAlert
from services.models import Commune, Member
from services.roles import Role

TOLD = 3


def keep_searches(department):
    """Made once; the latest three of the first were told to its analyst this morning."""
    of_cell = _members(department, Role.ANALYST).first()
    if of_cell is None or access.own_searches(of_cell).exists():
        return
    seat = Commune.objects.get(code=department.seat_code)
    near = {"produit": "cocaine", "autour": seat.name, "rayon": "10000"}
    search = searches.save(
        by=of_cell,
        name=f"Cocaïne autour {seat.of_name}",
        query=urlencode(near),
        rhythm=SearchAlert.Rhythm.DAILY,
    )
    _tell_the_latest(search, of_cell)
    liaison = _members(department, Role.LIAISON).first()
    if liaison:
        searches.save(
            by=liaison,
            name="Livraisons et réseaux sociaux",
            query=urlencode({"mode": ["delivery", "social_media"]}, doseq=True),
            is_shared=True,
            rhythm=SearchAlert.Rhythm.WEEKLY,
        )


def _members(department, role):
    members = Member.objects.in_duty().filter(unit__department=department, role=role)
    return members.select_related("unit__department").order_by("pk")


def _tell_the_latest(search, member):
    known = AlertedReport.objects.filter(alert__search=search).values("report")
    reports = Report.objects.filter(pk__in=known).exclude(author=member)
    latest = reports.unguarded(because="what the demonstration tells").order_by("-received_at")
    for report in latest.defer("search")[:TOLD]:
        AlertedReport.objects.filter(report=report).update(at=timezone.now())
        tell("search.gathered", report=report, to=[member], about=f"recherche {report.pk}")

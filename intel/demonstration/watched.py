"""What whoever keeps the journal finds in the demonstration: lines of yesterday that are worth
a look, some of them looked at already; and lines that were handed to an authority."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from cross.audit import handing, journal, oddities
from cross.audit.models import Entry, Oddity
from intel.models import Audience, Report
from services.models import Member
from services.roles import Role

SHEETS = 46  # read in an hour by who prepares a meeting
REFUSALS = 12
SAID = "Préparation de la réunion du mois, vue avec son chef d’unité."


def watch(department):
    """Made once; lines of yesterday, before anything is sealed."""
    keeper = _first(department, Role.DPO)
    if keeper is None or Oddity.objects.filter(department=department.code).exists():
        return
    analyst, liaison = _first(department, Role.ANALYST), _first(department, Role.LIAISON)
    open_to_all = Report.objects.filter(department=department, audience=Audience.PROTOCOL)
    told = open_to_all.unguarded(because="what the demonstration tells")
    read = list(told.order_by("-received_at").values_list("reference", flat=True)[:SHEETS])
    yesterday = timezone.localdate() - timedelta(days=1)
    minute = timedelta(minutes=1)
    Entry.objects.bulk_create(
        [
            *(
                _line(analyst, _at(yesterday, 9) + rank * minute, "report.read", reference)
                for rank, reference in enumerate(read)
            ),
            _line(liaison, _at(yesterday, 23), "report.exported", "12 fiches (ODS)"),
            *(
                _line(liaison, _at(yesterday, 14) + rank * minute, "access.refused", "/strategie/")
                for rank in range(REFUSALS)
            ),
        ]
    )
    oddities.scan()
    told = Oddity.objects.filter(department=department.code, pattern="sheets_an_hour").first()
    if told:
        oddities.see(told, by=keeper, words=SAID)
    handing.ask(
        by=keeper,
        recipient="CNIL",
        why="Contrôle annuel de la journalisation",
        since=yesterday,
        until=yesterday,
        agent="",
        reference="",
    )


def _first(department, role):
    members = Member.objects.in_duty().filter(unit__department=department, role=role)
    return members.select_related("unit__department").order_by("pk").first()


def _at(day, hour):
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _line(member, at, verb, target):
    line = journal.line_of(member, verb, target, why="Suivi courant de la cellule")
    line.at = at
    return line

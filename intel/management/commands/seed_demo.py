"""Fills the demonstration: a cell, its partners, its protocol, and invented reports."""

from datetime import timedelta

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from cross.audit import journal
from intel import access, indicators
from intel.actions import invitations, openness, sharing, summaries
from intel.demonstration import people, protocol
from intel.demonstration.antenna import tell_antenna
from intel.demonstration.apart import keep_apart
from intel.demonstration.brief import write_briefs
from intel.demonstration.dealing_places import know_places
from intel.demonstration.deconfliction import deconflict
from intel.demonstration.exchanges import exchange
from intel.demonstration.followup import follow_up
from intel.demonstration.generate import Generator
from intel.demonstration.kept import keep_for_a_time
from intel.demonstration.links import bring_together
from intel.demonstration.meetings import hold_meetings
from intel.demonstration.queue import share_out, tell_again
from intel.demonstration.searches import keep_searches
from intel.demonstration.sheets import surround
from intel.demonstration.strategy import plan
from intel.demonstration.texts.around import INVITATION, RELEASE
from intel.demonstration.told import tell_around
from intel.demonstration.watched import watch
from intel.models import Audience, Report, ReportMemberGrant
from intel.states import State
from services.models import Commune, Department, Member
from services.roles import Role

NEIGHBOURS_SHARE = 10  # the other departments get one report for ten of the first one
INVITATIONS = 4
INVITED_DAYS = 60
BIG = 5_000  # from here on, the planner is told of the new rows at once


class Command(BaseCommand):
    help = (
        "Crée la démonstration : services, unités, comptes, protocole et renseignements inventés. "
        "Relancée, la commande n’ajoute que ce qui manque."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--reports",
            type=int,
            default=600,
            metavar="N",
            help="renseignements du premier département (600) ; un dixième pour les autres",
        )
        parser.add_argument(
            "--departments",
            default="88,54",
            metavar="CODES",
            help="codes des départements, séparés par des virgules (88,54)",
        )

    def handle(self, *args, reports, departments, verbosity, **options):
        if not (settings.DEMONSTRATION or settings.TESTING):
            raise CommandError(
                "Cette commande invente des données : elle ne s’exécute que dans la démonstration "
                "(CROSS_DEMONSTRATION=1), jamais sur une installation réelle."
            )
        if reports < 0:
            raise CommandError("Indiquez un nombre de renseignements positif ou nul.")
        self.shown = verbosity > 0
        codes = [code.strip().upper() for code in departments.split(",") if code.strip()]
        if not codes:
            raise CommandError("Indiquez au moins un département : seed_demo --departments 88,54")
        departments = [load(code) for code in codes]
        for rank, department in enumerate(departments):
            number = reports if rank == 0 else reports // NEIGHBOURS_SHARE
            self.fill(department, number)
        exchange(departments)

    @transaction.atomic
    def fill(self, department, number):
        units = people.engage(department)
        services = {unit.service.kind: unit.service for unit in units.values()}
        signed = protocol.sign(department, services)
        people.seat(department, units, signed)
        protocol.keep(signed)
        everywhere = Report.objects.unguarded(because="the demonstration looks at what it has")
        told = everywhere.filter(department=department)
        already = told.exclude(author__role=Role.PARTNER).count()  # whose own come apart
        if already < number:
            said = everywhere.values_list("facts", flat=True).iterator()
            generator = Generator(
                department, units, already=already, number=number - already, said=said
            )
            generator.run(progress=self.progress(department))
            if not already:
                tell_again(department)
            if generator.number >= BIG:
                tell_the_planner()
            journal.record(
                None,
                "demonstration.filled",
                f"département {department.code}",
                why=f"{number - already} renseignements inventés",
                department=department.code,
            )
            know_places(department)
            for period in recent_periods(timezone.localdate()):
                summaries.build(department, period)
        openness.build_due(signed, today=timezone.localdate())
        indicators.build_due(signed, today=timezone.localdate())
        ask_a_release(department)
        invite_guests(department)
        keep_apart(department)
        bring_together(department)
        deconflict(department)
        surround(department)
        tell_around(department)
        keep_searches(department)
        follow_up(department)
        tell_antenna(department)
        share_out(department)
        plan(department, units)
        hold_meetings(department)
        # Last: they freeze what the strategy and the meetings say.
        write_briefs(department)
        watch(department)
        keep_for_a_time(department)
        self.recap(department, units, told, already)

    def progress(self, department):
        def say(done):
            if self.shown and self.stdout.isatty():
                self.stdout.write(f"\r{department} : {done}", ending="")
                self.stdout.flush()

        return say

    def recap(self, department, units, told, already):
        if not self.shown:
            return
        total = told.count()
        restricted = told.filter(audience=Audience.RESTRICTED).count()
        accounts = [
            member.username
            for member in Member.objects.filter(unit__in=units.values()).order_by("pk")
            if member.has_usable_password()
        ]
        if self.stdout.isatty():
            self.stdout.write("\r", ending="")
        self.stdout.write(
            f"{department} : {total} renseignements inventés (dont {total - already} à l’instant, "
            f"{restricted} à diffusion restreinte), {len(units)} unités."
        )
        self.stdout.write(f"  Comptes : {', '.join(accounts)}.")


def load(code):
    """The department, its communes loaded if they are not."""
    if not Commune.objects.filter(department__code=code).exists():
        call_command("load_territory", department=[code], verbosity=0)
    return Department.objects.get(code=code)


# How many summaries of each kind a cell of more than a year has.
EARLIER = {"week": 3, "month": 12, "quarter": 4, "rolling": 1}


def recent_periods(today):
    """What the nights before have built: what is due today, and what was, the oldest first."""
    found = set(summaries.due_periods(today))
    for kind, count in EARLIER.items():
        period = max(each for each in found if each.kind == kind)
        for _ in range(count):
            period = summaries.one_before(period)
            found.add(period)
    return sorted(found, key=lambda period: (period.end, period.start))


def ask_a_release(department):
    """One of the cell asks to open a restricted report; a colleague has still to confirm."""
    analysts = Member.objects.filter(unit__is_cell=True, unit__department=department)
    by = analysts.filter(role=Role.ANALYST).order_by("pk").first()
    restricted = access.restricted_reports_of(by).exclude(state=State.DRAFT)
    if not restricted.filter(release_requests__isnull=False).exists():
        for report in restricted.order_by("restriction__review_on", "pk")[:1]:
            sharing.ask_release(report, by=by, why=RELEASE)


def invite_guests(department):
    """Open a few reports about schools to the guests who have none."""
    until = timezone.now() + timedelta(days=INVITED_DAYS)
    for guest in Member.objects.filter(unit__department=department, role=Role.GUEST):
        if ReportMemberGrant.objects.filter(user=guest).exists():
            continue
        analyst = Member.objects.filter(unit__is_cell=True, unit__department=department).first()
        ours = access.editable_reports(analyst).exclude(state=State.DRAFT).recent_first()
        schools = ours.filter(facts__iregex="lycée|collège|scolaire")[:INVITATIONS]
        for report in schools or ours[:INVITATIONS]:
            invitations.invite(
                report, by=analyst, guest=guest, until=until, reason=INVITATION, completes=True
            )


def tell_the_planner():
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("intel_"):
                cursor.execute(f'ANALYZE "{table}"')

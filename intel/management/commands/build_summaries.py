"""Build the summaries of one or several departments, here and now."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from intel.actions import summaries
from intel.management.asked import departments_named, period_named
from protocols.models import Protocol
from services.models import Department


class Command(BaseCommand):
    help = (
        "Construit les synthèses de départements pour une période (2026-09, 2026-Q3, 2026-Q3R12). "
        "Un département qui échoue laisse les autres, et le code de sortie le dit."
    )

    def add_arguments(self, parser):
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument(
            "--department", nargs="+", action="extend", metavar="CODE", help="un ou plusieurs"
        )
        which.add_argument(
            "--all", action="store_true", help="tous ceux dont le protocole est en vigueur"
        )
        parser.add_argument(
            "--period", metavar="PÉRIODE", help="par défaut : ce qui est dû ce jour"
        )
        parser.add_argument(
            "--revise",
            action="store_true",
            help="recompte, à ce jour, des chiffres déjà définitifs ; ce qui a changé est dit",
        )

    def handle(self, *, department, period, revise, **options):
        if revise and not period:
            raise CommandError("Précisez --period : une révision porte sur une période nommée.")
        today = timezone.localdate()
        wanted = [period_named(period)] if period else summaries.due_periods(today)
        departments = _in_force(today) if options["all"] else departments_named(department)
        failed = []
        for one in departments:
            try:
                self._build(one, wanted, revise)
            except Exception as error:  # noqa: BLE001 - whatever it is, the others are built
                failed.append(one.code)
                self.stderr.write(f"{one.code} : échec ({type(error).__name__}) : {error}")
        if failed:
            raise CommandError(f"Non construits : {', '.join(failed)}.")

    def _build(self, department, wanted, revise):
        for period in wanted:
            for summary in summaries.build(department, period, revised=revise):
                facts = "masqué" if summary.facts is None else summary.facts
                self.stdout.write(
                    f"{department.code} {period.code} {summary.for_whom} : "
                    f"version {summary.version}, faits : {facts}{_moved(summary)}"
                )


def _in_force(today):
    protocols = Protocol.objects.in_force(today)
    return Department.objects.filter(pk__in=protocols.values("department")).order_by("code")


def _moved(summary):
    """What this version counts otherwise than the one it replaces."""
    facts = summary.moved.get("facts")
    return f" (révisé : {facts:+d} par rapport à la précédente)" if facts else ""

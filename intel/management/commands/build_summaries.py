"""Build the summaries of one or several departments, here and now."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from intel import periods
from intel.actions import summaries
from services.models import Department


class Command(BaseCommand):
    help = "Construit les synthèses d’un département pour une période (2026-09, 2026-Q3, 2026)."

    def add_arguments(self, parser):
        parser.add_argument("--department", required=True, action="append", metavar="CODE")
        parser.add_argument(
            "--period", metavar="PÉRIODE", help="par défaut : ce qui est dû ce jour"
        )

    def handle(self, *, department, period, **options):
        try:
            wanted = (
                [periods.read(period)] if period else summaries.due_periods(timezone.localdate())
            )
        except periods.UnreadablePeriod as error:
            raise CommandError(str(error)) from error
        for code in department:
            found = Department.objects.filter(code=code.upper()).first()
            if found is None:
                raise CommandError(
                    f"Le département « {code} » n’est pas chargé : "
                    f"./run manage load_territory --department {code}"
                )
            for each in wanted:
                for summary in summaries.build(found, each):
                    self.stdout.write(
                        f"{found.code} {each.code} {summary.get_audience_display()} : "
                        f"version {summary.version}, faits : "
                        f"{'masqué' if summary.facts is None else summary.facts}"
                    )

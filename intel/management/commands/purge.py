"""What has come to its term: counted with --dry-run, erased without."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from cross.ui.templatetags.words import counted
from intel.actions import keeping
from intel.reading import retention
from services.models import Department


class Command(BaseCommand):
    help = "Efface les fiches arrivées à leur terme ; --dry-run les compte sans rien effacer."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="ne rien effacer")

    def handle(self, *, dry_run, **options):
        if not dry_run:
            erased = keeping.erase_due()
            self.stdout.write(counted(erased, "fiche effacée,fiches effacées"))
            return
        today = timezone.localdate()
        for department in Department.objects.order_by("code"):
            if retention.months_of(department, today) is None:
                continue
            for line in retention.board(department, today).lines:
                late = counted(line.late, "fiche échue,fiches échues")
                self.stdout.write(
                    f"{department.code} {line.rule.label} : {late}, {line.soon} sous 30 jours, "
                    f"{line.held} gelées, sur {line.kept}"
                )

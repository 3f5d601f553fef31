"""Bring a backup back to an empty place, and say what it holds."""

from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from cross.audit import checking, verifier
from cross.backup import CannotBackUp, restoring
from cross.management.commands.backup import key_of
from cross.ui.templatetags.words import counted

NEXT = (
    "Avant de rouvrir : remettez les clés à leur place (docs/backup.md), puis dites au journal "
    "qu’il est repris d’une sauvegarde : manage.py seal_journal --restored « motif »."
)


class Command(BaseCommand):
    help = "Restaure une sauvegarde dans une base et un dossier de fichiers vides, et la compare."
    # The tables that some checks look at are not there yet.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("backup", type=Path, metavar="SAUVEGARDE")
        parser.add_argument(
            "--key", metavar="FICHIER", help="fichier de la clé (ou CROSS_BACKUP_KEY)"
        )
        parser.add_argument(
            "--cles", type=Path, metavar="FICHIER",
            help="clés des valeurs scellées ; sinon les plus récentes à côté de la sauvegarde",
        )  # fmt: skip

    def handle(self, *args, backup, key, cles, **options):
        try:
            manifest = restoring.restore(backup, key=key_of(key), values=cles)
        except CannotBackUp as refusal:
            raise CommandError(f"Restauration refusée : {refusal}") from refusal
        said = restoring.summary(manifest)
        self.stdout.write(
            f"Restauré et comparé : {counted(said['tables'], 'table')}, "
            f"{counted(said['rows'], 'ligne')}, {counted(said['files'], 'fichier')}."
        )
        verdict = checking.check()
        for line in verifier.report(verdict):
            self.stdout.write(line)
        # What a later version adds, and the rights of the role of the web process.
        call_command("migrate", verbosity=0, interactive=False)
        self.stdout.write(NEXT)
        if not verdict.is_sound:
            raise CommandError("Le journal restauré n’est pas celui qui avait été scellé.")

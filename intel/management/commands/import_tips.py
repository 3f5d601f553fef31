"""Import a file of citizens' tips from the command line: `import_tips FILE [--dry-run]`."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cross.ui.templatetags.words import counted
from intel.actions import imports
from intel.importing.columns import BY_NAME, faults_of_mapping
from intel.reading.imports import faults_of
from services.models import Member
from services.roles import Right, may

PORTAL = "Ma Sécurité"


class Command(BaseCommand):
    help = (
        "Importe un fichier de signalements citoyens (CSV, XLSX, ODS). Les lignes bonnes sont "
        "importées, chaque ligne fautive est dite avec sa colonne et son motif, et rien n’est "
        "importé deux fois."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FICHIER")
        parser.add_argument("--dry-run", action="store_true", help="vérifie sans rien écrire")
        parser.add_argument("--portal", default=PORTAL, metavar="NOM", help=f"source ({PORTAL})")
        parser.add_argument(
            "--by",
            metavar="COMPTE",
            help="l’agent qui importe ; à défaut, le premier de la cellule",
        )

    def handle(self, *args, file, dry_run, portal, by, verbosity, **options):
        member = importer(by)
        advance = self._progress if verbosity > 1 else None
        try:
            if dry_run:
                self._check_only(file, portal, member, advance)
            else:
                batch = receive(file, portal, member)
                imports.choose_columns(
                    batch, batch.mapping, by=member, at_once=True, advance=advance
                )
                imports.start(batch, by=member, at_once=True, advance=advance)
                self._say(batch, counted(batch.created, "importée,importées"))
        except OSError as error:
            raise CommandError(f"{file} : {error.strerror}") from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error

    def _check_only(self, file, portal, member, advance):
        """All of it in a transaction that is given up."""
        with transaction.atomic():
            batch = receive(file, portal, member)
            try:
                imports.check(batch, advance)
                self._say(batch, counted(batch.fresh, "à importer,à importer"))
            finally:
                batch.file.delete(save=False)
                transaction.set_rollback(True)

    def _say(self, batch, good):
        for fault in faults_of(batch).iterator(chunk_size=1_000):
            column = f", colonne « {fault.column} »" if fault.column else ""
            self.stdout.write(f"Ligne {fault.row}{column} : {fault.reason}")
        self.stdout.write(
            f"{counted(batch.rows, 'ligne lue,lignes lues')} : {good}, "
            f"{counted(batch.known, 'déjà connue,déjà connues')}, "
            f"{counted(batch.faulty, 'fautive,fautives')}."
        )

    def _progress(self, done, total, note):
        self.stderr.write(f"{done}/{total} : {note}")


def receive(file, portal, member):
    """The file as an import whose columns are all recognised, or a sentence."""
    with file.open("rb") as content:
        batch = imports.receive(File(content, name=file.name), portal=portal, by=member)
    faults = faults_of_mapping(batch.mapping)
    if faults:
        names = ", ".join(BY_NAME[target].label for target, _ in faults)
        imports.forget_file(batch)
        raise CommandError(
            f"Colonnes non reconnues : {names}. Importez ce fichier depuis la page « Import de "
            "signalements », où les colonnes se choisissent."
        )
    return batch


def importer(username):
    """Who imports: the account named, or the first of the only cell who may."""
    members = Member.objects.select_related("unit__department", "unit__service")
    if username:
        found = members.filter(username=username).first()
        if found is None:
            raise CommandError(f"Aucun compte ne s’appelle « {username} ».")
        if not may(Right.IMPORT)(found) or not found.is_in_duty():
            raise CommandError(f"Le compte « {username} » ne peut pas importer de signalements.")
        return found
    cell = [
        member
        for member in members.filter(unit__is_cell=True).order_by("pk")
        if may(Right.IMPORT)(member) and member.is_in_duty()
    ]
    if not cell:
        raise CommandError("Aucun agent d’une cellule ne peut importer : précisez --by COMPTE.")
    if len({member.unit.department_id for member in cell}) > 1:
        raise CommandError("Plusieurs départements ont une cellule : précisez --by COMPTE.")
    return cell[0]

"""Write a sealed backup of everything but the keys, and read it again whole."""

import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from cross.backup import CannotBackUp, making, restoring, stream
from cross.ui.templatetags.words import counted, file_size


class Command(BaseCommand):
    help = (
        "Sauvegarde la base, les fichiers et les ancres du journal dans un sous-dossier chiffré, "
        "puis relit le tout. Les clés n’y sont pas : voyez docs/backup.md."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", type=Path, metavar="DOSSIER")
        parser.add_argument(
            "--key", metavar="FICHIER", help="fichier de la clé (ou CROSS_BACKUP_KEY)"
        )
        parser.add_argument("--make-key", metavar="FICHIER", help="crée une clé, et rien d’autre")
        parser.add_argument(
            "--check", type=Path, metavar="SAUVEGARDE", help="relit une sauvegarde, sans plus"
        )

    def handle(self, *args, folder, key, make_key, check, **options):
        try:
            if make_key:
                stream.make_key(Path(make_key))
                self.stdout.write(
                    f"Clé créée : {make_key}. Gardez-en une copie ailleurs que sur cette "
                    "machine : sans elle, aucune sauvegarde ne se lit."
                )
                return
            opened = key_of(key)
            if check:
                manifest = making.read_again(check, opened)
                self.tell(check, manifest, "relue")
            elif folder:
                place, manifest = making.make(folder, key=opened)
                self.tell(place, manifest, "écrite et relue")
            else:
                raise CommandError("Indiquez le dossier des sauvegardes.")
        except CannotBackUp as refusal:
            raise CommandError(f"Sauvegarde refusée : {refusal}") from refusal

    def tell(self, place, manifest, done):
        said = restoring.summary(manifest)
        self.stdout.write(
            f"Sauvegarde {done} : {place} ; {counted(said['tables'], 'table')}, "
            f"{counted(said['rows'], 'ligne')}, {counted(said['files'], 'fichier')}, "
            f"{file_size(said['octets'])}."
        )


def key_of(given):
    """The key of the file that is named, or of CROSS_BACKUP_KEY."""
    path = given or os.environ.get("CROSS_BACKUP_KEY")
    if not path:
        raise CannotBackUp(
            "indiquez le fichier de la clé (--key ou CROSS_BACKUP_KEY) ; pour en créer une : "
            "backup --make-key FICHIER."
        )
    return stream.read_key(path)

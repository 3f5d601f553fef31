"""Make a key for the seals, name the one in use, or go over to a new one."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cross.audit import anchors, journal, keys, sealing


class Command(BaseCommand):
    help = "Clé des sceaux du journal : en fabriquer une, dire l’empreinte, en changer."

    def add_arguments(self, parser):
        asked = parser.add_mutually_exclusive_group()
        asked.add_argument("--make", metavar="FICHIER", type=Path, help="fabrique une clé")
        asked.add_argument(
            "--change-to", metavar="FICHIER", type=Path, help="annonce la clé qui suit"
        )

    def handle(self, *args, make, change_to, **options):
        if make:
            try:
                key = keys.make(make)
            except FileExistsError as error:
                raise CommandError(f"{make} existe déjà : rien n’y a été changé.") from error
        elif change_to:
            key = keys.read(change_to)
            self.change(key)
            self.stdout.write(f"Mettez maintenant {change_to} dans CROSS_JOURNAL_KEY.")
        else:
            key = keys.signing_key()
        self.stdout.write(keys.name_of(key))

    def change(self, key):
        """Signed by the old one and by the new one, from the next batch on."""
        with sealing.turn(wait=True), transaction.atomic():
            old, last = keys.signing_key(), sealing.last_seal()
            try:
                sealing.check_anchors(last, old)
            except sealing.Broken as error:
                raise CommandError(str(error)) from error
            journal.record(None, "journal.key_changed", f"clé {keys.name_of(key)[:16]}")
            anchors.append(anchors.naming(key, old, after=last.number if last else 0))

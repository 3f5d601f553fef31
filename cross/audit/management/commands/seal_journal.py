"""Seal what the journal holds since its last seal, as the worker does every minute."""

from django.core.management.base import BaseCommand, CommandError

from cross.audit import sealing


class Command(BaseCommand):
    help = "Scelle les lignes du journal écrites depuis le dernier sceau."

    def add_arguments(self, parser):
        parser.add_argument(
            "--restored",
            metavar="MOTIF",
            help="une sauvegarde vient d’être remise : repartir de là, pour ce motif",
        )

    def handle(self, *args, restored, **options):
        try:
            if restored:
                sealing.restored(restored)
            sealed = sealing.seal()
        except sealing.Broken as error:
            raise CommandError(str(error)) from error
        last = sealing.last_seal()
        until = f"dernier lot : {last.number}, {last.signed.head}" if last else "aucun lot"
        self.stdout.write(f"Lots scellés : {sealed} ; {until}.")

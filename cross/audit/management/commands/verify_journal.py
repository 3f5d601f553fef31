"""Say whether the journal is still the one that was sealed. Exit code 1 when it is not."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand

from cross.audit import checking, verifier


class Command(BaseCommand):
    help = (
        "Vérifie le journal contre ses sceaux et leurs ancres. Code de sortie : 0 intact, "
        "1 altéré. Le rôle cross_journal, qui ne fait que lire, suffit."
    )

    def add_arguments(self, parser):
        parser.add_argument("--anchors", type=Path, help="dossier d’ancres, gardé ailleurs")
        parser.add_argument("--key", default="", help="empreinte de la clé, gardée ailleurs")

    def handle(self, *args, anchors, key, **options):
        verdict = checking.check(known=key, where=anchors)
        for line in verifier.report(verdict):
            self.stdout.write(line)
        if not verdict.is_sound:
            sys.exit(1)

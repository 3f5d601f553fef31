"""A new key, under which everything is sealed again while people work; then the old one goes."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from cross.sealed import keys, ring
from cross.ui.templatetags.words import counted

AT_ONCE = 1000
LOCKED_SECONDS = 0.2  # what somebody is writing is left to him, and taken a little later


class Command(BaseCommand):
    help = (
        "Tire une nouvelle clé et scelle de nouveau, par lots et sans arrêt du site, tout ce qui "
        "l’est sous les anciennes. --again reprend une rotation interrompue ; --remove-old efface "
        "les anciennes clés quand plus rien n’en dépend."
    )

    def add_arguments(self, parser):
        chosen = parser.add_mutually_exclusive_group()
        chosen.add_argument("--again", action="store_true", help="sans tirer de clé")
        chosen.add_argument("--remove-old", action="store_true", help="efface les anciennes clés")

    def handle(self, *, again, remove_old, **options):
        if remove_old:
            removed = remove()
            self.stdout.write(
                f"{counted(removed, 'ancienne clé effacée,anciennes clés effacées')}"
            )
            return
        if not ring.has_keys():
            self.stdout.write(f"Première clé, {ring.add_key()}, tirée dans {settings.KEYS}")
            return
        if not again:
            self.stdout.write(f"Clé {ring.add_key()} tirée dans {settings.KEYS}")
        self.stdout.write(f"{counted(rotate(), 'valeur scellée,valeurs scellées')} de nouveau")


def rotate():
    """Seal again whatever is under an older key; how many values."""
    current = ring.ring().current
    done = sum(iter(lambda: _batch(current), 0))
    while keys.left_but(current):
        time.sleep(LOCKED_SECONDS)
        done += _batch(current)
    return done + sum(sum(iter(seal_again, 0)) for seal_again in ring.others().values())


@transaction.atomic
def _batch(current):
    return keys.seal_again(current, most=AT_ONCE)


@transaction.atomic
def remove():
    """Delete every key but the current one; how many. Refused while a value needs one."""
    current = ring.ring().current
    with connection.cursor() as cursor:
        # Waits for whoever began under an old key, and lets nobody begin before the end.
        cursor.execute(f"LOCK TABLE {keys.TABLE} IN SHARE ROW EXCLUSIVE MODE")
    if left := keys.left_but(current):
        left = counted(left, "valeur dépend,valeurs dépendent")
        raise CommandError(f"{left} encore d’une ancienne clé : lancez rotate_keys --again.")
    if late := [name for name, seal_again in ring.others().items() if seal_again()]:
        raise CommandError(f"Relancez : {', '.join(late)} venait d’être écrit.")
    old = [path for number, path in ring.files(settings.KEYS) if number != current]
    for path in old:
        path.unlink()
    return len(old)

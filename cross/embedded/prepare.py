"""What `./run` does before it serves: tables, static files, a demonstration if there is none.

Each step looks at what is there, never at "is it the first time": a first start may have been cut.
"""

import hashlib
import os
import sys

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db import transaction

# The Vosges, and Meurthe-et-Moselle to show what another department sees.
DEPARTMENTS = ("88", "54")


def prepare():
    call_command("migrate", verbosity=0, interactive=False)
    collect_static_files()
    forget_pulses()
    if settings.DEMONSTRATION:
        fill_demonstration()
        show_accounts()


def collect_static_files():
    """Only when one of them changed: compressing them takes seconds."""
    stamp = settings.STATIC_ROOT / ".collected"
    wanted = digest_of_static_files()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Préparation des fichiers de style et d’images…", flush=True)
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(wanted)


def digest_of_static_files():
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            state = os.stat(storage.path(path))
            digest.update(f"{path} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def forget_pulses():
    """Signs of life of an earlier run would say "up" before anything is."""
    from cross.outbox.models import Pulse  # noqa: PLC0415 - after django.setup()

    Pulse.objects.all().delete()


def fill_demonstration():
    if get_user_model().objects.exists():
        return
    print(f"Chargement des communes : départements {' et '.join(DEPARTMENTS)}…", flush=True)
    call_command("load_territory", "--department", *DEPARTMENTS, verbosity=0)
    print("Création des données de démonstration…", flush=True)
    with transaction.atomic():  # all or nothing: members are what tells that it was done
        call_command("seed_demo", verbosity=0)
    seal_journal()


def seal_journal():
    """What is committed is sealed and verified, so that the first page to be opened says so."""
    from cross.audit import checking, sealing  # noqa: PLC0415 - after django.setup()

    sealing.seal()
    checking.check_and_note()


def show_accounts():
    print("Démonstration : toutes les données sont inventées.", flush=True)
    print(f"Comptes, mot de passe « {settings.DEMO_PASSWORD} » :", flush=True)
    for member in get_user_model().objects.order_by("pk"):
        if member.has_usable_password():
            print(f"  {member.username:21} {member.get_role_display()}, {member}", flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cross.settings")
    django.setup()
    try:
        prepare()
    except CommandError as error:  # its text is for who is at the terminal
        sys.exit(str(error))

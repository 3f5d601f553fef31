"""A database whose tables another version made is left as it is, before anything is migrated."""

from django.apps import apps
from django.core.management.base import CommandError
from django.db import connections
from django.db.migrations.loader import MigrationLoader

ROOMS = {"cross", "services", "protocols", "intel"}


def must_be_ours(*, using, **_):
    """Before each migration: raise on one of our names that was applied and has no file here."""
    loader = MigrationLoader(connections[using])
    ours = {
        config.label for config in apps.get_app_configs() if config.name.split(".")[0] in ROOMS
    }
    unknown = sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in ours and (app, name) not in loader.disk_migrations
    )
    if unknown:
        raise CommandError(
            f"la base de données vient d’une autre version de CROSS ({unknown[-1]}) : rien n’y a "
            "été changé. Reprenez cette version, ou repartez d’une base vide (avec ./run : un "
            "autre dossier de données, par CROSS_HOME)."
        )

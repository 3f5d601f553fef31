from django.apps import AppConfig
from django.db.models.signals import post_migrate


class IntelConfig(AppConfig):
    name = "intel"
    verbose_name = "Renseignement"

    def ready(self):
        from intel import access  # noqa: PLC0415 - models are loaded only now

        # Migrating may give permissions new keys.
        post_migrate.connect(
            lambda **kwargs: access.permission_id.cache_clear(),
            dispatch_uid="forget permission keys",
            weak=False,
        )

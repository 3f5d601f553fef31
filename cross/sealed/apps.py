from django.apps import AppConfig


class SealedConfig(AppConfig):
    name = "cross.sealed"
    label = "sealed"
    verbose_name = "textes scellés"

    def ready(self):
        from cross.sealed import checks  # noqa: F401, PLC0415 - registers the check of the keys

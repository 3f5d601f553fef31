from django.apps import AppConfig


class CrossConfig(AppConfig):
    name = "cross"
    verbose_name = "CROSS"

    def ready(self):
        from cross import checks  # noqa: F401, PLC0415 - registers the check of the doors

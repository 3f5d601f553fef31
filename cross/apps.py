from django.apps import AppConfig


class CrossConfig(AppConfig):
    name = "cross"
    verbose_name = "CROSS"

    def ready(self):
        from cross import checks  # noqa: F401, PLC0415 - registers the check of the doors
        from cross.jail import checks as of_the_jail  # noqa: F401, PLC0415 - and of the jail

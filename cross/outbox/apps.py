from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OutboxConfig(AppConfig):
    name = "cross.outbox"
    label = "outbox"
    verbose_name = "travaux en arrière-plan"

    def ready(self):
        # Who asks for a job knows its kind as well as who does it.
        autodiscover_modules("tasks")

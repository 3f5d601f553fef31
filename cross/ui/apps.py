from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "cross.ui"
    label = "ui"
    verbose_name = "Interface"

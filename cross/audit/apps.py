from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "cross.audit"
    label = "audit"
    verbose_name = "Journal"

from django.apps import AppConfig


class AuditApp(AppConfig):
    name = "lienthu.audit"
    label = "audit"

from django.apps import AppConfig


class IdentityApp(AppConfig):
    name = "lienthu.identity"
    label = "identity"

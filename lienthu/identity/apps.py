from django.apps import AppConfig


class IdentityApp(AppConfig):
    name = "lienthu.identity"
    label = "identity"

    def ready(self) -> None:
        # django-allauth's models must be loaded before its signals can be heard.
        from lienthu.identity import watch

        watch.connect()

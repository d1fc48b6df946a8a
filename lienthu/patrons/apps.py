from django.apps import AppConfig


class PatronsApp(AppConfig):
    name = "lienthu.patrons"
    label = "patrons"

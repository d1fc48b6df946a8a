from django.apps import AppConfig


class FeesApp(AppConfig):
    name = "lienthu.fees"
    label = "fees"

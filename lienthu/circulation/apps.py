from django.apps import AppConfig


class CirculationApp(AppConfig):
    name = "lienthu.circulation"
    label = "circulation"

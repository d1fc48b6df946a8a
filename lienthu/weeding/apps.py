from django.apps import AppConfig


class WeedingApp(AppConfig):
    name = "lienthu.weeding"
    label = "weeding"

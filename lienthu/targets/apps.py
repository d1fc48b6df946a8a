from django.apps import AppConfig


class TargetsApp(AppConfig):
    name = "lienthu.targets"
    label = "targets"

from django.apps import AppConfig


class RotationApp(AppConfig):
    name = "lienthu.rotation"
    label = "rotation"

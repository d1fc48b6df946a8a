from django.apps import AppConfig


class ConfigApp(AppConfig):
    name = "lienthu.config"
    label = "config"

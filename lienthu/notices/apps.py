from django.apps import AppConfig


class NoticesApp(AppConfig):
    name = "lienthu.notices"
    label = "notices"

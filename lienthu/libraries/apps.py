from django.apps import AppConfig


class LibrariesApp(AppConfig):
    name = "lienthu.libraries"
    label = "libraries"

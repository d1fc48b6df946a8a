from django.apps import AppConfig


class KernelApp(AppConfig):
    name = "lienthu.kernel"
    label = "kernel"

from django.apps import AppConfig


class OperationsApp(AppConfig):
    name = "lienthu.operations"
    label = "operations"

from django.apps import AppConfig


class LabelsApp(AppConfig):
    name = "lienthu.labels"
    label = "labels"

from django.apps import AppConfig


class BatchEditApp(AppConfig):
    name = "lienthu.batchedit"
    label = "batchedit"

from django.apps import AppConfig


class HarvestingApp(AppConfig):
    name = "lienthu.harvesting"
    label = "harvesting"

from django.apps import AppConfig


class CatalogueApp(AppConfig):
    name = "lienthu.catalogue"
    label = "catalogue"

from django.apps import AppConfig


class CataloguingApp(AppConfig):
    name = "lienthu.cataloguing"
    label = "cataloguing"

from django.apps import AppConfig


class StocktakingApp(AppConfig):
    name = "lienthu.stocktaking"
    label = "stocktaking"

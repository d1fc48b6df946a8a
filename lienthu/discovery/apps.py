from django.apps import AppConfig


class DiscoveryApp(AppConfig):
    name = "lienthu.discovery"
    label = "discovery"

from django.apps import AppConfig


class PortalApp(AppConfig):
    name = "lienthu.portal"
    label = "portal"

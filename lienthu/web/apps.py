from django.apps import AppConfig


class WebApp(AppConfig):
    name = "lienthu.web"
    label = "web"

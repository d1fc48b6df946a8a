from django.apps import AppConfig


class AuthoritiesApp(AppConfig):
    name = "lienthu.authorities"
    label = "authorities"

from django.apps import AppConfig


class Sip2App(AppConfig):
    name = "lienthu.protocols.sip2"
    label = "sip2"

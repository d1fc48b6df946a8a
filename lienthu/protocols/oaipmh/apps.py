from django.apps import AppConfig


class OaiPmhApp(AppConfig):
    name = "lienthu.protocols.oaipmh"
    label = "oaipmh"

from django.apps import AppConfig


class OfflineDeskApp(AppConfig):
    name = "lienthu.offlinedesk"
    label = "offlinedesk"

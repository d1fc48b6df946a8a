from django.apps import AppConfig


class ReadingListsApp(AppConfig):
    name = "lienthu.readinglists"
    label = "readinglists"

from django.urls import path

from lienthu.protocols.sru import handlers

app_name = "sru"
urlpatterns = [path("sru", handlers.endpoint, name="endpoint")]

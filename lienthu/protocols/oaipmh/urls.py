from django.urls import path

from lienthu.protocols.oaipmh import handlers

app_name = "oaipmh"
urlpatterns = [path("oai", handlers.endpoint, name="endpoint")]

from django.urls import path
from django_prometheus.exports import ExportToDjangoView

from lienthu.operations.views import desk, health

app_name = "operations"
urlpatterns = [
    path("health", health.health, name="health"),
    path("metrics", ExportToDjangoView, name="metrics"),
    path("ban-lam-viec/", desk.desk, name="desk"),
]

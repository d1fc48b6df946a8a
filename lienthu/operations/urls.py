from django.urls import path
from django_prometheus.exports import ExportToDjangoView

from lienthu.operations import views

app_name = "operations"
urlpatterns = [
    path("health", views.health, name="health"),
    path("metrics", ExportToDjangoView, name="metrics"),
]

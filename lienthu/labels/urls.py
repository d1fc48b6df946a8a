from django.urls import path

from lienthu.labels import views

app_name = "labels"
urlpatterns = [path("ban-lam-viec/nhan/", views.index, name="index")]

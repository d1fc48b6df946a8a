from django.urls import path

from lienthu.protocols.sip2 import views

app_name = "sip2"
_BASE = "ban-lam-viec/may-tu-muon/"
urlpatterns = [
    path(_BASE, views.index, name="list"),
    path(_BASE + "them/", views.add, name="add"),
    path(_BASE + "<int:terminal_id>/", views.edit, name="edit"),
    path(_BASE + "<int:terminal_id>/mat-khau", views.password, name="password"),
    path(_BASE + "<int:terminal_id>/thu", views.check, name="check"),
]

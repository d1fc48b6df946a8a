from django.urls import path

from lienthu.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("gioi-thieu", views.about, name="about"),
    path("tro-giup", views.help_index, name="help"),
    path("tro-giup/<slug:name>", views.help_page, name="help_page"),
    path("kha-nang-tiep-can", views.accessibility, name="accessibility"),
    path("quyen-rieng-tu", views.privacy, name="privacy"),
    path("du-lieu-mo", views.open_data, name="open_data"),
]

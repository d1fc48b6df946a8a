from django.urls import URLPattern

app_name = "harvesting"
urlpatterns: list[URLPattern] = []

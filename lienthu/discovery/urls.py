from django.urls.resolvers import URLPattern

app_name = "discovery"
urlpatterns: list[URLPattern] = []

from django.urls.resolvers import URLPattern

app_name = "libraries"
urlpatterns: list[URLPattern] = []

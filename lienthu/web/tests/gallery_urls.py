"""The addresses of the product with the component gallery, which only exists while DEBUG is on."""

from django.urls import include, path

from lienthu.config.urls import urlpatterns as all_patterns
from lienthu.web import urls as web

urlpatterns = [
    path("", include(([*web.urlpatterns, *web.GALLERY], "web"))),
    *(pattern for pattern in all_patterns if getattr(pattern, "app_name", None) != "web"),
]

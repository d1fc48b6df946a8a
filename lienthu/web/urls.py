from django.conf import settings
from django.urls import path

from lienthu.web import gallery, views

app_name = "web"
# For those who build pages; these addresses do not exist in production.
GALLERY = [
    path("thanh-phan", gallery.components, name="gallery"),
    path("thanh-phan/ban-lam-viec", gallery.desk, name="gallery_desk"),
    path("thanh-phan/trang/<slug:name>", gallery.page, name="gallery_page"),
    path("thanh-phan/goi-y", gallery.suggestions, name="gallery_suggestions"),
    path("thanh-phan/tien-do", gallery.running, name="gallery_progress"),
]
urlpatterns = [
    path("sw.js", views.service_worker, name="service_worker"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("ngoai-tuyen", views.offline, name="offline"),
    *(GALLERY if settings.DEBUG else []),
]

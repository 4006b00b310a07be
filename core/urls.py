"""Addresses of the ground floor: My day at the root, the frame's own switches, search, notices, files."""

from django.urls import path

from core import my_day, shell_views

app_name = "core"
urlpatterns = [
    path("", my_day.my_day, name="my_day"),
    path("scan/", shell_views.scan, name="scan"),
    path("offline/", shell_views.offline, name="offline"),
    path("theme/", shell_views.set_theme, name="set_theme"),
    path("language/", shell_views.set_language, name="set_language"),
    path("manifest.webmanifest", shell_views.manifest, name="manifest"),
    path("sw.js", shell_views.service_worker, name="service_worker"),
    path("gallery/", shell_views.gallery, name="gallery"),
]

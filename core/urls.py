"""Addresses of the ground floor: My day at the root, threads, files and notices, the frame's own switches."""

from django.urls import path

from core import list_views, my_day, record_views, search_views, shell_views

app_name = "core"
urlpatterns = [
    path("", my_day.my_day, name="my_day"),
    path("threads/<str:kind>/<int:pk>/", record_views.thread, name="thread"),
    path("people/find/", record_views.people_find, name="people_find"),
    path("files/<str:kind>/<int:pk>/", record_views.files, name="files"),
    path("files/<int:pk>/", record_views.download, name="download"),
    path("notifications/", record_views.notifications, name="notification_list"),
    path("notifications/read/", record_views.read_notifications, name="read_notifications"),
    path("lists/<str:code>/", list_views.list_panel, name="list_panel"),
    path("lists/<str:code>/columns/", list_views.list_columns, name="list_columns"),
    path("lists/<str:code>/views/", list_views.view_save, name="view_save"),
    path("lists/<str:code>/bulk/", list_views.bulk, name="bulk"),
    path("saved-views/<int:pk>/remove/", list_views.view_remove, name="view_remove"),
    path("bulk-runs/<int:pk>/undo/", list_views.bulk_undo, name="bulk_undo"),
    path("search/", search_views.search, name="search"),
    path("scan/", shell_views.scan, name="scan"),
    path("offline/", shell_views.offline, name="offline"),
    path("theme/", shell_views.set_theme, name="set_theme"),
    path("language/", shell_views.set_language, name="set_language"),
    path("manifest.webmanifest", shell_views.manifest, name="manifest"),
    path("sw.js", shell_views.service_worker, name="service_worker"),
    path("gallery/", shell_views.gallery, name="gallery"),
]

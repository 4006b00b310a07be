"""Addresses of the numbers."""

from django.urls import path

from kpi import views

app_name = "kpi"
urlpatterns = [
    path("metrics/", views.metric_board, name="metric_board"),
    path("metrics/<slug:code>/rows/", views.metric_rows, name="metric_rows"),
    path("my-numbers/", views.my_numbers, name="my_numbers"),
]

"""Addresses anybody can open: a pump's page by its label, a ticket's progress by its link."""

from django.urls import path

from service import public_views

urlpatterns = [
    path("q/<str:token>", public_views.public_pump, name="public_pump"),
    path("t/<str:token>", public_views.public_ticket, name="public_ticket"),
]

"""Addresses without sign-in: a customer says whether a visit took place or ends letters, a calendar program reads a person's calendar."""

from django.urls import path

from crm import public_views

urlpatterns = [
    path("v/<str:token>", public_views.public_visit, name="public_visit"),
    path("u/<str:word>", public_views.public_unsubscribe, name="public_unsubscribe"),
    path("c/<str:token>.ics", public_views.public_calendar, name="public_calendar"),
]

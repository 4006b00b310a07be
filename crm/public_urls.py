"""The address a customer opens to say whether a visit took place."""

from django.urls import path

from crm import public_views

urlpatterns = [path("v/<str:token>", public_views.public_visit, name="public_visit")]

"""Addresses of the pages about customers as a whole."""

from django.urls import path

from crm.views import boards

urlpatterns = [
    path("customers/privatisation/", boards.customer_privatisation, name="customer_privatisation"),
    path("customers/composition/", boards.customer_composition, name="customer_composition"),
    path("customers/quality/", boards.customer_quality, name="customer_quality"),
]

"""The address in the customer's letter."""

from django.urls import path

from surveys import public_views

urlpatterns = [path("s/<str:token>", public_views.public_survey, name="public_survey")]

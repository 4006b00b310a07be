"""Addresses of privacy."""

from django.urls import path

from crm.views import privacy

urlpatterns = [
    path("contacts/<int:pk>/consent/", privacy.ContactConsentView.as_view(), name="contact_consent"),
    path(
        "contacts/<int:pk>/withdraw_consent/",
        privacy.ContactWithdrawConsentView.as_view(),
        name="contact_withdraw_consent",
    ),
]

"""Addresses of privacy."""

from django.urls import path

from core.views import transition_paths
from crm.forms.privacy import REQUEST_FORMS, REQUEST_LABELS
from crm.models import PrivacyRequest
from crm.views import privacy

urlpatterns = [
    path("contacts/<int:pk>/consent/", privacy.ContactConsentView.as_view(), name="contact_consent"),
    path(
        "contacts/<int:pk>/withdraw_consent/",
        privacy.ContactWithdrawConsentView.as_view(),
        name="contact_withdraw_consent",
    ),
    path("contacts/<int:pk>/hold/", privacy.ContactHoldView.as_view(), name="contact_hold"),
    path("contacts/<int:pk>/ask/", privacy.ContactAskView.as_view(), name="contact_ask"),
    path("privacy-requests/", privacy.PrivacyRequestListView.as_view(), name="privacyrequest_list"),
    path(
        "privacy-requests/<int:pk>/", privacy.PrivacyRequestDetailView.as_view(), name="privacyrequest_detail"
    ),
    *transition_paths(PrivacyRequest, "privacy-requests", REQUEST_FORMS, REQUEST_LABELS),
    path("contacts/outlived/", privacy.ContactOutlivedView.as_view(), name="contact_outlived"),
    path("contacts/<int:pk>/retire/", privacy.ContactRetireView.as_view(), name="contact_retire"),
    path("access-log/", privacy.AccessLogView.as_view(), name="access_log"),
    path("access-log/<int:pk>/", privacy.access_log_of, name="access_log_of"),
    path("erasures/", privacy.ErasureListView.as_view(), name="erasure_list"),
]

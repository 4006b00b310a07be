"""Addresses of the customer floor."""

from importlib.util import find_spec

from django.urls import include, path

from core.views import transition_paths
from crm import log_views, panorama_views, views
from crm.forms import FOLLOW_UP_FORMS, FOLLOW_UP_LABELS
from crm.models import FollowUp

app_name = "crm"
urlpatterns = [
    path("customers/", views.CustomerListView.as_view(), name="customer_list"),
    path("customers/pool/", views.CustomerPoolView.as_view(), name="customer_pool"),
    path("customers/add/", views.CustomerCreateView.as_view(), name="customer_create"),
    path("customers/<int:pk>/", panorama_views.CustomerDetailView.as_view(), name="customer_detail"),
    path("customers/<int:pk>/timeline/", panorama_views.customer_timeline, name="customer_timeline"),
    path("customers/<int:pk>/contacts/", views.contacts_panel, name="customer_contacts"),
    path("customers/<int:pk>/edit/", views.CustomerUpdateView.as_view(), name="customer_update"),
    path("customers/<int:pk>/assign/", views.CustomerAssignView.as_view(), name="customer_assign"),
    path("customers/<int:customer>/contacts/add/", views.ContactCreateView.as_view(), name="contact_create"),
    path("customers/<int:customer>/sites/add/", views.SiteCreateView.as_view(), name="site_create"),
    path("contacts/", views.ContactListView.as_view(), name="contact_list"),
    path("contacts/<int:pk>/edit/", views.ContactUpdateView.as_view(), name="contact_update"),
    path("contacts/<int:pk>/reveal/", views.ContactRevealView.as_view(), name="contact_reveal"),
    path("sites/<int:pk>/edit/", views.SiteUpdateView.as_view(), name="site_update"),
    path("activities/add/", log_views.ActivityAddView.as_view(), name="activity_add"),
    path("activities/<int:pk>/edit/", log_views.ActivityUpdateView.as_view(), name="activity_update"),
    path("follow-ups/", log_views.FollowUpListView.as_view(), name="followup_list"),
    path("follow-ups/add/", log_views.FollowUpAddView.as_view(), name="followup_create"),
    path("follow-ups/<int:pk>/", log_views.FollowUpDetailView.as_view(), name="followup_detail"),
    *transition_paths(FollowUp, "follow-ups", FOLLOW_UP_FORMS, FOLLOW_UP_LABELS),
]
if find_spec("crm.import_urls"):
    urlpatterns.append(path("", include("crm.import_urls")))

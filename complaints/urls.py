"""Addresses of complaints under /complaints/."""

from django.urls import path

from complaints import views
from complaints.forms import COMPLAINT_FORMS, COMPLAINT_LABELS
from complaints.models import Complaint
from core.views import transition_paths

app_name = "complaints"
urlpatterns = [
    path("desk/", views.complaint_desk, name="complaint_desk"),
    path("complaints/", views.ComplaintListView.as_view(), name="complaint_list"),
    path("complaints/add/", views.ComplaintCreateView.as_view(), name="complaint_add"),
    path("complaints/<int:pk>/", views.ComplaintDetailView.as_view(), name="complaint_detail"),
    path("complaints/<int:pk>/contain/", views.ComplaintContainView.as_view(), name="complaint_contain"),
    path("complaints/<int:pk>/inform/", views.ComplaintInformView.as_view(), name="complaint_inform"),
    *transition_paths(Complaint, "complaints", forms=COMPLAINT_FORMS, labels=COMPLAINT_LABELS),
    path("steps/<int:pk>/finish/", views.step_finish, name="step_finish"),
    path("customers/<int:pk>/panel/", views.customer_panel, name="customer_panel"),
]

"""Addresses of projects."""

from django.urls import path

from core.views import transition_paths
from projects import views
from projects.forms import TRANSITION_FORMS
from projects.models import Project

app_name = "projects"
urlpatterns = [
    path("board/", views.project_board, name="project_board"),
    path("projects/", views.ProjectListView.as_view(), name="project_list"),
    path("projects/new/", views.ProjectCreateView.as_view(), name="project_create"),
    path("projects/<int:pk>/", views.ProjectDetailView.as_view(), name="project_detail"),
    path("projects/<int:pk>/edit/", views.ProjectUpdateView.as_view(), name="project_update"),
    path("projects/<int:pk>/parties/new/", views.PartyCreateView.as_view(), name="party_create"),
    path(
        "projects/<int:pk>/evidence/<slug:item>/",
        views.EvidenceProvideView.as_view(),
        name="evidence_provide",
    ),
    path("customers/<int:pk>/panel/", views.customer_panel, name="customer_panel"),
    *transition_paths(Project, "projects", forms=TRANSITION_FORMS, labels=views.LABELS),
]

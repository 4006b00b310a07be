"""Addresses of the customer import, below /crm/."""

from django.urls import path

from core.views import transition_paths
from crm.models.imports import ImportBatch
from crm.views import imports as views

urlpatterns = [
    path("imports/", views.ImportListView.as_view(), name="importbatch_list"),
    path("imports/add/", views.ImportCreateView.as_view(), name="importbatch_create"),
    path("imports/template/", views.import_template, name="import_template"),
    path("imports/<int:pk>/", views.ImportDetailView.as_view(), name="importbatch_detail"),
    path("imports/<int:pk>/map_columns/", views.ImportColumnsView.as_view(), name="importbatch_map_columns"),
    path("imports/<int:pk>/decide/", views.import_decide, name="import_decide"),
    path("imports/<int:pk>/rejected/", views.import_rejected, name="import_rejected"),
    *[
        step
        for step in transition_paths(
            ImportBatch, "imports", forms=views.TRANSITION_FORMS, labels=views.TRANSITION_LABELS
        )
        if step.name != "importbatch_map_columns"
    ],
]

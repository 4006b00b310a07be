"""Addresses of the export, below /crm/."""

from django.urls import path

from core.views import transition_paths
from crm.models import Export
from crm.views import exports

urlpatterns = [
    path("exports/", exports.ExportListView.as_view(), name="export_list"),
    path("exports/add/", exports.ExportCreateView.as_view(), name="export_create"),
    path("exports/<int:pk>/", exports.ExportDetailView.as_view(), name="export_detail"),
    path("exports/<int:pk>/reveal/", exports.export_reveal, name="export_reveal"),
    path("exports/<int:pk>/download/", exports.export_download, name="export_download"),
    *transition_paths(Export, "exports", forms=exports.EXPORT_FORMS, labels=exports.EXPORT_LABELS),
]

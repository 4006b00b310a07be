"""Addresses of handovers."""

from django.urls import path

from core.views import transition_paths
from crm.forms.handovers import HANDOVER_FORMS, HANDOVER_LABELS
from crm.models import Handover
from crm.views import handovers

urlpatterns = [
    path("handovers/", handovers.HandoverListView.as_view(), name="handover_list"),
    path("handovers/add/", handovers.HandoverCreateView.as_view(), name="handover_create"),
    path("handovers/<int:pk>/", handovers.HandoverDetailView.as_view(), name="handover_detail"),
    path("handovers/<int:pk>/fill/", handovers.HandoverFillView.as_view(), name="handover_fill"),
    path("handovers/<int:pk>/dossier/", handovers.HandoverDossierView.as_view(), name="handover_dossier"),
    path(
        "handovers/<int:pk>/distribute/",
        handovers.HandoverDistributeView.as_view(),
        name="handover_distribute",
    ),
    *transition_paths(Handover, "handovers", HANDOVER_FORMS, HANDOVER_LABELS),
]

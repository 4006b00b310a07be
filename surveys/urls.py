"""Addresses of surveys under /surveys/."""

from django.urls import path

from core.views import transition_paths
from surveys import views
from surveys.forms import (
    INVITATION_FORMS,
    INVITATION_LABELS,
    QUESTIONNAIRE_LABELS,
    RECOVERY_FORMS,
    RECOVERY_LABELS,
)
from surveys.models import Invitation, Questionnaire, Recovery

app_name = "surveys"
urlpatterns = [
    path("responses/", views.ResponseListView.as_view(), name="response_list"),
    path("responses/<int:pk>/", views.ResponseDetailView.as_view(), name="response_detail"),
    path("results/", views.result_overview, name="result_overview"),
    path("invitations/", views.InvitationListView.as_view(), name="invitation_list"),
    path("invitations/<int:pk>/", views.InvitationDetailView.as_view(), name="invitation_detail"),
    path("invitations/<int:pk>/qr/", views.invitation_qr, name="invitation_qr"),
    *transition_paths(Invitation, "invitations", forms=INVITATION_FORMS, labels=INVITATION_LABELS),
    path("recoveries/", views.RecoveryListView.as_view(), name="recovery_list"),
    path("recoveries/<int:pk>/", views.RecoveryDetailView.as_view(), name="recovery_detail"),
    path("recoveries/<int:pk>/complain/", views.RecoveryComplainView.as_view(), name="recovery_complain"),
    *transition_paths(Recovery, "recoveries", forms=RECOVERY_FORMS, labels=RECOVERY_LABELS),
    path("questionnaires/", views.QuestionnaireListView.as_view(), name="questionnaire_list"),
    path("questionnaires/<int:pk>/", views.QuestionnaireDetailView.as_view(), name="questionnaire_detail"),
    path("questionnaires/<int:pk>/edit/", views.QuestionnaireUpdateView.as_view(), name="questionnaire_edit"),
    path("questionnaires/<int:pk>/revise/", views.questionnaire_revise, name="questionnaire_revise"),
    *transition_paths(Questionnaire, "questionnaires", labels=QUESTIONNAIRE_LABELS),
    path("customers/<int:pk>/panel/", views.customer_panel, name="customer_panel"),
    path("tickets/<int:pk>/panel/", views.ticket_panel, name="ticket_panel"),
]

"""Addresses of a customer's standing, decisions by hand, retention plans and the portfolio."""

from django.urls import path

from core.views import transition_paths
from crm.forms.value import OVERRIDE_FORMS, OVERRIDE_LABELS, PLAN_FORMS, PLAN_LABELS
from crm.models import Override, RetentionPlan
from crm.views import value

urlpatterns = [
    path("customers/portfolio/", value.customer_portfolio, name="customer_portfolio"),
    path("customers/<int:pk>/why/", value.customer_why, name="customer_why"),
    path(
        "customers/<int:pk>/override_tier/",
        value.CustomerOverrideTierView.as_view(),
        name="customer_override_tier",
    ),
    path(
        "customers/<int:pk>/override_stage/",
        value.CustomerOverrideStageView.as_view(),
        name="customer_override_stage",
    ),
    path("customers/<int:pk>/weigh/", value.CustomerWeighView.as_view(), name="customer_weigh"),
    path("customers/<int:pk>/sponsor/", value.CustomerSponsorView.as_view(), name="customer_sponsor"),
    path("customers/<int:pk>/retention/", value.CustomerRetentionView.as_view(), name="customer_retention"),
    path("overrides/", value.OverrideListView.as_view(), name="override_list"),
    path("overrides/<int:pk>/", value.OverrideDetailView.as_view(), name="override_detail"),
    *transition_paths(Override, "overrides", OVERRIDE_FORMS, OVERRIDE_LABELS),
    path("retention-plans/", value.RetentionPlanListView.as_view(), name="retentionplan_list"),
    path("retention-plans/<int:pk>/", value.RetentionPlanDetailView.as_view(), name="retentionplan_detail"),
    *transition_paths(RetentionPlan, "retention-plans", PLAN_FORMS, PLAN_LABELS),
]

"""Addresses of assignment and the public pool, inside the customer floor's."""

from django.urls import path

from core.views import transition_paths
from crm.forms.pool import CROSS_CLAIM_FORMS, CROSS_CLAIM_LABELS, POOL_RULE_FORMS, POOL_RULE_LABELS
from crm.models import CrossClaim, PoolRule
from crm.views import pool

urlpatterns = [
    path("customers/pool/", pool.CustomerPoolView.as_view(), name="customer_pool"),
    path("customers/assign-many/", pool.CustomerAssignManyView.as_view(), name="assign_many"),
    path("customers/<int:pk>/claim/", pool.CustomerClaimView.as_view(), name="customer_claim"),
    path(
        "customers/<int:pk>/return_to_pool/",
        pool.CustomerReturnView.as_view(),
        name="customer_return_to_pool",
    ),
    path("customers/<int:pk>/extend/", pool.CustomerExtendView.as_view(), name="customer_extend"),
    path("pool-moves/", pool.PoolEventListView.as_view(), name="poolevent_list"),
    path("cross-claims/", pool.CrossClaimListView.as_view(), name="crossclaim_list"),
    path("cross-claims/add/", pool.CrossClaimCreateView.as_view(), name="crossclaim_create"),
    path("cross-claims/<int:pk>/", pool.CrossClaimDetailView.as_view(), name="crossclaim_detail"),
    *transition_paths(CrossClaim, "cross-claims", CROSS_CLAIM_FORMS, CROSS_CLAIM_LABELS),
    path("pool-rules/", pool.PoolRuleListView.as_view(), name="poolrule_list"),
    path("pool-rules/add/", pool.PoolRuleCreateView.as_view(), name="poolrule_create"),
    path("pool-rules/<int:pk>/", pool.PoolRuleDetailView.as_view(), name="poolrule_detail"),
    *transition_paths(PoolRule, "pool-rules", POOL_RULE_FORMS, POOL_RULE_LABELS),
]

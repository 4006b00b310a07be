"""Addresses of the customer floor."""

from django.urls import include, path

from core.views import transition_paths
from crm.forms.follow_ups import FOLLOW_UP_FORMS, FOLLOW_UP_LABELS
from crm.forms.merging import MERGE_FORMS, MERGE_LABELS, PAIR_FORMS, PAIR_LABELS
from crm.models import CustomerMerge, DuplicatePair, FollowUp
from crm.views import (
    activities,
    contacts,
    customers,
    duplicates,
    follow_ups,
    merging,
    panorama,
    parties,
    people,
    visits,
)

app_name = "crm"
urlpatterns = [
    path("", include("crm.handover_urls")),
    path("", include("crm.segment_urls")),
    path("", include("crm.board_urls")),
    path("customers/", customers.CustomerListView.as_view(), name="customer_list"),
    path("customers/add/", customers.CustomerCreateView.as_view(), name="customer_create"),
    path("customers/duplicates/", duplicates.duplicates, name="duplicates"),
    path("customers/ask/", duplicates.customer_ask, name="customer_ask"),
    path(
        "customers/<int:pk>/answer_ask/",
        duplicates.CustomerAnswerAskView.as_view(),
        name="customer_answer_ask",
    ),
    path("customers/<int:pk>/merge/", merging.CustomerMergeView.as_view(), name="customer_merge"),
    path(
        "customers/<int:pk>/propose_merge/",
        merging.CustomerProposeMergeView.as_view(),
        name="customer_propose_merge",
    ),
    path(
        "customers/<int:pk>/verify_identity/",
        merging.CustomerVerifyIdentityView.as_view(),
        name="customer_verify_identity",
    ),
    path("merges/", merging.CustomerMergeListView.as_view(), name="customermerge_list"),
    path("merges/<int:pk>/", merging.CustomerMergeDetailView.as_view(), name="customermerge_detail"),
    path(
        "merges/<int:pk>/approve/", merging.CustomerMergeApproveView.as_view(), name="customermerge_approve"
    ),
    *[
        one
        for one in transition_paths(CustomerMerge, "merges", MERGE_FORMS, MERGE_LABELS)
        if one.name != "customermerge_approve"
    ],
    path("duplicates/", merging.DuplicatePairListView.as_view(), name="duplicatepair_list"),
    *transition_paths(DuplicatePair, "duplicates", PAIR_FORMS, PAIR_LABELS),
    path("customers/<int:pk>/", panorama.CustomerDetailView.as_view(), name="customer_detail"),
    path("customers/<int:pk>/timeline/", panorama.customer_timeline, name="customer_timeline"),
    path("customers/<int:pk>/contacts/", contacts.contacts_panel, name="customer_contacts"),
    path("customers/<int:pk>/edit/", customers.CustomerUpdateView.as_view(), name="customer_update"),
    path("customers/find/", people.customer_find, name="customer_find"),
    path("customers/<int:pk>/map/", people.CustomerMapView.as_view(), name="customer_map"),
    path("customers/<int:pk>/group/", parties.CustomerGroupView.as_view(), name="customer_group"),
    path("customers/<int:pk>/fill/<str:part>/", parties.CustomerFillView.as_view(), name="customer_fill"),
    path("customers/<int:pk>/status/", parties.CustomerStatusView.as_view(), name="customer_status"),
    path("customers/<int:pk>/credit/", parties.CustomerCreditView.as_view(), name="customer_credit"),
    path("customers/<int:pk>/assign/", customers.CustomerAssignView.as_view(), name="customer_assign"),
    path(
        "customers/<int:customer>/contacts/add/", contacts.ContactCreateView.as_view(), name="contact_create"
    ),
    path("customers/<int:customer>/sites/add/", contacts.SiteCreateView.as_view(), name="site_create"),
    path("contacts/", contacts.ContactListView.as_view(), name="contact_list"),
    path("contacts/<int:pk>/", people.ContactDetailView.as_view(), name="contact_detail"),
    path("contacts/<int:pk>/verify/", people.ContactVerifyView.as_view(), name="contact_verify"),
    path("contacts/<int:pk>/leave/", people.ContactLeaveView.as_view(), name="contact_leave"),
    path("contacts/<int:pk>/move/", people.ContactMoveView.as_view(), name="contact_move"),
    path("contacts/<int:pk>/serve/", people.ContactServeView.as_view(), name="contact_serve"),
    path("contacts/<int:pk>/tie/", people.ContactTieView.as_view(), name="contact_tie"),
    path("contacts/<int:pk>/place/", people.ContactPlaceView.as_view(), name="contact_place"),
    path("affiliations/<int:pk>/end/", people.AffiliationEndView.as_view(), name="affiliation_end"),
    path("contacts/<int:pk>/edit/", contacts.ContactUpdateView.as_view(), name="contact_update"),
    path("contacts/<int:pk>/reveal/", contacts.ContactRevealView.as_view(), name="contact_reveal"),
    path("sites/<int:pk>/edit/", contacts.SiteUpdateView.as_view(), name="site_update"),
    path("activities/", activities.ActivityListView.as_view(), name="activity_list"),
    path("activities/<int:pk>/", activities.ActivityDetailView.as_view(), name="activity_detail"),
    path("activities/<int:pk>/confirm_visit/", visits.confirm_visit, name="activity_confirm_visit"),
    path("customers/<int:pk>/check_in/", visits.CheckInView.as_view(), name="customer_check_in"),
    path("activities/add/", activities.ActivityAddView.as_view(), name="activity_add"),
    path("activities/<int:pk>/edit/", activities.ActivityUpdateView.as_view(), name="activity_update"),
    path("follow-ups/", follow_ups.FollowUpListView.as_view(), name="followup_list"),
    path("follow-ups/add/", follow_ups.FollowUpAddView.as_view(), name="followup_create"),
    path("follow-ups/<int:pk>/", follow_ups.FollowUpDetailView.as_view(), name="followup_detail"),
    *transition_paths(FollowUp, "follow-ups", FOLLOW_UP_FORMS, FOLLOW_UP_LABELS),
    path("", include("crm.log_review_urls")),
    path("", include("crm.privacy_urls")),
    path("", include("crm.care_urls")),
    path("", include("crm.value_urls")),
    path("", include("crm.exports.urls")),
    path("", include("crm.imports.urls")),
    path("", include("crm.pool_urls")),
]

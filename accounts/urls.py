"""Addresses of accounts behind sign-in."""

from django.urls import path

from accounts import profile_views, views
from accounts.forms import GRANT_FORMS, GRANT_LABELS
from accounts.models import Grant
from core.views import transition_paths

app_name = "accounts"
urlpatterns = [
    path("logout/", views.sign_out, name="logout"),
    path("profile/", profile_views.ProfileView.as_view(), name="profile"),
    path("profile/password/", profile_views.PasswordChangeView.as_view(), name="password_change"),
    path("tokens/add/", profile_views.TokenCreateView.as_view(), name="token_create"),
    path("tokens/<int:pk>/revoke/", profile_views.token_revoke, name="token_revoke"),
    path("users/", views.UserListView.as_view(), name="user_list"),
    path("users/add/", views.UserInviteView.as_view(), name="user_create"),
    path("users/<int:pk>/", views.UserDetailView.as_view(), name="user_detail"),
    path("users/<int:pk>/edit/", views.UserUpdateView.as_view(), name="user_update"),
    path("users/<int:pk>/move/", views.UserMoveView.as_view(), name="user_move"),
    path("users/<int:pk>/deactivate/", views.UserDeactivateView.as_view(), name="user_deactivate"),
    path("users/<int:pk>/reactivate/", views.UserReactivateView.as_view(), name="user_reactivate"),
    path("org-units/", views.OrgUnitListView.as_view(), name="orgunit_list"),
    path("org-units/add/", views.OrgUnitCreateView.as_view(), name="orgunit_create"),
    path("org-units/<int:pk>/", views.OrgUnitDetailView.as_view(), name="orgunit_detail"),
    path("org-units/<int:pk>/edit/", views.OrgUnitUpdateView.as_view(), name="orgunit_update"),
    path("org-units/<int:pk>/province/", views.OrgUnitProvinceView.as_view(), name="orgunit_province"),
    path("grants/", views.GrantListView.as_view(), name="grant_list"),
    path("grants/add/", views.GrantCreateView.as_view(), name="grant_create"),
    path("grants/<int:pk>/", views.GrantDetailView.as_view(), name="grant_detail"),
    *transition_paths(Grant, "grants", forms=GRANT_FORMS, labels=GRANT_LABELS),
    path("delegations/", views.DelegationListView.as_view(), name="delegation_list"),
    path("delegations/add/", views.DelegationCreateView.as_view(), name="delegation_create"),
    path("delegations/<int:pk>/end/", views.DelegationEndView.as_view(), name="delegation_end"),
    path("permissions/", views.permission_matrix, name="permission_matrix"),
]

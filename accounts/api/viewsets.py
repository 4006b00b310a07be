"""The API of accounts: users, org-units, regions, grants."""

from typing import Any, cast

from django.db.models import QuerySet

from accounts import operations
from accounts.api.serializers import (
    BranchRegionSerializer,
    GrantSerializer,
    OrgUnitSerializer,
    UserDetailSerializer,
    UserSerializer,
)
from accounts.filters import BranchRegionFilter, GrantFilter, OrgUnitFilter, UserFilter
from accounts.forms import GRANT_FORMS, GrantForm, OrgUnitForm, UserForm, UserInviteForm
from accounts.models import BranchRegion, Grant, OrgUnit, User
from core.api.viewsets import ScopedViewSet
from core.clock import db_now


class UserViewSet(ScopedViewSet):
    """Colleagues. Making and changing them needs an administrator."""

    model = User
    serializer_class = UserSerializer
    detail_serializer_class = UserDetailSerializer
    filterset_class = UserFilter
    orderings = {"username": ("username",), "-username": ("-username",), "id": ("id",)}
    create_form_class = UserInviteForm
    update_form_class = UserForm

    def perform_create(self, form: Any) -> User:
        return operations.invite_user(by=cast(User, self.request.user), now=db_now(), **form.cleaned_data)


class OrgUnitViewSet(ScopedViewSet):
    """The company tree."""

    model = OrgUnit
    serializer_class = OrgUnitSerializer
    filterset_class = OrgUnitFilter
    orderings = {"code": ("code",), "-code": ("-code",)}
    update_form_class = OrgUnitForm


class BranchRegionViewSet(ScopedViewSet):
    """Provinces and the branches that serve them; read only."""

    model = BranchRegion
    serializer_class = BranchRegionSerializer
    filterset_class = BranchRegionFilter
    orderings = {"province_code": ("province_code", "id"), "id": ("id",)}


class GrantViewSet(ScopedViewSet):
    """Roles with scope; a proposal is approved, refused or withdrawn by its own steps."""

    model = Grant
    serializer_class = GrantSerializer
    filterset_class = GrantFilter
    orderings = {"-id": ("-id",)}
    create_form_class = GrantForm
    transition_forms = GRANT_FORMS

    def perform_create(self, form: Any) -> Grant:
        data = dict(form.cleaned_data)
        return operations.grant_role(
            by=cast(User, self.request.user), now=db_now(), user=data.pop("user_id"), **data
        )

    def list_rows(self) -> QuerySet[Grant]:
        return self.get_queryset()


ROUTES = [
    ("users", UserViewSet),
    ("org-units", OrgUnitViewSet),
    ("regions", BranchRegionViewSet),
    ("grants", GrantViewSet),
]

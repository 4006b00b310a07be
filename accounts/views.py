"""Pages of accounts behind sign-in: people, units, grants, delegations, the permission matrix, one's own profile."""

from typing import Any, cast

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts import operations
from accounts.filters import GrantFilter, OrgUnitFilter, UserFilter
from accounts.forms import (
    DelegationForm,
    GrantForm,
    OrgUnitForm,
    ProvinceForm,
    UserDeactivateForm,
    UserForm,
    UserInviteForm,
    UserMoveForm,
)
from accounts.matrix_page import matrix_tables
from accounts.models import BranchRegion, Delegation, Grant, OrgUnit, User
from core import audit
from core.clock import db_now
from core.forms import ScopedForm
from core.phones import show_phone
from core.rules import require
from core.timeline import render_entries, timeline_lines
from core.views import (
    ScopedCreateView,
    ScopedDetailView,
    ScopedFormView,
    ScopedListView,
    ScopedUpdateView,
)

HISTORY_LENGTH = 20


# --- people -------------------------------------------------------------------------------------------------------------


class UserListView(ScopedListView):
    """Colleagues, with unit, roles and whether the account is open."""

    model = User
    filterset_class = UserFilter
    orderings = {
        "username": ("username",),
        "-username": ("-username",),
        "name": ("name_zh", "username"),
        "-name": ("-name_zh", "-username"),
        "unit": ("unit__code", "username"),
    }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        people = [row.pk for row in context["rows"]]
        roles: dict[int, list[Any]] = {}
        for grant in (
            Grant.objects.visible_to(None).counting(db_now()).filter(user__in=people).order_by("role")
        ):
            roles.setdefault(grant.user_id, []).append(grant.get_role_display())
        return {**context, "roles": roles, "can_add": self.request.user.has_perm("accounts.add_user")}


class UserDetailView(ScopedDetailView):
    """One colleague: unit, manager, roles; for those who administer also contact data and history."""

    model = User

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person, viewer, now = kwargs["row"], cast(User, self.request.user), kwargs["now"]
        manages = viewer.has_perm("accounts.manage_user")
        grants = Grant.objects.visible_to(viewer).filter(user=person).select_related("scope_unit")
        return super().get_context_data(
            **kwargs,
            manages=manages,
            shows_contact=manages or viewer.pk == person.pk,
            phone=show_phone(person.phone),
            grants=grants.order_by("state", "role"),
            memberships=person.memberships.select_related("unit"),
            stand_in=person.delegations_given.in_force(now).select_related("to_user").first(),
            history=timeline_lines(person, viewer, limit=HISTORY_LENGTH) if manages else [],
            can_change=viewer.has_perm("accounts.change_user", person),
            can_deactivate=viewer.has_perm("accounts.deactivate_user", person),
        )


class UserInviteView(ScopedCreateView):
    """Make an account and mail the link to choose a password."""

    model = User
    form_class = UserInviteForm
    title = gettext_lazy("New colleague")
    submit_label = gettext_lazy("Invite")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def perform(self, form: Any) -> User:
        return operations.invite_user(by=_person(self.request), now=db_now(), **form.cleaned_data)


class UserUpdateView(ScopedUpdateView):
    """Correct a colleague's data."""

    model = User
    form_class = UserForm
    title = gettext_lazy("Edit")


class UserActionView(ScopedFormView):
    """A step on one colleague, through the operation of the same name."""

    model = User
    template_name = "accounts/user_form.html"

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, self.code(), self.row)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.row, **kwargs)


class UserMoveView(UserActionView):
    """Move a colleague to another unit."""

    permission = "change"
    form_class = UserMoveForm
    title = gettext_lazy("Move to another unit")

    def perform(self, form: Any) -> User:
        return operations.move_user(
            by=_person(self.request), now=db_now(), user=self.row, **form.cleaned_data
        )


class UserDeactivateView(UserActionView):
    """Close an account at once."""

    permission = "deactivate"
    form_class = UserDeactivateForm
    title = gettext_lazy("Close the account")
    submit_label = gettext_lazy("Close now")

    def perform(self, form: Any) -> User:
        return operations.deactivate_user(
            by=_person(self.request), now=db_now(), user=self.row, **form.cleaned_data
        )


class UserReactivateView(UserActionView):
    """Open a closed account again."""

    permission = "reactivate"
    form_class = ScopedForm
    title = gettext_lazy("Open the account again")
    submit_label = gettext_lazy("Open again")

    def perform(self, form: Any) -> User:
        return operations.reactivate_user(by=_person(self.request), now=db_now(), user=self.row)


# --- units --------------------------------------------------------------------------------------------------------------


class OrgUnitListView(ScopedListView):
    """The company: headquarters, branches, departments with heads, provinces and people."""

    model = OrgUnit
    filterset_class = OrgUnitFilter
    orderings = {"code": ("code",), "-code": ("-code",)}
    page_size = 200

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        provinces: dict[int, list[str]] = {}
        for region in (
            BranchRegion.objects.visible_to(self.request.user).in_force(db_now()).order_by("province_code")
        ):
            provinces.setdefault(region.unit_id, []).append(region.province_name)
        return {
            **context,
            "provinces": provinces,
            "can_add": self.request.user.has_perm("accounts.add_orgunit"),
        }


class OrgUnitDetailView(ScopedDetailView):
    """One unit with its people and provinces."""

    model = OrgUnit

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        unit, viewer = kwargs["row"], self.request.user
        people = User.objects.visible_to(viewer).members_of(unit.pk, now=kwargs["now"])
        return super().get_context_data(
            **kwargs,
            people=people.order_by("username"),
            regions=BranchRegion.objects.visible_to(viewer).filter(unit=unit),
            children=OrgUnit.objects.visible_to(viewer).filter(parent=unit),
            can_change=viewer.has_perm("accounts.change_orgunit", unit),
            can_change_regions=viewer.has_perm("accounts.change_branchregion"),
        )


class OrgUnitCreateView(ScopedCreateView):
    """Add a unit."""

    model = OrgUnit
    form_class = OrgUnitForm
    title = gettext_lazy("New unit")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def perform(self, form: Any) -> OrgUnit:
        unit: OrgUnit = form.save()
        audit.record("accounts.add_orgunit", unit, by=self.request.user, now=db_now())
        return unit


class OrgUnitUpdateView(ScopedUpdateView):
    """Change a unit's names, head or executive."""

    model = OrgUnit
    form_class = OrgUnitForm
    title = gettext_lazy("Edit")


class OrgUnitProvinceView(ScopedFormView):
    """Give a province to the branch from a day on."""

    model = OrgUnit
    form_class = ProvinceForm
    title = gettext_lazy("Serve a province")
    template_name = "accounts/orgunit_form.html"

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, "accounts.change_branchregion")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.row, **kwargs)

    def perform(self, form: Any) -> OrgUnit:
        operations.assign_province(by=_person(self.request), now=db_now(), unit=self.row, **form.cleaned_data)
        return self.row


# --- grants and delegations ---------------------------------------------------------------------------------------------


class GrantListView(ScopedListView):
    """Who holds which role for which unit; proposals wait on top."""

    model = Grant
    filterset_class = GrantFilter
    orderings = {"-state": ("-state", "-id"), "-id": ("-id",)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(can_add=self.request.user.has_perm("accounts.add_grant"), **kwargs)


class GrantDetailView(ScopedDetailView):
    """One grant with the steps a second person may take."""

    model = Grant

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entries = audit.history(kwargs["row"]).select_related("actor")
        return super().get_context_data(history=render_entries(entries, self.request.user), **kwargs)


class GrantCreateView(ScopedCreateView):
    """Propose a role; it counts once someone else has approved it."""

    model = Grant
    form_class = GrantForm
    title = gettext_lazy("Propose a role")
    submit_label = gettext_lazy("Propose")

    def perform(self, form: Any) -> Grant:
        data = dict(form.cleaned_data)
        return operations.grant_role(by=_person(self.request), now=db_now(), user=data.pop("user_id"), **data)


class DelegationListView(ScopedListView):
    """Who acts for whom, now, soon and in the past."""

    model = Delegation
    orderings = {"-valid_from": ("-valid_from", "-id")}


class DelegationCreateView(ScopedCreateView):
    """Name a stand-in."""

    model = Delegation
    form_class = DelegationForm
    title = gettext_lazy("Name a stand-in")

    def get_initial(self) -> dict[str, Any]:
        return {"from_user": self.request.user.pk}

    def perform(self, form: Any) -> Delegation:
        return operations.delegate(by=_person(self.request), now=db_now(), **form.cleaned_data)


class DelegationEndView(ScopedFormView):
    """The absent person is back."""

    model = Delegation
    permission = "end"
    form_class = ScopedForm
    title = gettext_lazy("End the delegation")
    submit_label = gettext_lazy("End now")

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, self.code(), self.row)

    def perform(self, form: Any) -> Delegation:
        return operations.end_delegation(by=_person(self.request), now=db_now(), delegation=self.row)


@require_GET
def permission_matrix(request: HttpRequest) -> HttpResponse:
    """The permission matrix as people read it: one table an app, a row a permission, a column a role."""
    require(request.user, "accounts.view_user")
    return render(request, "accounts/permission_matrix.html", {"tables": matrix_tables()})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session on the server; the Back button finds nothing."""
    logout(request)
    return HttpResponseRedirect(reverse("account_login"))


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)

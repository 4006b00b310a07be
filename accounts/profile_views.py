"""One's own account: language, appearance, notices, password, tokens."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import operations
from accounts.forms import PasswordForm, ProfileForm, TokenForm
from accounts.models import ApiToken, Grant, User
from core.clock import db_now
from core.querysets import get_visible
from core.views import ScopedFormView, ScopedUpdateView


class ProfileView(ScopedUpdateView):
    """Everything about one's own account on one page; the form changes what people decide for themselves."""

    model = User
    form_class = ProfileForm
    template_name = "accounts/profile.html"
    title = gettext_lazy("My profile")

    def check(self) -> None:
        self.row = User.objects.visible_to(self.request.user).get(pk=self.request.user.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = db_now()
        person = cast(User, self.request.user)
        return super().get_context_data(
            **kwargs,
            now=now,
            tokens=ApiToken.objects.visible_to(person).usable(now),
            grants=Grant.objects.visible_to(person)
            .counting(now)
            .filter(user=person)
            .select_related("scope_unit"),
            stand_ins=person.delegations_given.in_force(now).select_related("to_user"),
            acting_for=person.delegations_taken.in_force(now).select_related("from_user"),
            second_factor=person.authenticator_set.filter(type="totp").exists(),  # type: ignore[attr-defined]
        )

    def get_success_url(self, row: Any) -> str:
        return reverse("accounts:profile")

    def succeed(self, url: str) -> HttpResponse:
        messages.success(self.request, _("Saved."))
        response = super().succeed(url)
        response.delete_cookie("theme")  # the profile decides again, on every device
        return response


class PasswordChangeView(ScopedFormView):
    """A new password; every other session ends, this one goes on under a new id."""

    model = User
    form_class = PasswordForm
    template_name = "accounts/profile_form.html"
    title = gettext_lazy("Change the password")

    def check(self) -> None:
        """Everybody may change their own password."""

    def perform(self, form: Any) -> User:
        person = cast(User, self.request.user)
        operations.change_password(by=person, now=db_now(), user=person, password=form.cleaned_data["new"])
        update_session_auth_hash(self.request, person)
        messages.success(self.request, _("The new password is saved; your other sessions have ended."))
        return person

    def get_success_url(self, row: Any) -> str:
        return reverse("accounts:profile")


class TokenCreateView(ScopedFormView):
    """Make an API token. Its secret is on the answer page and nowhere else, ever."""

    model = ApiToken
    form_class = TokenForm
    template_name = "accounts/profile_form.html"
    title = gettext_lazy("New API token")
    submit_label = gettext_lazy("Make the token")

    def check(self) -> None:
        """Everybody may make tokens; they carry no more than their owner's rights."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form: Any = self.get_form(request.POST)
        if not form.is_valid():
            return self.render_form(form, 400)
        person = cast(User, request.user)
        token, secret = operations.create_token(by=person, now=db_now(), user=person, **form.cleaned_data)
        return render(request, "accounts/token_made.html", {"token": token, "secret": secret})


@require_POST
@never_cache
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Make one of one's own tokens useless."""
    token = get_visible(ApiToken, request.user, pk)
    operations.revoke_token(by=cast(User, request.user), now=db_now(), token=token)
    messages.success(request, _("The token no longer works."))
    return HttpResponseRedirect(reverse("accounts:profile"))

"""The pages before sign-in: user name and password, second factor, forgotten password. All answers are `no-store`."""

import math
from typing import Any, cast

from allauth.account.views import LoginView
from allauth.mfa.base.views import AuthenticateView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView

from accounts.demo import DEMO_PASSWORD, demo_logins
from accounts.models import User
from accounts.operations import change_password, request_password_reset
from accounts.sign_in_forms import PasswordForgottenForm, SecondFactorForm, SignInForm
from accounts.throttle import cool_off
from core.clock import db_now


class SignInView(LoginView):
    """Sign in by user name and password; in the demonstration also by one tap on a listed person."""

    form_class = SignInForm
    template_name = "accounts/sign_in.html"

    def get_form_class(self) -> Any:
        return self.form_class

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if settings.DEMO:
            context["demo_groups"], context["demo_password"] = demo_logins(), DEMO_PASSWORD
        return context


@method_decorator([login_not_required, never_cache], name="dispatch")
class SecondFactorView(AuthenticateView):
    """The second step for people who protect their account with an authenticator app."""

    form_class = SecondFactorForm
    template_name = "accounts/second_factor.html"

    def get_form_class(self) -> Any:
        return self.form_class


@method_decorator([login_not_required, never_cache], name="dispatch")
class PasswordForgottenView(FormView):
    """Ask for a link by mail. The answer is the same for known and unknown addresses."""

    form_class = PasswordForgottenForm
    template_name = "accounts/password_forgotten.html"
    success_url = reverse_lazy("account_reset_password_done")

    def form_valid(self, form: PasswordForgottenForm) -> HttpResponse:
        request_password_reset(email=form.cleaned_data["email"], now=db_now())
        return HttpResponseRedirect(str(self.success_url))


@method_decorator([login_not_required, never_cache], name="dispatch")
class PasswordMailedView(TemplateView):
    """What to expect after asking for a link."""

    template_name = "accounts/password_mailed.html"


class PasswordChooseView(PasswordResetConfirmView):
    """Choose a new password with the mailed link: it works once, for half an hour, and only while unused."""

    template_name = "accounts/password_choose.html"
    success_url = reverse_lazy("account_login")
    post_reset_login = False
    extra_context = {"submit_label": _("Save the password")}

    def form_valid(self, form: Any) -> HttpResponse:
        change_password(
            by=cast(User, self.user),
            now=db_now(),
            user=cast(User, self.user),
            password=form.cleaned_data["new_password1"],
        )
        del self.request.session["_password_reset_token"]
        return HttpResponseRedirect(f"{self.success_url}?changed=1")


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """The page of a braked sign-in: 429, with the time to wait in words and as a header."""
    minutes = math.ceil(cool_off().total_seconds() / 60)
    page = render(request, "accounts/sign_in_locked.html", {"minutes": minutes}, status=429)
    page.headers["Retry-After"] = str(minutes * 60)
    page.headers["Cache-Control"] = "no-store"
    return page

"""One's own second factor: switch it on with a QR code, off again, recovery codes; all after confirming who one is."""

from typing import Any

from allauth.account.views import ReauthenticateView as ConfirmPasswordView
from allauth.mfa.base.views import IndexView
from allauth.mfa.base.views import ReauthenticateView as ConfirmCodeView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from accounts.sign_in_forms import SecondFactorAgainForm
from core import audit
from core.clock import db_now

private = method_decorator(never_cache, name="dispatch")


@private
class PasswordAgainView(ConfirmPasswordView):
    """Enter the password again before something delicate."""

    template_name = "accounts/confirm.html"
    extra_context = {"submit_label": _("Confirm")}

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.fields["password"].label = _("Password")
        form.fields["password"].help_text = ""
        form.fields["password"].widget.attrs = {"autocomplete": "current-password", "autofocus": True}
        return form


@private
class CodeAgainView(ConfirmCodeView):
    """Enter a code again before something delicate."""

    form_class = SecondFactorAgainForm
    template_name = "accounts/confirm.html"
    extra_context = {"submit_label": _("Confirm")}

    def get_form_class(self) -> Any:
        return self.form_class


@private
class OverviewView(IndexView):
    """Whether the second factor is on, and how many recovery codes are left."""

    template_name = "accounts/second_factor_overview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        codes = context["authenticators"].get("recovery_codes")
        context["codes_left"] = len(codes.get_unused_codes()) if codes else 0
        return context


@private
class ActivateView(ActivateTOTPView):
    """Scan the code, type the six digits: from then on both are needed."""

    template_name = "accounts/second_factor_activate.html"

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.fields["code"].label = _("Code shown by the app")
        form.fields["code"].widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric"}
        return form

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        user: Any = self.request.user
        audit.record("accounts.add_authenticator", user, by=user, now=db_now())
        return response


@private
class DeactivateView(DeactivateTOTPView):
    """Switch the second factor off; recovery codes go with it."""

    template_name = "accounts/second_factor_deactivate.html"

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        user: Any = self.request.user
        audit.record("accounts.remove_authenticator", user, by=user, now=db_now())
        return response


@private
class CodesView(ViewRecoveryCodesView):
    """The recovery codes, readable only shortly after confirming who one is."""

    template_name = "accounts/second_factor_codes.html"


@private
class NewCodesView(GenerateRecoveryCodesView):
    """Ten new recovery codes; the old ones stop working."""

    template_name = "accounts/second_factor_new_codes.html"

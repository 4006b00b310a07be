"""Input of the pages before sign-in: user name and password, code, forgotten password."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.contrib.auth.signals import user_login_failed
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):
    """User name and password. One answer for an unknown name, a wrong password and a closed account."""

    error_messages = {
        "username_password_mismatch": _("User name or password is not right."),
        "account_inactive": _("User name or password is not right."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, password.label = _("User name"), _("Password")
        login.widget.attrs = {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
            "autofocus": True,
        }
        password.widget.attrs = {"autocomplete": "current-password"}
        password.help_text = ""

    def clean_login(self) -> str:
        return str(super().clean_login()).lower()


class _CountedCodeMixin:
    """Wrong codes count like wrong passwords, in the same place, so a second factor cannot be guessed either."""

    user: Any

    def clean_code(self) -> str:
        request, credentials = context.request, {"username": self.user.username}
        if not AxesProxyHandler.is_allowed(request, credentials):
            request.axes_locked_out = True
            raise forms.ValidationError(_("Too many attempts. Please wait a little and try again."))
        try:
            return str(super().clean_code())  # type: ignore[misc]
        except forms.ValidationError:
            user_login_failed.send(sender=__name__, credentials=credentials, request=request)
            raise forms.ValidationError(_("This code is not right, or was already used.")) from None


class SecondFactorForm(_CountedCodeMixin, AuthenticateForm):
    """The six digits of the authenticator app, or a recovery code."""

    code = forms.CharField(
        label=_("Verification code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )


class SecondFactorAgainForm(_CountedCodeMixin, ReauthenticateForm):
    """The code once more, before something delicate is changed."""

    code = SecondFactorForm.base_fields["code"]


class PasswordForgottenForm(forms.Form):
    """Where to send the link; whether anybody has this address is never said."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )

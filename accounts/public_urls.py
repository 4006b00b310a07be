"""Addresses whose names the sign-in library fixes (they have no namespace): sign-in, password link, second factor."""

from django.urls import path

from accounts import public_views, second_factor

urlpatterns = [
    path("accounts/login/", public_views.SignInView.as_view(), name="account_login"),
    path("accounts/login/code/", public_views.SecondFactorView.as_view(), name="mfa_authenticate"),
    path(
        "accounts/password/reset/",
        public_views.PasswordForgottenView.as_view(),
        name="account_reset_password",
    ),
    path(
        "accounts/password/reset/sent/",
        public_views.PasswordMailedView.as_view(),
        name="account_reset_password_done",
    ),
    path(
        "accounts/password/reset/<uidb64>/<token>/",
        public_views.PasswordChooseView.as_view(),
        name="password_reset_confirm",
    ),
    path("accounts/confirm/", second_factor.PasswordAgainView.as_view(), name="account_reauthenticate"),
    path("accounts/confirm/code/", second_factor.CodeAgainView.as_view(), name="mfa_reauthenticate"),
    path("accounts/second-factor/", second_factor.OverviewView.as_view(), name="mfa_index"),
    path("accounts/second-factor/activate/", second_factor.ActivateView.as_view(), name="mfa_activate_totp"),
    path(
        "accounts/second-factor/deactivate/",
        second_factor.DeactivateView.as_view(),
        name="mfa_deactivate_totp",
    ),
    path("accounts/second-factor/codes/", second_factor.CodesView.as_view(), name="mfa_view_recovery_codes"),
    path(
        "accounts/second-factor/codes/new/",
        second_factor.NewCodesView.as_view(),
        name="mfa_generate_recovery_codes",
    ),
]

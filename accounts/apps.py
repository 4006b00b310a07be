"""Start-up of accounts: core imports its registrations (rules, notices, sweeps) by name."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, units, grants and sign-in."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

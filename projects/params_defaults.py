"""Limits of the gates the company may change."""

from django.utils.translation import gettext_lazy as _

from core.params import declare_param

declare_param(
    "projects.g01_limit",
    200_000,
    _("From this amount on the branch manager approves an opportunity (G1), CNY"),
)
declare_param(
    "projects.g05_limit", 2_000_000, _("Above this amount an executive approves the contract (G5), CNY")
)

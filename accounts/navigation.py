"""The entries accounts adds to the navigation."""

from django.utils.translation import gettext_lazy as _

from core.navigation import register_item

register_item(
    "system", "users", _("People"), "people", "accounts:user_list", "accounts.manage_user", order=80
)
register_item(
    "system",
    "org_units",
    _("Organisation"),
    "branch",
    "accounts:orgunit_list",
    "accounts.manage_user",
    order=81,
)
register_item(
    "system",
    "grants",
    _("Roles and grants"),
    "shield",
    "accounts:grant_list",
    "accounts.manage_user",
    order=82,
)
register_item(
    "system",
    "delegations",
    _("Stand-ins"),
    "transfer",
    "accounts:delegation_list",
    "accounts.view_delegation",
    order=83,
)
register_item(
    "system",
    "permissions",
    _("Permission matrix"),
    "table",
    "accounts:permission_matrix",
    "accounts.manage_user",
    order=84,
)

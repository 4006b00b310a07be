"""How the audit codes of accounts read in histories."""

from django.utils.translation import gettext_lazy as _

from core.timeline import register_event

for code, sentence, icon in (
    ("accounts.add_user", _("Account made"), "add"),
    ("accounts.change_user", _("Data changed"), "edit"),
    ("accounts.move_user", _("Moved to another unit: %(from)s → %(to)s"), "transfer"),
    ("accounts.deactivate_user", _("Account closed"), "lock"),
    ("accounts.reactivate_user", _("Account opened again"), "unlock"),
    ("accounts.request_password_user", _("Link for a new password asked for"), "mail"),
    ("accounts.change_password_user", _("Password changed"), "lock"),
    ("accounts.add_authenticator", _("Second factor switched on"), "shield"),
    ("accounts.remove_authenticator", _("Second factor switched off"), "shield"),
    ("accounts.add_apitoken", _("API token made"), "link"),
    ("accounts.revoke_apitoken", _("API token withdrawn"), "link"),
    ("accounts.add_grant", _("Role proposed: %(role)s · %(unit)s"), "shield"),
    ("accounts.approve_grant", _("Grant approved"), "check"),
    ("accounts.refuse_grant", _("Grant refused"), "blocked"),
    ("accounts.withdraw_grant", _("Grant withdrawn"), "blocked"),
    ("accounts.add_delegation", _("Stand-in named"), "transfer"),
    ("accounts.end_delegation", _("Delegation ended"), "transfer"),
    ("accounts.add_orgunit", _("Unit made"), "add"),
    ("accounts.change_orgunit", _("Unit changed"), "edit"),
    ("accounts.change_branchregion", _("Serves province %(province)s"), "map"),
):
    register_event(code, sentence, icon=icon)

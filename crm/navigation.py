"""The customer floor's entries in the navigation and its form in the top bar."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.navigation import register_action, register_item

register_action(
    "log_contact", _("Log contact"), "edit", "crm:activity_add", "crm.add_activity", key="n", order=1
)
register_item(
    "home",
    "follow_ups",
    _("Follow-ups"),
    "tasks",
    "crm:followup_list",
    "crm.view_followup",
    order=2,
    task_kinds=("crm.followup",),
)
register_item(
    "home",
    "calendar",
    pgettext_lazy("of one person", "Calendar"),
    "calendar",
    "crm:calendar",
    "crm.view_followup",
    order=2,
)
register_item(
    "home",
    "activities",
    _("Contact logs"),
    "chat",
    "crm:activity_list",
    "crm.view_activity",
    order=3,
)
register_item(
    "home",
    "promises",
    pgettext_lazy("ledger", "Promises"),
    "bookmark",
    "crm:promise_list",
    "crm.view_promise",
    order=4,
    task_kinds=("crm.promise",),
)
register_item(
    "customers",
    "customers",
    pgettext_lazy("navigation", "Customers"),
    "customer",
    "crm:customer_list",
    "crm.view_customer",
    order=10,
)
register_item(
    "customers", "contacts", _("Contacts"), "contacts", "crm:contact_list", "crm.view_contact", order=11
)
register_item(
    "customers", "segments", _("Segments"), "bookmark", "crm:segment_list", "crm.view_segment", order=12
)
register_item(
    "customers",
    "neglected",
    _("Neglected"),
    "warning",
    "crm:customer_neglected",
    "crm.view_neglected_customer",
    order=14,
)
register_item(
    "customers",
    "pool",
    _("Pool"),
    "pool",
    "crm:customer_pool",
    "crm.view_pool",
    order=12,
    task_kinds=("crm.assign",),
)
register_item(
    "customers",
    "handovers",
    _("Handovers"),
    "transfer",
    "crm:handover_list",
    "crm.view_handover",
    order=14,
    task_kinds=("crm.handover",),
)
register_item(
    "customers",
    "log_reviews",
    pgettext_lazy("navigation", "Log review"),
    "check",
    "crm:logreview_list",
    "crm.view_logreview",
    order=15,
    task_kinds=("crm.log_review", "crm.log_appeal", "crm.log_finding"),
)
register_item(
    "customers",
    "privacy",
    _("Personal data"),
    "shield",
    "crm:privacyrequest_list",
    "crm.view_privacyrequest",
    order=16,
    task_kinds=("crm.privacy_request",),
)
register_item(
    "customers",
    "exports",
    pgettext_lazy("navigation", "Exports"),
    "download",
    "crm:export_list",
    "crm.view_export",
    order=19,
    task_kinds=(
        "crm.approve_export",
        "crm.fetch_export",
    ),
)
register_item(
    "system",
    "access_log",
    _("Access to personal data"),
    "eye",
    "crm:access_log",
    "crm.view_accesslog",
    order=31,
)
register_item(
    "customers",
    "duplicates",
    _("Duplicates"),
    "transfer",
    "crm:duplicatepair_list",
    "crm.view_duplicatepair",
    order=15,
    task_kinds=("crm.approve_merge",),
)
register_item(
    "customers",
    "portfolio",
    _("Portfolio"),
    "chart",
    "crm:customer_portfolio",
    "crm.view_customerfacts",
    order=13,
)
register_item(
    "customers",
    "retention",
    _("Retention plans"),
    "visit",
    "crm:retentionplan_list",
    "crm.view_retentionplan",
    order=14,
    task_kinds=("crm.retention_plan", "crm.retention_approve"),
)
register_item(
    "customers",
    "overrides",
    _("Adjustments"),
    "edit",
    "crm:override_list",
    "crm.view_override",
    order=15,
    task_kinds=("crm.override",),
)
register_item(
    "customers",
    "composition",
    pgettext_lazy("navigation", "Composition"),
    "chart",
    "crm:customer_composition",
    "crm.view_customerfacts",
    order=16,
)
register_item(
    "customers",
    "quality",
    pgettext_lazy("navigation", "Data quality"),
    "check",
    "crm:customer_quality",
    "crm.view_customerfacts",
    order=17,
)
register_item(
    "customers",
    "privatisation",
    pgettext_lazy("navigation", "Shared knowledge"),
    "eye",
    "crm:customer_privatisation",
    "crm.view_privatisation",
    order=18,
)

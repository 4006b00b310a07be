"""Which routes are opened by whom, where no scoped view says it: a new address must be entered here to pass.

Scoped views and viewsets need no entry: their model and permission code say what to expect.
"""

# Opened by anyone, signed in or not: each is a deliberate hole in "doors are closed by default".
PUBLIC = {
    *("healthz", "readyz", "metrics"),  # what is up; metrics by token or loopback
    *("account_login", "account_reset_password", "account_reset_password_done", "password_reset_confirm"),
    *("mfa_authenticate",),  # second step of signing in
    *(
        "public_pump",
        "public_survey",
        "public_ticket",
        "public_visit",
        "public_unsubscribe",  # by a signed word
        "public_calendar",
    ),  # customers, by a token of 128 bits
    *("core:manifest", "core:offline", "core:service_worker", "core:set_theme", "core:set_language"),
    "core:gallery",  # 404 unless DEBUG
}
# Opened by every signed-in person; what they show is the person's own, or narrowed by visible_to or a permission inside.
SIGNED_IN = {
    # one's own profile, and pages that ask another right than their model's name says
    *("accounts:profile", "accounts:password_change", "accounts:token_create", "accounts:orgunit_province"),
    # merged by who may, proposed by who may only that; without the other customer there is nothing to preview: 404
    *("crm:customer_merge", "api:customers-merge-preview"),
    # a look-up asks several rights; an answer is given on a customer one may change
    *("crm:duplicates", "crm:customer_ask", "crm:customer_answer_ask"),
    # each asks the right to see the list, and a bulk action its own right as well
    *("core:list_panel", "core:list_columns", "core:view_save", "core:view_remove"),
    *("core:bulk", "core:bulk_undo"),
    # each asks its own right: to see what is known, to set by hand, to open a plan
    *("crm:customer_why", "crm:customer_portfolio", "crm:customer_sponsor", "crm:customer_retention"),
    "api:customers-assessment",
    # each asks its own right: of consents to see, record, withdraw; to take in what a person asks about their data
    *("crm:contact_consent", "crm:contact_withdraw_consent", "api:contacts-may-contact", "crm:contact_ask"),
    # each asks its right; what they count is narrowed to the reader's customers
    *("crm:customer_composition", "crm:customer_quality", "crm:customer_privatisation"),
    *("api:customer-boards-list", "api:customer-boards-detail"),
    "crm:activity_appeal",  # the right to appeal; 404 where nothing was found about the log
    *("crm:customer_check_in", "api:customers-check-in"),  # the right to log contacts at the customer
    "crm:activity_confirm_visit",  # the right to ask the customer, beside which the author does not
    # one's own; the calendar asks crm.view_followup
    *("crm:calendar_feed", "api:calendar-list", "api:calendar-feed"),
    # the log of openings and exports: its own right, whoever may read the whole audit
    *("crm:access_log", "crm:access_log_of", "api:access-log-list", "api:access-log-detail"),
    "crm:customer_find",  # asks the right to see customers
    "crm:affiliation_end",  # the right to change the person
    "crm:customer_fill",  # 404 for a part that has no form
    # the pool shows rows that are nobody's own
    *("crm:customer_pool", "crm:customer_assign", "crm:customer_claim"),
    *("api:pool-list", "api:pool-detail", "api:customers-owners"),
    "crm:followup_create",  # nothing without the customer it is for: 404
    *("crm:customer_care", "crm:followup_nudge_person", "crm:promise_propose"),
    "crm:promise_create",  # nothing without the customer it is for: 404
    "projects:party_create",  # the right to change the project
    "service:ticket_finish",  # the right to resolve the ticket
    *("account_reauthenticate", "accounts:logout", "accounts:permission_matrix", "accounts:token_revoke"),
    *("mfa_activate_totp", "mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_index"),
    *("mfa_reauthenticate", "mfa_view_recovery_codes"),
    # asked of the person they are about, or of the customer: crm.view_contact
    *("api:customers-map", "api:affiliations-list", "api:affiliations-detail", "api:affiliations-end"),
    *("api_schema", "api_docs", "api:metrics-list", "api:metrics-detail", "api:metrics-rows"),
    *("core:my_day", "core:notification_list", "core:read_notifications", "core:scan", "core:search"),
    *("core:download", "core:files", "core:thread", "core:people_find"),
    *("api:comments-list", "api:comments-detail"),  # the record the thread hangs on is asked
    *("api:notifications-list", "api:notifications-detail", "api:notifications-read"),  # one's own
    *(
        "crm:customer_contacts",
        "crm:customer_timeline",
        "crm:export_download",
        "crm:export_reveal",
        "crm:import_rejected",
    ),
    "crm:import_decide",
    "api:exports-columns",  # asks the right to export, and that of the list in question
    *("crm:import_template", "kpi:metric_board", "kpi:metric_rows", "kpi:my_numbers"),
    *("projects:customer_panel", "projects:project_board"),
    *("service:customer_panel", "service:dispatch_assign", "service:dispatch_board", "service:dispatch_pick"),
    *("service:pump_label", "service:pump_revoke_code", "service:ticket_caller", "service:ticket_preview"),
    "service:ticket_report",
    *("complaints:complaint_desk", "complaints:customer_panel", "complaints:step_finish"),
    *("surveys:customer_panel", "surveys:invitation_qr", "surveys:questionnaire_revise"),
    *("surveys:result_overview", "surveys:ticket_panel"),
}

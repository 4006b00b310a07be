"""How the customer floor's notices and time-line events read."""

from django.utils.translation import gettext_lazy as _

from core.notify import register_notice
from core.timeline import register_event

register_notice("crm.followup_due", _("Due today: %(subject)s"), url_name="crm:followup_detail")
register_notice(
    "crm.followup_overdue",
    _("%(days)s days overdue: %(subject)s"),
    url_name="crm:followup_detail",
    tone="danger",
)
register_notice(
    "crm.followup_escalated",
    _("%(days)s days overdue in your branch: %(subject)s"),
    url_name="crm:followup_detail",
    tone="danger",
    always=True,
)
register_notice(
    "crm.customer_assigned",
    _("%(subject)s was assigned to you."),
    url_name="crm:customer_detail",
)

register_notice(
    "crm.customer_asked",
    _("A colleague wants to work with %(subject)s and asks to see it."),
    url_name="crm:customer_answer_ask",
)
register_notice(
    "crm.customer_shared", _("You may now see %(subject)s for 30 days."), url_name="crm:customer_detail"
)
register_notice(
    "crm.customer_not_shared",
    _("%(name)s was not shared with you. Speak with its branch."),
    tone="warn",
)
register_notice(
    "crm.reveal_burst",
    _("%(subject)s opened more than %(count)s full numbers within %(minutes)s minutes."),
    url_name="crm:access_log_of",
    tone="danger",
    always=True,
)
register_notice(
    "crm.contacts_outlived",
    _("There are people without contact or business for years; their data are to be anonymised."),
    url_name="crm:contact_outlived",
)
register_notice(
    "crm.customer_merged", _("%(name)s was merged into %(subject)s."), url_name="crm:customer_detail"
)
register_notice(
    "crm.merge_undone",
    _("The merge of %(name)s into %(subject)s was taken back."),
    url_name="crm:customer_detail",
    tone="warn",
)
register_notice(
    "crm.merge_refused",
    _("The merge %(subject)s was refused."),
    url_name="crm:customermerge_detail",
    tone="warn",
)

register_event("crm.add_customer", _("Customer taken up"), icon="customer", group="system")
register_event("crm.change_customer", _("Customer data changed"), icon="edit", group="system")
register_event("crm.assign_customer", _("Assigned to an owner"), icon="contacts", group="system")
register_event("crm.transfer_customer", _("Owner changed"), icon="contacts", group="system")
register_event("crm.ask_customer", _("A colleague asked to see this customer"), icon="eye", group="system")
register_event(
    "crm.answer_ask_customer", _("A colleague's question was answered"), icon="check", group="system"
)
register_event("crm.propose_merge_customer", _("Merge proposed"), icon="transfer", group="system")
register_event(
    "crm.merge_customer", _("Another customer was merged into this one"), icon="transfer", group="system"
)
register_event(
    "crm.approve_customermerge",
    _("Merged: %(subject)s"),
    icon="transfer",
    group="system",
    url_name="crm:customermerge_detail",
)
register_event(
    "crm.undo_customermerge",
    _("Merge taken back: %(subject)s"),
    icon="history",
    group="system",
    url_name="crm:customermerge_detail",
)
register_event(
    "crm.verify_identity_customer", _("Credit code compared with the licence"), icon="check", group="system"
)
register_event("crm.add_contact", _("New contact: %(subject)s"), icon="contacts", group="system")
register_event("crm.add_activity", _("%(subject)s"), icon="chat", group="followup")
register_event(
    "crm.add_followup",
    _("Planned: %(subject)s"),
    icon="calendar",
    group="followup",
    url_name="crm:followup_detail",
)
register_event(
    "crm.complete_followup",
    _("Done: %(subject)s"),
    icon="check",
    group="followup",
    url_name="crm:followup_detail",
)
register_event(
    "crm.snooze_followup",
    _("Postponed: %(subject)s"),
    icon="clock",
    group="followup",
    url_name="crm:followup_detail",
)
register_event(
    "crm.cancel_followup",
    _("Cancelled: %(subject)s"),
    icon="close",
    group="followup",
    url_name="crm:followup_detail",
)

register_event("crm.set_status_customer", _("Status: %(before)s → %(after)s"), icon="blocked", group="system")
register_event("crm.set_credit_customer", _("Credit terms changed"), icon="money", group="payment")
register_event("crm.change_contact", _("Contact changed: %(subject)s"), icon="edit", group="system")
register_event("crm.verify_contact", _("Contact checked: %(subject)s"), icon="check", group="system")
register_event("crm.leave_contact", _("Left: %(subject)s"), icon="people", group="system")
register_event(
    "crm.move_contact", _("Went to another customer: %(subject)s"), icon="transfer", group="system"
)
register_event(
    "crm.take_over_contact", _("Came from another customer: %(subject)s"), icon="transfer", group="system"
)
register_event("crm.add_affiliation", _("Also served by %(subject)s"), icon="link", group="system")
register_event("crm.change_tie", _("Who knows %(subject)s changed"), icon="people", group="system")
# --- assignment and the public pool ---

register_notice(
    "crm.pool_warning",
    _("%(subject)s goes to the pool in %(days)s days (%(date)s). A two-way contact keeps it."),
    url_name="crm:customer_detail",
    tone="warn",
    always=True,
)
register_notice(
    "crm.customers_recycled",
    _("%(count)s of your customers went to the pool last night."),
    url_name="crm:poolevent_list",
    tone="warn",
    always=True,
)
register_notice("crm.customer_taken_back", _("Customer %(code)s was taken back by your branch."))
register_notice(
    "crm.claim_lapsed",
    _("%(code)s went back to the pool: no two-way contact in time."),
    tone="warn",
    always=True,
)
register_notice(
    "crm.vip_silent",
    _("Key account %(subject)s: no two-way contact for %(days)s days."),
    url_name="crm:customer_detail",
    tone="danger",
    always=True,
)
register_notice(
    "crm.unmet_own",
    _("%(count)s customers assigned to you had no two-way contact within %(days)s working days."),
    tone="warn",
    always=True,
)
register_notice(
    "crm.unmet_of",
    _("%(subject)s: %(count)s assigned customers had no two-way contact within %(days)s working days."),
    tone="danger",
    always=True,
)
register_notice(
    "crm.unmet_in",
    _("%(subject)s: %(count)s assigned customers had no two-way contact within %(days)s working days."),
    tone="danger",
    always=True,
)
register_notice(
    "crm.queue_late",
    _("%(subject)s: %(count)s customers wait longer than one working day for an owner."),
    tone="danger",
    always=True,
)
register_notice(
    "crm.queue_stuck",
    _("%(subject)s: %(count)s customers have no owner %(days)s working days after the deadline."),
    tone="danger",
    always=True,
)
register_notice(
    "crm.cross_claim_agreed",
    _("%(subject)s is yours: both branches agreed."),
    url_name="crm:crossclaim_detail",
)
register_notice(
    "crm.cross_claim_refused",
    _("Your claim of %(subject)s was refused."),
    url_name="crm:crossclaim_detail",
    tone="warn",
)

register_event("crm.claim_customer", _("Claimed from the pool"), icon="pool", group="system")
register_event("crm.return_to_pool_customer", _("Returned to the pool"), icon="pool", group="system")
register_event(
    "crm.recycle_customer", _("Went to the pool: not looked after in time"), icon="pool", group="system"
)
register_event(
    "crm.lapse_customer", _("Back to the pool: claimed and not worked"), icon="pool", group="system"
)
register_event("crm.queue_customer", _("Waits for a new owner"), icon="pool", group="system")
register_event("crm.extend_customer", _("Time before the pool extended"), icon="clock", group="system")
register_event(
    "crm.add_crossclaim", _("Another branch asks for this customer"), icon="transfer", group="system"
)
for _verb, _sentence in (
    ("crm.add_privacyrequest", _("A person asks about their data: %(subject)s")),
    ("crm.verify_privacyrequest", _("Identity verified: %(subject)s")),
    ("crm.finish_privacyrequest", _("Request about data answered: %(subject)s")),
    ("crm.refuse_privacyrequest", _("Request about data refused: %(subject)s")),
):
    register_event(_verb, _sentence, icon="shield", group="system", url_name="crm:privacyrequest_detail")
register_event("crm.erase_contact", _("A person's data was erased"), icon="shield", group="system")
register_event("crm.hold_contact", _("Legal hold on a person's data"), icon="lock", group="system")
register_event("crm.lift_hold_contact", _("Legal hold lifted"), icon="unlock", group="system")
register_event("crm.add_consent", _("Consent or notice recorded"), icon="shield", group="system")
register_event("crm.withdraw_consent", _("Consent withdrawn"), icon="shield", group="system")
register_event("crm.consent_crossclaim", _("A branch agreed to the claim"), icon="check", group="system")
register_event("crm.refuse_crossclaim", _("The claim was refused"), icon="close", group="system")
register_event("crm.cancel_crossclaim", _("The claim was withdrawn"), icon="close", group="system")

register_event("core.remove_recording", _("Voice recording removed"), icon="trash", group="system")
register_event("crm.rescore_activity", _("Contact log judged again"), icon="check", group="log", minor=True)
register_event("crm.ask_about_visit", _("Customer asked about a visit"), icon="people", group="log")
register_event("crm.state_visit", _("Customer answered about a visit"), icon="people", group="log")
register_event("crm.tag_customer", _("Tags changed"), icon="bookmark", group="system")

register_notice("crm.standing_changed", _("%(subject)s"))
register_notice("crm.standing_worse", _("%(subject)s"), tone="danger")
register_event("crm.change_standing", _("%(subject)s"), icon="idea", group="system")
for _verb, _sentence in (
    ("crm.propose_override_customer", _("Adjustment by hand proposed: %(subject)s")),
    ("crm.approve_override", _("Adjustment by hand approved: %(subject)s")),
    ("crm.refuse_override", _("Adjustment by hand refused: %(subject)s")),
    ("crm.end_override", _("Adjustment by hand ended: %(subject)s")),
    ("crm.expire_override", _("Adjustment by hand expired: %(subject)s")),
    ("crm.supersede_override", _("Adjustment by hand replaced: %(subject)s")),
):
    register_event(_verb, _sentence, icon="edit", group="system", url_name="crm:override_detail")
for _verb, _sentence in (
    ("crm.add_retentionplan", _("Retention plan opened")),
    ("crm.submit_retentionplan", _("Retention plan written: cause and offer")),
    ("crm.approve_retentionplan", _("Retention plan approved")),
    ("crm.send_back_retentionplan", _("Retention plan sent back")),
    ("crm.visit_retentionplan", _("An executive visited the customer")),
    ("crm.close_retentionplan", _("Retention plan closed: %(after)s")),
):
    register_event(_verb, _sentence, icon="visit", group="system", url_name="crm:retentionplan_detail")
register_event("crm.set_sponsor_customer", _("Executive sponsor named"), icon="people", group="system")

# --- review of contact logs ---

register_notice(
    "crm.logs_drawn",
    _("%(count)s contact logs of last week are yours to review."),
    url_name="crm:logreview_list",
)
register_notice(
    "crm.log_review_assigned",
    _("A contact log is yours to review: %(subject)s"),
    url_name="crm:logreview_detail",
)
register_notice(
    "crm.log_review_denied",
    _("The customer says that nobody came: %(subject)s"),
    url_name="crm:logreview_detail",
    tone="warn",
)
register_notice(
    "crm.log_review_genuine",
    _("Your log was reviewed and is genuine: %(subject)s"),
    url_name="crm:logreview_detail",
)
register_notice(
    "crm.log_review_decided",
    _("Your log was reviewed: %(subject)s. Read the finding; you may appeal until %(until)s."),
    url_name="crm:logreview_detail",
    tone="warn",
    always=True,
)
register_notice(
    "crm.log_review_appealed",
    _("The author appeals against a finding: %(subject)s"),
    url_name="crm:logreview_detail",
    always=True,
)
register_notice(
    "crm.log_review_answered",
    _("The appeal was answered: %(subject)s"),
    url_name="crm:logreview_detail",
    always=True,
)
register_notice(
    "crm.log_review_lapsed",
    _("A review of a log ended without a finding: %(subject)s"),
    url_name="crm:logreview_detail",
)
# Seen on a customer's time line only by those who may see the review itself.
for _verb, _sentence in (
    ("crm.add_logreview", _("Review of a log opened: %(subject)s")),
    ("crm.take_logreview", _("Review of a log taken over: %(subject)s")),
    ("crm.assign_logreview", _("Review of a log given to a reviewer: %(subject)s")),
    ("crm.decide_logreview", _("Log reviewed: %(subject)s")),
    ("crm.accept_logreview", _("Finding accepted by the author: %(subject)s")),
    ("crm.appeal_logreview", _("Appeal against a finding: %(subject)s")),
    ("crm.decide_appeal_logreview", _("Appeal answered: %(subject)s")),
    ("crm.close_logreview", _("Finding final, no appeal: %(subject)s")),
    ("crm.lapse_logreview", _("Review ended without a finding: %(subject)s")),
):
    register_event(_verb, _sentence, icon="check", group="system", url_name="crm:logreview_detail")

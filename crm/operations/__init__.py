"""Changes on the customer floor that touch several rows or the outside, one module a subject."""

from crm.operations.activities import log_activity
from crm.operations.assessments import assess, assess_due, begin_assessments, expire_overrides
from crm.operations.assignment import (
    ask_assignment,
    assign_customer,
    assign_many,
    managers_of,
    preview_bulk,
)
from crm.operations.authenticity import correct_activity, score_activity, silent_checks
from crm.operations.calendar import (
    close_calendar_feed,
    count_calendar_read,
    feed_of,
    feed_token,
    open_calendar_feed,
)
from crm.operations.care import add_care_date, recount_contact_due, remove_care_date, set_rhythm
from crm.operations.care_plans import plan_care
from crm.operations.check_ins import (
    blur_old_check_ins,
    check_in,
    distance_of,
    free_check_in,
)
from crm.operations.completeness import count_due_completeness, profile_of, refresh_completeness
from crm.operations.consents import record_consent, withdraw_consent
from crm.operations.contacts import add_contact, add_site, reveal_contact
from crm.operations.customers import CREATOR_SEES_FOR, create_customer, first_tier
from crm.operations.duplicates import answer_asker, ask_about_customer, check_duplicates
from crm.operations.erasing import erase_contact, hold_contact, replay_erasures, why_not_erase
from crm.operations.facts import assess_again, hold, record_facts, release
from crm.operations.follow_ups import finish_follow_up, nudge_person, plan_follow_up
from crm.operations.loads import lift_load, load_caps, loads_of
from crm.operations.log_reviews import add_log_review
from crm.operations.merging import link_to_parent, merge_customers, propose_merge, verify_identity
from crm.operations.moves import ASSIGN_TASK
from crm.operations.overrides import add_retention_plan, propose_override, set_sponsor
from crm.operations.parties import (
    STATUS_RIGHTS,
    change_customer,
    mirror_departments,
    parent_problem,
    set_credit,
    set_status,
)
from crm.operations.people import (
    add_affiliation,
    change_contact,
    end_affiliation,
    leave_contact,
    move_contact,
    set_tie,
    verify_contact,
)
from crm.operations.pool import CONSENT_TASK, ask_cross_claim, claim_customer, extend_customer, return_to_pool
from crm.operations.pool_rules import propose_pool_rules
from crm.operations.privacy_requests import add_privacy_request, carry_out_request
from crm.operations.promises import give_promise
from crm.operations.retention import retire_contact, tell_outlived
from crm.operations.segments import change_segment, count_due_segments, make_segment, remove_segment
from crm.operations.tags import add_tag, change_tag, tag_customer
from crm.operations.visits import ask_about_visit, state_visit, visit_token

__all__ = [
    "ASSIGN_TASK",
    "CONSENT_TASK",
    "CREATOR_SEES_FOR",
    "STATUS_RIGHTS",
    "add_affiliation",
    "add_care_date",
    "add_contact",
    "add_log_review",
    "add_privacy_request",
    "add_retention_plan",
    "add_site",
    "add_tag",
    "answer_asker",
    "ask_about_customer",
    "ask_about_visit",
    "ask_assignment",
    "ask_cross_claim",
    "assess",
    "assess_again",
    "assess_due",
    "assign_customer",
    "assign_many",
    "begin_assessments",
    "blur_old_check_ins",
    "carry_out_request",
    "change_contact",
    "change_customer",
    "change_segment",
    "change_tag",
    "check_duplicates",
    "check_in",
    "claim_customer",
    "close_calendar_feed",
    "correct_activity",
    "count_calendar_read",
    "count_due_completeness",
    "count_due_segments",
    "create_customer",
    "distance_of",
    "end_affiliation",
    "erase_contact",
    "expire_overrides",
    "extend_customer",
    "feed_of",
    "feed_token",
    "finish_follow_up",
    "first_tier",
    "free_check_in",
    "give_promise",
    "hold",
    "hold_contact",
    "leave_contact",
    "lift_load",
    "link_to_parent",
    "load_caps",
    "loads_of",
    "log_activity",
    "make_segment",
    "managers_of",
    "merge_customers",
    "mirror_departments",
    "move_contact",
    "nudge_person",
    "open_calendar_feed",
    "parent_problem",
    "plan_care",
    "plan_follow_up",
    "preview_bulk",
    "profile_of",
    "propose_merge",
    "propose_override",
    "propose_pool_rules",
    "record_consent",
    "record_facts",
    "recount_contact_due",
    "refresh_completeness",
    "release",
    "remove_care_date",
    "remove_segment",
    "replay_erasures",
    "retire_contact",
    "return_to_pool",
    "reveal_contact",
    "score_activity",
    "set_credit",
    "set_rhythm",
    "set_sponsor",
    "set_status",
    "set_tie",
    "silent_checks",
    "state_visit",
    "tag_customer",
    "tell_outlived",
    "verify_contact",
    "verify_identity",
    "visit_token",
    "why_not_erase",
    "withdraw_consent",
]

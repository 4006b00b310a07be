"""Changes on the customer floor that touch several rows or the outside, one module a subject."""

from crm.operations.activities import log_activity
from crm.operations.assignment import ASSIGN_TASK, ask_assignment, assign_customer, managers_of
from crm.operations.care import recount_contact_due
from crm.operations.completeness import count_due_completeness, profile_of, refresh_completeness
from crm.operations.contacts import add_contact, add_site, reveal_contact
from crm.operations.customers import CREATOR_SEES_FOR, create_customer, first_tier
from crm.operations.duplicates import answer_asker, ask_about_customer, check_duplicates
from crm.operations.facts import hold, record_facts, release
from crm.operations.follow_ups import plan_follow_up
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

__all__ = [
    "ASSIGN_TASK",
    "CREATOR_SEES_FOR",
    "STATUS_RIGHTS",
    "add_affiliation",
    "add_contact",
    "add_site",
    "answer_asker",
    "ask_about_customer",
    "ask_assignment",
    "assign_customer",
    "change_contact",
    "change_customer",
    "check_duplicates",
    "count_due_completeness",
    "create_customer",
    "end_affiliation",
    "first_tier",
    "hold",
    "leave_contact",
    "log_activity",
    "managers_of",
    "mirror_departments",
    "move_contact",
    "parent_problem",
    "plan_follow_up",
    "profile_of",
    "record_facts",
    "recount_contact_due",
    "refresh_completeness",
    "release",
    "reveal_contact",
    "set_credit",
    "set_status",
    "set_tie",
    "verify_contact",
]

"""Changes on the customer floor that touch several rows or the outside, one module a subject."""

from crm.operations.activities import log_activity
from crm.operations.assignment import ASSIGN_TASK, ask_assignment, assign_customer, managers_of
from crm.operations.care import recount_contact_due
from crm.operations.contacts import add_contact, add_site, reveal_contact
from crm.operations.customers import CREATOR_SEES_FOR, create_customer, first_tier
from crm.operations.duplicates import answer_asker, ask_about_customer, check_duplicates
from crm.operations.facts import hold, record_facts, release
from crm.operations.follow_ups import plan_follow_up

__all__ = [
    "ASSIGN_TASK",
    "CREATOR_SEES_FOR",
    "add_contact",
    "add_site",
    "answer_asker",
    "ask_about_customer",
    "ask_assignment",
    "assign_customer",
    "check_duplicates",
    "create_customer",
    "first_tier",
    "hold",
    "log_activity",
    "managers_of",
    "plan_follow_up",
    "record_facts",
    "recount_contact_due",
    "release",
    "reveal_contact",
]

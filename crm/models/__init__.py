"""The rows of the customer floor."""

from crm.models.activities import Activity, FollowUp, FollowUpReminder
from crm.models.customers import Contact, Customer, Site, Territory
from crm.models.facts import CustomerFacts, CustomerHold
from crm.models.imports import Export, ImportBatch, ImportRow

__all__ = [
    "Activity",
    "Contact",
    "Customer",
    "CustomerFacts",
    "CustomerHold",
    "Export",
    "FollowUp",
    "FollowUpReminder",
    "ImportBatch",
    "ImportRow",
    "Site",
    "Territory",
]

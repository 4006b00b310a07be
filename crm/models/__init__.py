"""The rows of the customer floor."""

from crm.models.activities import Activity, FollowUp, FollowUpReminder
from crm.models.customers import Contact, Customer, Site, Territory
from crm.models.facts import CustomerFacts, CustomerHold
from crm.models.imports import Export, ImportBatch, ImportProfile, ImportRow
from crm.models.people import Affiliation, ContactTie

__all__ = [
    "Activity",
    "Affiliation",
    "Contact",
    "ContactTie",
    "Customer",
    "CustomerFacts",
    "CustomerHold",
    "Export",
    "FollowUp",
    "FollowUpReminder",
    "ImportBatch",
    "ImportProfile",
    "ImportRow",
    "Site",
    "Territory",
]

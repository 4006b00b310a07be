"""The rows of the customer floor."""

from crm.models.activities import Activity, FollowUp, FollowUpReminder
from crm.models.assessments import Assessment, ScoreRun, StandingChange
from crm.models.boards import BoardCount, BoardRow, BoardRun
from crm.models.care import CalendarFeed, CareDate
from crm.models.customers import Contact, Customer, Site
from crm.models.digests import DigestDay
from crm.models.exports import Export
from crm.models.facts import CustomerFacts, CustomerHold
from crm.models.handovers import Handover, HandoverEntry, HandoverItem
from crm.models.imports import ImportBatch, ImportProfile, ImportRow
from crm.models.log_reviews import LogDraw, LogReview
from crm.models.merging import CustomerMerge, DuplicatePair
from crm.models.overrides import Override
from crm.models.people import Affiliation, ContactTie
from crm.models.pool import CrossClaim, PoolEvent, PoolNotice, PoolRule, PoolRun
from crm.models.privacy import Consent
from crm.models.privacy_requests import Erasure, PrivacyRequest
from crm.models.promises import Promise
from crm.models.retention import RetentionPlan
from crm.models.segments import Segment, SegmentMember, Tag
from crm.models.territories import AccountRule, LoadLift, Territory
from crm.models.visits import CheckIn, VisitConfirmation

__all__ = [
    "AccountRule",
    "Activity",
    "Affiliation",
    "Assessment",
    "BoardCount",
    "BoardRow",
    "BoardRun",
    "CalendarFeed",
    "CareDate",
    "CheckIn",
    "Consent",
    "Contact",
    "ContactTie",
    "CrossClaim",
    "Customer",
    "CustomerFacts",
    "CustomerHold",
    "CustomerMerge",
    "DigestDay",
    "DuplicatePair",
    "Erasure",
    "Export",
    "FollowUp",
    "FollowUpReminder",
    "Handover",
    "HandoverEntry",
    "HandoverItem",
    "ImportBatch",
    "ImportProfile",
    "ImportRow",
    "LoadLift",
    "LogDraw",
    "LogReview",
    "Override",
    "PoolEvent",
    "PoolNotice",
    "PoolRule",
    "PoolRun",
    "PrivacyRequest",
    "Promise",
    "RetentionPlan",
    "ScoreRun",
    "Segment",
    "SegmentMember",
    "Site",
    "StandingChange",
    "Tag",
    "Territory",
    "VisitConfirmation",
]

"""Closed lists of the customer floor with their labels and badge tones; imports nothing of ours."""

from typing import NamedTuple

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CustomerKind(models.TextChoices):
    """What an outside organisation (or internal department) is to us; one is primary."""

    END_USER = "end_user", _("End user")
    EPC = "epc", _("EPC contractor")
    DESIGN_INSTITUTE = "design_institute", _("Design institute")
    DEALER = "dealer", _("Dealer")
    SUPPLIER = "supplier", _("Supplier")
    REGULATOR = "regulator", _("Regulator")
    INTERNAL_DEPT = "internal_dept", _("Internal department")
    TENDER_AGENCY = "tender_agency", _("Tender agency")
    SUPERVISOR = "supervisor", _("Site supervisor")
    OTHER = "other", pgettext_lazy("kind", "Other")


PROSPECT_KINDS = (CustomerKind.END_USER, CustomerKind.EPC, CustomerKind.DEALER)
PARTY_DEPARTMENTS = {
    CustomerKind.SUPPLIER: "PUR",
    CustomerKind.REGULATOR: "QCD",
    CustomerKind.DESIGN_INSTITUTE: "SAL",
    CustomerKind.TENDER_AGENCY: "SAL",
    CustomerKind.INTERNAL_DEPT: "CRO",
}
"""The department that looks after a kind of party; the other kinds belong to the branches."""


class Industry(models.TextChoices):
    """The customer's trade; feeds test grade and expected repurchase interval."""

    MUNICIPAL_WATER = "municipal_water", _("Municipal water")
    WASTEWATER = "wastewater", _("Wastewater")
    POWER = "power", _("Power")
    PETROCHEMICAL = "petrochemical", _("Petrochemical")
    CHEMICAL = "chemical", _("Chemical")
    METALLURGY = "metallurgy", _("Metallurgy")
    MINING = "mining", _("Mining")
    BUILDING_HVAC = "building_hvac", _("Building & HVAC")
    FIRE = "fire", _("Fire protection")
    IRRIGATION = "irrigation", _("Irrigation")
    PULP_PAPER = "pulp_paper", _("Pulp & paper")
    PHARMA_FOOD = "pharma_food", _("Pharma & food")
    MARINE = "marine", _("Marine")
    OTHER = "other", pgettext_lazy("industry", "Other industry")


class Tier(models.TextChoices):
    """How much of us the customer gets; order of the queue and of contact cadence."""

    VIP = "vip", _("VIP")
    PROFESSIONAL = "professional", pgettext_lazy("tier", "Professional")
    STANDARD = "standard", pgettext_lazy("tier", "Standard")
    NA = "na", pgettext_lazy("tier", "No tier")


class Stage(models.TextChoices):
    """Where the relationship stands; wavering is the crisis between stable and consolidated."""

    ACQUAINTANCE = "acquaintance", pgettext_lazy("stage", "Acquaintance")
    RESERVED = "reserved", pgettext_lazy("stage", "Reserved")
    STABLE = "stable", pgettext_lazy("stage", "Stable")
    WAVERING = "wavering", pgettext_lazy("stage", "Wavering")
    CONSOLIDATED = "consolidated", pgettext_lazy("stage", "Consolidated")


class CustomerStatus(models.TextChoices):
    """Whether we still do business; computed or set with a reason, not a workflow."""

    ACTIVE = "active", pgettext_lazy("customer", "Active")
    DORMANT = "dormant", pgettext_lazy("customer", "Dormant")
    LOST = "lost", pgettext_lazy("customer", "Lost")
    BLACKLIST = "blacklist", pgettext_lazy("customer", "Blacklisted")


class PoolStatus(models.TextChoices):
    """Why a customer has no owner; empty while somebody owns it."""

    QUEUE = "queue", _("Waiting for assignment")
    POOL = "pool", _("In the pool")
    CARE = "care", _("Care queue")


class Ownership(models.TextChoices):
    """Who owns the organisation."""

    CENTRAL_SOE = "central_soe", _("Central state-owned")
    LOCAL_SOE = "local_soe", _("Local state-owned")
    PRIVATE = "private", _("Private")
    FOREIGN = "foreign", _("Foreign")
    INSTITUTION = "institution", _("Public institution")
    GOVERNMENT = "government", _("Government")


class EnterpriseSize(models.TextChoices):
    """Size class of the payment-term rules."""

    LARGE = "large", pgettext_lazy("size", "Large")
    MEDIUM = "medium", pgettext_lazy("size", "Medium")
    SMALL = "small", pgettext_lazy("size", "Small")
    MICRO = "micro", pgettext_lazy("size", "Micro")


class Source(models.TextChoices):
    """How we came to know the customer."""

    FAIR = "fair", pgettext_lazy("source", "Fair")
    DESIGNER = "designer", _("Recommended by a designer")
    REFERRAL = "referral", _("Referred by a customer")
    TENDER_SITE = "tender_site", _("Tender website")
    WEBSITE = "website", _("Our website")
    CALL = "call", pgettext_lazy("source", "Call")
    QR = "qr", _("QR code")
    IMPORT = "import", pgettext_lazy("source", "Import")
    OTHER = "other", pgettext_lazy("source", "Other source")


class DecisionRole(models.TextChoices):
    """What the person does in a purchase."""

    DECISION_MAKER = "decision_maker", _("Decision maker")
    INFLUENCER = "influencer", _("Influencer")
    USER = "user", pgettext_lazy("decision role", "User")
    PURCHASER = "purchaser", _("Purchaser")
    TECHNICAL = "technical", _("Technical evaluator")
    GATEKEEPER = "gatekeeper", _("Gatekeeper")
    UNKNOWN = "unknown", _("Role unknown")


DECISION_CHAIN = (
    DecisionRole.DECISION_MAKER,
    DecisionRole.TECHNICAL,
    DecisionRole.PURCHASER,
    DecisionRole.USER,
)
"""The four roles whose presence is the coverage of the decision chain."""


class Attitude(models.TextChoices):
    """How the person stands towards us."""

    SUPPORTER = "supporter", _("Supporter")
    NEUTRAL = "neutral", _("Neutral")
    OPPONENT = "opponent", _("Opponent")
    UNKNOWN = "unknown", _("Attitude unknown")


class AffiliationKind(models.TextChoices):
    """What binds a person to a customer that does not employ them today."""

    SERVES = "serves", _("Also works for")
    EMPLOYED = "employed", _("Worked there before")


class TieStrength(models.IntegerChoices):
    """How well one of our people knows a contact."""

    KNOWS = 1, _("Has met")
    GOOD = 2, _("Knows well")
    CLOSE = 3, _("Trusted")


class Gap(models.TextChoices):
    """What may lack in the description of a customer; the codes of `crm.completeness` and "users"."""

    PRIMARY = "primary", _("Reachable primary contact")
    CHAIN = "chain", _("Whole decision chain")
    USCC = "uscc", _("Social credit code")
    INSTALLED = "installed", _("Site and installed pumps")
    ADDRESS = "address", _("Full address")
    INVOICE = "invoice", _("Invoice data")
    FOLLOW_UP = "follow_up", _("Day of the next step")
    INDUSTRY = "industry", _("Industry")
    COMPETITORS = "competitors", _("Competitors there")
    KIND = "kind", pgettext_lazy("gap", "Kind")
    SIZE = "size", _("Size and ownership")
    NEEDS = "needs", _("Tags or notes on needs")
    SOURCE = "source", _("Source")
    USERS = "users", _("Users met")


class SegmentAudience(models.TextChoices):
    """Who may use a segment beside its owner."""

    OWN = "own", _("Only me")
    BRANCH = "branch", _("My branch")
    COMPANY = "company", _("The company")


class VisitStatement(models.TextChoices):
    """What a customer says of a visit in our records."""

    CONFIRMED = "confirmed", _("It took place")
    DENIED = "denied", _("It did not take place")


class ActivityType(models.TextChoices):
    """The channel of a contact with the customer."""

    SITE_VISIT = "site_visit", _("Site visit")
    FACTORY_TOUR = "factory_tour", _("Factory tour")
    CALL = "call", pgettext_lazy("activity", "Call")
    VIDEO = "video", _("Video meeting")
    WECHAT = "wechat", _("WeChat")
    EMAIL = "email", _("E-mail")
    MEETING = "meeting", _("Meeting")
    FAIR = "fair", pgettext_lazy("activity", "Fair")
    OTHER = "other", pgettext_lazy("activity", "Other contact")


ACTIVITY_ICONS = {
    ActivityType.SITE_VISIT: "visit",
    ActivityType.FACTORY_TOUR: "factory",
    ActivityType.CALL: "phone",
    ActivityType.VIDEO: "video",
    ActivityType.WECHAT: "chat",
    ActivityType.EMAIL: "mail",
    ActivityType.MEETING: "meeting",
    ActivityType.FAIR: "people",
    ActivityType.OTHER: "edit",
}


class Direction(models.TextChoices):
    """Who made the contact."""

    OUT = "out", _("From us")
    IN = "in", _("From the customer")


class ActivityOutcome(models.TextChoices):
    """What came of the contact."""

    REACHED = "reached", _("Reached")
    NO_ANSWER = "no_answer", _("No answer")
    MET = "met", _("Met")
    NOT_MET = "not_met", _("Not met")
    REPLIED = "replied", _("Replied")
    SENT = "sent", pgettext_lazy("outcome", "Sent")
    HELD = "held", _("Held")


class Channel(NamedTuple):
    """One chip of the log form: type, direction and outcome in one touch."""

    code: str
    label: Promise
    icon: str
    type: ActivityType
    direction: Direction
    outcome: ActivityOutcome


CHANNELS: tuple[Channel, ...] = (
    Channel(
        "call_reached",
        _("Call, reached"),
        "phone",
        ActivityType.CALL,
        Direction.OUT,
        ActivityOutcome.REACHED,
    ),
    Channel(
        "call_missed",
        _("Call, no answer"),
        "phone",
        ActivityType.CALL,
        Direction.OUT,
        ActivityOutcome.NO_ANSWER,
    ),
    Channel(
        "visit_met", _("Visit, met"), "visit", ActivityType.SITE_VISIT, Direction.OUT, ActivityOutcome.MET
    ),
    Channel(
        "wechat_replied",
        _("WeChat, replied"),
        "chat",
        ActivityType.WECHAT,
        Direction.IN,
        ActivityOutcome.REPLIED,
    ),
    Channel("email_sent", _("E-mail sent"), "mail", ActivityType.EMAIL, Direction.OUT, ActivityOutcome.SENT),
    Channel(
        "online_meeting",
        _("Online meeting"),
        "video",
        ActivityType.VIDEO,
        Direction.OUT,
        ActivityOutcome.HELD,
    ),
)


class LogFile(models.TextChoices):
    """What a file of a contact log is beyond being there; all but a recording prove the contact."""

    REPLY = "reply", _("Customer's reply")
    SIGNED = "signed", _("Signed sheet")
    EMAIL = "email", _("E-mail")
    RECORDING = "recording", _("Voice recording")


class EnteredVia(models.TextChoices):
    """Where a log was written; imported ones are exempt from haste rules."""

    WEB = "web", _("Desk")
    MOBILE = "mobile", _("Phone app")
    API = "api", _("Interface")
    IMPORT = "import", pgettext_lazy("entered via", "Import")
    SYSTEM = "system", pgettext_lazy("entered via", "System")


class FollowUpState(models.TextChoices):
    """A planned next step is open until it is done or given up."""

    OPEN = "open", pgettext_lazy("follow-up", "Open")
    DONE = "done", pgettext_lazy("follow-up", "Done")
    CANCELLED = "cancelled", pgettext_lazy("follow-up", "Cancelled")


class FollowUpKind(models.TextChoices):
    """Why a follow-up exists: agreed by people, or owed to the customer by the calendar."""

    STEP = "step", pgettext_lazy("follow-up kind", "Step")
    VISIT = "visit", pgettext_lazy("follow-up kind", "Visit")
    CARE = "care", pgettext_lazy("follow-up kind", "Care contact")
    GREETING = "greeting", pgettext_lazy("follow-up kind", "Greeting")
    ANNIVERSARY = "anniversary", pgettext_lazy("follow-up kind", "Anniversary")
    SPONSOR = "sponsor", pgettext_lazy("follow-up kind", "Sponsor's visit")


CARE_KINDS = (FollowUpKind.CARE, FollowUpKind.GREETING, FollowUpKind.ANNIVERSARY, FollowUpKind.SPONSOR)
"""What the calendar asks for, not an agreement."""

FOLLOW_UP_ICONS = {
    FollowUpKind.STEP: "phone",
    FollowUpKind.VISIT: "visit",
    FollowUpKind.CARE: "star",
    FollowUpKind.GREETING: "idea",
    FollowUpKind.ANNIVERSARY: "calendar",
    FollowUpKind.SPONSOR: "people",
}


class PromiseState(models.TextChoices):
    """What became of a promise to the customer."""

    OPEN = "open", pgettext_lazy("promise", "Open")
    KEPT = "kept", pgettext_lazy("promise", "Kept")
    BROKEN = "broken", pgettext_lazy("promise", "Broken")
    WITHDRAWN = "withdrawn", pgettext_lazy("promise", "Withdrawn")


class ScoreKind(models.TextChoices):
    """What a kept run judged."""

    TIER = "tier", _("Tier")
    RISK = "risk", _("Churn risk")
    VALUE = "value", _("Five-year value")


class RiskBand(models.TextChoices):
    """How likely a customer is to leave."""

    LOW = "low", pgettext_lazy("risk", "low")
    MEDIUM = "medium", pgettext_lazy("risk", "medium")
    HIGH = "high", pgettext_lazy("risk", "high")


class ChangeKind(models.TextChoices):
    """What of a customer's standing moved."""

    TIER = "tier", _("Tier")
    STAGE = "stage", pgettext_lazy("life cycle", "Stage")


class OverrideKind(models.TextChoices):
    """What is set by hand."""

    TIER = "tier", _("Tier")
    STAGE = "stage", pgettext_lazy("life cycle", "Stage")
    STRATEGIC = "strategic", _("Strategic weight")


class OverrideState(models.TextChoices):
    """Where a decision by hand stands."""

    PROPOSED = "proposed", pgettext_lazy("override", "Proposed")
    IN_FORCE = "in_force", pgettext_lazy("override", "In force")
    REFUSED = "refused", pgettext_lazy("override", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("override", "Withdrawn")
    ENDED = "ended", pgettext_lazy("override", "Ended")
    EXPIRED = "expired", pgettext_lazy("override", "Expired")


class Strategic(models.TextChoices):
    """Strategic weight of a customer, in points of the tier."""

    NONE = "0", _("None (0)")
    REGIONAL = "50", _("Regional reference or key designer (50)")
    NATIONAL = "100", _("National reference or frame agreement (100)")


class PlanState(models.TextChoices):
    """Where a retention plan stands."""

    OPEN = "open", pgettext_lazy("retention", "To be written")
    SUBMITTED = "submitted", pgettext_lazy("retention", "Waits for approval")
    RUNNING = "running", pgettext_lazy("retention", "Running")
    EFFECTIVE = "effective", pgettext_lazy("retention", "Effective")
    INEFFECTIVE = "ineffective", pgettext_lazy("retention", "Not effective")


class CareDateKind(models.TextChoices):
    """A day of the year that matters to a customer."""

    FOUNDING = "founding", _("Company anniversary")
    COMMISSIONING = "commissioning", _("Commissioning anniversary")
    CONTRACT = "contract", _("Anniversary of the first contract")
    OTHER = "other", pgettext_lazy("care date", "Other day")


class CareClass(models.TextChoices):
    """Whose cadence of contact holds for a customer: its tier, or what it is while it has none."""

    VIP = "vip", _("VIP")
    PROFESSIONAL = "professional", pgettext_lazy("tier", "Professional")
    STANDARD = "standard", pgettext_lazy("tier", "Standard")
    PROSPECT = "prospect", _("Prospect")
    CARE = "care", _("Care queue")
    PARTY = "party", _("Other party")


class HoldKind(models.TextChoices):
    """Why a customer may not be recycled into the pool or merged at present; set by the apps above."""

    PROJECT = "project", _("Open project")
    CONTRACT = "contract", _("Running contract")
    TICKET = "ticket", _("Open ticket")
    COMPLAINT = "complaint", _("Open complaint")
    RECEIVABLE = "receivable", _("Open receivable")
    WARRANTY = "warranty", _("Pump in warranty")
    EXTENSION = "extension", _("Extension by the branch manager")


class RevealReason(models.TextChoices):
    """The business reason a person picks before a full number is shown."""

    CALL = "call", _("Call about a follow-up")
    SERVICE = "service", _("Service or repair")
    COMPLAINT = "complaint", _("Complaint or call-back")
    DELIVERY = "delivery", _("Delivery or visit")
    DATA_CHECK = "data_check", _("Check of the data")


class Identity(models.TextChoices):
    """How far a customer's social credit code is known to be right."""

    NONE = "none", _("No credit code")
    WELL_FORMED = "well_formed", _("Credit code well formed")
    DOUBTFUL = "doubtful", _("Check digit wrong, licence needed")
    VERIFIED = "verified", _("Compared with the licence")


UNVERIFIED = (Identity.WELL_FORMED, Identity.DOUBTFUL)

DUPLICATE_RULES = {
    "dup_rule_1": _("Same credit code"),
    "dup_rule_2": _("Same name"),
    "dup_rule_3": _("Similar name"),
    "dup_rule_4": _("Same mobile"),
    "dup_rule_5": _("Same line or domain"),
    "head_office": _("Branch office"),
}
"""The rules by which two customers may be one, in a word or two."""


class PairState(models.TextChoices):
    """What became of two customers that may be one."""

    OPEN = "open", _("To be looked at")
    DIFFERENT = "different", _("Not the same")
    LINKED = "linked", _("Linked as parent and branch")


class MergeState(models.TextChoices):
    """Where the merge of two customers stands."""

    PROPOSED = "proposed", _("Proposed")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DONE = "done", pgettext_lazy("merge", "Merged")
    UNDONE = "undone", pgettext_lazy("merge", "Taken back")


TONES = {
    MergeState.PROPOSED: "warn",
    MergeState.REFUSED: "danger",
    MergeState.DONE: "good",
    Identity.DOUBTFUL: "danger",
    Identity.VERIFIED: "good",
    Stage.ACQUAINTANCE: "",
    Stage.RESERVED: "life",
    Stage.STABLE: "good",
    Stage.WAVERING: "life",
    Stage.CONSOLIDATED: "good",
    CustomerStatus.ACTIVE: "",
    CustomerStatus.DORMANT: "warn",
    CustomerStatus.LOST: "danger",
    CustomerStatus.BLACKLIST: "solid",
    FollowUpState.OPEN: "brand",
    FollowUpState.DONE: "good",
    FollowUpState.CANCELLED: "",
    PromiseState.KEPT: "good",
    PromiseState.BROKEN: "danger",
    PromiseState.WITHDRAWN: "",
    OverrideState.PROPOSED: "warn",
    OverrideState.IN_FORCE: "good",
    OverrideState.REFUSED: "danger",
    PlanState.SUBMITTED: "warn",
    PlanState.RUNNING: "life",
    PlanState.EFFECTIVE: "good",
    PlanState.INEFFECTIVE: "danger",
    Attitude.SUPPORTER: "good",
    Attitude.NEUTRAL: "warn",
    Attitude.OPPONENT: "danger",
}
"""Badge tone of a code; quiet when not listed."""

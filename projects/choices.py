"""The closed lists of projects: stages and ends, gates' verdicts, parties, classes, reasons; labels only, no rules."""

from django.db import models
from django.utils.translation import pgettext_lazy


class ProjectState(models.TextChoices):
    """The fourteen stages from opportunity to lifetime service, and the four ways a project stops."""

    P01 = "p01", pgettext_lazy("stage", "Opportunity")
    P02 = "p02", pgettext_lazy("stage", "Selection and proposal")
    P03 = "p03", pgettext_lazy("stage", "Quotation")
    P04 = "p04", pgettext_lazy("stage", "Tender and negotiation")
    P05 = "p05", pgettext_lazy("stage", "Contract")
    P06 = "p06", pgettext_lazy("stage", "Design")
    P07 = "p07", pgettext_lazy("stage", "Scheduling")
    P08 = "p08", pgettext_lazy("stage", "Manufacture")
    P09 = "p09", pgettext_lazy("stage", "Inspection and factory test")
    P10 = "p10", pgettext_lazy("stage", "Delivery")
    P11 = "p11", pgettext_lazy("stage", "Installation and commissioning")
    P12 = "p12", pgettext_lazy("stage", "Acceptance")
    P13 = "p13", pgettext_lazy("stage", "Warranty")
    P14 = "p14", pgettext_lazy("stage", "Lifetime service")
    LOST = "lost", pgettext_lazy("project", "Lost")
    ABANDONED = "abandoned", pgettext_lazy("project", "Abandoned")
    CANCELLED = "cancelled", pgettext_lazy("project", "Cancelled")
    SUSPENDED = "suspended", pgettext_lazy("project", "Suspended")

    @property
    def short(self) -> str:
        """The stage's number as people say it: P03; empty for an end."""
        return self.value.upper() if self.value in STAGES else ""


STAGES = tuple(f"p{number:02}" for number in range(1, 15))
PRESALE_STAGES = STAGES[:5]  # decided here: the gates G1–G5 lead from opportunity to a signed contract
ORDER_STAGES = STAGES[5:]
AFTER_SHIPMENT_STAGES = STAGES[10:]
ENDS = ("lost", "abandoned", "cancelled")

SHORT_LABELS = {
    "p01": pgettext_lazy("stage strip", "Opportunity"),
    "p02": pgettext_lazy("stage strip", "Proposal"),
    "p03": pgettext_lazy("stage strip", "Quotation"),
    "p04": pgettext_lazy("stage strip", "Negotiation"),
    "p05": pgettext_lazy("stage strip", "Contract"),
    "p06": pgettext_lazy("stage strip", "Design"),
    "p07": pgettext_lazy("stage strip", "Scheduling"),
    "p08": pgettext_lazy("stage strip", "Manufacture"),
    "p09": pgettext_lazy("stage strip", "Inspection"),
    "p10": pgettext_lazy("stage strip", "Delivery"),
    "p11": pgettext_lazy("stage strip", "Installation"),
    "p12": pgettext_lazy("stage strip", "Acceptance"),
    "p13": pgettext_lazy("stage strip", "Warranty"),
    "p14": pgettext_lazy("stage strip", "Service"),
}


def gate_label(code: str) -> str:
    """A gate as people say it: g02 is G2."""
    return f"G{int(code[1:])}" if code else ""


STATE_TONES = {"lost": "danger", "abandoned": "", "cancelled": "danger", "suspended": "warn"}


class ProductClass(models.TextChoices):
    """How much of the pump must be designed anew; sets the standard days of each stage."""

    A = "a", pgettext_lazy("product class", "A · standard")
    B = "b", pgettext_lazy("product class", "B · modified")
    C = "c", pgettext_lazy("product class", "C · engineered")


class Source(models.TextChoices):
    """Where the inquiry came from."""

    CUSTOMER = "customer", pgettext_lazy("project source", "Customer's inquiry")
    VISIT = "visit", pgettext_lazy("project source", "Own visit")
    DESIGNER = "designer", pgettext_lazy("project source", "Design institute")
    TENDER = "tender", pgettext_lazy("project source", "Tender notice")
    DEALER = "dealer", pgettext_lazy("project source", "Dealer")
    SERVICE = "service", pgettext_lazy("project source", "After-sales service")
    FAIR = "fair", pgettext_lazy("project source", "Trade fair")
    OTHER = "other", pgettext_lazy("project source", "Other")


class PartyRole(models.TextChoices):
    """What a company is in the project; the one who pays is often not the one who runs the pump."""

    BUYER = "buyer", pgettext_lazy("party", "Buyer")
    USER = "user", pgettext_lazy("party", "End user")
    DESIGNER = "designer", pgettext_lazy("party", "Design institute")
    CONTRACTOR = "contractor", pgettext_lazy("party", "General contractor")
    DEALER = "dealer", pgettext_lazy("party", "Dealer")
    TENDER_AGENCY = "tender_agency", pgettext_lazy("party", "Tender agency")
    SUPERVISOR = "supervisor", pgettext_lazy("party", "Supervising engineer")
    OTHER = "other", pgettext_lazy("party", "Other")


class Verdict(models.TextChoices):
    """What became of one submission of a gate."""

    WAITING = "waiting", pgettext_lazy("gate", "Waiting for approval")
    PASSED = "passed", pgettext_lazy("gate", "Passed")
    RETURNED = "returned", pgettext_lazy("gate", "Returned")
    CONDITIONAL = "conditional", pgettext_lazy("gate", "Released conditionally")
    VOID = "void", pgettext_lazy("gate", "Withdrawn")


VERDICT_TONES = {
    "waiting": "warn",
    "passed": "good",
    "returned": "danger",
    "conditional": "warn",
    "void": "",
}


class LossReason(models.TextChoices):
    """Why an order went elsewhere."""

    PRICE = "price", pgettext_lazy("loss", "Price too high")
    TECHNICAL = "technical", pgettext_lazy("loss", "Technically not met")
    LEAD_TIME = "lead_time", pgettext_lazy("loss", "Delivery time")
    QUALIFICATION = "qualification", pgettext_lazy("loss", "Qualification or references")
    SERVICE_RECORD = "service_record", pgettext_lazy("loss", "Service record")
    PAYMENT_TERMS = "payment_terms", pgettext_lazy("loss", "Payment terms")
    NO_FUNDS = "no_funds", pgettext_lazy("loss", "Cancelled or no funds")
    PREDECIDED = "predecided", pgettext_lazy("loss", "Decided beforehand")
    SLOW_FOLLOW_UP = "slow_follow_up", pgettext_lazy("loss", "Slow follow-up")
    UNKNOWN = "unknown", pgettext_lazy("loss", "Unknown")


class EvidenceKind(models.TextChoices):
    """What a piece of evidence is made of."""

    FILE = "file", pgettext_lazy("evidence", "File")
    RECORD = "record", pgettext_lazy("evidence", "Record")
    FIELD = "field", pgettext_lazy("evidence", "Measured value")

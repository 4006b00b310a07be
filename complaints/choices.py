"""The closed lists of complaints, with their labels and the tone each state is shown in."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ComplaintState(models.TextChoices):
    """Where a case stands; the way between them is `Complaint`'s transitions."""

    REGISTERED = "registered", pgettext_lazy("complaint", "Registered")
    TRIAGED = "triaged", pgettext_lazy("complaint", "Graded")
    ACKNOWLEDGED = "acknowledged", pgettext_lazy("complaint", "Acknowledged")
    INVESTIGATING = "investigating", pgettext_lazy("complaint", "Investigating")
    WAITING_COMPLAINANT = "waiting_complainant", _("Waiting for the complainant")
    PROPOSED = "proposed", pgettext_lazy("complaint", "Answer proposed")
    SV_REVIEW = "sv_review", _("Supervision reviews")
    ANSWERED = "answered", pgettext_lazy("complaint", "Answered")
    ACCEPTED = "accepted", pgettext_lazy("complaint", "Answer accepted")
    REJECTED = "rejected", pgettext_lazy("complaint", "Answer rejected")
    VERIFYING = "verifying", pgettext_lazy("complaint", "Verifying")
    CLOSED = "closed", pgettext_lazy("complaint", "Closed")
    CLOSED_UNRESOLVED = "closed_unresolved", _("Closed unresolved")
    WITHDRAWN = "withdrawn", pgettext_lazy("complaint", "Withdrawn")
    DUPLICATE = "duplicate", pgettext_lazy("complaint", "Duplicate")


FINISHED_STATES = (
    ComplaintState.CLOSED,
    ComplaintState.CLOSED_UNRESOLVED,
    ComplaintState.WITHDRAWN,
    ComplaintState.DUPLICATE,
)
OPEN_STATES = tuple(state for state in ComplaintState if state not in FINISHED_STATES)
BEFORE_ANSWER = (
    ComplaintState.REGISTERED,
    ComplaintState.TRIAGED,
    ComplaintState.ACKNOWLEDGED,
    ComplaintState.INVESTIGATING,
    ComplaintState.WAITING_COMPLAINANT,
    ComplaintState.PROPOSED,
    ComplaintState.SV_REVIEW,
)

STATE_TONES = {
    ComplaintState.REGISTERED: "warn",
    ComplaintState.TRIAGED: "brand",
    ComplaintState.ACKNOWLEDGED: "brand",
    ComplaintState.INVESTIGATING: "brand",
    ComplaintState.WAITING_COMPLAINANT: "quiet",
    ComplaintState.PROPOSED: "brand",
    ComplaintState.SV_REVIEW: "warn",
    ComplaintState.ANSWERED: "brand",
    ComplaintState.ACCEPTED: "good",
    ComplaintState.REJECTED: "danger",
    ComplaintState.VERIFYING: "brand",
    ComplaintState.CLOSED: "good",
    ComplaintState.CLOSED_UNRESOLVED: "danger",
    ComplaintState.WITHDRAWN: "quiet",
    ComplaintState.DUPLICATE: "quiet",
}


class Severity(models.TextChoices):
    """How grave a case is; it decides its clocks."""

    S1 = "s1", _("S1 Major")
    S2 = "s2", _("S2 Serious")
    S3 = "s3", _("S3 Normal")
    S4 = "s4", _("S4 Minor")


class ClockKind(models.TextChoices):
    """What must happen by when."""

    TRIAGE = "triage", _("Grading")
    ACKNOWLEDGE = "acknowledge", _("Acknowledgement")
    CONTAIN = "contain", _("Containment")
    INTERIM = "interim", _("Interim update")
    ANSWER = "answer", _("Final answer")


class Rung(models.TextChoices):
    """The escalation ladder."""

    RUNG_0 = "rung_0", "L0"
    RUNG_1 = "rung_1", "L1"
    RUNG_2 = "rung_2", "L2"
    RUNG_3 = "rung_3", "L3"
    RUNG_4 = "rung_4", "L4"
    RUNG_5 = "rung_5", "L5"


class Channel(models.TextChoices):
    """How the complaint reached us, or the answer the complainant."""

    PHONE = "phone", _("Phone")
    WECHAT = "wechat", _("WeChat")
    EMAIL = "email", _("E-mail")
    WEB = "web", pgettext_lazy("channel", "Web")
    ON_SITE = "on_site", _("On site")
    SURVEY = "survey", _("Low survey score")
    REGULATOR = "regulator", _("Regulator's letter")
    MEDIA = "media", _("Media")
    INTERNAL = "internal", pgettext_lazy("channel", "Inside the company")


class Upheld(models.TextChoices):
    """What the investigation found."""

    YES = "yes", _("Upheld")
    PARTLY = "partly", _("Partly upheld")
    NO = "no", _("Not upheld")


class Remedy(models.TextChoices):
    """What the complainant gets."""

    NONE = "none", pgettext_lazy("remedy", "None")
    APOLOGY = "apology", _("Letter of apology")
    REPAIR = "repair", _("Free repair or parts")
    REPLACEMENT = "replacement", _("Replacement")
    REDUCTION = "reduction", _("Price reduction")
    WARRANTY = "warranty", _("Longer warranty")
    LOSS = "loss", _("Freight or loss payment")
    CREDIT = "credit", _("Service credit")
    VISIT = "visit", _("Executive visit")


class Category(models.TextChoices):
    """What the complaint is about; `CATEGORIES_OF` says which department each belongs to."""

    SLOW_RESPONSE = "slow_response", _("Slow response")
    NO_SHOW = "no_show", _("Did not come")
    ATTITUDE = "attitude", _("Attitude")
    SKILL = "skill", _("Lack of skill")
    OVERCHARGE = "overcharge", _("Overcharged")
    PARTS_LATE = "parts_late", _("Spare parts late")
    REPEAT_FAULT = "repeat_fault", _("Fault comes back")
    LATE_DELIVERY = "late_delivery", _("Late delivery")
    ASSEMBLY = "assembly", _("Assembly quality")
    FINISH = "finish", pgettext_lazy("complaint category", "Finish")
    WRONG_PARTS = "wrong_parts", _("Wrong or missing parts")
    MISSED_DEFECT = "missed_defect", _("Missed defect")
    FALSE_REPORT = "false_report", _("False report")
    WRONG_SELECTION = "wrong_selection", _("Wrong selection")
    WRONG_DOCUMENTS = "wrong_documents", _("Wrong documents")
    SLOW_ANSWER = "slow_answer", _("Slow answer")
    DAMAGE = "damage", _("Goods damaged")
    WRONG_GOODS = "wrong_goods", _("Wrong goods")
    BROKEN_PROMISE = "broken_promise", _("Broken promise")
    PASSING_BUCK = "passing_buck", _("Passing the buck")
    UNREACHABLE = "unreachable", _("Unreachable")
    OPAQUE_PRICE = "opaque_price", _("Opaque price")
    PRIVATE_DEALING = "private_dealing", _("Private dealing")
    INVOICE = "invoice", _("Invoice")
    RECONCILIATION = "reconciliation", _("Reconciliation")
    BOUGHT_IN = "bought_in", _("Bought-in part")
    PERFORMANCE = "performance", _("Under-performance")
    SAFETY = "safety", pgettext_lazy("complaint category", "Safety")
    INTEGRITY = "integrity", _("Integrity")
    OTHER = "other", pgettext_lazy("complaint", "Other")


C = Category
CATEGORIES_OF: dict[str, tuple[Category, ...]] = {
    "ASD": (*(C.SLOW_RESPONSE, C.NO_SHOW, C.ATTITUDE, C.SKILL, C.OVERCHARGE, C.PARTS_LATE, C.REPEAT_FAULT),),
    "PRD": (C.LATE_DELIVERY, C.ASSEMBLY, C.FINISH, C.WRONG_PARTS),
    "QCD": (C.MISSED_DEFECT, C.FALSE_REPORT),
    "TEC": (C.WRONG_SELECTION, C.WRONG_DOCUMENTS, C.SLOW_ANSWER),
    "LOG": (C.LATE_DELIVERY, C.DAMAGE, C.WRONG_GOODS, C.ATTITUDE),
    "SAL": (C.BROKEN_PROMISE, C.PASSING_BUCK, C.UNREACHABLE, C.OPAQUE_PRICE, C.PRIVATE_DEALING),
    "FIN": (C.INVOICE, C.RECONCILIATION),
    "PUR": (C.BOUGHT_IN,),
}
ANY_DEPARTMENT = (C.PERFORMANCE, C.SAFETY, C.INTEGRITY, C.OTHER)
MINOR_CATEGORIES = (C.ATTITUDE, C.FINISH, C.SLOW_ANSWER, C.UNREACHABLE)

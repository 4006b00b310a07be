"""The closed lists of surveys, with their labels and the tone each state is shown in."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class QuestionnaireState(models.TextChoices):
    """Which edition of a questionnaire is sent out: the published one."""

    DRAFT = "draft", pgettext_lazy("questionnaire", "Draft")
    PUBLISHED = "published", pgettext_lazy("questionnaire", "In use")
    RETIRED = "retired", pgettext_lazy("questionnaire", "Retired")


class Template(models.TextChoices):
    """What a questionnaire is for (§6.1)."""

    SERVICE = "t_svc", _("Service review")
    ACCEPTANCE = "t_acc", _("Delivery and acceptance")
    ANNUAL = "t_ann", _("Yearly survey")
    COMPLAINT = "t_cmp", _("Complaint handling")


class Kind(models.TextChoices):
    """How a question is answered."""

    SCALE5 = "scale5", _("1 to 5")
    SCALE7 = "scale7", _("1 to 7")
    YESNO = "yesno", _("Yes, partly, no")
    NPS = "nps", _("0 to 10")
    TEXT = "text", _("Free text")


class QuestionCode(models.TextChoices):
    """What a question measures; the same code in every questionnaire, so that answers can be compared."""

    Q0 = "q0", _("Overall satisfaction")
    DIM1 = "dim1", _("Timeliness and efficiency")
    DIM2 = "dim2", _("Staff attitude")
    DIM3 = "dim3", _("Staff skill")
    DIM4 = "dim4", _("Overall service capability")
    DIM5 = "dim5", _("Delivery as agreed")
    DIM6 = "dim6", _("Improvement")
    DIM7 = "dim7", _("Product quality and efficiency")
    PMC = "pmc", _("Project manager's communication")
    CES = "ces", _("Customer effort")
    FIX = "fix", pgettext_lazy("survey", "Problem solved")
    NPS = "nps", _("Recommendation")
    REP = "rep", _("Buying again")
    CMP = "cmp", _("Compared with others")
    OPEN = "open", pgettext_lazy("survey", "To improve")


KIND_OF = {
    QuestionCode.CES: Kind.SCALE7,
    QuestionCode.FIX: Kind.YESNO,
    QuestionCode.NPS: Kind.NPS,
    QuestionCode.OPEN: Kind.TEXT,
}
"""The scale of each code where it is not 1 to 5."""


class Fixed(models.TextChoices):
    """Whether the problem is gone."""

    YES = "yes", pgettext_lazy("survey", "Yes")
    PARTLY = "partly", pgettext_lazy("survey", "Partly")
    NO = "no", pgettext_lazy("survey", "No")


class InvitationState(models.TextChoices):
    """Where the asking of one customer stands."""

    PLANNED = "planned", pgettext_lazy("invitation", "To be sent")
    SENT = "sent", pgettext_lazy("invitation", "Sent")
    ANSWERED = "answered", pgettext_lazy("invitation", "Answered")
    EXPIRED = "expired", pgettext_lazy("invitation", "Expired")
    EXCLUDED = "excluded", pgettext_lazy("invitation", "Not asked")


INVITATION_TONES = {
    InvitationState.PLANNED: "brand",
    InvitationState.SENT: "warn",
    InvitationState.ANSWERED: "good",
    InvitationState.EXPIRED: "",
    InvitationState.EXCLUDED: "outline",
}


class SendChannel(models.TextChoices):
    """How the link reaches the customer."""

    MAIL = "mail", pgettext_lazy("survey", "E-mail")
    LINK = "link", pgettext_lazy("survey", "Link or QR code handed over")


class ExcludeReason(models.TextChoices):
    """Why somebody is not asked (§6.2)."""

    NO_CONTACT = "no_contact", _("No contact on the ticket")
    DO_NOT_CONTACT = "do_not_contact", _("Does not want to be contacted")
    LEFT = "left", _("Left the company")
    WITHDRAWN = "withdrawn", _("Objected to surveys")
    REMOVED = "removed", _("Erased at the person's request")
    EMPLOYEE = "employee", _("The number or address belongs to an employee")
    OPEN_COMPLAINT = "open_complaint", _("A grave complaint is open")
    RECENT = "recent", _("Asked within the last 30 days")
    YEARLY = "yearly", _("Asked four times within a year")
    BY_HAND = "by_hand", _("Left out by the CRM office")


class LowReason(models.TextChoices):
    """What makes an answer a low one (§6.3)."""

    CSAT = "csat", _("Overall 1–2")
    DIMENSION = "dimension", _("A dimension 1–2")
    CES = "ces", _("Effort 1–2")
    NPS = "nps", _("Recommendation 0–6")
    NOT_SOLVED = "not_solved", _("Not solved")
    WORDS = "words", _("Alarming word")


class RecoveryState(models.TextChoices):
    """How far the making good of a low score is."""

    OPEN = "open", pgettext_lazy("recovery", "To be called")
    CALLED = "called", pgettext_lazy("recovery", "Called")
    PROPOSED = "proposed", pgettext_lazy("recovery", "Promised")
    CLOSED = "closed", pgettext_lazy("recovery", "Closed")


RECOVERY_TONES = {
    RecoveryState.OPEN: "danger",
    RecoveryState.CALLED: "warn",
    RecoveryState.PROPOSED: "brand",
    RecoveryState.CLOSED: "good",
}
OPEN_RECOVERIES = (RecoveryState.OPEN, RecoveryState.CALLED, RecoveryState.PROPOSED)


class CauseCode(models.TextChoices):
    """Why the customer was unhappy, as found out on the call."""

    SLOW = "slow", _("Came or answered late")
    ATTITUDE = "attitude", _("Manner of our people")
    SKILL = "skill", _("Skill or diagnosis")
    NOT_FIXED = "not_fixed", _("Fault not gone or back")
    PARTS = "parts", _("Spare parts")
    PRICE = "price", _("Price or charges")
    PRODUCT = "product", _("Pump itself")
    COMMUNICATION = "communication", _("Not kept informed")
    MISTAKE = "mistake", _("Clicked by mistake")
    OTHER = "other", pgettext_lazy("cause", "Other")

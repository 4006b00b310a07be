"""Closed lists of handovers: why, how far, what the dossier lists; with labels and badge tones."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class HandoverTrigger(models.TextChoices):
    """Why customers change hands."""

    TRANSFER = "transfer", pgettext_lazy("handover", "Transfer to other work")
    LEAVER = "leaver", pgettext_lazy("handover", "Leaves the company")
    TERRITORY = "territory", pgettext_lazy("handover", "Territory changed")
    ABSENCE = "absence", pgettext_lazy("handover", "Absent for more than 15 days")
    LOAD_CAP = "load_cap", pgettext_lazy("handover", "Too many customers")
    CUSTOMER_DEMAND = "customer_demand", pgettext_lazy("handover", "The customer asks for it")


class HandoverState(models.TextChoices):
    """The way of a handover; a draft still lacks its receiver."""

    DRAFT = "draft", pgettext_lazy("handover", "Receiver to be named")
    INITIATED = "initiated", pgettext_lazy("handover", "Initiated")
    DOSSIER_GENERATED = "dossier_generated", pgettext_lazy("handover", "Dossier made, to be filled")
    RECEIVER_REVIEW = "receiver_review", pgettext_lazy("handover", "Receiver reads it")
    GAPS_FIXED = "gaps_fixed", pgettext_lazy("handover", "Nothing lacks any more")
    CUSTOMER_INFORMED = "customer_informed", pgettext_lazy("handover", "Customer informed")
    BM_APPROVED = "bm_approved", pgettext_lazy("handover", "Approved by the manager")
    DONE = "done", pgettext_lazy("handover", "Handed over")
    CANCELLED = "cancelled", pgettext_lazy("handover", "Called off")


UNDER_WAY = tuple(
    state for state in HandoverState if state not in (HandoverState.DONE, HandoverState.CANCELLED)
)
"""States in which a customer is promised to somebody and cannot be handed over a second time."""


class ItemKind(models.TextChoices):
    """A line of the dossier. The order here is the order in print."""

    CARD = "card", pgettext_lazy("dossier", "Customer card")
    MAP = "map", pgettext_lazy("dossier", "Relationship map")
    CONTACT = "contact", pgettext_lazy("dossier", "Contact")
    PREFERENCES = "preferences", pgettext_lazy("dossier", "Preferences and taboos")
    PROMISES = "promises", pgettext_lazy("dossier", "Promises made by word of mouth")
    PROMISE = "promise", pgettext_lazy("dossier", "Promise")
    FOLLOW_UP = "follow_up", pgettext_lazy("dossier", "Follow-up")
    WORK = "work", pgettext_lazy("dossier", "Work in progress")
    PUMPS = "pumps", pgettext_lazy("dossier", "Pumps in warranty")
    RETENTION = "retention", pgettext_lazy("dossier", "Retention plan")
    COMPETITORS = "competitors", pgettext_lazy("dossier", "Competitors")
    HOSPITALITY = "hospitality", pgettext_lazy("dossier", "Gifts and hospitality")
    FILES = "files", pgettext_lazy("dossier", "Files")
    PHYSICAL = "physical", pgettext_lazy("dossier", "Samples, keys and papers")
    WECOM = "wecom", pgettext_lazy("dossier", "WeCom customer passed on")
    JOINT_VISIT = "joint_visit", pgettext_lazy("dossier", "Joint visit")


WRITTEN = frozenset(
    {
        ItemKind.PREFERENCES,
        ItemKind.PROMISES,
        ItemKind.COMPETITORS,
        ItemKind.HOSPITALITY,
        ItemKind.PHYSICAL,
    }
)
"""Lines only the one who leaves can write; complete with words, or with "none" ticked."""

HINTS = {
    ItemKind.PREFERENCES: _("How they like to be called on, what to avoid"),
    ItemKind.PROMISES: _("Everything you promised that stands in no contract: to whom, by when"),
    ItemKind.COMPETITORS: _("Who else supplies them, and where they are strong"),
    ItemKind.HOSPITALITY: _("Invitations and gifts of the last two years, given and received"),
    ItemKind.PHYSICAL: _("What is lent out or kept in your drawer"),
    ItemKind.WECOM: _("The customer is passed on in WeCom"),
    ItemKind.FILES: _("What you kept on your own devices is attached here"),
}
"""What belongs into a line."""


class InformedVia(models.TextChoices):
    """How the customer learnt of the change."""

    VISIT = "visit", pgettext_lazy("informed", "Visit")
    CALL = "call", pgettext_lazy("informed", "Call")
    WECHAT = "wechat", pgettext_lazy("informed", "WeChat")
    LETTER = "letter", pgettext_lazy("informed", "Letter or e-mail")


STATE_TONES = {
    HandoverState.DRAFT: "warn",
    HandoverState.INITIATED: "brand",
    HandoverState.DOSSIER_GENERATED: "brand",
    HandoverState.RECEIVER_REVIEW: "life",
    HandoverState.GAPS_FIXED: "life",
    HandoverState.CUSTOMER_INFORMED: "good",
    HandoverState.BM_APPROVED: "good",
    HandoverState.DONE: "good",
    HandoverState.CANCELLED: "",
}
"""Badge tone of a state."""

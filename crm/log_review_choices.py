"""The closed lists of the review desk: why a log is looked at, how far that is, what was found and on what it rests."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReviewState(models.TextChoices):
    """How far a review is."""

    OPEN = "open", pgettext_lazy("log review", "To be taken")
    ASSIGNED = "assigned", pgettext_lazy("log review", "Under review")
    DECIDED = "decided", pgettext_lazy("log review", "Found, may be appealed")
    APPEALED = "appealed", pgettext_lazy("log review", "Under appeal")
    CLOSED = "closed", pgettext_lazy("log review", "Closed")
    LAPSED = "lapsed", pgettext_lazy("log review", "Lapsed")


UNDER_WAY = (ReviewState.OPEN, ReviewState.ASSIGNED, ReviewState.DECIDED, ReviewState.APPEALED)
UNDECIDED = (ReviewState.OPEN, ReviewState.ASSIGNED)
STATE_TONES = {
    ReviewState.OPEN: "warn",
    ReviewState.ASSIGNED: "brand",
    ReviewState.DECIDED: "warn",
    ReviewState.APPEALED: "warn",
    ReviewState.CLOSED: "outline",
    ReviewState.LAPSED: "",
}


class ReviewCause(models.TextChoices):
    """Why a log is looked at. The author is not told which: whoever knew the limits could write just above them."""

    SUSPICIOUS = "suspicious", pgettext_lazy("log review", "Several suspicious logs")
    SAMPLE = "sample", pgettext_lazy("log review", "Drawn by lot")
    DENIED = "denied", pgettext_lazy("log review", "The customer says nobody came")
    BY_HAND = "by_hand", pgettext_lazy("log review", "Asked for by a colleague")


class Finding(models.TextChoices):
    """What a person found, the mildest first. Only `falsified`, once it is final, touches anybody's figures."""

    GENUINE = "genuine", pgettext_lazy("log review", "Genuine")
    INCOMPLETE = "incomplete", pgettext_lazy("log review", "Incomplete")
    DOUBTFUL = "doubtful", pgettext_lazy("log review", "Cannot be confirmed")
    FALSIFIED = "falsified", pgettext_lazy("log review", "Falsified")


SEVERITY = tuple(Finding)
FINDING_TONES = {
    Finding.GENUINE: "good",
    Finding.INCOMPLETE: "warn",
    Finding.DOUBTFUL: "warn",
    Finding.FALSIFIED: "danger",
}


class ReviewEvidence(models.TextChoices):
    """On what a finding rests."""

    CALLBACK = "callback", _("The customer was called back")
    LINK = "link", _("The customer's answer to the link")
    PAPERS = "papers", _("Tickets, travel or call records, letters")
    ADMITTED = "admitted", _("The author says so")
    AUTHOR = "author", _("The author was asked")
    COMPARED = "compared", _("Compared with other logs")


PROOF = frozenset(
    {ReviewEvidence.CALLBACK, ReviewEvidence.LINK, ReviewEvidence.PAPERS, ReviewEvidence.ADMITTED}
)
"""What a finding of falsification needs: a score or a likeness of texts is only a reason to look."""


class AppealResult(models.TextChoices):
    """What an appeal came to."""

    UPHELD = "upheld", pgettext_lazy("log review", "The finding stands")
    CHANGED = "changed", pgettext_lazy("log review", "The finding was changed")

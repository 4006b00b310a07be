"""The closed lists of privacy: what people agree to, how they said so, why somebody may not be contacted."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Purpose(models.TextChoices):
    """What a person's data are used for (§10.6 a)."""

    SERVICE = "service", pgettext_lazy("purpose", "Contract and service")
    SURVEY = "survey", pgettext_lazy("purpose", "Satisfaction surveys")
    MARKETING = "marketing", pgettext_lazy("purpose", "Offers and invitations")
    SHARE_THIRD_PARTY = "share_third_party", pgettext_lazy("purpose", "Passing on to third parties")
    RECORDING = "recording", pgettext_lazy("purpose", "Recording of calls")


SEPARATE = frozenset({Purpose.MARKETING, Purpose.SHARE_THIRD_PARTY, Purpose.RECORDING})
"""Purposes that need a consent of their own, with its proof; the others end with an objection."""


class ConsentMethod(models.TextChoices):
    """How the person said yes or no, or learned of our notice."""

    PAPER = "paper", pgettext_lazy("consent", "Signed paper")
    EMAIL = "email", pgettext_lazy("consent", "E-mail")
    WECHAT = "wechat", pgettext_lazy("consent", "WeChat message")
    FORM = "form", pgettext_lazy("consent", "Form on the web")
    SPOKEN = "spoken", pgettext_lazy("consent", "By word of mouth")
    NOTICE = "notice", pgettext_lazy("consent", "Privacy notice given")


class ContactRefusal(models.TextChoices):
    """Why a person may not be contacted for a purpose; the words stand on the page."""

    REMOVED = "removed", _("Erased at the person's request")
    LEFT = "left", _("Left the company")
    DO_NOT_CONTACT = "do_not_contact", _("Does not want to be contacted")
    WITHDRAWN = "withdrawn", _("The consent was withdrawn")
    NO_CONSENT = "no_consent", _("No consent to this purpose")


class RequestKind(models.TextChoices):
    """What a person asks for about their data (§10.6 f)."""

    COPY = "copy", pgettext_lazy("privacy request", "Copy of the data")
    CORRECT = "correct", pgettext_lazy("privacy request", "Correction")
    DELETE = "delete", pgettext_lazy("privacy request", "Deletion")
    EXPLAIN = "explain", pgettext_lazy("privacy request", "Explanation")


class RequestState(models.TextChoices):
    """How far a request is."""

    RECEIVED = "received", pgettext_lazy("privacy request", "Received")
    VERIFIED = "verified", pgettext_lazy("privacy request", "Identity verified")
    IN_PROGRESS = "in_progress", pgettext_lazy("privacy request", "In progress")
    DONE = "done", pgettext_lazy("privacy request", "Answered")
    REFUSED = "refused", pgettext_lazy("privacy request", "Refused")


OPEN_REQUESTS = (RequestState.RECEIVED, RequestState.VERIFIED, RequestState.IN_PROGRESS)
REQUEST_TONES = {
    RequestState.RECEIVED: "warn",
    RequestState.VERIFIED: "brand",
    RequestState.IN_PROGRESS: "brand",
    RequestState.DONE: "good",
    RequestState.REFUSED: "outline",
}


class VerifiedVia(models.TextChoices):
    """How we made sure that the person is who they say."""

    CALL_BACK = "call_back", _("Called back on the number we knew")
    KNOWN_ADDRESS = "known_address", _("Wrote from the address we knew")
    IN_PERSON = "in_person", _("Showed a document; no copy kept")
    EMPLOYER = "employer", _("Confirmed by the employer in writing")


class RequestRefusal(models.TextChoices):
    """Why a request is not met."""

    NOT_VERIFIED = "not_verified", _("Identity could not be verified")
    NOT_OURS = "not_ours", _("We hold no data of this person")
    LAW = "law", _("A law or an open claim asks us to keep the data")
    REPEATED = "repeated", _("Answered already a short while ago")

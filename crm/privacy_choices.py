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

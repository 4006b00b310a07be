"""What the boards count of customers, and what each sign asks people to do."""

from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.errors import Sentence


class BoardFlag(models.TextChoices):
    """A sign on one customer; `short` belongs to the quality page, the others to the anti-privatisation board."""

    ONE_PERSON = "one_person", _("Known to one person")
    NOBODY = "nobody", _("Known to nobody here")
    ONE_CONTACT = "one_contact", _("One contact only")
    NO_PHONE = "no_phone", _("No contact with a phone")
    SILENT = "silent", pgettext_lazy("board", "Silent")
    USERS = "users", _("End users out of sight")
    SHORT = "short", _("Below the target")


PRIVATE_FLAGS = tuple(flag for flag in BoardFlag if flag != BoardFlag.SHORT)


class Advice(NamedTuple):
    """How a sign is counted and what helps; never who is to blame."""

    meaning: Sentence
    deed: Sentence


ADVICE: dict[BoardFlag, Advice] = {
    BoardFlag.ONE_PERSON: Advice(
        _("All recent contact logs and all ties on the relationship map are of one active colleague."),
        _("Plan a joint visit with a second colleague and log it under both names."),
    ),
    BoardFlag.NOBODY: Advice(
        _("No active colleague has logged a contact recently or stands on the relationship map."),
        _("Let the owner introduce themselves by a call; without an owner, assign one."),
    ),
    BoardFlag.ONE_CONTACT: Advice(
        _("Exactly one person there is on record and has not left."),
        _("Ask that person for the technical and the purchasing colleague; fill the decision chain."),
    ),
    BoardFlag.NO_PHONE: Advice(
        _("Nobody still working there is on record with a mobile or landline."),
        _("Enter the number from the business card or the last call; the company must be able to ring."),
    ),
    BoardFlag.SILENT: Advice(
        _("The last believable two-way contact is longer ago than the rhythm of its class."),
        _("Call today; if the owner cannot, the branch manager arranges who does."),
    ),
    BoardFlag.USERS: Advice(
        _(
            "No end user of the pumps is known or was met within the days set, also where others buy for them."
        ),
        _("Ask the buyer for the operator, visit the pump house together, record the user as a contact."),
    ),
}


class Dimension(models.TextChoices):
    """By what the roll-up counts; `across` is the tier, for `gap` the kind of customer."""

    ALL = "all", _("Customers")
    FLAG = "flag", _("Sign")
    STAGE = "stage", pgettext_lazy("life cycle", "Stage")
    INDUSTRY = "industry", _("Industry")
    PROVINCE = "province", _("Province")
    KIND = "kind", pgettext_lazy("gap", "Kind")
    BAND = "band", _("Completeness")
    GAP = "gap", _("What lacks")
    CONTACTS = "contacts", _("Contacts")
    LOGS = "logs", _("Contact logs")


BANDS = ((0, 20), (20, 40), (40, 60), (60, 80), (80, 90), (90, 101))
"""Ranges of completeness as the quality page shows them: from, below."""

NO_PHONE, UNVERIFIED = "no_phone", "unverified"
"""What is counted of contacts still there."""

SCORED, DOUBTED = "scored", "doubted"
"""What is counted of judged logs; the amount of `scored` is the sum of the scores."""

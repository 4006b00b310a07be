"""Closed lists of assignment and the public pool (公海) with their labels and tones; imports nothing of ours."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PoolReason(models.TextChoices):
    """Why a customer stands in a pool or queue."""

    NEW = "new", _("Newly taken up, no territory")
    UNASSIGNED_IMPORT = "unassigned_import", _("Unassigned import")
    NO_FOLLOW_UP = "no_follow_up", _("No follow-up")
    NO_OPPORTUNITY = "no_opportunity", _("No opportunity")
    NO_DEAL = "no_deal", _("No deal")
    RETURNED = "returned", _("Returned by the owner")
    LEAVER = "leaver", _("Owner left")
    CLAIM_LAPSED = "claim_lapsed", _("Claimed and not worked")
    BECAME_VIP = "became_vip", _("Became a key account")


class PoolMove(models.TextChoices):
    """What happened to who answers for a customer."""

    QUEUED = "queued", pgettext_lazy("pool", "Put into the queue")
    RECYCLED = "recycled", pgettext_lazy("pool", "Recycled")
    RETURNED = "returned", pgettext_lazy("pool", "Returned")
    LAPSED = "lapsed", pgettext_lazy("pool", "Claim lapsed")
    CLAIMED = "claimed", pgettext_lazy("pool", "Claimed")
    ASSIGNED = "assigned", pgettext_lazy("pool", "Assigned")
    TRANSFERRED = "transferred", pgettext_lazy("pool", "Transferred")
    EXTENDED = "extended", pgettext_lazy("pool", "Extended")


INTO_POOL = (PoolMove.RECYCLED, PoolMove.RETURNED, PoolMove.LAPSED)
"""Moves after which the owner of before is barred from claiming for a time."""


class PoolRuleState(models.TextChoices):
    """A change of the pool's rules is proposed by the CRM office and settled by an executive."""

    PROPOSED = "proposed", pgettext_lazy("pool rule", "Proposed")
    APPROVED = "approved", pgettext_lazy("pool rule", "Approved")
    REFUSED = "refused", pgettext_lazy("pool rule", "Refused")


class CrossClaimState(models.TextChoices):
    """A claim across branches waits for the managers of both."""

    OPEN = "open", pgettext_lazy("cross claim", "Waiting for consent")
    DONE = "done", pgettext_lazy("cross claim", "Agreed and moved")
    REFUSED = "refused", pgettext_lazy("cross claim", "Refused")
    CANCELLED = "cancelled", pgettext_lazy("cross claim", "Withdrawn")


class AssignmentClass(models.TextChoices):
    """How a customer is served."""

    ONE_TO_ONE = "one_to_one", pgettext_lazy("assignment", "One to one")
    ONE_TO_MANY = "one_to_many", pgettext_lazy("assignment", "By region")
    CARE_POOL = "care_pool", pgettext_lazy("assignment", "Care desk")


class AccountList(models.TextChoices):
    """The two lists that go before territories when a customer is placed."""

    NAMED = "named", _("Named accounts")
    CHANNEL = "channel", _("Design institutes and agents")


class PlacingRule(models.TextChoices):
    """Which rule placed a customer, in the order asked."""

    NAMED = "named", _("named account")
    PARENT = "parent", _("owner of the parent company")
    CHANNEL = "channel", _("list of design institutes and agents")
    CITY_INDUSTRY = "city_industry", _("territory of city and industry")
    CITY = "city", _("territory of the city")
    INDUSTRY = "industry", _("territory of the industry in the province")
    PROVINCE = "province", _("territory of the province")
    BRANCH = "branch", _("queue of the province's branch")


POOL_TONES = {
    PoolReason.NO_FOLLOW_UP: "warn",
    PoolReason.LEAVER: "danger",
    PoolReason.CLAIM_LAPSED: "warn",
    PoolReason.BECAME_VIP: "vip",
    PoolMove.CLAIMED: "good",
    PoolMove.ASSIGNED: "good",
    PoolMove.RECYCLED: "warn",
    PoolMove.LAPSED: "warn",
    PoolRuleState.PROPOSED: "warn",
    PoolRuleState.APPROVED: "good",
    CrossClaimState.OPEN: "warn",
    CrossClaimState.DONE: "good",
    AssignmentClass.ONE_TO_ONE: "vip",
    AssignmentClass.CARE_POOL: "life",
}
"""Badge tone of a code; quiet when not listed."""

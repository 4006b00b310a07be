"""Conditions of the permission matrix that look at customers, and predicates about customer rows."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import UnitKind
from accounts.conditions import register_column_condition, register_condition
from core.clock import db_now
from core.rules import Refusal, rule
from crm.choices import PARTY_DEPARTMENTS, PoolStatus, Tier
from crm.handover_choices import ItemKind
from crm.log_review_desk import why_not_judge, why_not_review

EDIT_WINDOW = timedelta(hours=24)


def _is_party(user: Any, row: Any) -> bool:
    """Parties looked after by a department: suppliers, regulators, designers … and the people there."""
    return getattr(row, "customer", row).kind in PARTY_DEPARTMENTS


def _within_edit_window(user: Any, row: Any) -> bool:
    """A log may be corrected by its author for a day; afterwards it is evidence."""
    return row.author_id == user.pk and db_now() - row.created_at <= EDIT_WINDOW


register_condition("department_party", _is_party, Q(kind__in=list(PARTY_DEPARTMENTS)))
register_condition("within_edit_window", _within_edit_window)
register_column_condition("below_vip", "tier", Tier.PROFESSIONAL, Tier.STANDARD, Tier.NA)
register_condition(
    "headquarters_pool",
    lambda user, row: (
        row.owner_id is None and row.pool_status == PoolStatus.POOL and row.branch.kind == UnitKind.HQ
    ),
    Q(owner__isnull=True, pool_status=PoolStatus.POOL, branch__kind=UnitKind.HQ),
)
register_condition("override_below_vip", lambda user, row: not row.needs_executive)
register_condition("plan_below_vip", lambda user, row: not row.needs_visit)
register_condition("empty_record", lambda user, row: row.last_contact_at is None and not row.holds.exists())


@rule(
    "crm.add_activity",
    "crm.add_followup",
    "crm.add_promise",
    "crm.add_caredate",
    "crm.assign_customer",
    "crm.claim_customer",
)
def customer_is_live(user: Any, row: Any) -> bool | Refusal:
    """Old parties kept for history only take no new work."""
    customer = getattr(row, "customer", row)
    if getattr(customer, "historical", False):
        return Refusal(_("This record is kept for history only; nothing new is written on it."))
    return True


@rule("crm.change_customer", "crm.set_status_customer", "crm.set_credit_customer")
def customer_is_not_mirrored(user: Any, row: Any) -> bool | Refusal:
    """Our departments are parties only as a picture of the organisation."""
    if getattr(row, "unit_id", None) is not None:
        return Refusal(_("This is one of our departments; it is kept in the organisation, not here."))
    return True


@rule("crm.reveal_contact")
def contact_is_reachable(user: Any, row: Any) -> bool | Refusal:
    """Erased people have no numbers."""
    if row.contact_removed:
        return Refusal(_("This person's data was erased at their request."))
    return True


def _acts_as(user: Any, person_id: int | None) -> bool:
    """Whether the user is this person or stands in for them."""
    return person_id is not None and person_id in user.authority().principals


@rule("crm.refuse_handover", "crm.accept_handover")
def only_the_receiver_judges(user: Any, row: Any) -> bool | Refusal:
    """A dossier is judged by whoever must work with it."""
    if _acts_as(user, row.receiver_id):
        return True
    return Refusal(_("Only the receiver accepts or refuses a dossier."))


@rule("crm.fill_gaps_handover", "crm.change_handover")
def receiver_does_not_fill(user: Any, row: Any) -> bool | Refusal:
    """What the newcomer must know is written by the one who leaves, or by the manager."""
    if user.pk == row.receiver_id and row.owner.is_active:
        return Refusal(_("The one who hands over fills the dossier."))
    return True


@rule("crm.change_handoveritem")
def receiver_notes_only_the_visit(user: Any, row: Any) -> bool | Refusal:
    """The receiver records the joint visit; everything else is the giver's word."""
    if row.kind == ItemKind.JOINT_VISIT:
        return True
    return receiver_does_not_fill(user, row.handover)


@rule("crm.approve_handover", "crm.complete_handover", "crm.review_handover")
def manager_is_neither_giver_nor_receiver(user: Any, row: Any) -> bool | Refusal:
    """Separation of duties: nobody approves what they give or receive."""
    if _acts_as(user, row.owner_id) or _acts_as(user, row.receiver_id):
        return Refusal(
            _("Somebody who neither gives nor receives must do this: the head of sales, or an executive.")
        )
    return True


@rule("crm.approve_customermerge", "crm.refuse_customermerge")
def merge_decided_by_another(user: Any, merge: Any) -> bool | Refusal:
    """Nobody decides about the merge they proposed (separation of duties)."""
    if merge.owner_id == user.pk:
        return Refusal(_("A merge is decided by someone other than who proposed it."))
    return True


@rule("crm.review_authenticity_activity", "crm.take_logreview", "crm.assign_logreview")
def log_reviewed_from_outside(user: Any, row: Any) -> bool | Refusal:
    """Nobody looks at their own logs, or at those of whom they report to or who reports to them."""
    refusal = why_not_review(user, row.author)
    return True if refusal is None else refusal


@rule("crm.take_logreview")
def review_not_taken_twice(user: Any, row: Any) -> bool | Refusal:
    """What one has need not be taken."""
    return Refusal(_("You have this review already.")) if row.reviewer_id == user.pk else True


@rule("crm.decide_logreview")
def finding_by_the_reviewer(user: Any, row: Any) -> bool | Refusal:
    """A finding is made by who looked, and from outside."""
    if (refusal := why_not_review(user, row.author)) is not None:
        return refusal
    if row.reviewer_id is not None and _acts_as(user, row.reviewer_id):
        return True
    return Refusal(_("Take the review first; it is decided by who looked at it."))


@rule("crm.decide_appeal_logreview")
def appeal_judged_by_another(user: Any, row: Any) -> bool | Refusal:
    """An appeal is decided by somebody who neither wrote the log nor made the finding, nor stands close to them."""
    refusal = why_not_judge(user, row)
    return True if refusal is None else refusal


@rule("crm.appeal_logreview", "crm.accept_logreview", "crm.appeal_activity")
def only_the_author_answers(user: Any, row: Any) -> bool | Refusal:
    """Whether a finding is right is the author's to say."""
    if _acts_as(user, row.author_id):
        return True
    return Refusal(_("Only the author of the log accepts a finding or appeals."))


@rule("crm.change_activity")
def log_under_review_stays(user: Any, row: Any) -> bool | Refusal:
    """What is being looked at is not rewritten meanwhile."""
    if row.reviews.under_way().exists():
        return Refusal(
            _("This log is under review, so its words stay as they are; add what is missing as a message.")
        )
    return True

"""How the customer floor's tasks read on My day."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.addresses import page_address, row_address
from core.kept import Kept
from core.models import Task
from core.tasks_list import TaskLine, register_task_kind
from crm.care_words import care_words
from crm.log_review_desk import APPEAL_TASK, FINDING_TASK, REVIEW_TASK
from crm.models import (
    CrossClaim,
    Customer,
    CustomerMerge,
    FollowUp,
    LogReview,
    Override,
    PrivacyRequest,
    Promise,
    RetentionPlan,
)
from crm.models.activities import FOLLOW_UP_TASK
from crm.models.privacy_requests import PRIVACY_TASK
from crm.models.promises import PROMISE_TASK
from crm.models.retention import PLAN_APPROVE_TASK, PLAN_TASK
from crm.operations import ASSIGN_TASK, CONSENT_TASK
from crm.operations.duplicates import ASKED_TASK
from crm.operations.merging import APPROVE_TASK as APPROVE_MERGE_TASK
from crm.operations.overrides import OVERRIDE_TASK

_PLANNED = Kept(
    lambda user, ids: FollowUp.objects.visible_to(user).open().filter(pk__among=ids).for_day(), list
)


class StepLine(TaskLine):
    """A planned step. Its addresses are put together when the line is drawn: hundreds are read, few are drawn."""

    action = _("Log contact")

    def __init__(self, pk: int, customer: int, *, title: Any, party: str, tier: str) -> None:
        self.pk, self.customer, self.title, self.party, self.tier = pk, customer, title, party, tier

    party_url = property(lambda self: row_address("crm:customer_detail", self.customer))  # type: ignore[assignment]
    url = property(lambda self: row_address("crm:followup_detail", self.pk))  # type: ignore[assignment]
    action_url = property(  # type: ignore[assignment]
        lambda self: f"{page_address('crm:activity_add')}?customer={self.customer}&follow_up={self.pk}"
    )
    complete_url = property(lambda self: row_address("crm:followup_complete", self.pk))  # type: ignore[assignment]
    postpone_url = property(lambda self: row_address("crm:followup_snooze", self.pk))  # type: ignore[assignment]


def describe_follow_ups(tasks: list[Task], user: Any) -> Mapping[int, TaskLine]:
    """Customer, promised step, and the form that logs it with this follow-up already named."""
    wanted = {task.object_id: task.pk for task in tasks}
    rows = _PLANNED.rows(user, list(wanted))
    return {
        wanted[pk]: StepLine(
            pk, customer, title=text or care_words(kind, occasion), party=short_name or name, tier=tier
        )
        for pk, text, kind, occasion, customer, name, short_name, tier in rows
    }


def describe_promises(tasks: list[Task], user: Any) -> Mapping[int, TaskLine]:
    """Customer, what was promised, and the form that says it was kept."""
    wanted = {task.object_id: task.pk for task in tasks}
    rows = Promise.objects.visible_to(user).open().filter(pk__in=wanted).for_list()
    return {
        wanted[row.pk]: TaskLine(
            title=row.text,
            party=row.customer.called,
            party_url=row.customer.get_absolute_url(),
            tier=row.customer.tier,
            url=row.get_absolute_url(),
            action=_("Kept"),
            action_url=reverse("crm:promise_keep", args=[row.pk]),
            postpone_url=reverse("crm:promise_redate", args=[row.pk]),
        )
        for row in rows
    }


def describe_assignments(tasks: list[Task], user: Any) -> Mapping[int, TaskLine]:
    """A customer without an owner."""
    wanted = {task.object_id: task.pk for task in tasks}
    rows = Customer.objects.visible_to(user).filter(pk__in=wanted, owner__isnull=True).for_list()
    return {
        wanted[row.pk]: TaskLine(
            title=_("Name an owner"),
            party=row.called,
            party_url=row.get_absolute_url(),
            tier=row.tier,
            url=row.get_absolute_url(),
            action=_("Assign"),
            action_url=reverse("crm:customer_assign", args=[row.pk]),
        )
        for row in rows
    }


def describe_questions(tasks: list[Task], user: Any) -> Mapping[int, TaskLine]:
    """A colleague who met this customer in the duplicate check and asks to see it."""
    wanted = {task.object_id: task.pk for task in tasks}
    rows = Customer.objects.visible_to(user).filter(pk__in=wanted).for_list()
    return {
        wanted[row.pk]: TaskLine(
            title=_("A colleague asks to see this customer"),
            party=row.called,
            party_url=row.get_absolute_url(),
            tier=row.tier,
            url=row.get_absolute_url(),
            action=_("Say yes or no"),
            action_url=reverse("crm:customer_answer_ask", args=[row.pk]),
        )
        for row in rows
    }


def describe_merges(tasks: list[Task], user: Any) -> Mapping[int, TaskLine]:
    """A proposed merge that waits for a decision."""
    wanted = {task.object_id: task.pk for task in tasks}
    rows = CustomerMerge.objects.visible_to(user).proposed().filter(pk__in=wanted).for_list()
    return {
        wanted[row.pk]: TaskLine(
            title=_("Are these two one customer?"),
            party=row.survivor.called,
            party_url=row.survivor.get_absolute_url(),
            meta=row.loser.name,
            url=row.get_absolute_url(),
            action=_("Compare"),
        )
        for row in rows
    }


def describe_overrides(tasks: list[Task], user: Any) -> Mapping[int, TaskLine]:
    """A tier, stage or weight set by hand that waits for this person's word."""
    wanted = {task.object_id: task.pk for task in tasks}
    rows = Override.objects.visible_to(user).waiting().filter(pk__in=wanted).for_list()
    return {
        wanted[row.pk]: TaskLine(
            title=_("Decide: %(what)s → %(value)s") % {"what": row.get_kind_display(), "value": row.words},
            party=row.customer.called,
            party_url=row.customer.get_absolute_url(),
            tier=row.customer.tier,
            url=row.get_absolute_url(),
            action=pgettext_lazy("override", "Decide"),
            action_url=row.get_absolute_url(),
        )
        for row in rows
    }


def describe_plans(tasks: list[Task], user: Any) -> Mapping[int, TaskLine]:
    """A retention plan to be written, or one that waits for approval."""
    wanted = {task.object_id: task for task in tasks}
    rows = RetentionPlan.objects.visible_to(user).open().filter(pk__in=wanted).for_list()
    lines = {}
    for row in rows:
        task = wanted[row.pk]
        writes = task.kind == PLAN_TASK
        verb = "submit" if writes else "approve"
        lines[task.pk] = TaskLine(
            title=_("Retention plan: cause and offer") if writes else _("Approve the retention plan"),
            party=row.customer.called,
            party_url=row.customer.get_absolute_url(),
            tier=row.customer.tier,
            url=row.get_absolute_url(),
            action=pgettext_lazy("retention", "Write") if writes else _("Approve"),
            action_url=row_address(f"crm:retentionplan_{verb}", row.pk),
        )
    return lines


register_task_kind(
    FOLLOW_UP_TASK, label=_("Follow-up"), icon="phone", chip="followup", describe=describe_follow_ups
)
register_task_kind(
    PROMISE_TASK,
    label=pgettext_lazy("ledger", "Promise"),
    icon="bookmark",
    chip="promise",
    describe=describe_promises,
)
register_task_kind(
    ASSIGN_TASK, label=_("Assignment"), icon="assign", chip="assign", describe=describe_assignments
)
register_task_kind(
    ASKED_TASK, label=_("Request to see"), icon="eye", chip="assign", describe=describe_questions
)
register_task_kind(
    APPROVE_MERGE_TASK, label=_("Merge"), icon="transfer", chip="approval", describe=describe_merges
)


def describe_consents(tasks: list[Task], user: Any) -> Mapping[int, TaskLine]:
    """A claim across branches that waits for this manager."""
    wanted = {task.object_id: task.pk for task in tasks}
    rows = CrossClaim.objects.visible_to(user).filter(pk__in=wanted).for_list()
    return {
        wanted[row.pk]: TaskLine(
            title=_("%(name)s asks for a customer of another branch") % {"name": row.claimant.name},
            party=row.customer.called,
            party_url=row.get_absolute_url(),
            tier=row.customer.tier,
            meta=row.reason,
            url=row.get_absolute_url(),
            action=_("Decide"),
            action_url=row.get_absolute_url(),
        )
        for row in rows
    }


def describe_privacy(tasks: list[Task], user: Any) -> Mapping[int, TaskLine]:
    """What a person asks about their data, and its last day."""
    wanted = {task.object_id: task.pk for task in tasks}
    rows = PrivacyRequest.objects.visible_to(user).open().filter(pk__in=wanted).for_list()
    return {
        wanted[row.pk]: TaskLine(
            title=_("A person asks: %(what)s") % {"what": row.get_kind_display()},
            party=row.contact.name,
            party_url=row.get_absolute_url(),
            meta=row.get_state_display(),
            url=row.get_absolute_url(),
            action=pgettext_lazy("privacy request", "Look"),
            action_url=row.get_absolute_url(),
        )
        for row in rows
    }


def describe_reviews(tasks: list[Task], user: Any) -> Mapping[int, TaskLine]:
    """A log to look at, an appeal to answer, or a finding about one's own log."""
    wanted = {task.object_id: task for task in tasks}
    rows = LogReview.objects.visible_to(user).under_way().filter(pk__in=wanted).for_list()
    said = {
        REVIEW_TASK: (_("Review a log of %(name)s"), pgettext_lazy("log review", "Look")),
        APPEAL_TASK: (_("Answer the appeal of %(name)s"), pgettext_lazy("log review", "Look")),
        FINDING_TASK: (_("Read the finding about your log; appeal or accept"), _("Read")),
    }
    lines = {}
    for row in rows:
        task = wanted[row.pk]
        title, action = said[task.kind]
        lines[task.pk] = TaskLine(
            title=title % {"name": row.author} if task.kind != FINDING_TASK else title,
            party=str(row),
            party_url=row.get_absolute_url(),
            meta=row.get_finding_display() or row.get_state_display(),
            url=row.get_absolute_url(),
            action=action,
            action_url=row.get_absolute_url(),
        )
    return lines


for _kind in (REVIEW_TASK, APPEAL_TASK, FINDING_TASK):
    register_task_kind(
        _kind,
        label=pgettext_lazy("navigation", "Log review"),
        icon="check",
        chip="approval",
        describe=describe_reviews,
    )
register_task_kind(
    PRIVACY_TASK, label=_("Personal data"), icon="shield", chip="approval", describe=describe_privacy
)
register_task_kind(
    CONSENT_TASK, label=_("Claim across branches"), icon="transfer", chip="assign", describe=describe_consents
)
register_task_kind(
    OVERRIDE_TASK, label=_("Adjustment by hand"), icon="edit", chip="approval", describe=describe_overrides
)
register_task_kind(
    PLAN_TASK, label=_("Retention plan"), icon="visit", chip="followup", describe=describe_plans
)
register_task_kind(
    PLAN_APPROVE_TASK, label=_("Retention plan"), icon="visit", chip="approval", describe=describe_plans
)

"""What the customer floor registers for handovers: its own lines of the dossier, scans, tasks, notices, time-line words."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from core.models import Task
from core.notify import register_notice
from core.params import declare_param, param
from core.sweep import for_each_due, sweep
from core.tasks_list import TaskLine, register_task_kind
from core.timeline import register_event
from crm.choices import DECISION_CHAIN
from crm.handover_choices import WRITTEN, ItemKind
from crm.handover_desk import CHECK_TASK, HANDOVER_TASK
from crm.handover_moves import move_open
from crm.handover_parts import Found, Part, register_part
from crm.models import Contact, Customer, FollowUp, Handover, Promise
from crm.operations.handovers import open_leaver_handover, tell_late

declare_param("crm.handover_days", 5, _("Working days for a handover"))
declare_param("crm.handover_urgent_days", 2, _("Working days for an urgent handover"))
declare_param(
    "crm.handover_leaver_days", 1, _("Working days until the receiver of a leaver's customers is named")
)
declare_param("crm.handover_score", 95, _("Percent of the dossier that must be complete"))
declare_param("crm.handover_visit_days", 15, _("Calendar days until the joint visit"))
declare_param("crm.handover_check_days", 30, _("Calendar days until a handover is checked"))
declare_param("crm.contact_verified_days", 365, _("Calendar days a contact counts as verified"))


def find(handover: Any, customer: Customer, now: datetime) -> Iterator[Found]:
    """The customer's own lines. A contact seen within a year and a follow-up not yet due need no more words."""
    people = list(
        Contact.objects.alive().here().filter(customer=customer).defer("search_terms").order_by("pk")
    )
    roles = {person.decision_role for person in people}
    yield Found(ItemKind.CARD, customer, ready=not customer.needs_completion)
    yield Found(ItemKind.MAP, ready=roles >= set(DECISION_CHAIN))
    since = now - timedelta(days=int(param("crm.contact_verified_days", at=now)))
    for person in people:
        seen = max(filter(None, (person.verified_at, person.last_contact_at)), default=None)
        yield Found(ItemKind.CONTACT, person, ready=seen is not None and seen >= since)
    for kind in ItemKind:
        if kind in WRITTEN:
            yield Found(kind)
    for planned in FollowUp.objects.open().filter(customer=customer).order_by("due_at", "pk"):
        yield Found(ItemKind.FOLLOW_UP, planned, ready=planned.due_at >= now)
    for promise in Promise.objects.open().filter(customer=customer).order_by("due_at", "pk"):
        yield Found(ItemKind.PROMISE, promise, ready=promise.due_at >= now)
    yield Found(ItemKind.FILES)
    yield Found(ItemKind.WECOM)


def take_over(handover: Any, customer: Customer, *, by: Any, now: datetime) -> int:
    """Promises still open are kept by the new project manager."""
    return move_open(Promise.objects.open().filter(customer=customer), handover, by=by, now=now)


register_part(Part("crm", _("Customer"), find, take_over))


@sweep("crm.handover_leavers", every=600)
def handover_leavers(now: datetime) -> int:
    """Customers of closed accounts are put before their branch's manager, long before the working day is over."""
    return for_each_due(
        "crm.handover_leavers",
        User.objects.filter(pk__in=Customer.objects.left_behind().values("owner")),
        lambda owner: open_leaver_handover(owner, now=now),
    )


@sweep("crm.handover_dossiers", every=60)
def handover_dossiers(now: datetime) -> int:
    """Every initiated handover gets its dossier."""
    return for_each_due(
        "crm.handover_dossiers",
        Handover.objects.to_generate(),
        lambda row: row.generate_dossier(by=None, now=now),
    )


@sweep("crm.handover_late", every=600)
def handover_late(now: datetime) -> int:
    """Handovers past their due time are told on the day and three and seven days later."""
    return for_each_due(
        "crm.handover_late", Handover.objects.to_tell_late(now), lambda row: tell_late(row, now=now)
    )


def describe_handovers(tasks: list[Task], user: Any) -> Mapping[int, TaskLine]:
    """Who hands over to whom, and the step that is next."""
    wanted = {task.object_id: task.pk for task in tasks}
    rows = Handover.objects.visible_to(user).filter(pk__in=wanted).for_list()
    return {
        wanted[row.pk]: TaskLine(
            title=f"{row.owner} → {row.receiver or '?'} · {row.get_state_display()}",
            party=row.code,
            party_url=row.get_absolute_url(),
            meta=ngettext("%(n)s customer", "%(n)s customers", row.customers_total)
            % {"n": row.customers_total},
            url=row.get_absolute_url(),
            action=_("Open"),
            action_url=row.get_absolute_url(),
        )
        for row in rows
    }


for kind, label in {HANDOVER_TASK: _("Handover"), CHECK_TASK: _("Check of a handover")}.items():
    register_task_kind(kind, label=label, icon="transfer", chip="assign", describe=describe_handovers)

register_notice(
    "crm.handover_turn", _("Handover %(subject)s: it is your turn."), url_name="crm:handover_detail"
)
register_notice(
    "crm.handover_late",
    _("Handover %(subject)s is %(days)s days late."),
    url_name="crm:handover_detail",
    tone="danger",
    always=True,
)
register_event("crm.hand_over_customer", _("Handover %(code)s opened"), icon="transfer", group="system")
for verb, sentence in {
    "add": _("Handover %(subject)s opened"),
    "initiate": _("Handover started"),
    "generate_dossier": _("Dossier made: %(items)s lines, %(done)s complete"),
    "change": _("%(items)s lines of the dossier settled"),
    "fill_gaps": _("Dossier signed and passed to the receiver"),
    "refuse": _("Sent back with %(gaps)s gaps"),
    "accept": _("Receiver signed"),
    "inform_customer": _("Customer informed"),
    "approve": _("Approved by the manager"),
    "complete": _("Handed over: %(customers)s customers"),
    "cancel": _("Handover called off"),
    "review": _("Checked after a month"),
}.items():
    register_event(f"crm.{verb}_handover", sentence, icon="transfer", url_name="crm:handover_detail")

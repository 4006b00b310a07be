"""What care and promises register with the ground floor: notices, time-line events, scans."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.notify import register_notice
from core.sweep import sweep
from core.timeline import register_event
from crm import operations
from crm.neglect import tell_of_neglected
from crm.promise_reminders import remind_of_promises

register_notice(
    "crm.followup_nudged",
    _("Your manager asks about: %(subject)s"),
    url_name="crm:followup_detail",
    tone="warning",
    always=True,
)
register_notice(
    "crm.followups_nudged",
    _("Your manager asks about %(n)s overdue follow-ups."),
    url_name="crm:followup_list",
    tone="warning",
    always=True,
)
register_notice(
    "crm.followup_handed_over", _("Handed over to you: %(subject)s"), url_name="crm:followup_detail"
)
register_notice(
    "crm.sponsor_visit_planned",
    _("Your visit to %(subject)s is being arranged."),
    url_name="crm:customer_detail",
)
register_notice(
    "crm.neglected_customers",
    _("%(n)s customers have not been contacted in the time they are promised."),
    url_name="crm:customer_neglected",
    tone="warning",
)
register_notice("crm.promise_due", _("Promised for today: %(subject)s"), url_name="crm:promise_detail")
register_notice(
    "crm.promise_overdue",
    _("Promise %(days)s days overdue: %(subject)s"),
    url_name="crm:promise_detail",
    tone="danger",
)
register_notice(
    "crm.promise_escalated",
    _("Promise %(days)s days overdue in your branch: %(subject)s"),
    url_name="crm:promise_detail",
    tone="danger",
    always=True,
)

register_event(
    "crm.reschedule_followup",
    _("Moved: %(subject)s"),
    icon="calendar",
    group="followup",
    url_name="crm:followup_detail",
)
register_event(
    "crm.hand_over_followup",
    _("Handed over: %(subject)s"),
    icon="transfer",
    group="followup",
    url_name="crm:followup_detail",
)
for code, sentence, icon in (
    ("add", _("Promised: %(subject)s"), "bookmark"),
    ("keep", _("Promise kept: %(subject)s"), "good"),
    ("fail", _("Promise broken: %(subject)s"), "warning"),
    ("withdraw", _("Promise withdrawn: %(subject)s"), "close"),
    ("redate", _("Promise moved: %(subject)s"), "calendar"),
    ("tell", _("Customer told of the promise: %(subject)s"), "send"),
):
    register_event(
        f"crm.{code}_promise", sentence, icon=icon, group="followup", url_name="crm:promise_detail"
    )
register_event("crm.change_rhythm_customer", _("Rhythm of contact agreed"), icon="clock", group="system")


@sweep("crm.contact_due", every=3600)
def contact_due(now: datetime) -> int:
    """Recount by when each customer must be contacted, after tier, pool or parameter changed."""
    return operations.recount_contact_due(now)


@sweep("crm.promise_reminders", every=60)
def promise_reminders(now: datetime) -> int:
    """Remind of promises on their day and 1, 3, 7 days late; the branch manager hears from the third day on."""
    return remind_of_promises(now)


@sweep("crm.plan_care", every=3600)
def plan_care(now: datetime) -> int:
    """Plan care contacts, greetings, anniversaries and sponsors' visits that are near."""
    return operations.plan_care(now)


@sweep("crm.tell_of_neglected", every=900)
def neglected(now: datetime) -> int:
    """Tell the desks of neglected customers, each morning once."""
    return tell_of_neglected(now)

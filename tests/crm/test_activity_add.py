"""Writing down a contact: one save makes the log, the next step and settles what led to it."""

from datetime import timedelta

import pytest

from core.errors import RuleBroken
from core.models import AuditEntry, Task
from crm.choices import CHANNELS
from crm.forms.activities import ActivityForm
from crm.models import Activity, FollowUp
from tests.crm.factories import make_activity, make_contact, make_customer, make_follow_up

pytestmark = pytest.mark.django_db


def test_one_save_makes_log_follow_up_and_task_and_settles_the_old_one(personas, now):
    customer = make_customer(personas.pm, now)
    person = make_contact(customer, personas.pm, now)
    old = make_follow_up(customer, personas.pm, now - timedelta(days=4), days=2)
    due = now + timedelta(days=3)
    activity = make_activity(
        customer, personas.pm, now, contacts=[person], next_step="给书面交期", next_at=due, follow_up=old
    )
    old.refresh_from_db()
    customer.refresh_from_db()
    planned = FollowUp.objects.get(activity=activity)
    assert (old.state, old.closed_by_activity) == ("done", activity)
    assert (planned.state, planned.due_at, planned.owner) == ("open", due, personas.pm)
    assert customer.next_follow_at == due
    assert customer.last_verified_contact_at == now
    assert list(Task.objects.filter(closed_at=None).values_list("object_id", flat=True)) == [planned.pk]
    codes = set(AuditEntry.objects.filter(root_id=customer.pk).values_list("code", flat=True))
    assert {"crm.add_activity", "crm.add_followup", "crm.complete_followup"} <= codes


def test_no_answer_is_a_contact_but_not_a_verified_one(personas, now):
    customer = make_customer(personas.pm, now)
    person = make_contact(customer, personas.pm, now)
    activity = make_activity(customer, personas.pm, now, outcome="no_answer", contacts=[person])
    customer.refresh_from_db()
    assert not activity.verified
    assert (customer.last_contact_at, customer.last_verified_contact_at) == (now, None)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"occurred_at": timedelta(hours=1)}, "occurred_at"),
        ({"next_step": "再联系"}, "next_at"),
        ({"next_at": timedelta(days=-1)}, "next_at"),
    ],
)
def test_refused_logs_leave_nothing(personas, now, values, field):
    customer = make_customer(personas.pm, now)
    values = {name: now + value if isinstance(value, timedelta) else value for name, value in values.items()}
    with pytest.raises(RuleBroken) as refusal:
        make_activity(customer, personas.pm, now, **values)
    assert field in refusal.value.errors
    assert not Activity.objects.exists()


def test_contacts_of_another_customer_are_refused(personas, now):
    customer, other = make_customer(personas.pm, now), make_customer(personas.pm, now)
    person = make_contact(other, personas.pm, now)
    with pytest.raises(RuleBroken):
        make_activity(customer, personas.pm, now, contacts=[person])


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda one: one.code)
def test_every_channel_chip_carries_its_type_and_outcome(personas, now, channel):
    customer = make_customer(personas.pm, now, owner=personas.pm)
    body = {"customer": customer.pk, "channel": channel.code, "summary": "说了交期", "next_on": "2027-01-04"}
    form = ActivityForm(body, user=personas.pm, for_customer=customer)
    assert form.is_valid(), form.errors
    given = form.cleaned_data
    assert (given["type"], given["direction"], given["outcome"]) == channel[3:]

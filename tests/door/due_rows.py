"""Rows that are due while parts of a running product are killed: made and counted inside `manage shell`."""

import json
from datetime import timedelta


def make() -> None:
    """A follow-up eight days late and a complaint three working days without an answer, before any scan saw them."""
    from django.db import transaction

    from core.clock import db_now
    from tests.complaints.factories import make_case
    from tests.crm.factories import make_customer, make_follow_up
    from tests.personas import make_personas

    with transaction.atomic():
        personas, now = make_personas(), db_now()
        customer = make_customer(personas.pm, now - timedelta(days=20), owner=personas.pm)
        row = make_follow_up(customer, personas.pm, now - timedelta(days=20), days=12)
        case = make_case(personas, customer=customer, now=now - timedelta(days=7))
    print(json.dumps({"follow_up": row.pk, "case": case.pk}))


def count(follow_up: int, case: int) -> None:
    """What the scans have made of them so far."""
    from complaints.models import Escalation
    from core.models import Notification, OutboxMessage
    from crm.models import FollowUpReminder

    notices = Notification.objects.filter(object_kind="complaints.complaint", code="complaints.escalated")
    found = {
        "reminders": FollowUpReminder.objects.filter(follow_up=follow_up).count(),
        "owner_told": Notification.objects.filter(code="crm.followup_overdue", object_id=follow_up).count(),
        "manager_told": Notification.objects.filter(
            code="crm.followup_escalated", object_id=follow_up
        ).count(),
        "rungs": Escalation.objects.filter(complaint=case, clock="triage:0").count(),
        "top_told": notices.filter(data__clock="triage", data__rung="L4").count(),
        "unsent": OutboxMessage.objects.exclude(state="done").count(),
    }
    print(json.dumps(found))

"""Old answers stop naming who gave them; what they say still counts (§10.6 j)."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from core import audit
from core.params import param
from core.traces import Traces
from surveys.models import Answer, Invitation, Response

AT_ONCE = 200
SOMEBODY = "＊"


def forget_people(now: datetime) -> int:
    """Take the contact off answers older than the company set, and their name out of what they wrote; oldest first."""
    before = now - timedelta(days=int(param("surveys.identity_kept_days", at=now)))
    old = Response.objects.filter(received_at__lt=before, contact__isnull=False)
    rows = list(old.select_related("contact", "customer").order_by("received_at", "pk")[:AT_ONCE])
    for row in rows:
        with transaction.atomic():
            _forget(row, now)
    return len(rows)


def _forget(row: Any, now: datetime) -> None:
    person = row.contact
    numbers = tuple(filter(None, (person.mobile, person.phone)))
    addresses = tuple(filter(None, (person.email, person.wechat)))
    traces = Traces(name=person.name, label=SOMEBODY, numbers=numbers, addresses=addresses)
    remark = traces.scrub(row.remark, named=True)
    Response.objects.filter(pk=row.pk).update(contact=None, remark=remark)
    for answer in Answer.objects.filter(response=row).exclude(text=""):
        Answer.objects.filter(pk=answer.pk).update(text=traces.scrub(answer.text, named=True))
    Invitation.objects.filter(pk=row.invitation_id).update(contact=None)
    audit.record("surveys.forget_people", row, by=None, now=now)

"""Requests of people about their data: taking them in, the work behind them, and what reminds of them."""

from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.choices import Flag
from accounts.models import User
from core import audit, outbox
from core.calendars import work_calendar
from core.errors import RuleBroken
from core.files import store_and_attach
from core.numbering import next_code
from core.params import param
from core.rules import require
from core.tasks_list import close_tasks, open_task
from core.workdays import end_of_nth_working_day
from crm.models import Contact, PrivacyRequest
from crm.models.privacy_requests import PRIVACY_TASK
from crm.operations.erasing import erase_contact, why_not_erase
from crm.person_copy import copy_of
from crm.privacy_choices import RequestKind, RequestState

WORK_KIND = "crm.privacy_work"
COPY_KIND = "copy"


def add_privacy_request(
    *,
    by: Any,
    now: datetime,
    contact: Contact,
    kind: str,
    words: str = "",
    received_at: datetime | None = None,
) -> PrivacyRequest:
    """Take a person's request in; the personal data officers get it on their day, due in 15 working days.

    Refuses a second open one of the same kind, a day ahead, and a person already erased.
    """
    require(by, "crm.add_privacyrequest", contact)
    received = received_at or now
    if contact.contact_removed:
        raise RuleBroken(_("This person's data was erased at their request."))
    if received > now:
        raise RuleBroken(errors={"received_on": [_("The request cannot have come in the future.")]})
    with transaction.atomic():
        Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
        if PrivacyRequest.objects.open().filter(contact=contact, kind=kind).exists():
            raise RuleBroken(errors={"kind": [_("This person's request is open already.")]})
        days = int(param("crm.privacy_answer_days", at=now))
        row = PrivacyRequest.objects.create(
            code=next_code("GR", branch_code=contact.customer.branch.code, now=now),
            contact=contact,
            kind=kind,
            words=words,
            owner=by,
            branch=contact.customer.branch,
            received_at=received,
            due_at=end_of_nth_working_day(received, days, work_calendar()),
        )
        data = {"kind": kind, "contact": contact.pk}
        audit.record("crm.add_privacyrequest", row, by=by, now=now, to_state=row.state, data=data)
        for officer in privacy_officers(now):
            open_task(PRIVACY_TASK, row, officer, due_at=row.due_at, severity=2)
    return row


def privacy_officers(now: datetime) -> list[Any]:
    """Who answers for people's data."""
    return list(User.objects.with_flag(Flag.PRIVACY_OFFICER, now))


def begin_work(row: PrivacyRequest, *, by: Any, now: datetime) -> None:
    """Give the worker what it must do. Refuses a deletion that a hold forbids, or by somebody who may not erase."""
    if not row.is_by_worker:
        return
    if row.kind == RequestKind.DELETE:
        require(by, "crm.erase_contact", row.contact)
        if reason := why_not_erase(row.contact, now=now):
            raise RuleBroken(reason)
    outbox.enqueue(WORK_KIND, f"privacy:{row.pk}", {"request": row.pk, "by": by.pk}, due_at=now)


def carry_out_request(*, now: datetime, request: PrivacyRequest, by: Any, beat: Any = lambda: None) -> None:
    """What the worker does: the copy as a file on the request, or the erasure, after which the request is answered.

    Run twice it changes nothing more.
    """
    row = PrivacyRequest.objects.select_related("contact__customer").get(pk=request.pk)
    if row.state != RequestState.IN_PROGRESS or row.made_at is not None:
        return
    if row.kind == RequestKind.DELETE:
        erase_contact(by=by, now=now, contact=row.contact, request=row, beat=beat)
        with transaction.atomic():
            PrivacyRequest.objects.filter(pk=row.pk).update(made_at=now)
            row.finish(by=None, now=now)
        return
    content = ContentFile(copy_of(row.contact), name=f"{row.code}.xlsx")
    with transaction.atomic():
        locked = PrivacyRequest.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if locked.made_at is None:
            store_and_attach(content, locked, kind=COPY_KIND, by=by)  # type: ignore[arg-type]
            PrivacyRequest.objects.filter(pk=row.pk).update(made_at=now)
            audit.record("crm.copy_privacyrequest", locked, by=by, now=now)


def settle(row: PrivacyRequest, *, now: datetime) -> None:
    """Nothing is owed on it any more."""
    close_tasks(row, now=now, kind=PRIVACY_TASK)

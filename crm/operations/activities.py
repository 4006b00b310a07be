"""Writing down a contact with the customer and what follows from it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import RuleBroken
from core.files import store_and_attach
from core.rules import require
from crm.cadence import contact_due
from crm.choices import EnteredVia
from crm.models import Activity, Contact, Customer, FollowUp
from crm.operations.authenticity import score_activity
from crm.operations.check_ins import take_over_check_in
from crm.operations.contacts import add_contact
from crm.operations.facts import assess_again
from crm.operations.follow_ups import plan_follow_up
from crm.operations.promises import give_promise
from crm.planning import step_from_text


def log_activity(
    *,
    by: Any,
    now: datetime,
    customer: Customer,
    type: str,  # noqa: A002 - the field's name, as in the API
    outcome: str,
    summary: str,
    direction: str = "out",
    next_step: str = "",
    next_at: datetime | None = None,
    contacts: Iterable[Contact] = (),
    occurred_at: datetime | None = None,
    link: models.Model | None = None,
    follow_up: FollowUp | None = None,
    new_contact: str = "",
    promise: str = "",
    promised_for: datetime | None = None,
    entered_via: str = EnteredVia.WEB,
    form_open_ms: int | None = None,
    duration_minutes: int | None = None,
    late_reason: str = "",
    files: Iterable[Any] = (),
    file_kind: str = "",
) -> Activity:
    """Write down one contact, plan its next step, and settle the follow-up that led to it — one save, or nothing.

    Refuses a time in the future, a next step without a day (or a day not after the contact), and contacts of
    another customer. `promise` is what we promised on the way, `promised_for` by when (by default with the next step).
    `files` are uploads that stay with the log, `file_kind` what they are (`LogFile`). `new_contact` is the name of somebody not yet known, taken up on the way. The customer's
    contact dates move forward only.
    """
    occurred_at = occurred_at or now
    people = list(contacts)
    _check_log(customer, occurred_at, now, next_step, next_at, people)
    with transaction.atomic():
        if new_contact.strip():
            require(by, "crm.add_contact", customer)
            people.append(add_contact(by=by, now=now, customer=customer, name=new_contact.strip()))
        activity = Activity.objects.create(
            customer=customer,
            author=by,
            type=type,
            direction=direction,
            outcome=outcome,
            occurred_at=occurred_at,
            summary=summary.strip(),
            next_step=next_step.strip() or (step_from_text(summary) if next_at else ""),
            next_at=next_at,
            **_link_columns(link),
            entered_via=entered_via,
            form_open_ms=form_open_ms,
            duration_minutes=duration_minutes,
            late_reason=late_reason.strip(),
            entered_at=now,
        )
        _note_people(activity, people)
        _keep_with(activity, files, file_kind, by)
        score_activity(activity)
        _move_contact_dates(customer, activity, now)
        data = {"type": type, "outcome": outcome, "entered_at": now.isoformat()}
        audit.record("crm.add_activity", activity, by=by, now=occurred_at, data=data)
        _settle_and_plan(activity, follow_up, by, now)
        if promise.strip():
            due_at = promised_for or next_at
            give_promise(by=by, now=now, customer=customer, text=promise, due_at=due_at, activity=activity)
    return activity


def _link_columns(link: models.Model | None) -> dict[str, Any]:
    """The project or ticket the contact was about, as the columns that point at it."""
    return {} if link is None else {"link_kind": link._meta.label_lower, "link_id": link.pk}


def _keep_with(activity: Activity, files: Iterable[Any], kind: str, by: Any) -> None:
    """What the score reads beside the words: where the author was, and the files."""
    take_over_check_in(activity)
    for file in files:
        store_and_attach(file, activity, kind=kind, by=by)


def _note_people(activity: Activity, people: list[Contact]) -> None:
    if not people:
        return
    activity.contacts.add(*people)
    ids = [person.pk for person in people]
    Contact.objects.filter(pk__in=ids).update(last_contact_at=activity.occurred_at)


def _settle_and_plan(activity: Activity, follow_up: FollowUp | None, by: Any, now: datetime) -> None:
    """Close the follow-up that led to this contact and open the one it promises."""
    if follow_up is not None and follow_up.is_open:
        follow_up.complete(by=by, now=now, activity=activity)
    if activity.next_at is not None:
        plan_follow_up(
            by=by,
            now=now,
            customer=activity.customer,
            text=activity.next_step,
            due_at=activity.next_at,
            activity=activity,
        )


def _check_log(
    customer: Customer,
    occurred_at: datetime,
    now: datetime,
    next_step: str,
    next_at: datetime | None,
    people: list[Contact],
) -> None:
    errors: dict[str, list[Any]] = {}
    if occurred_at > now:
        errors["occurred_at"] = [_("A contact cannot lie in the future; plan it as the next step.")]
    if next_step.strip() and next_at is None:
        errors["next_at"] = [_("Choose the day of the next step.")]
    if next_at is not None and next_at <= occurred_at:
        errors["next_at"] = [_("The next step lies after this contact.")]
    if any(person.customer_id != customer.pk for person in people):
        errors["contacts"] = [_("Choose contacts of this customer.")]
    if errors:
        raise RuleBroken(errors=errors)


def _move_contact_dates(customer: Customer, activity: Activity, now: datetime) -> None:
    assess_again([customer.pk], now=now)
    columns = {"last_contact_at": activity.occurred_at}
    if activity.verified:
        columns["last_verified_contact_at"] = activity.occurred_at
    moved: dict[str, datetime | None] = {
        column: at
        for column, at in columns.items()
        if (before := getattr(customer, column)) is None or before < at
    }
    for column, at in moved.items():
        setattr(customer, column, at)
    if "last_verified_contact_at" in moved:
        moved["contact_due_at"] = customer.contact_due_at = contact_due(customer, now)
    if moved:
        moved["completeness_at"] = None  # an end user may have been met
        Customer.objects.filter(pk=customer.pk).update(**moved)

"""What the files of a contact log may be; a new one lets the log be judged again. And whose recordings stay."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from core.clock import db_now
from core.files import register_files
from core.recordings import keep_recordings
from crm.choices import LogFile
from crm.models import Activity, Contact
from crm.operations.authenticity import rescore_activity


def _judge_again(activity: Activity, by: Any) -> None:
    rescore_activity(activity, db_now(), by=by)


register_files("crm.activity", {one.value: one.label for one in LogFile}, _judge_again)


def _held_logs(ids: Collection[int], now: datetime) -> set[int]:
    """Logs with somebody whose data are under a legal hold."""
    held = Contact.objects.filter(activities__in=ids).exclude(legal_hold="")
    return set(held.values_list("activities", flat=True)) & set(ids)


def _held_people(ids: Collection[int], now: datetime) -> set[int]:
    return set(Contact.objects.filter(pk__in=ids).exclude(legal_hold="").values_list("pk", flat=True))


def _held_customers(ids: Collection[int], now: datetime) -> set[int]:
    held = Contact.objects.filter(customer__in=ids).exclude(legal_hold="")
    return set(held.values_list("customer", flat=True))


keep_recordings("crm.activity", _held_logs)
keep_recordings("crm.contact", _held_people)
keep_recordings("crm.customer", _held_customers)

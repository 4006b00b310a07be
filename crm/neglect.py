"""Minimum care: who is told of customers whose promised contact did not take place, and how the desk counts them."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Count, Value, When
from django.utils import timezone

from accounts.choices import Role, UnitKind
from accounts.models import OrgUnit, User
from core.calendars import work_calendar
from core.notify import notify
from crm.cadence import CLASSES
from crm.choices import CareClass
from crm.models import Customer
from crm.operations import managers_of
from crm.planning import LEVEL_TIME

BY_CLASS = Case(
    *[When(condition, then=Value(code)) for code, condition in CLASSES.items()], output_field=CharField()
)
MONDAY = 0


def count_neglected(rows: Any, group: str) -> tuple[dict[Any, dict[str, int]], dict[str, int]]:
    """Neglected customers per `group` (a column) and class, and the totals per class."""
    counted = (
        rows.order_by().annotate(care_class=BY_CLASS).values(group, "care_class").annotate(n=Count("pk"))
    )
    cells: dict[Any, dict[str, int]] = defaultdict(dict)
    totals: dict[str, int] = dict.fromkeys(CareClass.values, 0)
    for line in counted:
        if line["care_class"]:
            cells[line[group]][line["care_class"]] = line["n"]
            totals[line["care_class"]] += line["n"]
    return dict(cells), totals


def tell_of_neglected(now: datetime) -> int:
    """Each working morning the branch manager, each Monday the CRM office and the executives; each once."""
    local = timezone.localtime(now)
    if local.time() < LEVEL_TIME or not work_calendar().is_working_day(local.date()):
        return 0
    told = 0
    neglected = Customer.objects.alive().neglected(now)
    counts = dict(neglected.order_by().values_list("branch").annotate(n=Count("pk")))
    for branch in OrgUnit.objects.filter(pk__in=counts, kind__in=[UnitKind.BRANCH, UnitKind.HQ]):
        key = f"neglected:{branch.pk}:{local.date()}"
        told += _tell(managers_of(branch, now), counts[branch.pk], key, now)
    if local.weekday() == MONDAY and counts:
        everywhere = User.objects.holding(Role.CO, Role.EX, now=now)
        told += _tell(everywhere, sum(counts.values()), f"neglected:all:{local:%G-%V}", now)
    return told


def _tell(people: Any, number: int, key: str, now: datetime) -> int:
    data = {"n": number}
    return notify(people, "crm.neglected_customers", None, now=now, dedupe_key=key, data=data, mail=False)

"""The morning mail 待办摘要: what a person has to do with customers today, for managers also what their branch neglects.

At 08:40 of a working day each person who wants it gets one mail, or none when there is nothing to say. After a downtime
only today's goes out. On the first working day of a week managers get the signs of their customers with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from core import outbox
from core.calendars import work_calendar
from core.models import Task
from core.sweep import for_each_due
from crm.boards import Reader, Sign, private_board
from crm.choices import CARE_KINDS
from crm.models import Customer, DigestDay, FollowUp, Promise
from crm.operations import ASSIGN_TASK
from crm.planning import end_of_day

MAIL_KIND = "crm.digest"
FROM, UNTIL = time(8, 40), time(20, 0)
"""Local times between which a summary may go out; later it would tell of a day that is over."""

SHOWN = 10
"""Lines named of each part; of more the number is said."""

OVERSEERS = (Role.BM, Role.CO, Role.EX)


@dataclass
class Part:
    """Some rows of one kind, and how many there are in all."""

    rows: Sequence[Any] = ()
    total: int = 0

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


@dataclass
class Digest:
    """What the mail says; empty means that no mail is sent."""

    overdue: Part = field(default_factory=Part)
    today: Part = field(default_factory=Part)
    care: Part = field(default_factory=Part)
    promises: Part = field(default_factory=Part)
    neglected: Part = field(default_factory=Part)
    unassigned: int = 0
    signs: Sequence[Sign] = ()

    @property
    def own(self) -> int:
        """Things the person has to do."""
        return self.overdue.total + self.today.total + self.care.total + self.promises.total

    @property
    def is_empty(self) -> bool:
        return not (self.own or self.neglected.total or self.unassigned or self.signs)


def is_week_start(day: date) -> bool:
    """Whether a working day is the first of its week."""
    calendar, monday = work_calendar(), day - timedelta(days=day.weekday())
    return not any(calendar.is_working_day(monday + timedelta(days=n)) for n in range(day.weekday()))


def prepare_digests(now: datetime) -> int:
    """Between 08:40 and 20:00 of a working day look at everybody who wants a summary, each once; returns those looked at."""
    local = timezone.localtime(now)
    day = local.date()
    if not FROM <= local.time() < UNTIL or not work_calendar().is_working_day(day):
        return 0
    seen = DigestDay.objects.filter(day=day)
    people = User.objects.active().filter(daily_digest=True).exclude(email="")
    new = people.exclude(pk__in=seen.values("user")).values_list("pk", flat=True)
    weekly = is_week_start(day)
    rows = [DigestDay(user_id=pk, day=day, weekly=weekly) for pk in new]
    DigestDay.objects.bulk_create(rows, ignore_conflicts=True)
    due = DigestDay.objects.filter(day=day, looked_at__isnull=True).order_by("pk")
    return for_each_due("crm.digests", due.select_related("user"), lambda row: _look(row, now))


def _look(row: DigestDay, now: datetime) -> None:
    """Note that the person was looked at and, where there is something to say, order the mail, in one transaction."""
    if not digest_of(row.user, now, weekly=row.weekly).is_empty:
        outbox.enqueue(MAIL_KIND, f"digest:{row.user_id}:{row.day}", {"digest": row.pk}, due_at=now)
    DigestDay.objects.filter(pk=row.pk).update(looked_at=now)


def digest_of(user: Any, now: datetime, *, weekly: bool = False) -> Digest:
    """What there is to say to a person now, only of rows they see."""
    steps = FollowUp.objects.visible_to(user).open().filter(owner=user, customer__historical=False)
    plain = steps.exclude(kind__in=CARE_KINDS)
    promised = Promise.objects.visible_to(user).open().filter(owner=user, customer__historical=False)
    tonight = end_of_day(now)
    found = Digest(
        overdue=_part(plain.filter(due_at__lt=now).for_list()),
        today=_part(plain.filter(due_at__gte=now, due_at__lte=tonight).for_list()),
        care=_part(steps.filter(kind__in=CARE_KINDS, due_at__lte=tonight).for_list()),
        promises=_part(promised.filter(due_at__lte=tonight).for_list()),
    )
    roles = user.authority().roles
    if Role.BM in roles and user.has_perm("crm.view_neglected_customer"):
        rows = Customer.objects.visible_to(user).filter(branch__in=user.authority().branch_ids)
        found.neglected = _part(rows.neglected(now).for_list().order_by("contact_due_at", "pk"))
        found.unassigned = Task.objects.filter(
            assignee=user, kind=ASSIGN_TASK, closed_at__isnull=True
        ).count()
    if weekly and roles & set(OVERSEERS) and user.has_perm("crm.view_privatisation"):
        board = private_board(Reader(user), now)
        found.signs = [sign for sign in board.signs if sign.number.value]
    return found


def _part(rows: Any) -> Part:
    shown = list(rows[: SHOWN + 1])
    return Part(shown[:SHOWN], len(shown) if len(shown) <= SHOWN else rows.count())

"""What stands in a person's or a team's calendar: follow-ups, care contacts, promises, days of handovers."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.querysets import without_private
from crm.choices import CARE_KINDS, FOLLOW_UP_ICONS, FollowUpKind
from crm.models import FollowUp, Handover, Promise

MOST = 400
"""Of each sort at most so many are read; the page says that there are more and asks for one person."""

PROMISE, HANDOVER, CHECK = "promise", "handover", "handover_check"
ICONS = {**FOLLOW_UP_ICONS, PROMISE: "bookmark", HANDOVER: "transfer", CHECK: "eye"}
LABELS: dict[str, str | Lazy] = {
    **{kind: kind.label for kind in FollowUpKind},
    PROMISE: pgettext_lazy("ledger", "Promise"),
    HANDOVER: gettext_lazy("Handover"),
    CHECK: gettext_lazy("Check after a handover"),
}


@dataclass(frozen=True)
class Entry:
    """One line of a calendar. `uid` names it for calendar programs, `changed` and `version` tell them it moved."""

    kind: str
    at: datetime
    title: str
    party: str
    tier: str
    owner: Any
    row: Any
    is_late: bool

    @property
    def day(self) -> date:
        return timezone.localtime(self.at).date()

    @property
    def url(self) -> str:
        return str(self.row.get_absolute_url())

    @property
    def icon(self) -> str:
        return ICONS[self.kind]

    @property
    def label(self) -> str:
        return str(LABELS[self.kind])

    @property
    def is_follow_up(self) -> bool:
        return self.kind in FollowUpKind.values

    @property
    def is_care(self) -> bool:
        return self.kind in CARE_KINDS

    @property
    def uid(self) -> str:
        return f"{self.kind if self.kind in (HANDOVER, CHECK) else self.row._meta.model_name}-{self.row.pk}"


class Agenda(NamedTuple):
    """The entries of some days in order of time, and whether some were left out because there are too many."""

    entries: list[Entry]
    cut: bool

    def by_day(self) -> dict[date, list[Entry]]:
        """The entries of each day that has some."""
        days: dict[date, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            days[entry.day].append(entry)
        return dict(days)


def agenda(viewer: Any, first: date, end: date, *, now: datetime, owner: Any = None) -> Agenda:
    """What is open from the day `first` up to `end` in the viewer's scope: of one person, or of everybody.

    Three questions to the database, however many lines.
    """
    start, stop = _midnight(first), _midnight(end)
    within = {"due_at__gte": start, "due_at__lt": stop}
    of_owner = Q(owner=owner) if owner is not None else Q()
    steps = FollowUp.objects.visible_to(viewer).open().filter(of_owner, customer__historical=False, **within)
    owed = Promise.objects.visible_to(viewer).open().filter(of_owner, customer__historical=False, **within)
    found = [
        *_read(steps.for_list(), lambda row: _of_follow_up(row, now)),
        *_read(owed.for_list(), lambda row: _of_promise(row, now)),
        *_read(_handovers(viewer, owner, start, stop), lambda row: _of_handover(row, now)),
    ]
    entries = [entry for entry in found if start <= entry.at < stop]
    entries.sort(key=lambda entry: (entry.at, entry.kind, entry.row.pk))
    return Agenda(entries, any(count > MOST for count in _counts(found)))


def late_before(viewer: Any, day: date, *, now: datetime, owner: Any) -> list[Entry]:
    """What of a person is still open from before a day, oldest first."""
    reach = agenda(viewer, date(2000, 1, 1), day, now=now, owner=owner)
    return [entry for entry in reach.entries if entry.is_late]


def _counts(entries: Iterable[Entry]) -> Iterable[int]:
    counts: dict[type, int] = defaultdict(int)
    for entry in entries:
        counts[type(entry.row)] += 1
    return counts.values()


def _read(rows: QuerySet[Any], entry_of: Any) -> list[Entry]:
    return [entry_of(row) for row in rows[: MOST + 1]]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _handovers(viewer: Any, owner: Any, start: datetime, stop: datetime) -> QuerySet[Handover]:
    """Handovers due in these days, and those to be looked at again; a person's are those they give, receive or lead."""
    rows = Handover.objects.visible_to(viewer)
    due = Q(pk__in=rows.under_way().filter(due_at__gte=start, due_at__lt=stop).values("pk"))
    check = Q(checked_at__isnull=True, check_due_at__gte=start, check_due_at__lt=stop)
    rows = rows.filter(due | check)
    if owner is not None:
        rows = rows.filter(Q(owner=owner) | Q(receiver=owner) | Q(branch__head=owner))
    people = rows.select_related("owner", "receiver", "branch")
    return people.defer(*without_private("owner", "receiver")).order_by("due_at", "pk")


def _of_follow_up(row: FollowUp, now: datetime) -> Entry:
    customer = row.customer
    late = row.is_overdue_at(now)
    return Entry(row.kind, row.due_at, row.words, customer.called, customer.tier, row.owner, row, late)


def _of_promise(row: Promise, now: datetime) -> Entry:
    customer = row.customer
    late = row.is_overdue_at(now)
    return Entry(PROMISE, row.due_at, row.text, customer.called, customer.tier, row.owner, row, late)


def _of_handover(row: Handover, now: datetime) -> Entry:
    if row.is_under_way:
        title = _("Handover %(code)s must be complete") % {"code": row.code}
        late = row.is_overdue_at(now)
        return Entry(HANDOVER, row.due_at, title, _between(row), "", row.receiver or row.owner, row, late)
    title = _("Look again at handover %(code)s") % {"code": row.code}
    at = row.check_due_at
    assert at is not None  # `_handovers` asks for it
    return Entry(CHECK, at, title, _between(row), "", row.receiver or row.owner, row, at < now)


def _between(row: Handover) -> str:
    return " → ".join(str(person) for person in (row.owner, row.receiver) if person is not None)

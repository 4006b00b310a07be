"""A dossier ready to read: its customers, their lines grouped by app, every line with its live words."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.kinds import model_for
from core.params import param
from crm.handover_choices import HINTS, ItemKind
from crm.handover_parts import parts
from crm.handover_rules import Split, credit_split
from crm.models import Contact, FollowUp, Handover, HandoverItem, Promise

ORDER = {kind: number for number, kind in enumerate(ItemKind)}
Key = tuple[str, int | None]


@dataclass
class Line:
    """One line: the row behind it in words, and its page if the reader may open it."""

    item: HandoverItem
    title: str
    meta: str = ""
    url: str = ""
    hint: Any = ""

    @property
    def state(self) -> str:
        """`done`, `missing` (a gap the receiver listed) or `open`, as the check row shows it."""
        return "done" if self.item.is_done else ("missing" if self.item.has_gap else "open")


@dataclass
class Chapter:
    """One app's lines at a customer."""

    label: Any
    lines: list[Line] = field(default_factory=list)


@dataclass
class Section:
    """One customer of the dossier."""

    entry: Any
    customer: Any
    chapters: list[Chapter]
    done: int
    total: int

    @property
    def percent(self) -> int:
        return round(100 * self.done / self.total) if self.total else 0


def sections(handover: Handover, user: Any, *, only: int | None = None) -> list[Section]:
    """The customers with their lines, in the order they were entered; `only` picks one customer."""
    entries = handover.entries.select_related("customer__owner", "proposed").order_by("pk")  # type: ignore[attr-defined]
    items = HandoverItem.objects.visible_to(user).filter(handover=handover).select_related("done_by")
    if only is not None:
        entries, items = entries.filter(customer=only), items.filter(customer=only)
    rows = sorted(items, key=lambda item: (ORDER.get(ItemKind(item.kind), 99), item.pk))
    live, visible = _subjects(rows, user)
    visit_by = _visit_by(handover)
    labels = {part.code: part.label for part in parts()}
    grouped: dict[int, dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for item in rows:
        key = (item.object_kind, item.object_id)
        grouped[item.customer_id][item.part].append(_line(item, live.get(key), key in visible, visit_by))
    return [
        Section(
            entry,
            entry.customer,
            [Chapter(labels.get(code, code), lines) for code, lines in grouped[entry.customer_id].items()],
            sum(line.item.is_done for lines in grouped[entry.customer_id].values() for line in lines),
            sum(len(lines) for lines in grouped[entry.customer_id].values()),
        )
        for entry in entries
    ]


def _visit_by(handover: Handover) -> str:
    """Until when a joint visit must take place."""
    start = handover.initiated_at or handover.created_at
    return _day(start + timedelta(days=int(param("crm.handover_visit_days", at=start))))


def _subjects(items: Iterable[HandoverItem], user: Any) -> tuple[dict[Key, Any], set[Key]]:
    """The rows behind the lines, and which of them the reader may open; two queries a kind.

    Names are shown to every reader of the dossier, because it is what they take over.
    """
    wanted: dict[str, set[int]] = defaultdict(set)
    for item in items:
        if item.object_id is not None:
            wanted[item.object_kind].add(item.object_id)
    live: dict[Key, Any] = {}
    visible: set[Key] = set()
    for kind, ids in wanted.items():
        manager: Any = model_for(kind)._default_manager
        live.update({(kind, row.pk): row for row in manager.filter(pk__in=ids)})
        seen = manager.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True)
        visible.update((kind, pk) for pk in seen)
    return live, visible


def _line(item: HandoverItem, subject: Any, may_open: bool, visit_by: str) -> Line:
    kind = ItemKind(item.kind)
    if kind == ItemKind.PUMPS:
        return Line(item, ngettext("%(n)s pump", "%(n)s pumps", item.count) % {"n": item.count})
    if kind == ItemKind.JOINT_VISIT:
        return Line(item, str(kind.label), hint=_("by %(day)s") % {"day": visit_by})
    if item.object_id is None:
        return Line(item, str(kind.label), hint=HINTS.get(kind, ""))
    if subject is None:
        return Line(item, _("no longer there"))
    url = subject.get_absolute_url() if may_open else ""
    return Line(item, _title(subject), _meta(subject), url)


def _title(subject: Any) -> str:
    if isinstance(subject, Contact):
        return f"{subject.name} {subject.title}".strip()
    return subject.text if isinstance(subject, FollowUp | Promise) else str(subject)


def _meta(subject: Any) -> str:
    """What one must know at a glance: when a person was last verified, when a step is due, where work stands."""
    if isinstance(subject, Contact):
        seen = max(filter(None, (subject.verified_at, subject.last_contact_at)), default=None)
        return _("last verified %(day)s") % {"day": _day(seen)} if seen else _("never verified")
    if isinstance(subject, FollowUp | Promise):
        return _("due %(day)s") % {"day": _day(subject.due_at)}
    shown = getattr(subject, "get_state_display", None)
    words = [str(shown()) if shown else "", getattr(subject, "next_step", "")]
    return " · ".join(word for word in words if word)


def _day(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "Y-m-d")


def credit_steps(handover: Handover) -> list[tuple[str, Split]]:
    """Who is credited with orders signed after the handover: the last day of each step and its shares."""
    if handover.completed_at is None:
        return []
    start = timezone.localdate(handover.completed_at)
    steps = [
        (_("until %(day)s") % {"day": (start + timedelta(days=days)).isoformat()}, days) for days in (30, 90)
    ]
    return [
        *((label, credit_split(start, start + timedelta(days=days))) for label, days in steps),
        (_("then"), credit_split(start, start + timedelta(days=91))),
    ]

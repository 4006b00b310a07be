"""How clocks, ladder and reasons of a case read on its pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from complaints.choices import ClockKind
from complaints.models import ComplaintClock
from core.errors import Sentence

if TYPE_CHECKING:
    from complaints.models import Complaint

REASONS: dict[str, Sentence] = {
    "injury": _("injury, fire or pollution"),
    "public_water": _("public water interrupted for more than 4 hours"),
    "regulator": _("comes from a regulator"),
    "media": _("reported in the media"),
    "major_claim": _("claim of ¥500,000 or more"),
    "vip_leaving": _("a VIP threatens to leave"),
    "production_stop": _("production stopped for more than 24 hours"),
    "serious_claim": _("claim of ¥100,000 or more"),
    "same_cause": _("the same cause a second time within 90 days"),
    "integrity": _("a matter of integrity"),
    "minor": _("attitude, small delay or information"),
    "vip": _("raised by one because the customer is a VIP"),
    "service_failure": _("failure of contract or service"),
}


@dataclass
class ClockCard:
    """One promise as shown: its word, its due time and how it stands."""

    kind: str
    label: Sentence
    clock: ComplaintClock
    tone: str
    share: int


def reasons_of(case: Complaint) -> list[Sentence]:
    """Why the case has its severity."""
    return [REASONS.get(code, code) for code in case.grade_reasons]


def clock_cards(case: Complaint, now: datetime) -> list[ClockCard]:
    """The clocks of the present run in the order they fall due; stopped ones say whether they were kept."""
    order = [kind.value for kind in ClockKind]
    latest: dict[str, ComplaintClock] = {}
    for clock in case.clocks.order_by("run"):
        latest[clock.kind] = clock
    cards = [_card(latest[kind], now) for kind in order if kind in latest]
    return sorted(cards, key=lambda card: (not card.clock.is_running, order.index(card.kind)))


def _card(clock: ComplaintClock, now: datetime) -> ClockCard:
    share = 0
    if clock.is_running and clock.due_at is not None:
        whole = (clock.due_at - clock.start).total_seconds()
        share = min(100, round(100 * (now - clock.start).total_seconds() / whole)) if whole > 0 else 100
    return ClockCard(clock.kind, ClockKind(clock.kind).label, clock, _tone(clock, share, now), share)


def _tone(clock: ComplaintClock, share: int, now: datetime) -> str:
    if clock.was_met is not None:
        return "good" if clock.was_met else "danger"
    if clock.is_overdue_at(now):
        return "danger"
    return "warn" if share >= 80 else ""


def rung_number(rung: str) -> int:
    """0–5 for the ladder component; -1 when nothing was climbed."""
    return int(rung[-1]) if rung else -1


def ladder_rows(case: Complaint) -> list[dict[str, Any]]:
    """The rungs that were climbed, the earliest first, with their people."""
    return [
        {
            "rung": step.rung.replace("rung_", "L"),
            "clock": ClockKind(step.clock.split(":")[0]).label if ":" in step.clock else _("Case"),
            "due_at": step.due_at,
            "at": step.at,
            "people": list(step.recipients.all()),
        }
        for step in case.escalations.prefetch_related("recipients")
    ]

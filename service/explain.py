"""Codes into words: why this priority, how each promise was counted, how a clock stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from core.kept import Kept
from service.choices import ClockKind, PauseKind
from service.models import Ticket, TicketClock
from service.sla import CLOCKS, DueTime
from service.timekeeping import plain

REASONS: dict[str, Any] = {
    "safety_first": gettext_lazy("Safety first: P1 for every customer"),
    "impact_i1": gettext_lazy("Total stop, safety or environment"),
    "impact_i2": gettext_lazy("Severe, no standby pump"),
    "impact_i3": gettext_lazy("Partial, standby pump runs"),
    "impact_i4": gettext_lazy("No effect on operation"),
    "tier_vip": gettext_lazy("VIP customer"),
    "tier_professional": gettext_lazy("Professional customer"),
    "tier_standard": gettext_lazy("Standard customer"),
    "tier_na": gettext_lazy("Party without a tier"),
    "untiered_as_professional": gettext_lazy("served as professional"),
    "changed_by_hand": gettext_lazy("Changed by a dispatcher"),
    "reopened_one_higher": gettext_lazy("Reopened: one priority higher"),
}
UNITS = {
    "min": pgettext_lazy("unit", "min"),
    "h": pgettext_lazy("unit", "h"),
    "bh": pgettext_lazy("unit", "business hours"),
    "wd": pgettext_lazy("unit", "working days"),
}
TIERS = {
    "vip": gettext_lazy("VIP"),
    "professional": pgettext_lazy("tier", "Professional"),
    "standard": pgettext_lazy("tier", "Standard"),
}
SUGGESTION_REASONS = {
    "same_symptom": gettext_lazy("solved this symptom × %(n)s"),
    "knows_pump": gettext_lazy("knows the pump"),
    "knows_customer": gettext_lazy("knows the customer"),
    "free_hours": gettext_lazy("%(n)s h free today"),
    "full_day": gettext_lazy("day is full"),
    "near_today": gettext_lazy("at this site today"),
    "offers_waiting": gettext_lazy("offers unanswered × %(n)s"),
}
NEAR = timedelta(hours=4)


@dataclass(frozen=True)
class ClockCard:
    """A promise ready to show: words, tone and explanation."""

    label: str
    due_at: datetime | None
    words: str
    tone: str
    share: int
    steps: list[str]
    paused: bool
    running: bool
    stopped_at: datetime | None
    provisional: bool


def priority_reasons(codes: Iterable[str]) -> list[str]:
    """The reasons of a priority as sentences."""
    return [str(REASONS.get(code, code)) for code in codes]


def suggestion_reasons(reasons: Iterable[tuple[str, int]]) -> list[str]:
    """Why an engineer is suggested."""
    return [str(SUGGESTION_REASONS[code]) % {"n": number} for code, number in reasons]


def promises(dues: Mapping[str, DueTime]) -> list[ClockCard]:
    """The promises a registration would make."""
    cards = []
    for kind in CLOCKS:
        due = dues.get(kind)
        if due is not None:
            steps = [
                {"code": step.code, "params": plain(step.params)}
                for step in due.steps
                if step.code not in ("start", "ran", "due")
            ]
            cards.append(
                ClockCard(
                    str(ClockKind(kind).label),
                    due.due_at,
                    "",
                    "",
                    0,
                    step_words(steps),
                    False,
                    True,
                    None,
                    due.provisional,
                )
            )
    return cards


def clock_cards(ticket: Ticket, now: datetime) -> list[ClockCard]:
    """The clocks of the present run with what is left or how late they are."""
    rows = ticket.clocks.filter(clock_no__gt=len(CLOCKS) * ticket.run).order_by("clock_no")
    return [clock_card(clock, now) for clock in rows]


def clock_card(clock: TicketClock, now: datetime) -> ClockCard:
    """One clock in words."""
    words, tone = clock_words(clock, now)
    share = 100 if clock.stopped_at else min(100, round(clock.share_at(now) * 100))
    return ClockCard(
        str(ClockKind(clock.kind).label),
        clock.due_at,
        words,
        tone,
        share,
        step_words(clock.steps),
        clock.is_paused,
        clock.is_running,
        clock.stopped_at,
        clock.provisional,
    )


def clock_words(clock: TicketClock, now: datetime) -> tuple[str, str]:
    """What is left, or by how much it is late, and the tone."""
    if clock.voided:
        return _("does not apply"), ""
    if clock.stopped_at is not None:
        if clock.due_at is None or clock.stopped_at <= clock.due_at:
            return _("kept"), "good"
        return _("late by %(span)s") % {"span": span_words(clock.stopped_at - clock.due_at)}, "danger"
    if clock.due_at is None:
        return _("paused, %(span)s left") % {"span": span_words(clock.remaining)}, "warn"
    left = clock.due_at - now
    if left < timedelta(0):
        return _("over by %(span)s") % {"span": span_words(-left)}, "danger"
    return _("%(span)s left") % {"span": span_words(left)}, "warn" if left < NEAR else ""


def span_words(length: timedelta) -> str:
    """A span in its two largest units."""
    minutes = max(0, int(length.total_seconds() // 60))
    days, rest = divmod(minutes, 1440)
    hours, minutes = divmod(rest, 60)
    if days:
        words = ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
        return f"{words} {_('%(n)d h') % {'n': hours}}" if hours and days < 4 else words
    if hours:
        return (
            f"{_('%(n)d h') % {'n': hours}} {_('%(n)d min') % {'n': minutes}}"
            if minutes
            else _("%(n)d h") % {"n": hours}
        )
    return _("%(n)d min") % {"n": minutes}


def earlier_clocks(ticket: Ticket) -> list[ClockCard]:
    """The clocks of runs before the last reopening."""
    if not ticket.run:
        return []
    rows = ticket.clocks.filter(clock_no__lte=len(CLOCKS) * ticket.run).order_by("clock_no")
    return [clock_card(clock, ticket.run_started_at) for clock in rows]


RUNNING = Kept(
    lambda _, tickets: (
        TicketClock.objects.running()
        .filter(ticket__among=tickets)
        .defer("levels", "steps")
        .order_by("due_at")
    ),
    list,
    planned=True,
)


def next_clocks(tickets: Iterable[Ticket], now: datetime) -> dict[int, dict[str, Any]]:
    """For list rows: the running clock due first, in words; one query for all."""
    ids = [ticket.pk for ticket in tickets]
    first: dict[int, TicketClock] = {}
    for clock in RUNNING.rows(None, ids):
        first.setdefault(clock.ticket_id, clock)
    found = {}
    for pk, clock in first.items():
        words, tone = clock_words(clock, now)
        found[pk] = {
            "label": ClockKind(clock.kind).label,
            "words": words,
            "tone": tone,
            "due_at": clock.due_at,
        }
    return found


# --- steps of an explanation ------------------------------------------------------------------------------------------


def step_words(steps: Iterable[Mapping[str, Any]]) -> list[str]:
    """The counting of a due time, line by line."""
    return [_STEPS[step["code"]](step["params"]) for step in steps if step["code"] in _STEPS]


def _amount(params: Mapping[str, Any]) -> str:
    return f"{params['amount']:g} {UNITS[params['unit']]}"


def _at(value: str | None) -> str:
    return f"{timezone.localtime(datetime.fromisoformat(value)):%m-%d %H:%M}" if value else "…"


def _target(params: Mapping[str, Any]) -> str:
    return _("%(priority)s × %(tier)s: %(amount)s") % {
        "priority": params["priority"].upper(),
        "tier": TIERS[params["tier"]],
        "amount": _amount(params),
    }


def _calendar(params: Mapping[str, Any]) -> str:
    return _("counted round the clock") if params["code"] == "24x7" else _("counted in business hours")


_STEPS: dict[str, Any] = {
    "start": lambda p: _("from %(at)s") % {"at": _at(p["at"])},
    "target": _target,
    "contract": lambda p: _("contract: %(amount)s") % {"amount": _amount(p)},
    "travel": lambda p: _("way of %(km)s km: + %(amount)s") % {"km": p["km"], "amount": _amount(p)},
    "calendar": _calendar,
    "ran": lambda p: _("ran %(from)s – %(to)s") % {"from": _at(p["from"]), "to": _at(p["to"])},
    "pause": lambda p: (
        _("%(kind)s %(from)s – %(to)s: stands still")
        % {"kind": PauseKind(p["kind"]).label, "from": _at(p["from"]), "to": _at(p["to"])}
    ),
    "paused": lambda p: (
        _("%(span)s left when it goes on") % {"span": span_words(timedelta(seconds=p["remaining"]))}
    ),
    "due": lambda p: _("due %(at)s") % {"at": _at(p["at"])},
    "install_day": lambda p: _("on the agreed day %(day)s") % {"day": date.fromisoformat(p["day"])},
    "maintain_day": lambda p: _("within a week of %(day)s") % {"day": date.fromisoformat(p["day"])},
}

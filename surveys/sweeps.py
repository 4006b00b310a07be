"""What surveys look for again and again: tickets to ask about, letters to send, links to end, calls not made."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from core.notify import notify
from core.params import param
from core.sweep import for_each_due, sweep
from service.models import Ticket
from surveys import desk, operations, retention
from surveys.choices import SendChannel
from surveys.models import Invitation, Recovery
from surveys.policy import next_window, reminder_at


@sweep("surveys.invite_closed_tickets", every=60)
def invite_closed_tickets(now: datetime) -> int:
    """Every ticket closed in the last days gets its invitation row; old-system tickets never do."""
    since = now - timedelta(days=int(param("surveys.invite_within_days", at=now)))
    asked = Invitation.objects.filter(ticket=OuterRef("pk"))
    due = (
        Ticket.objects.live()
        .filter(state="closed", closed_at__gt=since, closed_at__lte=now, merged_into=None)
        .exclude(Exists(asked))
        .order_by("closed_at")
    )
    return for_each_due(
        "surveys.invite_closed_tickets",
        due,
        lambda ticket: operations.invite(by=None, now=now, ticket=ticket),
    )


@sweep("surveys.send_invitations", every=60)
def send_invitations(now: datetime) -> int:
    """Letters whose time has come go out; who may not be asked is left out with the reason."""
    return for_each_due(
        "surveys.send_invitations", Invitation.objects.to_send(now), lambda one: _send(one, now)
    )


def _send(invitation: Invitation, now: datetime) -> None:
    allowed_from = next_window(now, desk.calendar())
    reason = desk.why_not(invitation, now=now)
    if reason:
        invitation.exclude(by=None, now=now, exclude_reason=reason)
    elif allowed_from > now:
        Invitation.objects.filter(pk=invitation.pk).update(send_at=allowed_from)
    else:
        invitation.send(by=None, now=now, channel=SendChannel.MAIL)


@sweep("surveys.leave_out", every=600)
def leave_out(now: datetime) -> int:
    """Links to be handed over whose contact may not be asked are left out, so that nobody tries."""
    waiting = Invitation.objects.to_hand_over().filter(sent_at=None, planned_at__lte=now)
    return sum(_leave_out(one, now) for one in waiting.select_related("contact", "customer")[:200])


def _leave_out(invitation: Invitation, now: datetime) -> bool:
    reason = desk.why_not(invitation, now=now)
    if reason:
        invitation.exclude(by=None, now=now, exclude_reason=reason)
    return bool(reason)


@sweep("surveys.remind", every=600)
def remind(now: datetime) -> int:
    """Whoever has not answered is reminded after 3 and 7 days, in the allowed hours only."""
    return for_each_due("surveys.remind", Invitation.objects.to_remind(now), lambda one: _remind(one, now))


def _remind(invitation: Invitation, now: datetime) -> None:
    """One letter for all reminders missed meanwhile."""
    allowed_from = next_window(now, desk.calendar())
    if allowed_from > now:
        Invitation.objects.filter(pk=invitation.pk).update(next_reminder_at=allowed_from)
        return
    sent = invitation.sent_at or now
    done, upcoming = invitation.reminders, invitation.next_reminder_at
    while upcoming is not None and upcoming <= now:
        done += 1
        upcoming = reminder_at(sent, done, desk.calendar())
    if not desk.why_not_write(invitation, now=now):
        desk.mail(invitation, now=now, number=done)
    Invitation.objects.filter(pk=invitation.pk).update(reminders=done, next_reminder_at=upcoming)


@sweep("surveys.expire", every=600)
def expire(now: datetime) -> int:
    """Links past their last day are ended."""
    return for_each_due(
        "surveys.expire", Invitation.objects.outlived(now), lambda one: one.expire(by=None, now=now)
    )


@sweep("surveys.reask", every=600)
def reask(now: datetime) -> int:
    """Fourteen days after a recovery was closed the customer is asked again."""
    return for_each_due(
        "surveys.reask", Recovery.objects.to_reask(now), lambda one: one.reask(by=None, now=now)
    )


@sweep("surveys.uncalled", every=600)
def tell_uncalled(now: datetime) -> int:
    """Whoever has not called an unhappy customer in time is told once more, and the project manager with them."""
    late = Recovery.objects.uncalled(now).select_related("owner", "response__owner")
    return sum(
        notify(
            [person for person in (one.owner, one.response.owner) if person is not None],
            "surveys.recovery_late",
            one,
            now=now,
            dedupe_key=f"rec:{one.response_id}:late",
        )
        for one in late[:500]
    )


@sweep("surveys.forget_people", every=6 * 3600)
def forget_people(now: datetime) -> int:
    """Answers older than two years no longer name who gave them."""
    return retention.forget_people(now)


@sweep("surveys.peer_counts", every=3600)
def forget_visits(now: datetime) -> int:
    """Counts of public visits are not kept."""
    return operations.forget_visits(now)

"""The demo company's surveys: a year of answers about closed tickets, and low scores in every stage of being made good."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from core.demo import DemoWorld
from service.demo import Builder
from service.models import Ticket
from surveys import desk, operations
from surveys.choices import CauseCode, SendChannel
from surveys.models import Invitation, Recovery, Response

# days ago, symptom, impact, the call-back's word: further finished tickets, so that a year has enough answers
MORE_TICKETS = (
    (318, "F02", "i3", 5), (275, "F10", "i3", 5), (252, "F12", "i3", 4), (233, "F03", "i3", 5), (196, "F11", "i3", 5),
    (180, "F05", "i3", 4), (164, "F13", "i3", 5), (133, "F09", "i2", 4), (112, "F14", "i3", 5), (75, "F15", "i3", 5),
    (42, "F12", "i3", 4), (34, "F03", "i3", 2), (20, "F10", "i3", 5), (14, "F05", "i3", 4), (4, "F11", "i3", 2),
)  # fmt: skip
PRAISE = (
    "来得很快，讲解也清楚。", "", "工程师很专业，一次修好。", "", "希望备件再快一点。", "服务态度好。", "", "", "现场收拾得很干净。", "",
)  # fmt: skip
GOOD = (
    (5, 5, 5, 5, "yes", 7), (4, 4, 5, 4, "yes", 6), (5, 4, 5, 5, "yes", 6), (4, 3, 4, 4, "partly", 5), (5, 5, 4, 5, "yes", 7),
    (3, 3, 4, 3, "partly", 4), (5, 5, 5, 4, "yes", 6), (4, 4, 4, 5, "yes", 6),
)  # fmt: skip
LOW = (
    ((2, 2, 4, 3, "partly", 3), "等了两天才到场，生产受了影响。"),
    ((1, 2, 3, 2, "no", 2), "同一台泵第三次漏，来了也没修好。"),
    ((2, 3, 2, 3, "yes", 4), "收费没有提前说明，态度也不耐烦。"),
    ((1, 1, 3, 2, "no", 1), "再这样下去，下次就换品牌了。"),
    ((2, 3, 4, 2, "no", 3), "两周过去又开始振动。"),
)
LOW_AMONG = (4, 13, 20, 26)  # and one of the last that were asked, however many there are at this hour
SILENT_EVERY = 8


def load(world: DemoWorld) -> None:
    """Ask about every closed ticket as the sweeps would have done, answer most, and handle the low answers."""
    builder = Builder(world)
    for days, symptom, impact, stars in MORE_TICKETS:
        builder.finished(days, symptom, impact, stars)
    world.tickets.extend(builder.made)
    tickets = Ticket.objects.live().filter(state="closed", merged_into=None)
    lows: list[Response] = []
    tickets = tickets.select_related("contact", "customer").order_by("closed_at", "pk")
    sent = [one for ticket in tickets if (one := _ask(world, ticket)) is not None]
    low_among = (*LOW_AMONG, len(sent) - 2)
    for asked, invitation in enumerate(sent, 1):
        low = len(lows) if len(lows) < len(LOW) and asked >= low_among[len(lows)] else None
        response = _answer(world, invitation, asked, low)
        if response is not None and response.low_reasons and low is not None:
            lows.append(response)
    _make_good(world, lows)


def _ask(world: DemoWorld, ticket: Ticket) -> Invitation | None:
    """The invitation row and its letter or link; None when nothing went out."""
    if ticket.closed_at is None:
        return None
    invitation = operations.invite(by=None, now=ticket.closed_at + timedelta(seconds=40), ticket=ticket)
    if invitation.send_at > world.now:
        return None
    why = desk.why_not(invitation, now=invitation.send_at)
    if why:
        invitation.exclude(by=None, now=invitation.send_at, exclude_reason=why)
        return None
    by_mail = invitation.channel == SendChannel.MAIL
    given_by: Any = None if by_mail else world.users["dp1"]
    return invitation.send(by=given_by, now=invitation.send_at, channel=invitation.channel)


def _answer(world: DemoWorld, invitation: Invitation, asked: int, low: int | None) -> Response | None:
    """What the customer says some hours later; every eighth stays silent."""
    at = (invitation.sent_at or invitation.send_at) + timedelta(hours=world.rng.choice([1, 3, 6, 26, 50]))
    if low is None and (asked % SILENT_EVERY == 0 or at > world.now):
        if invitation.expires_at < world.now:
            invitation.expire(by=None, now=invitation.expires_at + timedelta(seconds=1))
        return None
    scores, remark = (GOOD[asked % len(GOOD)], PRAISE[asked % len(PRAISE)]) if low is None else LOW[low]
    names = ("q0", "dim1", "dim2", "dim3", "fix", "ces")
    values: dict[str, Any] = dict(zip(names, scores, strict=True))
    invitation.answer(by=None, now=min(at, world.ago(minutes=20)), language="zh-hans", **values, open=remark)
    return Response.objects.get(invitation=invitation)


def _make_good(world: DemoWorld, lows: list[Response]) -> None:
    """The oldest won back, then one promised, one closed, one called and turned into a complaint; the newest waits."""
    steps = ("won_back", "closed", "proposed", "called", "open")
    for response, reached in zip(lows, steps, strict=False):
        recovery = Recovery.objects.get(response=response)
        if reached != "open":
            _advance(world, recovery, reached)


def _advance(world: DemoWorld, recovery: Recovery, reached: str) -> None:
    manager, opened = recovery.owner, recovery.opened_at
    row = recovery.call(
        by=manager,
        now=_not_later(world, opened + timedelta(hours=3)),
        note="客户说现场等得太久，希望以后先打电话说明到场时间。",
        cause=CauseCode.SLOW,
    )
    if reached == "called":
        operations.complain_from_answer(
            now=_not_later(world, opened + timedelta(hours=1)),
            response=row.response,
            words="请给一个书面答复。",
        )
        return
    at = _not_later(world, opened + timedelta(hours=4))
    row = row.propose(
        by=manager,
        now=at,
        cause=CauseCode.SLOW,
        action="免费复检一次，并为该泵房备一套机封在分公司库存。",
        promised_on=(timezone.localtime(at) + timedelta(days=3)).date(),
    )
    if reached == "proposed":
        return
    row = row.close(
        by=manager, now=_not_later(world, opened + timedelta(days=3)), note="已复检，客户签字确认。"
    )
    if reached == "won_back" and row.reask_at is not None:
        _second_asking(world, row)


def _second_asking(world: DemoWorld, row: Recovery) -> None:
    """Two weeks later the customer is asked again and content."""
    at = (row.reask_at or world.now) + timedelta(hours=1)
    row.reask(by=None, now=at)
    second = Invitation.objects.get(recovery=row)
    second = second.send(by=None, now=second.send_at, channel=SendChannel.MAIL)
    second.answer(
        by=None,
        now=second.send_at + timedelta(hours=5),
        q0=5,
        dim1=4,
        fix="yes",
        ces=6,
        open="这次处理得很好。",
    )


def _not_later(world: DemoWorld, at: datetime) -> datetime:
    return min(at, world.ago(minutes=5))

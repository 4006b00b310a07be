"""The review desk of the demo company: three weekly draws, copied logs found out, findings accepted, appealed and changed."""

from datetime import datetime, timedelta
from typing import Any

from core.demo import DemoWorld
from crm.choices import ActivityOutcome, ActivityType
from crm.log_lot import week_to_draw
from crm.log_review_choices import Finding, ReviewEvidence
from crm.models import Activity, Customer, LogReview
from crm.operations import add_log_review, log_activity
from crm.operations.log_reviews import draw_week

COPIED = "与设备部交流了备件供应和检修计划，对方表示满意，没有提出新的需求。"
WRITTEN = (COPIED, COPIED, "已联系，情况正常。", COPIED, COPIED)


def load(world: DemoWorld) -> None:
    """Somebody writes four logs off one text; the draws find them and, by lot, honest ones."""
    first = week_to_draw(world.ago(days=14))
    suspects = _copy_logs(world, first.start + timedelta(days=3, hours=18))
    for days in (14, 7, 0):
        week = week_to_draw(world.ago(days=days))
        draw_week(week, now=week.end + timedelta(hours=6))
    _walk(world, suspects)
    _by_hand(world)
    sampled = LogReview.objects.undecided().exclude(activity__in=suspects).filter(draw__week=first.code)
    for row in sampled.select_related("reviewer"):
        _decide(row, Finding.GENUINE, world.ago(days=4), "回访联系人，时间、内容与记录一致。")


def _copy_logs(world: DemoWorld, entered: datetime) -> list[Activity]:
    """Logs written in one evening, more than a week late, nobody named: the author's own, those in doubt in order."""
    author, made = world.users["pm8"], []
    customers = Customer.objects.alive().filter(owner=author).order_by("pk")
    for turn, words in enumerate(WRITTEN):
        moment = entered + timedelta(minutes=11 * turn)
        made.append(
            log_activity(
                by=author,
                now=moment,
                customer=customers[turn % customers.count()],
                type=ActivityType.CALL,
                outcome=ActivityOutcome.REACHED,
                summary=words,
                occurred_at=moment - timedelta(days=9 + turn, hours=3),
            )
        )
    return [one for one in made if one.band == "suspicious"]


def _walk(world: DemoWorld, suspects: list[Activity]) -> None:
    """One finding changed on appeal, one accepted, one under appeal, one that may still be appealed."""
    rows = [LogReview.objects.get(activity=one) for one in suspects]
    copied = [row for row, log in zip(rows, suspects, strict=True) if log.summary == COPIED]
    thin = next(row for row, log in zip(rows, suspects, strict=True) if log.summary != COPIED)
    called = "回访客户设备部，对方称当月没有接到过我方电话；文字与另一家客户的记录完全相同。"
    row = _decide(copied[0], Finding.FALSIFIED, world.ago(days=6), called)
    row = row.appeal(
        by=row.author,
        now=world.ago(days=5),
        words="当天打的是值班室座机，接电话的不是设备部的人，请向值班室核实。",
    )
    row.decide_appeal(
        by=row.judge,
        now=world.ago(days=3),
        finding=Finding.DOUBTFUL,
        words="值班室有来电登记但未记内容，不足以认定造假，改为无法证实。",
    )
    row = _decide(copied[1], Finding.FALSIFIED, world.ago(days=6), called)
    row.accept(by=row.author, now=world.ago(days=4))
    row = _decide(copied[2], Finding.FALSIFIED, world.ago(days=3), called)
    row.appeal(
        by=row.author, now=world.ago(days=1), words="通话确有其事，手机里有通话记录截图，愿意当面出示。"
    )
    _decide(
        thin,
        Finding.INCOMPLETE,
        world.ago(hours=20),
        "联系属实，但没有写明与谁、谈了什么，请按要求补充。",
        ReviewEvidence.AUTHOR,
    )


def _decide(
    row: Any, finding: str, now: datetime, words: str, evidence: str = ReviewEvidence.CALLBACK
) -> Any:
    return row.decide(by=row.reviewer, now=now, finding=finding, words=words, evidence=[evidence])


def _by_hand(world: DemoWorld) -> None:
    """Supervision asked for one that nobody got round to, and for one that is being looked at."""
    supervisor = world.users["sv1"]
    for login, opened, lapsed in (("pm6", 45, 12), ("pm3", 2, 0)):
        logs = Activity.objects.filter(
            author=world.users[login],
            occurred_at__lt=world.ago(days=opened),
            reviews=None,
            score__isnull=False,
        )
        row = add_log_review(
            by=supervisor,
            now=world.ago(days=opened),
            activity=logs.order_by("-occurred_at", "-pk")[0],
            note="投诉调查中客户称没有此次联系，请核实。",
        )
        if lapsed:
            row.lapse(by=None, now=world.ago(days=lapsed))

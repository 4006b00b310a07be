"""Standing, handovers in every state, tags and segments of the demo company; loaded after all apps, so that dossiers list open work."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from core.demo import DemoWorld
from crm import demo_exports, demo_logs, demo_privacy, demo_promises, demo_value
from crm.board_scan import count_boards
from crm.handover_choices import HandoverTrigger, InformedVia, ItemKind
from crm.models import Activity, Customer, Handover, HandoverItem
from crm.operations import (
    add_tag,
    ask_about_visit,
    count_due_completeness,
    make_segment,
    state_visit,
    tag_customer,
)
from crm.operations.handovers import Answer, answer_items, open_handover

WORDS = {
    ItemKind.PREFERENCES: "上午十点后再打电话；设备部长不吃辣，谈技术先看曲线再谈价格。",
    ItemKind.PROMISES: "答应五月检修前派工程师现场复测一次振动，不另收费。",
    ItemKind.COMPETITORS: "二号泵房用的是南方一家的管道泵，价格低约一成，备件要等两周。",
}
# Short names of the customers, who gives, who receives, why, days ago it started, and the step it has reached.
STORIES: tuple[tuple[tuple[str, ...], str, str, str, float, str], ...] = (
    (("天目湖纸业",), "pm5", "pm3", HandoverTrigger.TERRITORY, 52, "review"),
    (("岱岳枢纽",), "pm8", "pm4", HandoverTrigger.LOAD_CAP, 16, "complete"),
    (("云冈制药",), "pm2", "pm4", HandoverTrigger.LOAD_CAP, 5, "approve"),
    (("闽江化纤",), "pm6", "pm7", HandoverTrigger.TRANSFER, 4, "inform_customer"),
    (("南岭冶炼",), "pm7", "pm6", HandoverTrigger.TERRITORY, 4, "accept"),
    (("泉城热力",), "pm1", "pm8", HandoverTrigger.CUSTOMER_DEMAND, 3, "fill_gaps"),
    (("渤海船修",), "pm2", "pm1", HandoverTrigger.TRANSFER, 3, "refuse"),
    (("长城酒业", "燕岭水务"), "pm1", "pm2", HandoverTrigger.TERRITORY, 1, "generate_dossier"),
    (("甬江港务",), "pm3", "pm5", HandoverTrigger.TRANSFER, 0.01, "initiate"),
    (("齐鲁纸业", "胶东供水"), "pm8", "", HandoverTrigger.ABSENCE, 0.3, "open"),
    (("淮上矿业",), "pm3", "pm5", HandoverTrigger.TRANSFER, 9, "cancel"),
)
# The office's words, what they mean, and the short names of who carries them.
TAGS = (
    ("标杆客户", "可作参观与推荐的样板", ("岱岳枢纽", "泉城热力", "闽江化纤")),
    ("框架协议", "签有集团年度框架协议", ("泉城热力", "南岭冶炼")),
    ("节能改造", "有水泵节能改造计划", ("天目湖纸业", "云冈制药", "齐鲁纸业")),
)
MANAGERS = {"01": "bm1", "02": "bm2", "03": "bm3"}


def load(world: DemoWorld) -> None:
    """One handover per story, each led to its step by the people who would take it."""
    _group(world)
    _ask_about_visits(world)
    demo_value.load(world)
    demo_privacy.load(world)
    demo_promises.load(world)
    demo_exports.load(world)
    demo_logs.load(world)
    for names, giver, receiver, trigger, days, step in STORIES:
        Walk(world, names, giver, receiver, trigger, days).to(step)
    count_due_completeness(world.now)
    count_boards(world.now)


def _ask_about_visits(world: DemoWorld) -> None:
    """Customers of one branch asked about the newest visits: one confirms, one has not answered, one saw nobody."""
    manager, since = world.users["bm1"], world.ago(days=25)
    visits = Activity.objects.filter(type="site_visit", score__isnull=False, occurred_at__gt=since)
    newest = (
        visits.filter(customer__branch=manager.branch).exclude(author=manager).order_by("-occurred_at", "-pk")
    )
    for activity, said in zip(newest[:3], ("confirmed", "", "denied"), strict=False):
        asked = ask_about_visit(by=manager, now=world.ago(hours=5), activity=activity)
        if said:
            state_visit(now=world.ago(hours=2), confirmation=asked, statement=said)


def _group(world: DemoWorld) -> None:
    """Words on customers, a segment for the company, one of a branch, and one noted once."""
    office, manager, at = world.users["co1"], world.users["bm1"], world.ago(days=12)
    for name, note, names in TAGS:
        add_tag(by=office, now=at, name=name, note=note)
        for customer in Customer.objects.alive().filter(short_name__in=names):
            tag_customer(by=office, now=at, customer=customer, add=[name])
    make_segment(
        by=office,
        now=at,
        name="节能改造意向",
        query="tag=节能改造",
        note="年度维保与改造推介",
        audience="company",
    )
    make_segment(
        by=manager, now=at, name="平稳期终端用户", query="stage=stable&kind=end_user", audience="branch"
    )
    make_segment(by=manager, now=at, name="春季回访", query="view=branch&tier=vip", is_frozen=True)


class Walk:
    """Leads one handover forward, some hours a step."""

    def __init__(
        self, world: DemoWorld, names: tuple[str, ...], giver: str, receiver: str, trigger: str, days: float
    ) -> None:
        self.giver, self.receiver = world.users[giver], world.users.get(receiver)
        self.manager = world.users[MANAGERS[self.giver.branch.code]]
        self.end, self.now = world.now, world.ago(days=days)
        customers = Customer.objects.alive().filter(short_name__in=names)
        self.row: Handover = open_handover(
            by=self.manager,
            now=self.now,
            giver=self.giver,
            customers=customers,
            trigger=trigger,
            receiver=self.receiver,
        )

    def later(self) -> datetime:
        """Some hours on, never in the future."""
        self.now = min(self.now + timedelta(hours=7), self.end)
        return self.now

    def to(self, step: str) -> None:
        """Take the steps up to the named one."""
        if step == "cancel":
            self.row.cancel(
                by=self.manager, now=self.later(), reason="客户希望维持原项目经理，内部另行安排。"
            )
        if step in ("open", "initiate", "cancel"):
            return
        self.row = self.row.generate_dossier(by=None, now=self.now)
        if step == "generate_dossier":
            return
        self.fill()
        self.row = self.row.fill_gaps(by=self.giver, now=self.later())
        if step == "refuse":
            gaps = self.row.items.filter(kind__in=[ItemKind.COMPETITORS, ItemKind.WECOM])  # type: ignore[attr-defined]
            reason = "竞争对手只写了一句，企业微信还没有转过来。"
            self.row.refuse(by=self.receiver, now=self.later(), items=gaps, reason=reason)
        if step in ("fill_gaps", "refuse"):
            return
        self.row = self.row.accept(by=self.receiver, now=self.later())
        self.finish(step)

    def finish(self, step: str) -> None:
        """From the receiver's signature on."""
        if step == "accept":
            return
        day = timezone.localdate(self.later())
        self.row = self.row.inform_customer(
            by=self.giver, now=self.now, informed_via=InformedVia.VISIT, informed_on=day
        )
        if step == "inform_customer":
            return
        self.row = self.row.approve(by=self.manager, now=self.later())
        if step == "approve":
            return
        self.row = self.row.complete(by=self.manager, now=self.later())
        if step == "review":
            self.now += timedelta(days=31)
            self.row.review(by=self.manager, now=self.now, check_ok=True)

    def fill(self) -> None:
        """Settle every open line: words where people write some, else none or a tick."""
        items = HandoverItem.objects.missing().filter(handover=self.row)
        day = timezone.localdate(self.later())
        answer_items(
            by=self.giver, now=self.now, handover=self.row, answers=[_answer(item, day) for item in items]
        )


def _answer(item: HandoverItem, day: Any) -> Answer:
    words = WORDS.get(ItemKind(item.kind), "")
    if item.kind == ItemKind.JOINT_VISIT:
        return Answer(item, happened_on=day)
    return Answer(item, note=words, nothing=item.is_written and not words, confirmed=not item.is_written)

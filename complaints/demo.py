"""The demo company's complaints: twenty-two cases in every state, some of them late, two of them major."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import OrgUnit
from complaints import operations
from complaints.choices import Channel
from complaints.models import Complaint
from complaints.sweeps import climb_ladders
from core.demo import DemoWorld

# part of the customer's name, department, category, what happened, days ago, how far it went, further facts
Story = tuple[str, str, str, str, float, str, dict[str, Any]]
STORIES: list[Story] = [
    (
        "宁川",
        "QCD",
        "missed_defect",
        "监管来函：消防泵 XBD8/40 抽检流量不合格，要求二十四小时内书面说明。",
        0.8,
        "investigating",
        {"channel": Channel.REGULATOR},
    ),
    (
        "海晏",
        "ASD",
        "safety",
        "消防泵停机，工地夜间无消防水源，险些酿成事故。",
        40,
        "closed",
        {"injury": True},
    ),
    (
        "河汾",
        "ASD",
        "repeat_fault",
        "机封九十天内第三次泄漏，停产二十六小时。",
        13,
        "investigating",
        {"production_stop_hours": 26},
    ),
    (
        "北岚",
        "PRD",
        "late_delivery",
        "批次延误十九天，触发违约金条款。",
        6,
        "acknowledged",
        {"claim_amount": Decimal(120_000)},
    ),
    ("北岚", "LOG", "wrong_goods", "到货错件：300S58 底座两套，型号不符。", 1, "registered", {}),
    ("云润", "ASD", "slow_response", "巡检未提前一天通知，泵房无人配合。", 5, "proposed", {}),
    ("鼎流", "SAL", "unreachable", "项目经理两次未回电，代理合同续签搁置。", 2, "registered", {}),
    ("澄源", "TEC", "wrong_documents", "试验报告曲线与铭牌不符，验收无法进行。", 4, "sv_review", {}),
    ("海晏", "ASD", "parts_late", "配件报价三天未回，工地停工等待。", 2, "acknowledged", {}),
    ("朔野", "TEC", "slow_answer", "样本资料参数有误，询问一周没有答复。", 1, "triaged", {}),
    ("衡川", "FIN", "reconciliation", "质保金对账无人答复，函件三次石沉大海。", 16, "investigating", {}),
    ("青屿", "ASD", "parts_late", "备件到货慢，售后与物流互相推诿。", 30, "closed", {}),
    ("青屿", "LOG", "damage", "包装破损，电机接线盒开裂。", 25, "accepted", {}),
    ("云润", "PRD", "finish", "泵体漆面大面积剥落。", 45, "closed", {}),
    ("河汾", "TEC", "wrong_selection", "选型余量不足，夏季流量达不到设计值。", 60, "rejected", {}),
    ("北岚", "FIN", "invoice", "发票税号开错，两次退票。", 20, "verifying", {}),
    ("衡川", "SAL", "broken_promise", "口头承诺的培训没有安排。", 50, "withdrawn", {}),
    ("鼎流", "LOG", "damage", "运输途中底座断裂。", 70, "closed_unresolved", {}),
    ("澄源", "QCD", "false_report", "出厂试验报告日期早于装配日期。", 8, "waiting_complainant", {}),
    ("恒铸", "PUR", "bought_in", "毛坯退货理由没有说明，要求复检。", 3, "triaged", {}),
    ("华筑", "TEC", "slow_answer", "设计院索要的选型文件拖了五天。", 9, "answered", {}),
    ("朔野", "TEC", "slow_answer", "同一问题再次登记。", 1.5, "duplicate", {}),
]


def load(world: DemoWorld) -> None:
    """Register the stories in the order they happened and take each as far as it got; then let the ladder run."""
    supervisors = world.users["sv1"], world.users["sv2"]
    for customer_key, unit_code, category, facts, days, goal, columns in sorted(
        STORIES, key=lambda one: -one[4]
    ):
        customer = _customer(world, customer_key)
        unit = OrgUnit.objects.get(code=unit_code)
        at = world.ago(days=days)
        case = operations.register_complaint(
            by=world.users["dp1"] if unit_code != "ASD" else world.users["co1"],
            now=at,
            customer=customer,
            lead_department=unit,
            category=category,
            facts=facts,
            contact=customer.contacts.order_by("-is_primary", "pk").first(),
            **columns,
        )
        case = _advance(world, case, at, goal, supervisors)
        _tick_plan(case, world.now)
        world.complaints.append(case)
    for days in (5, 2, 0):
        climb_ladders(world.ago(days=days))


def _tick_plan(case: Complaint, now: datetime) -> None:
    """Who owned the first steps of an emergency did them in time; the later ones are still open."""
    for step in case.steps.order_by("position"):
        done_at = case.received_at + (step.due_at - case.received_at) * 0.8
        if done_at < now and step.due_at < now:
            operations.finish_step(by=step.owner, now=done_at, step=step)


def _customer(world: DemoWorld, key: str) -> Any:
    return next(row for row in world.customers.values() if key in row.name)


def _advance(
    world: DemoWorld, case: Complaint, at: datetime, goal: str, supervisors: tuple[Any, Any]
) -> Complaint:
    """Take a case step by step until it stands where the story wants it."""
    officer, head = supervisors
    department = case.lead_department.head
    clock = _Clock(at)
    route = _route(goal)
    answers: dict[str, dict[str, Any]] = {
        "triage": {"by": officer, "severity": case.severity, "lead_department": case.lead_department},
        "acknowledge": {"by": officer, "channel": Channel.PHONE},
        "investigate": {"by": department, "containment": "已安排专人跟进，先行调换并停发同批。"},
        "wait": {"by": department, "reason": "等客户提供现场照片与残件"},
        "propose": {
            "by": department,
            "investigation": "核对记录后确认流程漏检一处，责任人已谈话。",
            "upheld": "yes",
            "remedy": "apology",
            "reply": "向贵司致歉：问题已查明并整改，损失按合同承担。",
        },
        "review": {"by": officer, "passed": True},
        "answer": {"by": officer, "channel": Channel.PHONE},
        "accept_answer": {"by": officer},
        "reject_answer": {"by": officer, "reason": "客户认为补偿不足"},
        "answer_again": {"by": head, "channel": Channel.PHONE, "reply": "增加免费巡检两次并延长质保半年。"},
        "verify": {"by": officer},
        "close": {"by": officer, "lessons": "把核对写进检查表，并作为培训案例。"},
        "sign": {"by": world.users["ex1"]},
        "close_unresolved": {"by": head, "reason": "客户选择合同约定的仲裁"},
        "withdraw": {"by": officer, "reason": "电话确认客户撤诉，培训已补上"},
        "mark_duplicate": {"by": officer, "original": world.complaints[-1] if world.complaints else None},
    }
    for verb in route:
        if verb == "sign" and case.severity != "s1":
            continue
        method = {"answer_again": "answer", "sign": "close"}.get(verb, verb)
        case = getattr(case, method)(now=clock.tick(world.now), **answers[verb])
    return case


class _Clock:
    """Steps some hours apart, never in the future."""

    def __init__(self, start: datetime) -> None:
        self.at = start

    def tick(self, limit: datetime) -> datetime:
        """The next step's instant."""
        self.at = min(self.at + timedelta(hours=3), limit)
        return self.at


TO_ANSWER = ["triage", "acknowledge", "investigate", "propose", "review", "answer"]


def _route(goal: str) -> list[str]:
    """The steps that lead to a state."""
    routes = {
        "registered": [],
        "triaged": ["triage"],
        "acknowledged": ["triage", "acknowledge"],
        "investigating": ["triage", "acknowledge", "investigate"],
        "waiting_complainant": ["triage", "acknowledge", "investigate", "wait"],
        "proposed": TO_ANSWER[:4],
        "sv_review": TO_ANSWER[:5],
        "answered": TO_ANSWER,
        "accepted": [*TO_ANSWER, "accept_answer"],
        "rejected": [*TO_ANSWER, "reject_answer"],
        "verifying": [*TO_ANSWER, "accept_answer", "verify"],
        "closed": [*TO_ANSWER, "accept_answer", "verify", "close", "sign"],
        "closed_unresolved": [
            *TO_ANSWER,
            "reject_answer",
            "answer_again",
            "reject_answer",
            "close_unresolved",
        ],
        "withdrawn": ["triage", "withdraw"],
        "duplicate": ["mark_duplicate"],
    }
    return routes[goal]

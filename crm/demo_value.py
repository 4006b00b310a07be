"""How the demo company's customers stand: contracts told, eight weeks kept, decisions by hand and retention plans in every state."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from core.demo import DemoWorld
from crm.choices import OverrideKind, Strategic
from crm.models import Override, RetentionPlan
from crm.operations import add_retention_plan, assess, propose_override, record_facts
from crm.operations.assessments import begin_assessments

WEEKS_KEPT = 8
# Customer, signed in 24 and in 12 months (yuan), orders in 36 months, days since the last one, median gap in days.
CONTRACTS = (
    ("yunrun", 9_600_000, 5_400_000, 9, 70, 130),
    ("qingyu", 8_100_000, 5_100_000, 6, 350, 170),
    ("hefen", 1_450_000, 300_000, 3, 330, 160),
    ("beilan", 2_300_000, 900_000, 4, 150, 220),
    ("haiyan", 1_900_000, 760_000, 5, 95, 190),
    ("hengchuan", 1_100_000, 520_000, 3, 210, 300),
    ("dingliu", 260_000, 120_000, 4, 60, 150),
)
LEAVING = ("qingyu", "hefen")  # gave a competitor an order and hold back a payment
# Customer, proposer, kind, value, why, days it holds, who decides, days since the proposal, the step reached.
DECISIONS = (
    ("hengchuan", "pm2", OverrideKind.TIER, "standard", "两年内没有新的市政标段，服务资源先让给在建项目。", 120, "bm1", 1, ""),
    ("beilan", "bm1", OverrideKind.STRATEGIC, Strategic.REGIONAL, "唐山地区钢铁行业的参观样板，每年接待三批同行。", 360, "ex1", 40, "approve"),
    ("dingliu", "pm6", OverrideKind.TIER, "professional", "今年代理量翻番，建议按专业客户安排备件库存。", 180, "bm3", 25, "refuse"),
    ("haiyan", "pm3", OverrideKind.STAGE, "consolidated", "三个消防项目连续用我们，总包愿意联合推广。", 60, "bm2", 18, "withdraw"),
    ("hengchuan", "pm2", OverrideKind.STAGE, "consolidated", "联合投标期间按稳固期安排高层走访。", 60, "bm1", 130, "expire"),
    ("chengyuan", "pm1", OverrideKind.TIER, "professional", "提标改造项目将定，先按专业客户跟进。", 180, "bm1", 75, "end"),
)  # fmt: skip
# Customer, days since it was opened, the step reached.
PLANS = (
    ("beilan", 240, "ineffective"),
    ("hengchuan", 200, "effective"),
    ("haiyan", 4, "submit"),
    ("hefen", 22, "approve"),
    ("qingyu", 1, ""),
)
# Why a customer wavered, and what it was offered.
WRITTEN = {
    "beilan": (
        "新任设备处长推行统一品牌目录，我们还没有进目录。",
        "三台样机免费试用半年，附能耗对比；请处长来厂看试验台。",
    ),
    "hengchuan": (
        "两次备件交期拖延，检修班改用了别家机封。",
        "常用机封与轴承寄库，四小时内到场；备件每月盘点一次。",
    ),
    "haiyan": (
        "消防泵两次验收被退，总包怀疑出厂检验走样。",
        "补做见证试验，检验员驻场到验收通过；报告直接寄总包。",
    ),
    "hefen": ("采购处嫌报价周期长，急件被本地厂家抢走。", "常规型号当天报价，授权项目经理现场定价。"),
}
MANAGERS = {"01": "bm1", "02": "bm2", "03": "bm3"}


def load(world: DemoWorld) -> None:
    """Contracts first, then what people decided, then the weeks as the rules saw them."""
    for story in CONTRACTS:
        _contracts(world, *story)
    begin_assessments(world.ago(days=7 * WEEKS_KEPT))
    for plan in PLANS:
        _plan(world, *plan)
    for decision in DECISIONS:
        _decision(world, *decision)
    told = [world.customers[story[0]].pk for story in CONTRACTS]
    for week in range(WEEKS_KEPT, 0, -1):
        assess(told, now=world.ago(days=7 * week))


def _contracts(
    world: DemoWorld, key: str, two_years: int, one_year: int, orders: int, days: int, gap: int
) -> None:
    """What the contracts and payments of a customer come to, as their apps will tell it."""
    today = timezone.localdate(world.now)
    facts = {
        "signed_amount_24m": Decimal(two_years),
        "signed_amount_12m": Decimal(one_year),
        "equipment_36m": Decimal(two_years),
        "service_36m": Decimal(two_years // 10),
        "orders_36m": orders,
        "orders_total": orders + 2,
        "order_gap_days": gap,
        "first_order_on": today - timedelta(days=1400),
        "last_order_on": today - timedelta(days=days),
        "first_acceptance_on": today - timedelta(days=1250),
    }
    at = world.ago(days=7 * WEEKS_KEPT)
    customer = world.customers[key]
    record_facts(customer=customer, source="contracts", facts=facts, now=at)
    billed = {
        "billed_24m": Decimal(two_years) * 9 / 10,
        "overdue_24m": Decimal(two_years) / 50,
        "payment_disputed": key in LEAVING,
    }
    record_facts(customer=customer, source="payments", facts=billed, now=at)
    if key in LEAVING:
        lost = {"competitor_on": today - timedelta(days=75)}
        record_facts(customer=customer, source="projects", facts=lost, now=at)


def _decision(
    world: DemoWorld, key: str, proposer: str, kind: str, value: str, reason: str, days: int, decider: str,
    ago: float, step: str,
) -> None:  # fmt: skip
    """A proposal, led to its step."""
    by, at = world.users[proposer], world.ago(days=ago)
    row: Override = propose_override(
        by=by, now=at, customer=world.customers[key], kind=kind, value=value, reason=reason, days=days
    )
    later, other = at + timedelta(hours=20), world.users[decider]
    if step == "withdraw":
        row.withdraw(by=by, now=later)
    elif step == "refuse":
        row.refuse(by=other, now=later, reason="先看下半年回款，半年后再议。")
    elif step:
        row = row.approve(by=other, now=later)
        if step == "end":
            row.end(by=other, now=world.ago(days=12), reason="项目推迟到明年，恢复按规则计算。")
        if step == "expire":
            row.expire(by=None, now=row.until)


def _plan(world: DemoWorld, key: str, ago: float, step: str) -> None:
    """A retention plan, led to its step."""
    customer, at = world.customers[key], world.ago(days=ago)
    plan: RetentionPlan = add_retention_plan(by=customer.owner, now=at, customer=customer)
    if not step:
        return
    cause, offer = WRITTEN[key]
    plan = plan.submit(by=customer.owner, now=at + timedelta(days=2), root_cause=cause, offer=offer)
    if step == "submit":
        return
    manager = world.users[MANAGERS[customer.branch.code]]
    plan = plan.approve(by=manager, now=at + timedelta(days=3))
    if step in ("effective", "ineffective"):
        worked = step == "effective"
        reason = "现场复访后恢复询价，采购同意续签。" if worked else "方案执行了，但对方当期预算已给了别家。"
        plan.close(by=customer.owner, now=at + timedelta(days=70), effective=worked, reason=reason)

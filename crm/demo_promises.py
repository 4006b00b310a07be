"""What the demo company promised its customers: kept in time and late, broken, moved, and some that are still owed."""

from datetime import timedelta
from typing import Any

from core.demo import DemoWorld
from crm.operations import give_promise
from crm.planning import due_on

# Customer, what was promised, given so many days ago, due in days from today, how it ended, in days from today.
PROMISES = (
    ("yunrun", "三天内寄出 LC350-30 备用叶轮", 96, -92, "kept", -93),
    ("yunrun", "书面说明振动整改方案", 61, -54, "kept", -55),
    ("yunrun", "机封升级报价给到设备部", 12, 3, "open", 0),
    ("chengyuan", "派技术人员到现场复测流量", 40, -33, "kept", -29),
    ("chengyuan", "补发第三方检测报告原件", 9, -1, "open", 0),
    ("beilan", "性能曲线按实际工况重算", 75, -68, "kept", -70),
    ("beilan", "到货延期的补救方案当周答复", 33, -28, "failed", -26),
    ("beilan", "备件清单与最低库存建议", 10, 6, "told", 0),
    ("hengchuan", "中标后两周内提交图纸", 50, -36, "kept", -38),
    ("haiyan", "安排厂内见证试验", 28, 9, "moved", 0),
    ("haiyan", "操作培训教材发电子版", 45, -40, "kept", -41),
    ("hefen", "退回旧泵的拆检结论", 25, -18, "withdrawn", -20),
)
WHY = {
    "kept": "已寄出/发出，客户确认收到。",
    "failed": "生产排期未落实，未能按期答复，已当面致歉。",
    "moved": "客户的检修窗口推迟，双方电话约定新日期。",
    "withdrawn": "客户改为整机更换，不再需要。",
}


def load(world: DemoWorld) -> None:
    """Twelve promises of six customers, in every state the ledger knows."""
    for key, text, given, due, end, ended in PROMISES:
        customer = world.customers[key]
        promise = give_promise(
            by=customer.owner,
            now=world.ago(days=given),
            customer=customer,
            text=text,
            due_at=due_on((world.now + timedelta(days=due - (14 if end == "moved" else 0))).date()),
        )
        _end(world, promise, end, ended, due)


def _end(world: DemoWorld, promise: Any, end: str, ended: int, due: int) -> None:
    by, now = promise.owner, world.ago(days=-ended)
    if end == "kept":
        promise.keep(by=by, now=now, reason=WHY[end])
    elif end == "failed":
        promise.fail(by=by, now=now, reason=WHY[end])
    elif end == "withdrawn":
        promise.withdraw(by=by, now=now, reason=WHY[end])
    elif end == "told":
        promise.tell(by=by, now=world.ago(days=1))
    elif end == "moved":
        day = due_on((world.now + timedelta(days=due)).date())
        promise.redate(by=by, now=world.ago(days=6), due_at=day, reason=WHY[end])

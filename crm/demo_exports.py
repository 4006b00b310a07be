"""Lists the demo company took out: a wish in every state a wish can rest in."""

from datetime import timedelta
from typing import Any

from core.clock import db_now
from core.demo import DemoWorld
from crm.exports.asking import request_export
from crm.exports.choices import ExportResource, ExportState, StopCode
from crm.exports.work import write_export
from crm.models import Export

FULL = ("name", "contact_name", "contact_title", "contact_mobile")
# Who, which list, its filter, its columns, why, days ago, and the step it has reached.
WISHES: tuple[tuple[str, str, str, tuple[str, ...], str, float, str], ...] = (
    ("bm2", ExportResource.CUSTOMERS, "kind=end_user", (), "季度客户盘点会材料", 9, "expire"),
    ("pm5", ExportResource.CONTACTS, "", FULL, "节日贺卡邮寄名单", 6, "refuse"),
    ("pm1", ExportResource.ACTIVITIES, "", (), "整理拜访纪要给技术部", 4, "withdraw"),
    ("pm2", ExportResource.CUSTOMERS, "", (), "交接前核对本人客户", 3, "fail"),
    ("pm3", ExportResource.CUSTOMERS, "kind=end_user", (), "年度拜访计划，出差路上离线查看", 0.4, "ask"),
    ("bm1", ExportResource.CONTACTS, "presence=here", FULL, "技术交流会邀请名单", 0.2, "ask"),
    ("pm1", ExportResource.CUSTOMERS, "", (), "与财务核对开票信息", 0.1, "finish"),
)


def load(world: DemoWorld) -> None:
    """Each wish made by its person and led to its step by whoever takes it."""
    officer = next(user for user in world.users.values() if user.authority().has_role("CO"))
    for name, resource, query, columns, reason, days, step in WISHES:
        now = world.ago(days=days)
        export = request_export(
            by=world.users[name], now=now, resource=resource, query=query, columns=columns, reason=reason
        )
        Export.objects.filter(pk=export.pk).update(created_at=now)
        _lead(export, step, officer, now + timedelta(hours=1))


def _lead(export: Export, step: str, officer: Any, now: Any) -> None:
    if step == "ask":
        return
    if step == "refuse":
        export.refuse(by=officer, now=now, reason="贺卡由市场部统一邮寄，请提供名单口径，不必导出手机号。")
        return
    if step == "withdraw":
        export.withdraw(by=export.owner, now=now)
        return
    if export.state == ExportState.REQUESTED:
        now = min(now, db_now())
        export = export.approve(by=officer, now=now)
    if step == "fail":
        export.fail(by=None, now=now, why=StopCode.GROWN)
        return
    write_export({"export": export.pk, "run": export.version})
    export.refresh_from_db()
    if step == "expire":
        export.expire(by=None, now=now + timedelta(days=1))

"""The story both thread tests tell: the imported list, the words typed, and the moments at which sweeps look."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import OrgUnit
from core.calendars import work_calendar
from core.sweep import run_scan
from crm.models import Territory
from surveys.policy import next_window
from tests.personas import JOINED

CUSTOMER = "滨海云润水务有限公司（示例）"
INITIALS = "bhyr"
CONTACT, CONTACT_MAIL = "周维岳", "zhou@customer.example"
CONTACT_MOBILE = "14100007731"
HEADERS = "客户名称,省份,行业,联系人,手机,邮箱"
LIST = "\r\n".join(
    [
        HEADERS,
        f"{CUSTOMER},北京市,水务,{CONTACT},{CONTACT_MOBILE},{CONTACT_MAIL}",
        "远方钢铁有限公司（示例）,,钢铁,,,",
        ",北京市,水务,无名氏,14100007732,",
        "",
    ]
).encode("gb18030")
SERIAL = "2403-500S-77311"
LOW_ANSWER = {"q0": 1, "dim1": 2, "dim2": 4, "dim3": 2, "fix": "no", "ces": 2, "open": "来了三次还没修好"}
RECORDS: dict[str, dict[str, str]] = {
    "need_sheet": {"text": "两台循环水泵，汛期前到货", "quantity": "2"},
    "budget_source": {"funds": "own", "budget": "180000"},
    "competitors": {"text": "本地一家小厂，价格低，无服务网点"},
}


def serve_beijing(pm: Any) -> None:
    """Beijing's customers belong to the project manager."""
    branch = OrgUnit.objects.get(pk=pm.branch.pk)
    Territory.objects.create(province_code="11", branch=branch, owner=pm, valid_from=JOINED)


def scan_twice(code: str, now: datetime) -> int | None:
    """Run one scan at a moment, and once more, which must find nothing; returns what the first handled."""
    handled = run_scan(code, now=now, force=True)
    assert not run_scan(code, now=now, force=True), f"{code} repeated itself"
    return handled


def letter_time(now: datetime) -> datetime:
    """A moment from `now` on at which customers may be written to."""
    return next_window(now, work_calendar()) + timedelta(minutes=1)

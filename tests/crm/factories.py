"""Customers, contacts, logs and follow-ups for tests, made by the real operations."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from accounts.models import OrgUnit
from crm.operations import add_contact, create_customer, log_activity, plan_follow_up

_numbers = count(1)


def make_customer(by: Any, now: datetime, *, owner: Any = None, branch: str = "", **columns: Any) -> Any:
    """A customer of `by`, in the owner's (or `by`'s) branch."""
    number = next(_numbers)
    columns.setdefault("name", f"测试水务{number}号有限公司（示例）")
    columns.setdefault("kind", "end_user")
    unit = OrgUnit.objects.get(code=branch) if branch else (owner or by).branch
    return create_customer(by=by, now=now, branch=unit, owner=owner, **columns)


def make_contact(customer: Any, by: Any, now: datetime, **columns: Any) -> Any:
    """A person there, with a mobile number of the demo block."""
    number = next(_numbers)
    columns.setdefault("name", "周维岳")
    columns.setdefault("mobile", f"1410000{number:04d}")
    return add_contact(by=by, now=now, customer=customer, **columns)


def make_activity(customer: Any, by: Any, now: datetime, **values: Any) -> Any:
    """A call that reached somebody."""
    values.setdefault("type", "call")
    values.setdefault("outcome", "reached")
    values.setdefault("summary", "周副总认可振动频谱结论，同意先换两台轴承再评估。")
    return log_activity(by=by, now=now, customer=customer, **values)


def make_follow_up(customer: Any, by: Any, now: datetime, *, days: float = 3, **values: Any) -> Any:
    """A next step due in some days (negative: back-dated)."""
    values.setdefault("text", "给周副总书面备件交期")
    return plan_follow_up(by=by, now=now, customer=customer, due_at=now + timedelta(days=days), **values)

"""Projects for tests, made and moved by the real operations and transitions."""

from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from projects.gates import FIELD, FILE, GATES
from projects.models import Project
from projects.operations import create_project, provide_evidence
from tests.crm.factories import make_contact, make_customer

_numbers = count(1)
MEASURED = {"npsh_margin": "0.9", "discount_percent": "4", "margin_percent": "28", "prepayment_percent": "30"}


def make_project(
    by: Any, now: datetime, *, amount: int = 150_000, customer: Any = None, **values: Any
) -> Project:
    """An opportunity in P01 of a new customer with its decision chain known."""
    if customer is None:
        customer = make_customer(by, now, owner=by)
        for role in ("decision_maker", "technical", "user"):
            make_contact(customer, by, now, decision_role=role)
    values.setdefault("title", f"循环水改造 {next(_numbers)} 号")
    values.setdefault("expected_sign_on", date(2027, 3, 1))
    return create_project(by=by, now=now, customer=customer, amount=Decimal(amount), **values)


def a_file(name: str = "record.txt", words: str = "") -> SimpleUploadedFile:
    """A text file unlike any other."""
    return SimpleUploadedFile(name, (words or f"试验记录 {next(_numbers)}").encode())


def a_record(item: str) -> dict[str, Any]:
    """Words for a record, unlike any other."""
    number = next(_numbers)
    shapes: dict[str, dict[str, Any]] = {
        "need_sheet": {"text": f"两台循环水泵 {number}", "quantity": "2"},
        "budget_source": {"funds": "own", "budget": "200000"},
        "competitors": {"text": f"只有一家本地厂 {number}"},
        "duty_points": {
            "medium": "clean_water",
            "flow": "790",
            "head": "58",
            "text": f"铸铁、机械密封 {number}",
        },
        "deviation_list": {"text": f"无偏离，已与设计院核对 {number}"},
        "quotation_terms": {"terms": "to_site", "valid_until": "2026-12-31", "lead_days": "60"},
        "result": {"win_reason": "performance", "text": f"现场谈判两轮 {number}"},
        "contract_review": {"text": f"五部门无异议 {number}", "warranty": "18"},
    }
    return shapes[item]


def supply(project: Project, by: Any, now: datetime, *items: str) -> None:
    """Supply the named items, or all the gate asks for."""
    for item in GATES[project.gate].evidence:
        if items and item.code not in items:
            continue
        if item.type == FILE:
            provide_evidence(by=by, now=now, project=project, item=item.code, upload=a_file())
        elif item.type == FIELD:
            if item.field in MEASURED:
                values = {"value": MEASURED[item.field]}
                provide_evidence(by=by, now=now, project=project, item=item.code, values=values)
        else:
            provide_evidence(by=by, now=now, project=project, item=item.code, values=a_record(item.code))


def bring_to(project: Project, stage: str, personas: Any, now: datetime) -> Project:
    """Carry a project through its gates to a stage, each decided by whom it may be."""
    while project.state != stage:
        pm = project.owner
        supply(project, pm, now)
        project = project.submit_gate(by=pm, now=now)
        waiting = project.submissions.waiting().first()
        if waiting is not None:
            deciders = {"bm": "bm", "tec_dm": "dm", "sal_dm": "dm_sal", "ex": "ex"}
            project = project.approve_gate(by=personas.fresh(deciders[waiting.level]), now=now)
    return project

"""Taking up a customer: its number, its branch and owner, its first people."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.choices import AccessSource, Role
from accounts.models import OrgUnit
from accounts.scoping import grant_access
from core import audit
from core.errors import RuleBroken
from core.numbering import next_code
from crm.assignment_classes import classify
from crm.choices import PARTY_DEPARTMENTS, CustomerKind, PoolStatus, Stage, Tier
from crm.duplicate_search import find_duplicates, lock_identity
from crm.duplicates import BLOCK, Party
from crm.models import Assessment, Customer, CustomerFacts
from crm.operations.assignment import ask_assignment
from crm.operations.contacts import put_contact
from crm.pool_choices import PoolReason
from crm.territories import resolve

CREATOR_SEES_FOR = timedelta(days=30)


def first_tier(kind: str) -> str:
    """A buyer starts as standard; parties that do not buy have no tier."""
    return (
        Tier.STANDARD if kind in (CustomerKind.END_USER, CustomerKind.EPC, CustomerKind.DEALER) else Tier.NA
    )


def create_customer(
    *,
    by: Any,
    now: datetime,
    name: str,
    kind: str,
    branch: OrgUnit | None = None,
    owner: Any = None,
    contacts: Iterable[Mapping[str, Any]] = (),
    **columns: Any,
) -> Customer:
    """Take up a new customer, owned or waiting in a branch's queue.

    Without `branch` the lists and territories decide (`territories.resolve`), else the creator's branch. Without
    `owner` theirs, else the creator if they are a project manager of that branch, else nobody: the customer queues
    for assignment and the branch manager gets a task. Refuses a name or credit code we already have.
    """
    name = name.strip()
    branch, owner, rule = _placed(by, now, branch, owner, {"name": name, "kind": kind, **columns})
    department = _party_department(kind)
    tier = columns.pop("tier", "") or first_tier(kind)
    defaults = _first_values(tier, owner, department, now)
    with transaction.atomic():
        _refuse_known([name, *columns.get("former_names", [])], columns.get("uscc", ""))
        customer = Customer.objects.create(
            code=next_code("KH", branch_code=branch.code, now=now),
            name=name,
            kind=kind,
            branch=branch,
            owner=owner,
            department=department,
            creator=by,
            placed_by_rule=rule,
            **(defaults | columns),
        )
        _begin_facts(customer, now)
        for person in contacts:
            put_contact(by=by, now=now, customer=customer, **person)
        data = {"kind": kind, "branch": branch.pk}
        audit.record("crm.add_customer", customer, by=by, now=now, data=data)
        if by is not None and by != owner:
            until = now + CREATOR_SEES_FOR
            grant_access(customer, user=by, source=AccessSource.CREATOR, by=by, now=now, until=until)
        if customer.pool_status == PoolStatus.QUEUE and not customer.historical:
            ask_assignment(customer, now=now)
    return customer


def _begin_facts(customer: Customer, now: datetime) -> None:
    """The rows of what is known and what is found, so that the next scan judges the newcomer."""
    CustomerFacts.objects.create(customer=customer)
    Assessment.objects.create(
        customer=customer, tier=customer.tier, stage=customer.stage, stage_since=now, stale_since=now
    )


def _refuse_known(names: list[str], uscc: str) -> None:
    """Rules D1 and D2 under a lock: of two people who take up the same party at once, the second is refused."""
    lock_identity(names, uscc)
    for known in find_duplicates(Party(names=tuple(names), uscc=uscc)):
        rules = {match.rule for match in known.matches if match.effect == BLOCK}
        if "dup_rule_1" in rules:
            raise RuleBroken(errors={"uscc": [_("A customer with this credit code exists already.")]})
        if rules:
            sentence = _("A customer of this name exists already. Search for it, or ask its branch.")
            raise RuleBroken(errors={"name": [sentence]})


def _first_values(tier: str, owner: Any, department: OrgUnit | None, now: datetime) -> dict[str, Any]:
    """What is derived at birth: stage, how it is served, the owner's clock or the place in the queue."""
    pooled = PoolStatus.QUEUE if owner is None and department is None else ""
    served, why = classify(tier, signed_24m=None, orders_36m=None)
    return {
        "tier": tier,
        "stage": Stage.ACQUAINTANCE if tier != Tier.NA else "",
        "stage_since": now,
        "assignment_class": "" if department else served,
        "assignment_reason": "" if department else why,
        "owned_since": now if owner is not None else None,
        "pool_status": pooled,
        "pool_entered_at": now if pooled else None,
        "pool_reason": PoolReason.NEW if pooled else "",
    }


def _placed(
    by: Any, now: datetime, branch: OrgUnit | None, owner: Any, columns: Mapping[str, Any]
) -> tuple[OrgUnit, Any, str]:
    """Branch and owner of a new customer and the rule that found them ("" by hand); see `create_customer`."""
    found = None
    if branch is None or owner is None:
        wanted = ("name", "uscc", "kind", "parent", "province_code", "city_code", "industry")
        found = resolve(now=now, **{name: columns[name] for name in wanted if columns.get(name)})
    home = getattr(by, "branch", None)
    branch = branch or (found.branch if found else None) or home
    if branch is None:
        raise RuleBroken(errors={"branch": [_("Choose the branch that serves this customer.")]})
    if owner is None and found is not None and found.branch == branch and found.owner is not None:
        return branch, found.owner, found.rule
    if owner is None and home == branch and by is not None and by.authority().has_role(Role.PM):
        return branch, by, ""
    return branch, owner, found.rule if owner is None and found is not None else ""


def _party_department(kind: str) -> OrgUnit | None:
    code = PARTY_DEPARTMENTS.get(kind)  # type: ignore[call-overload]
    return OrgUnit.objects.filter(code=code).first() if code else None

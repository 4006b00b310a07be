"""Changes on the customer floor that touch several rows: new customers, logs, follow-ups, assignment, facts, holds."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import AccessSource, Role
from accounts.models import Grant, OrgUnit
from accounts.scoping import grant_access
from core import audit
from core.calendars import work_calendar
from core.errors import NotFound, RuleBroken, StaleVersion, TooMany
from core.models import AuditEntry
from core.notify import notify
from core.numbering import next_code
from core.params import param
from core.rules import require
from core.tasks_list import close_tasks, hand_over_tasks, open_task
from core.workdays import end_of_nth_working_day
from crm.authenticity import is_two_way
from crm.choices import PARTY_DEPARTMENTS, CustomerKind, EnteredVia, PoolStatus, Stage, Tier
from crm.models import Activity, Contact, Customer, CustomerFacts, CustomerHold, FollowUp, Site
from crm.models.facts import SOURCES
from crm.name_keys import name_key
from crm.planning import reminded_at_planning, step_from_text
from crm.territories import place

ASSIGN_TASK = "crm.assign_customer"
CREATOR_SEES_FOR = timedelta(days=30)
FORMER_OWNER_SEES_FOR = timedelta(days=30)


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

    Without `branch` the territory decides (province, city, industry), else the creator's branch. Without `owner`
    the territory's, else the creator if they are a project manager of that branch, else nobody: the customer
    queues for assignment and the branch manager gets a task. Refuses a name or credit code we already have.
    """
    name = name.strip()
    _refuse_known(name, columns.get("uscc", ""))
    branch, owner = _placed(by, now, branch, owner, columns)
    department = _party_department(kind)
    pooled = PoolStatus.QUEUE if owner is None and department is None else ""
    tier = columns.pop("tier", "") or first_tier(kind)
    defaults = {
        "tier": tier,
        "stage": Stage.ACQUAINTANCE if tier != Tier.NA else "",
        "stage_since": now,
        "pool_status": pooled,
        "pool_entered_at": now if pooled else None,
    }
    with transaction.atomic():
        customer = Customer.objects.create(
            code=next_code("KH", branch_code=branch.code, now=now),
            name=name,
            kind=kind,
            branch=branch,
            owner=owner,
            department=department,
            creator=by,
            **(defaults | columns),
        )
        CustomerFacts.objects.create(customer=customer)
        for person in contacts:
            add_contact(by=by, now=now, customer=customer, **person)
        data = {"kind": kind, "branch": branch.pk}
        audit.record("crm.add_customer", customer, by=by, now=now, data=data)
        if by is not None and by != owner:
            until = now + CREATOR_SEES_FOR
            grant_access(customer, user=by, source=AccessSource.CREATOR, by=by, now=now, until=until)
        if customer.pool_status == PoolStatus.QUEUE and not customer.historical:
            ask_assignment(customer, now=now)
    return customer


def _refuse_known(name: str, uscc: str) -> None:
    if Customer.objects.alive().filter(name_keys__contains=[name_key(name)]).exists():
        raise RuleBroken(
            errors={"name": [_("A customer of this name exists already. Search for it, or ask its branch.")]}
        )
    if uscc and Customer.objects.alive().filter(uscc=uscc).exists():
        raise RuleBroken(errors={"uscc": [_("A customer with this credit code exists already.")]})


def _placed(
    by: Any, now: datetime, branch: OrgUnit | None, owner: Any, columns: Mapping[str, Any]
) -> tuple[OrgUnit, Any]:
    """Branch and owner of a new customer; see `create_customer`."""
    found = None
    if branch is None or owner is None:
        found = place(
            columns.get("province_code", ""),
            columns.get("city_code", ""),
            columns.get("industry", ""),
            now=now,
        )
    home = getattr(by, "branch", None)
    branch = branch or (found.branch if found else None) or home
    if branch is None:
        raise RuleBroken(errors={"branch": [_("Choose the branch that serves this customer.")]})
    if owner is None and found is not None and found.branch == branch:
        owner = found.owner
    if owner is None and home == branch and by is not None and by.authority().has_role(Role.PM):
        owner = by
    return branch, owner


def _party_department(kind: str) -> OrgUnit | None:
    code = PARTY_DEPARTMENTS.get(kind)  # type: ignore[call-overload]
    return OrgUnit.objects.filter(code=code).first() if code else None


def add_contact(*, by: Any, now: datetime, customer: Customer, **columns: Any) -> Contact:
    """Add a person; the first one, or one marked so, becomes the primary contact."""
    with transaction.atomic():
        others = Contact.objects.alive().filter(customer=customer)
        columns["is_primary"] = bool(columns.get("is_primary")) or not others.filter(is_primary=True).exists()
        if columns["is_primary"]:
            others.filter(is_primary=True).update(is_primary=False, version=models.F("version") + 1)
        contact = Contact.objects.create(customer=customer, **columns)
        audit.record("crm.add_contact", contact, by=by, now=now)
    return contact


def add_site(*, by: Any, now: datetime, customer: Customer, **columns: Any) -> Site:
    """Add a place of the customer. Refuses a name the customer already uses."""
    if Site.objects.filter(customer=customer, name=columns["name"]).exists():
        raise RuleBroken(errors={"name": [_("This customer has a site of that name already.")]})
    with transaction.atomic():
        site = Site.objects.create(customer=customer, **columns)
        audit.record("crm.add_site", site, by=by, now=now)
    return site


def log_activity(
    *,
    by: Any,
    now: datetime,
    customer: Customer,
    type: str,  # noqa: A002 - the field's name, as in the API
    outcome: str,
    summary: str,
    direction: str = "out",
    next_step: str = "",
    next_at: datetime | None = None,
    contacts: Iterable[Contact] = (),
    occurred_at: datetime | None = None,
    link: models.Model | None = None,
    follow_up: FollowUp | None = None,
    new_contact: str = "",
    entered_via: str = EnteredVia.WEB,
    form_open_ms: int | None = None,
) -> Activity:
    """Write down one contact, plan its next step, and settle the follow-up that led to it — one save, or nothing.

    Refuses a time in the future, a next step without a day (or a day not after the contact), and contacts of
    another customer. `new_contact` is the name of somebody not yet known, taken up on the way. The customer's
    contact dates move forward only.
    """
    occurred_at = occurred_at or now
    people = list(contacts)
    _check_log(customer, occurred_at, now, next_step, next_at, people)
    with transaction.atomic():
        if new_contact.strip():
            require(by, "crm.add_contact", customer)
            people.append(add_contact(by=by, now=now, customer=customer, name=new_contact.strip()))
        activity = Activity.objects.create(
            customer=customer,
            author=by,
            type=type,
            direction=direction,
            outcome=outcome,
            occurred_at=occurred_at,
            summary=summary.strip(),
            next_step=next_step.strip() or (step_from_text(summary) if next_at else ""),
            next_at=next_at,
            link_kind=link._meta.label_lower if link is not None else "",
            link_id=link.pk if link is not None else None,
            verified=bool(people) and is_two_way(type, direction, outcome),
            entered_via=entered_via,
            form_open_ms=form_open_ms,
        )
        _note_people(activity, people)
        _move_contact_dates(customer, activity)
        data = {"type": type, "outcome": outcome, "entered_at": now.isoformat()}
        audit.record("crm.add_activity", activity, by=by, now=occurred_at, data=data)
        _settle_and_plan(activity, follow_up, by, now)
    return activity


def _note_people(activity: Activity, people: list[Contact]) -> None:
    if not people:
        return
    activity.contacts.set(people)
    ids = [person.pk for person in people]
    Contact.objects.filter(pk__in=ids).update(last_contact_at=activity.occurred_at)


def _settle_and_plan(activity: Activity, follow_up: FollowUp | None, by: Any, now: datetime) -> None:
    """Close the follow-up that led to this contact and open the one it promises."""
    if follow_up is not None and follow_up.is_open:
        follow_up.complete(by=by, now=now, activity=activity)
    if activity.next_at is not None:
        plan_follow_up(
            by=by,
            now=now,
            customer=activity.customer,
            text=activity.next_step,
            due_at=activity.next_at,
            activity=activity,
        )


def _check_log(
    customer: Customer,
    occurred_at: datetime,
    now: datetime,
    next_step: str,
    next_at: datetime | None,
    people: list[Contact],
) -> None:
    errors: dict[str, list[Any]] = {}
    if occurred_at > now:
        errors["occurred_at"] = [_("A contact cannot lie in the future; plan it as the next step.")]
    if next_step.strip() and next_at is None:
        errors["next_at"] = [_("Choose the day of the next step.")]
    if next_at is not None and next_at <= occurred_at:
        errors["next_at"] = [_("The next step lies after this contact.")]
    if any(person.customer_id != customer.pk for person in people):
        errors["contacts"] = [_("Choose contacts of this customer.")]
    if errors:
        raise RuleBroken(errors=errors)


def _move_contact_dates(customer: Customer, activity: Activity) -> None:
    columns = {"last_contact_at": activity.occurred_at}
    if activity.verified:
        columns["last_verified_contact_at"] = activity.occurred_at
    for column, at in columns.items():
        before = getattr(customer, column)
        if before is None or before < at:
            setattr(customer, column, at)
            Customer.objects.filter(pk=customer.pk).update(**{column: at})


def plan_follow_up(
    *,
    by: Any,
    now: datetime,
    customer: Customer,
    text: str,
    due_at: datetime,
    owner: Any = None,
    activity: Activity | None = None,
) -> FollowUp:
    """Promise a next step for a day: one row, one line on the owner's day, reminders from then on."""
    with transaction.atomic():
        planned = FollowUp.objects.create(
            customer=customer,
            owner=owner or by,
            text=text.strip(),
            due_at=due_at,
            activity=activity,
            reminded_up_to=reminded_at_planning(due_at, now),
        )
        planned.put_on_list()
        customer.refresh_next_follow()
        data = {"due_at": due_at.isoformat()}
        audit.record("crm.add_followup", planned, by=by, now=now, to_state=planned.state, data=data)
    return planned


def reveal_contact(*, by: Any, now: datetime, contact: Contact, reason: str) -> Contact:
    """Open a person's full numbers: asked for with a reason, counted against the daily allowance, kept in the audit."""
    require(by, "crm.reveal_contact", contact)
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    with transaction.atomic():
        opened = AuditEntry.objects.filter(actor=by, at__gte=today, code="crm.reveal_contact").count()
        if opened >= param("crm.reveals_per_day", at=now):
            raise TooMany(_("Your allowance of full numbers for today is used up; it starts again tomorrow."))
        audit.record("crm.reveal_contact", contact, by=by, now=now, reason=reason)
    return contact


def assign_customer(
    *, by: Any, now: datetime, customer: Customer, owner: Any, reason: str = "", version: int | None = None
) -> Customer:
    """Give a customer to a project manager of its branch: out of the queue or pool, or from one owner to another.

    The customer's open follow-ups and their tasks go along; the former owner keeps reading for 30 days. Refuses
    an owner outside the branch, a change of owner without a reason, and a stale version.
    """
    with transaction.atomic():
        rows = Customer.objects.visible_to(by).select_for_update(of=("self",))
        locked = rows.filter(pk=customer.pk).first()
        if locked is None:
            raise NotFound()
        code = locked.giving_right
        if by is not None:
            require(by, code, locked)
        if version is not None and version != locked.version:
            raise StaleVersion(data={"version": locked.version})
        _check_assignment(locked, owner, reason)
        former, locked.owner = locked.owner, owner
        locked.pool_status, locked.pool_entered_at = "", None
        locked.version += 1
        locked.save(update_fields=["owner", "pool_status", "pool_entered_at", "version", "updated_at"])
        _hand_over_follow_ups(locked, former, owner, by, now)
        close_tasks(locked, now=now, kind=ASSIGN_TASK)
        audit.record(
            code,
            locked,
            by=by,
            now=now,
            reason=reason,
            data={"from": former.pk if former else None, "to": owner.pk},
        )
        if owner != by:
            notify(
                [owner],
                "crm.customer_assigned",
                locked,
                now=now,
                dedupe_key=f"assigned:{locked.pk}:{locked.version}",
            )
    return locked


def _check_assignment(customer: Customer, owner: Any, reason: str) -> None:
    if owner is None or not owner.is_active or owner.branch != customer.branch:
        raise RuleBroken(errors={"owner": [_("Choose an active project manager of the customer's branch.")]})
    if customer.owner_id == owner.pk:
        raise RuleBroken(errors={"owner": [_("This person already owns the customer.")]})
    if customer.owner_id is not None and not reason.strip():
        raise RuleBroken(errors={"reason": [_("Say why the owner changes; the former owner reads it.")]})


def _hand_over_follow_ups(customer: Customer, former: Any, owner: Any, by: Any, now: datetime) -> None:
    if former is None:
        return
    grant_access(
        customer,
        user=former,
        source=AccessSource.FORMER_OWNER,
        by=by,
        now=now,
        until=now + FORMER_OWNER_SEES_FOR,
    )
    for planned in FollowUp.objects.open().filter(customer=customer, owner=former):
        FollowUp.objects.filter(pk=planned.pk).update(owner=owner, version=models.F("version") + 1)
        hand_over_tasks(planned, to=owner, now=now)


def managers_of(branch: OrgUnit, now: datetime) -> list[Any]:
    """The people who manage a branch: its head, else whoever holds the manager's grant for it."""
    if branch.head is not None and branch.head.is_active:
        return [branch.head]
    grants = Grant.objects.counting(now).filter(role=Role.BM, scope_unit=branch).select_related("user")
    return [grant.user for grant in grants if grant.user.is_active]


def ask_assignment(customer: Customer, *, now: datetime) -> None:
    """Put a waiting customer on its branch manager's list; due within one working day."""
    due_at = end_of_nth_working_day(now, 1, work_calendar(customer.branch.calendar_code))
    for manager in managers_of(customer.branch, now):
        open_task(ASSIGN_TASK, customer, manager, due_at=due_at, severity=1)


def record_facts(*, customer: Customer, source: str, facts: Mapping[str, Any], now: datetime) -> None:
    """Bring down what an app above knows; a source writes only its own columns and stamps its as-of time.

    Raises LookupError for an unknown source or a column that is not the source's.
    """
    foreign = set(facts) - set(SOURCES[source])
    if foreign:
        raise LookupError(f"{source} may not write {sorted(foreign)}")
    CustomerFacts.objects.update_or_create(customer=customer, defaults={**facts, f"{source}_at": now})


def hold(*, customer: Customer, kind: str, ref: str, now: datetime, until: datetime | None = None) -> None:
    """Keep a customer from being recycled or merged while `ref` is open; holding again only moves the end."""
    CustomerHold.objects.update_or_create(customer=customer, kind=kind, ref=ref, defaults={"until": until})


def release(*, customer: Customer, kind: str, ref: str) -> int:
    """Withdraw a hold; returns whether there was one."""
    removed, _kinds = CustomerHold.objects.filter(customer=customer, kind=kind, ref=ref).delete()
    return removed

"""The public pool (公海): claiming a customer, giving one back, keeping one longer, and asking another branch for one."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.calendars import work_calendar
from core.errors import NotAllowed, NotFound, RuleBroken, StaleVersion, TooMany, WrongState
from core.notify import notify
from core.params import param
from core.rules import ask, require
from core.tasks_list import close_tasks, open_task
from core.workdays import end_of_nth_working_day
from crm.choices import HoldKind, PoolStatus
from crm.models import CrossClaim, Customer, PoolEvent
from crm.operations.assignment import ask_assignment, managers_of, move_follow_ups
from crm.operations.facts import hold
from crm.operations.loads import check_load
from crm.operations.moves import give, let_go, log_move
from crm.pool_choices import INTO_POOL, AssignmentClass, PoolMove, PoolReason
from crm.pool_clock import forecast, local_day

CONSENT_TASK = "crm.consent_crossclaim"


def claim_terms(now: datetime) -> Mapping[str, int]:
    """The company's limits on claims: a day, working days to the first contact, days barred, times in a year, extension."""
    return param("crm.pool_claims", at=now)


def end_of_local_day(day: Any) -> datetime:
    """The last second of a local day."""
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


def claim_customer(*, by: Any, now: datetime, customer: Customer) -> Customer:
    """Take a customer out of one's own branch's pool, or headquarters'; one of many who try gets it.

    Refuses a customer somebody else was given meanwhile (409), one that still waits for the branch manager (409), and
    by rule: claims of the day used up, load cap, former owner within the bar, third claim of the same customer in a
    year. The first two-way contact must follow within three working days, or the customer goes back.
    """
    with transaction.atomic():
        locked = _lock_in_pool(customer, by)
        if locked.pool_status != PoolStatus.POOL:
            raise _not_to_be_claimed(locked)
        require(by, "crm.claim_customer", locked)
        check_load(by, [locked], now)
        _check_claims(locked, by, now)
        return _take(locked, by, by=by, now=now)


def _lock_in_pool(customer: Customer, by: Any) -> Customer:
    rows = Customer.objects.in_pool_reach(by).select_for_update(of=("self",))
    locked = rows.filter(pk=customer.pk).first()
    if locked is None:
        raise NotFound()
    return locked


def _not_to_be_claimed(customer: Customer) -> WrongState:
    if customer.owner is not None:
        sentence = _("%(name)s was quicker: the customer has an owner now.") % {"name": customer.owner.name}
        return WrongState(sentence, data={"owner": customer.owner_id})
    return WrongState(
        _("This customer is not in the pool; the branch manager assigns it."),
        data={"pool_status": customer.pool_status},
    )


def _check_claims(customer: Customer, claimant: Any, now: datetime) -> None:
    """The limits that keep a pool from becoming a merry-go-round; the claimant's row is locked already."""
    terms = claim_terms(now)
    claims = PoolEvent.objects.filter(to_owner=claimant, move=PoolMove.CLAIMED)
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    if claims.filter(at__gte=midnight).count() >= terms["per_day"]:
        raise TooMany(_("You have claimed %(n)s customers today; go on tomorrow.") % {"n": terms["per_day"]})
    of_customer = PoolEvent.objects.filter(customer=customer)
    barred_since = now - timedelta(days=terms["barred_days"])
    if of_customer.filter(from_owner=claimant, move__in=INTO_POOL, at__gt=barred_since).exists():
        sentence = _("You owned it until lately; for %(n)s days it is somebody else's turn.")
        raise RuleBroken(sentence % {"n": terms["barred_days"]}, code="former_owner")
    year = now - timedelta(days=365)
    if (
        of_customer.filter(to_owner=claimant, move=PoolMove.CLAIMED, at__gt=year).count()
        >= terms["times_a_year"]
    ):
        sentence = _("You have claimed this customer %(n)s times within a year already.")
        raise RuleBroken(sentence % {"n": terms["times_a_year"]}, code="claimed_before")


def _take(customer: Customer, claimant: Any, *, by: Any, now: datetime, note: str = "") -> Customer:
    """Make the claimant the owner: branch, clocks, the last owner's open follow-ups."""
    customer.branch = claimant.branch
    calendar = work_calendar(claimant.branch.calendar_code)
    due_at = end_of_nth_working_day(now, claim_terms(now)["contact_days"], calendar)
    last = PoolEvent.objects.filter(customer=customer, move__in=INTO_POOL).order_by("-at", "-pk").first()
    give(
        customer,
        claimant,
        move=PoolMove.CLAIMED,
        code="crm.claim_customer",
        by=by,
        now=now,
        note=note,
        claim_due_at=due_at,
    )
    if last is not None and last.from_owner is not None:
        move_follow_ups(customer, last.from_owner, claimant, now)
    return customer


def return_to_pool(
    *, by: Any, now: datetime, customer: Customer, reason: str, version: int | None = None
) -> Customer:
    """Give a customer back for others to claim, with the reason; the branch manager also releases one from the queue.

    One-to-one customers never go where anybody may take them: they wait for the branch manager. Small ones go to the
    care desk. Refuses without a reason, and a customer that is held (open project, contract, ticket, complaint, …).
    """
    with transaction.atomic():
        rows = Customer.objects.visible_to(by).select_for_update(of=("self",))
        locked = rows.filter(pk=customer.pk).first()
        if locked is None:
            raise NotFound()
        require(by, "crm.return_to_pool_customer", locked)
        if version is not None and version != locked.version:
            raise StaleVersion(data={"version": locked.version})
        _check_return(locked, reason, now)
        former = locked.owner
        why = (
            PoolReason.RETURNED if former is not None else locked.pool_reason or PoolReason.UNASSIGNED_IMPORT
        )
        goes_to = resting_place(locked)
        let_go(
            locked,
            to=goes_to,
            move=PoolMove.RETURNED,
            code="crm.return_to_pool_customer",
            reason=why,
            by=by,
            now=now,
            note=reason,
        )
        if goes_to == PoolStatus.QUEUE:
            ask_assignment(locked, now=now)
        if former is not None and former != by:
            key = f"returned:{locked.pk}:{locked.version}"
            data = {"code": locked.code}
            notify([former], "crm.customer_taken_back", None, now=now, dedupe_key=key, data=data)
    return locked


def resting_place(customer: Customer) -> str:
    """Where a customer without an owner waits: one-to-one for the manager, small ones at the care desk, others in the pool."""
    if customer.assignment_class == AssignmentClass.ONE_TO_ONE:
        return PoolStatus.QUEUE
    return PoolStatus.CARE if customer.assignment_class == AssignmentClass.CARE_POOL else PoolStatus.POOL


def _check_return(customer: Customer, reason: str, now: datetime) -> None:
    if customer.pool_status in (PoolStatus.POOL, PoolStatus.CARE):
        raise WrongState(_("This customer has no owner already."), data={"pool_status": customer.pool_status})
    if not reason.strip():
        raise RuleBroken(errors={"reason": [_("Say why; whoever takes the customer next reads it.")]})
    kinds = [kind for kind in forecast(customer, now).holds if kind != HoldKind.EXTENSION]
    if kinds:
        words = "、".join(str(HoldKind(kind).label) for kind in kinds)
        raise RuleBroken(
            _("Not now: %(what)s. Ask the branch manager to transfer the customer instead.")
            % {"what": words},
            code="held",
            data={"holds": kinds},
        )


def extend_customer(
    *, by: Any, now: datetime, customer: Customer, reason: str, version: int | None = None
) -> Customer:
    """Let the owner keep a customer 30 days longer; once in an ownership, by the branch manager, with a reason."""
    with transaction.atomic():
        rows = Customer.objects.visible_to(by).select_for_update(of=("self",))
        locked = rows.filter(pk=customer.pk).first()
        if locked is None:
            raise NotFound()
        require(by, "crm.extend_customer", locked)
        if version is not None and version != locked.version:
            raise StaleVersion(data={"version": locked.version})
        due = forecast(locked, now).deadline
        if due is None:
            raise WrongState(_("This customer is not about to go to the pool; there is nothing to extend."))
        if not reason.strip():
            raise RuleBroken(errors={"reason": [_("Say why the owner needs more time.")]})
        since = locked.owned_since or locked.created_at
        moves = PoolEvent.objects.filter(customer=locked, move=PoolMove.EXTENDED, at__gte=since)
        if moves.exists():
            raise WrongState(_("The time was extended once already; that is all there is for one owner."))
        _extend(locked, due.due_on, by, now, reason)
    return locked


def _extend(locked: Customer, due_on: Any, by: Any, now: datetime, reason: str) -> None:
    until = max(due_on, local_day(now)) + timedelta(days=claim_terms(now)["extension_days"])
    ref = f"extension:{(locked.owned_since or locked.created_at).isoformat()}"
    hold(customer=locked, kind=HoldKind.EXTENSION, ref=ref, now=now, until=end_of_local_day(until))
    locked.pool_due_on = until
    locked.version += 1
    locked.save(update_fields=["pool_due_on", "version", "updated_at"])
    log_move(
        locked, PoolMove.EXTENDED, by=by, now=now, from_owner=locked.owner, to_owner=locked.owner, note=reason
    )
    data = {"until": until.isoformat()}
    audit.record("crm.extend_customer", locked, by=by, now=now, reason=reason, data=data)


# --- across branches ------------------------------------------------------------------------------------------------------


def ask_cross_claim(*, by: Any, now: datetime, code: str, reason: str) -> CrossClaim:
    """Ask for a customer in another branch's pool, named by its number; both branch managers then decide.

    An unknown number and a customer that is not to be had are refused alike, so that asking teaches nothing.
    """
    require(by, "crm.add_crossclaim")
    errors: dict[str, list[Any]] = {}
    wanted = Customer.objects.alive().filter(code=code.strip().upper(), pool_status=PoolStatus.POOL).first()
    if wanted is None:
        errors["code"] = [_("No customer of this number waits in a pool.")]
    elif by.branch is None or wanted.branch_id == by.branch.pk or ask(by, "crm.claim_customer", wanted):
        errors["code"] = [_("This customer is in a pool you may claim from; claim it there.")]
    if not reason.strip():
        errors["reason"] = [_("Say why you can serve it better; both managers read it.")]
    if errors or wanted is None:
        raise RuleBroken(errors=errors)
    claim = CrossClaim(
        customer=wanted, claimant=by, from_branch=wanted.branch, to_branch=by.branch, reason=reason.strip()
    )
    with transaction.atomic():
        try:
            with transaction.atomic():
                claim.save()
        except IntegrityError as error:
            raise RuleBroken(errors={"code": [_("You have asked for this customer already.")]}) from error
        data = {"from": wanted.branch_id, "to": by.branch.pk}
        audit.record("crm.add_crossclaim", claim, by=by, now=now, reason=reason, data=data)
        due_at = end_of_nth_working_day(now, 2, work_calendar())
        for branch in (claim.from_branch, claim.to_branch):
            for manager in managers_of(branch, now):
                open_task(CONSENT_TASK, claim, manager, due_at=due_at, severity=1)
    return claim


def sides_of(claim: CrossClaim, by: Any) -> list[str]:
    """For which branches this person's consent is still missing: `from`, `to`."""
    authority = by.authority()
    managed = {
        unit for one in authority.holds if one.role == "BM" and not one.everywhere for unit in one.branch_ids
    }
    everywhere = any(one.role == "BM" and one.everywhere for one in authority.holds)
    return [
        side
        for side, branch, given in (
            ("from", claim.from_branch_id, claim.from_consent_at),
            ("to", claim.to_branch_id, claim.to_consent_at),
        )
        if given is None and (everywhere or branch in managed)
    ]


def agree_cross_claim(claim: CrossClaim, *, by: Any, now: datetime) -> bool:
    """Write down one branch's consent on the locked claim; with both, move the customer. Returns whether it moved."""
    missing = sides_of(claim, by)
    if not missing:
        raise NotAllowed(_("The other branch's manager decides now."))
    setattr(claim, f"{missing[0]}_consent_by", by)
    setattr(claim, f"{missing[0]}_consent_at", now)
    close_tasks(claim, now=now, kind=CONSENT_TASK, assignee=by)
    if claim.from_consent_at is None or claim.to_consent_at is None:
        return False
    locked = Customer.objects.select_for_update(of=("self",)).get(pk=claim.customer_id)
    if locked.pool_status != PoolStatus.POOL:
        raise _not_to_be_claimed(locked)
    check_load(claim.claimant, [locked], now)
    _check_claims(locked, claim.claimant, now)
    _take(locked, claim.claimant, by=by, now=now, note=claim.reason)
    tell_claimant(claim, "crm.cross_claim_agreed", now=now)
    return True


def tell_claimant(claim: CrossClaim, code: str, *, now: datetime) -> None:
    """Tell the claimant how it ended, and take the question off the managers' lists."""
    close_consent_tasks(claim, now=now)
    notify([claim.claimant], code, claim, now=now, dedupe_key=f"{code}:{claim.pk}")


def close_consent_tasks(claim: CrossClaim, *, now: datetime) -> None:
    """Take the question off the managers' lists."""
    close_tasks(claim, now=now, kind=CONSENT_TASK)

"""Merging two customers: proposing, carrying out, taking back; linking what is no duplicate; vouching for a credit code."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.models import User
from core import audit
from core.calendars import work_calendar
from core.errors import NotFound, RuleBroken, StaleVersion, WrongState
from core.notify import notify
from core.params import param
from core.rules import require
from core.tasks_list import close_tasks, open_task
from core.workdays import end_of_nth_working_day
from crm.choices import Identity, MergeState
from crm.duplicate_search import find_duplicates, party_of
from crm.identifiers import USCC_OK, check_uscc
from crm.merge_choices import survivor_rank
from crm.merge_ledger import Ledger
from crm.merging import make_one, move_all
from crm.models import Contact, Customer, CustomerMerge
from crm.operations.assignment import managers_of

APPROVE_TASK = "crm.approve_merge"
Fold = Sequence[tuple[int, int]]


def better_survivor(first: Customer, second: Customer) -> tuple[Customer, Customer]:
    """The two as (survivor, loser): a valid credit code > more signed orders > older."""
    pair = sorted((first, second), key=lambda row: survivor_rank(row, _orders(row)), reverse=True)
    return pair[0], pair[1]


def _orders(row: Customer) -> int:
    facts = getattr(row, "facts", None)
    return (facts.orders_36m or 0) if facts is not None else 0


def propose_merge(
    *, by: Any, now: datetime, customer: Customer, other: Customer, reason: str
) -> CustomerMerge:
    """Ask those who may merge to make one of two customers; proposing the same pair again changes nothing.

    The branch manager decides, or the CRM office when two branches are concerned. Refuses what a merge would refuse.
    """
    with transaction.atomic():
        mine = _locked(by, [customer.pk])[0]
        require(by, "crm.propose_merge_customer", mine)
        theirs = Customer.objects.alive().filter(pk=other.pk).first()
        if theirs is None:
            raise NotFound()
        refuse_unmergeable(mine, theirs, now)
        survivor, loser = better_survivor(mine, theirs)
        known = CustomerMerge.objects.proposed().filter(survivor__in=(mine, theirs), loser__in=(mine, theirs))
        if waiting := known.first():
            return waiting
        merge = CustomerMerge.objects.create(
            survivor=survivor, loser=loser, owner=by, branch=survivor.branch, reason=reason.strip()
        )
        audit.record(
            "crm.propose_merge_customer", merge, by=by, now=now, root=mine, reason=reason, data=_pair(merge)
        )
        due_at = end_of_nth_working_day(now, 3, work_calendar(survivor.branch.calendar_code))
        for person in _deciders(merge, now):
            open_task(APPROVE_TASK, merge, person, due_at=due_at, severity=1)
    return merge


def _deciders(merge: CustomerMerge, now: datetime) -> list[Any]:
    """The managers of the one branch concerned, else (or when they proposed it themselves) the CRM office."""
    same = merge.survivor.branch_id == merge.loser.branch_id
    people = [
        person for person in managers_of(merge.survivor.branch, now) if same and person.pk != merge.owner_id
    ]
    office = User.objects.holding(Role.CO, now=now).exclude(pk=merge.owner_id)
    return people or [person for person in office if person.is_active]


def merge_customers(
    *,
    by: Any,
    now: datetime,
    survivor: Customer,
    loser: Customer,
    choices: Mapping[str, str] | None = None,
    fold: Fold = (),
    version: int | None = None,
    loser_version: int | None = None,
    reason: str = "",
) -> CustomerMerge:
    """Make one customer of two and return the merge, by which it can be taken back for thirty days.

    `choices` says per field whose value is kept, `fold` which of the loser's people are the survivor's. Refuses
    customers out of sight (404), without the right over both (403), changed since they were read or merged by
    somebody else (409), and two that are certainly not one: different valid codes, parent and branch, departments,
    a customer kept as it is by a hold.
    """
    with transaction.atomic():
        rows = _locked(by, [survivor.pk, loser.pk])
        for row, seen in zip(rows, (version, loser_version), strict=True):
            if seen is not None and seen != row.version:
                raise StaleVersion(data={"version": row.version, "customer": row.pk})
        merge = CustomerMerge(
            survivor=rows[0],
            loser=rows[1],
            owner=by,
            branch=rows[0].branch,
            reason=reason,
            state=MergeState.DONE,
        )
        data = carry_out(merge, by=by, now=now, choices=choices or {}, fold=fold)
        merge.save(force_insert=True)
        audit.record(
            "crm.merge_customer", rows[0], by=by, now=now, reason=reason, data={**data, "merge": merge.pk}
        )
    return merge


def carry_out(
    merge: CustomerMerge, *, by: Any, now: datetime, choices: Mapping[str, str], fold: Fold
) -> dict[str, Any]:
    """The merge itself, written into `merge` (not saved): locks both, asks the right over both, moves, tells the owners."""
    survivor, loser = _locked(by, [merge.survivor_id, merge.loser_id])
    for row in (survivor, loser):
        require(by, "crm.merge_customer", row)
    refuse_unmergeable(survivor, loser, now)
    _check_fold(survivor, loser, fold)
    owners = [row.owner for row in (survivor, loser) if row.owner is not None]
    ledger = Ledger()
    make_one(survivor, loser, ledger, choices=choices, fold=fold, by=by, now=now)
    Customer.objects.filter(pk__in=(survivor.pk, loser.pk)).update(
        version=models.F("version") + 1, updated_at=now
    )
    merge.steps, merge.stayed = ledger.steps, ledger.stayed
    merge.choices = {"fields": dict(choices), "fold": [list(pair) for pair in fold]}
    merge.branch, merge.decided_by, merge.decided_at = survivor.branch, by, now
    if merge.pk:
        close_tasks(merge, now=now)
    told = [person for person in (*owners, merge.owner) if person is not None and person != by]
    key = f"merged:{survivor.pk}:{loser.pk}:{now.isoformat()}"
    notify(told, "crm.customer_merged", survivor, now=now, dedupe_key=key, data={"name": loser.name})
    return {"survivor": survivor.pk, "loser": loser.pk, "moved": sum(merge.moved.values())}


def _locked(by: Any, ids: Sequence[int]) -> list[Customer]:
    """These customers, locked in the order of their ids so that two merges of one pair wait for each other.

    A child row added meanwhile waits too. Raises WrongState for one that was merged away in the meantime.
    """
    everything = Customer.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    rows = {row.pk: row for row in everything.select_related("branch", "owner", "facts")}
    if any(pk in rows and rows[pk].merged_into_id for pk in ids):
        raise WrongState(_("One of the two has been merged already."))
    seen = set(Customer.objects.visible_to(by).filter(pk__in=ids).values_list("pk", flat=True))
    if any(pk not in seen for pk in ids):
        raise NotFound()
    return [rows[pk] for pk in ids]


def refuse_unmergeable(survivor: Customer, loser: Customer, now: datetime) -> None:
    """Raise RuleBroken for two that are not one, or that must stay as they are for now."""
    if survivor.pk == loser.pk:
        raise RuleBroken(errors={"loser": [_("Choose another customer.")]})
    if survivor.unit_id or loser.unit_id:
        raise RuleBroken(errors={"loser": [_("Departments mirror the organisation and are not merged.")]})
    codes = {row.uscc for row in (survivor, loser) if row.uscc and check_uscc(row.uscc) == USCC_OK}
    if len(codes) > 1:
        raise RuleBroken(
            errors={
                "loser": [
                    _("Two different valid credit codes are two companies. Link them as parent and branch.")
                ]
            }
        )
    if _is_above(survivor, loser) or _is_above(loser, survivor):
        raise RuleBroken(errors={"loser": [_("One is the other's parent; they are two companies.")]})
    forbidding = param("crm.holds_forbidding_merge", at=now)
    held = loser.holds.filter(kind__in=forbidding).exclude(until__lt=now).first()  # type: ignore[attr-defined]
    if held is not None:
        places = {"kind": held.get_kind_display(), "ref": held.ref}
        raise RuleBroken(
            errors={"loser": [_("%(kind)s %(ref)s keeps this customer as it is. Merge afterwards.") % places]}
        )


def _is_above(one: Customer, other: Customer) -> bool:
    """Whether `one` is a parent of `other`, however far up."""
    seen: set[int] = set()
    above = other.parent
    while above is not None and above.pk not in seen:
        if above.pk == one.pk:
            return True
        seen.add(above.pk)
        above = above.parent
    return False


def _check_fold(survivor: Customer, loser: Customer, fold: Fold) -> None:
    here = {row.pk: row.customer_id for row in Contact.objects.alive().filter(customer__in=(survivor, loser))}
    gone = [pair[0] for pair in fold]
    fits = all(here.get(one) == loser.pk and here.get(kept) == survivor.pk for one, kept in fold)
    if not fits or len(set(gone)) < len(gone):
        raise RuleBroken(
            errors={"fold": [_("Each of these people must be a contact of one of the two customers.")]}
        )


def take_back(merge: CustomerMerge, *, by: Any, now: datetime) -> list[str]:
    """Undo a merge's steps, the last first; returns the columns somebody has changed since, which stay (kind.column)."""
    ids = sorted((merge.survivor_id, merge.loser_id))
    rows = {
        row.pk: row
        for row in Customer.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    }
    survivor, loser = rows[merge.survivor_id], rows[merge.loser_id]
    if survivor.merged_into_id:
        raise RuleBroken(_("The customer was itself merged afterwards. Take that merge back first."))
    if CustomerMerge.objects.done().filter(survivor=survivor, decided_at__gt=merge.decided_at).exists():
        raise RuleBroken(_("A later merge into this customer must be taken back first."))
    require(by, "crm.undo_merge_customer", survivor)
    try:
        with transaction.atomic():
            kept = Ledger(merge.steps).take_back()
    except IntegrityError as error:
        raise RuleBroken(
            _("A name, code or site has been given to another row since. Change that first.")
        ) from error
    survivor.refresh_from_db()
    loser.refresh_from_db()
    for row in (survivor, loser):
        row.refresh_next_follow()
    Customer.objects.filter(pk__in=ids).update(version=models.F("version") + 1, updated_at=now)
    people = [row.owner for row in (survivor, loser) if row.owner is not None and row.owner != by]
    notify(
        people,
        "crm.merge_undone",
        survivor,
        now=now,
        dedupe_key=f"unmerged:{merge.pk}",
        data={"name": loser.name},
    )
    return sorted(set(kept))


def last_merge(customer: Customer) -> CustomerMerge | None:
    """The merge into this customer that could be taken back now."""
    return CustomerMerge.objects.done().filter(survivor=customer).order_by("-decided_at", "-pk").first()


def tell_refused(merge: CustomerMerge, *, now: datetime) -> None:
    """Close the deciders' tasks and tell whoever proposed it."""
    close_tasks(merge, now=now)
    notify([merge.owner], "crm.merge_refused", merge, now=now, dedupe_key=f"merge-refused:{merge.pk}")


def move_strays(merge: CustomerMerge) -> int:
    """Move what was written on the loser in the very moment it was merged away; returns how many rows."""
    ledger = Ledger(merge.steps)
    moved = move_all(merge.loser, merge.survivor, ledger)
    if moved:
        CustomerMerge.objects.filter(pk=merge.pk).update(steps=ledger.steps)
    return moved


def link_to_parent(*, child: Customer, parent: Customer, by: Any, now: datetime) -> Customer:
    """Make one customer the branch or subsidiary of another. Refuses a ring."""
    with transaction.atomic():
        rows = Customer.objects.visible_to(by).select_for_update(of=("self",))
        locked = rows.filter(pk=child.pk).first()
        if locked is None:
            raise NotFound()
        require(by, "crm.change_customer", locked)
        if locked.pk == parent.pk or _is_above(locked, parent):
            raise RuleBroken(errors={"parent": [_("A company cannot be below itself.")]})
        Customer.objects.filter(pk=locked.pk).update(
            parent=parent, version=models.F("version") + 1, updated_at=now
        )
        audit.record(
            "crm.change_customer", locked, by=by, now=now, data={"columns": ["parent"], "parent": parent.pk}
        )
    locked.refresh_from_db()
    return locked


def verify_identity(
    *, by: Any, now: datetime, customer: Customer, evidence: Iterable[int], version: int | None = None
) -> Customer:
    """Vouch that the credit code is the one on the licence; `evidence` are ids of files shown on the customer.

    Needed for a code whose check digit is wrong, welcome for any. Refuses without a code, and without a licence scan.
    """
    from core.files import attachments_of

    with transaction.atomic():
        locked = (
            Customer.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=customer.pk).first()
        )
        if locked is None:
            raise NotFound()
        require(by, "crm.verify_identity_customer", locked)
        if version is not None and version != locked.version:
            raise StaleVersion(data={"version": locked.version})
        if locked.identity in (Identity.NONE, Identity.VERIFIED):
            raise WrongState(_("There is no credit code to compare."))
        files = set(attachments_of(locked).filter(pk__in=list(evidence)).values_list("pk", flat=True))
        if not files:
            raise RuleBroken(
                errors={"evidence": [_("Choose the scan of the licence; add it under Files first.")]}
            )
        locked.verified_uscc = locked.uscc
        locked.version += 1
        locked.save(update_fields=["verified_uscc", "version", "updated_at"])
        audit.record(
            "crm.verify_identity_customer",
            locked,
            by=by,
            now=now,
            evidence=sorted(files),
            data={"check": check_uscc(locked.uscc)},
        )
    return locked


def likely_duplicates(customer: Customer) -> list[Any]:
    """The customers this one may be the same as, by the rules of the duplicate check."""
    from crm.duplicate_search import Without

    return find_duplicates(party_of(customer), Without([customer.pk]))


def _pair(merge: CustomerMerge) -> dict[str, int]:
    return {"survivor": merge.survivor_id, "loser": merge.loser_id}

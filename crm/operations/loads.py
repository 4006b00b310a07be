"""How much each project manager carries, and who may carry a key account."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import Role
from accounts.models import Membership, User
from core import audit
from core.errors import RuleBroken
from core.params import param
from core.rules import require
from crm.assignment_classes import MAX_LIFT, Load
from crm.choices import Tier
from crm.models import Customer, LoadLift

LONGEST_LIFT = timedelta(days=92)

MEASURE_WORDS: dict[str, str | Promise] = {
    "vip": pgettext_lazy("load", "key accounts"),
    "owned": pgettext_lazy("load", "customers"),
    "projects": pgettext_lazy("load", "open projects"),
}


def load_caps(now: datetime) -> Mapping[str, Any]:
    """The company's caps in force: VIPs, customers, open projects, and the share from which to warn."""
    return param("crm.load_caps", at=now)


def load_words(load: Load, caps: Mapping[str, Any]) -> str:
    """A load against the caps in words: 87/120 customers · 3/15 key accounts · 11/25 open projects."""
    return " · ".join(
        f"{getattr(load, measure)}/{load.cap(measure, caps)} {MEASURE_WORDS[measure]}"
        for measure in ("owned", "vip", "projects")
    )


def loads_of(people: Iterable[int], now: datetime) -> dict[int, Load]:
    """What each of these people carries, in two statements for all of them."""
    ids = list(people)
    owned = (
        Customer.objects.alive()
        .filter(owner__in=ids, historical=False)
        .order_by()
        .values("owner")
        .annotate(
            owned=Count("pk"),
            vip=Count("pk", filter=Q(tier=Tier.VIP)),
            open_projects=Sum("facts__open_projects"),
        )
    )
    lifts = dict(
        LoadLift.objects.in_force(now).filter(user__in=ids).values_list("user_id", "percent").order_by()
    )
    found = {pk: Load(lift=lifts.get(pk, 0)) for pk in ids}
    for row in owned:
        found[row["owner"]] = Load(
            row["owned"], row["vip"], row["open_projects"] or 0, lifts.get(row["owner"], 0)
        )
    return found


def weight_of(customers: Iterable[Customer]) -> Load:
    """What these customers would add to somebody's load."""
    ids = [customer.pk for customer in customers]
    sums = Customer.objects.filter(pk__in=ids).aggregate(
        owned=Count("pk"), vip=Count("pk", filter=Q(tier=Tier.VIP)), projects=Sum("facts__open_projects")
    )
    return Load(sums["owned"], sums["vip"], sums["projects"] or 0)


def check_load(owner: Any, customers: Iterable[Customer], now: datetime) -> None:
    """Refuse (beside `owner`) what would pass a cap; the person's row is locked, so two assignments cannot both fit."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=owner.pk)
    caps, load = load_caps(now), loads_of([owner.pk], now)[owner.pk]
    blocked = load.blocked(weight_of(customers), caps)
    if blocked:
        measure = blocked[0]
        raise RuleBroken(
            code="load_cap",
            errors={
                "owner": [
                    _(
                        "%(name)s is full: %(number)s of at most %(cap)s %(what)s. The branch manager may raise"
                        " the load for a time."
                    )
                    % {
                        "name": owner.name,
                        "number": getattr(load, measure),
                        "cap": load.cap(measure, caps),
                        "what": MEASURE_WORDS[measure],
                    }
                ]
            },
            data={"measures": blocked},
        )


def is_senior(user: Any, now: datetime) -> bool:
    """Whether the person has sold long enough for a key account: since the first membership as seller (years by parameter)."""
    years = float(param("crm.vip_owner_years", at=now))
    sellers = Membership.objects.filter(user=user, role__in=[Role.PM, Role.BM])
    return sellers.filter(valid_from__lte=now - timedelta(days=365.25 * years)).exists()


def check_seniority(customer: Customer, owner: Any, mentor: Any, now: datetime) -> None:
    """A key account goes to somebody senior, or to a newcomer with a senior mentor of the same branch."""
    if customer.tier != Tier.VIP or is_senior(owner, now):
        return
    if mentor is None:
        raise RuleBroken(
            errors={
                "mentor": [
                    _("%(name)s is too new for a key account alone; name a mentor.") % {"name": owner.name}
                ]
            }
        )
    if mentor.pk == owner.pk or mentor.branch != customer.branch or not is_senior(mentor, now):
        raise RuleBroken(errors={"mentor": [_("Choose an experienced colleague of the customer's branch.")]})


def lift_load(
    *, by: Any, now: datetime, user: Any, percent: int, valid_to: datetime, reason: str
) -> LoadLift:
    """Let a project manager carry more for a time: at most 20 per cent and 92 days, by the manager of the branch.

    Refuses a second raise in the same time, and a manager raising their own load.
    """
    lift = LoadLift(
        user=user, percent=percent, valid_from=now, valid_to=valid_to, reason=reason.strip(), granted_by=by
    )
    require(by, "crm.add_loadlift", lift)
    errors: dict[str, list[Any]] = {}
    if by is not None and by.pk == user.pk:
        errors["user"] = [_("Nobody raises their own load.")]
    if not 0 < percent <= MAX_LIFT:
        errors["percent"] = [_("Between 1 and %(most)s per cent.") % {"most": MAX_LIFT}]
    if not now < valid_to <= now + LONGEST_LIFT:
        errors["valid_to"] = [_("At most 92 days from today.")]
    if not reason.strip():
        errors["reason"] = [_("Say why.")]
    if LoadLift.objects.filter(user=user).overlapping(now, valid_to).exists():
        errors["user"] = [_("This person's load is raised already in that time.")]
    if errors:
        raise RuleBroken(errors=errors)
    with transaction.atomic():
        lift.save()
        data = {"user": user.pk, "percent": percent, "until": valid_to.isoformat()}
        audit.record("crm.add_loadlift", lift, by=by, now=now, reason=reason, data=data)
    return lift

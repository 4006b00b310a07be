"""Pages of the public pool: what waits, claiming and giving back, the log of moves, claims across branches, the rules."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.clock import db_now
from core.kept import KeptRows
from core.rules import require
from core.views import HTTP_OK, ScopedDetailView, ScopedFormView, ScopedListView, opening_of
from crm.forms.customers import AssignManyForm
from crm.forms.pool import (
    CELLS,
    LIMIT_WORDS,
    NUMBER,
    SEGMENT_WORDS,
    ClaimForm,
    CrossClaimForm,
    ExtendForm,
    PoolRuleForm,
    ReturnForm,
    initial_of,
)
from crm.models import CrossClaim, Customer, PoolEvent, PoolRule, PoolRun
from crm.operations import (
    ask_cross_claim,
    assign_many,
    claim_customer,
    extend_customer,
    load_caps,
    loads_of,
    preview_bulk,
    propose_pool_rules,
    return_to_pool,
)
from crm.operations.pool import claim_terms, sides_of
from crm.operations.pool_rules import HORIZONS
from crm.pool_clock import local_day, pool_rules
from crm.pool_filters import POOL_VIEWS, PoolEventFilter, PoolFilter
from crm.pool_rules import SEGMENTS, VIP

POOL_ORDERINGS = {
    "-pool_entered_at": ("-pool_entered_at", "-id"),
    "pool_entered_at": ("pool_entered_at", "id"),
    "-last_contact_at": ("-last_contact_at", "-id"),
}
EVENT_ORDERINGS = {"-at": ("-at", "-id")}


POOL = KeptRows(lambda user: Customer.objects.visible_to(None).pool_of(user).for_pool())
OPENING = opening_of(POOL.rows, POOL_ORDERINGS)


class CustomerPoolView(ScopedListView):
    """Customers without an owner: name, place, trade, last contact, pumps and why they wait — no people, no numbers."""

    model = Customer
    template_name = "crm/customer_pool.html"
    filterset_class = PoolFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = POOL_ORDERINGS

    def code(self) -> str:
        return "crm.view_pool"

    def rows(self) -> Any:
        return Customer.objects.visible_to(None).pool_of(self.request.user)

    def opening(self) -> Any:
        return None if self.request.GET else OPENING

    def list_rows(self) -> Any:
        return POOL.rows(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        view = self.request.GET.get("view", "")
        manages = self.request.user.has_perm("crm.assign_customer")
        return super().get_context_data(views=POOL_VIEWS, view=view or "all", manages=manages, **kwargs)


class CustomerClaimView(ScopedFormView):
    """Take a customer out of the pool; the page says what follows from it and how full one is."""

    model = Customer
    permission = "claim"
    form_class = ClaimForm
    template_name = "crm/pool_claim.html"
    title = gettext_lazy("Claim")
    submit_label = gettext_lazy("Claim")

    def rows(self) -> Any:
        return Customer.objects.visible_to(None).in_pool_reach(self.request.user)

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, "crm.claim_customer")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now, person = db_now(), self.request.user
        load = loads_of([person.pk], now)[person.pk]
        return super().get_context_data(
            row=self.row, terms=claim_terms(now), load=load, caps=load_caps(now), **kwargs
        )

    def perform(self, form: Any) -> Any:
        return claim_customer(by=self.request.user, now=db_now(), customer=self.row)


class CustomerReturnView(ScopedFormView):
    """Give a customer back, with the reason."""

    model = Customer
    permission = "return_to_pool"
    form_class = ReturnForm
    template_name = "crm/simple_form.html"
    title = gettext_lazy("Return to the pool")
    submit_label = gettext_lazy("Return")

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, self.code(), self.row)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"initial": {"version": self.row.version}}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.row, version=self.row.version, **kwargs)

    def perform(self, form: Any) -> Any:
        return return_to_pool(by=self.request.user, now=db_now(), customer=self.row, **form.cleaned_data)

    def get_success_url(self, row: Any) -> str:
        seen = Customer.objects.visible_to(self.request.user).filter(pk=row.pk).exists()
        return row.get_absolute_url() if seen else reverse("crm:customer_list")


class CustomerExtendView(CustomerReturnView):
    """Let the owner keep a customer longer, once."""

    permission = "extend"
    form_class = ExtendForm
    title = gettext_lazy("Extend before the pool")
    submit_label = gettext_lazy("Extend")

    def perform(self, form: Any) -> Any:
        return extend_customer(by=self.request.user, now=db_now(), customer=self.row, **form.cleaned_data)


class PoolEventListView(ScopedListView):
    """Every move of the customers one sees, newest first; of one customer or one branch by filter."""

    model = PoolEvent
    filterset_class = PoolEventFilter
    orderings = EVENT_ORDERINGS


class CrossClaimListView(ScopedListView):
    """Claims across branches."""

    model = CrossClaim


class CrossClaimDetailView(ScopedDetailView):
    """One claim across branches: who agreed, who has to."""

    model = CrossClaim

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(sides=sides_of(kwargs["row"], self.request.user), **kwargs)


class CrossClaimCreateView(ScopedFormView):
    """Ask for a customer in another branch's pool."""

    model = CrossClaim
    permission = "add"
    form_class = CrossClaimForm
    template_name = "crm/pool_form.html"
    title = gettext_lazy("Ask another branch for a customer")
    submit_label = gettext_lazy("Ask both managers")

    def perform(self, form: Any) -> Any:
        return ask_cross_claim(by=self.request.user, now=db_now(), **form.cleaned_data)


class CustomerAssignManyView(ScopedFormView):
    """Give picked customers to one person: choosing the person shows what would happen, the button does it."""

    model = Customer
    permission = "assign"
    form_class = AssignManyForm
    template_name = "crm/assign_many.html"
    title = gettext_lazy("Assign several customers")
    submit_label = gettext_lazy("Assign")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.check()
        return self.render_form(self.get_form(request.GET if "owner" in request.GET else None), HTTP_OK)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form, user, now = kwargs["form"], self.request.user, db_now()
        picked = (self.request.POST or self.request.GET).getlist("customers")
        ids = [int(pk) for pk in picked if pk.isdecimal()]
        rows = Customer.objects.visible_to(user).filter(pk__in=ids).for_list()
        preview = None
        if form.is_bound and form.is_valid():
            preview = preview_bulk(
                form.cleaned_data["customers"],
                form.cleaned_data["owner"],
                by=user,
                now=now,
                reason=form.cleaned_data["reason"],
            )
        return super().get_context_data(picked=rows, preview=preview, caps=load_caps(now), **kwargs)

    def perform(self, form: Any) -> Any:
        values = {name: value for name, value in form.cleaned_data.items() if name != "preview"}
        return assign_many(by=self.request.user, now=db_now(), **values)[0]

    def get_success_url(self, row: Any) -> str:
        return reverse("crm:customer_pool")


# --- rules ----------------------------------------------------------------------------------------------------------------


def table_of(rules: Any) -> list[dict[str, Any]]:
    """The table of rules as rows of words and days."""
    return [
        {"label": SEGMENT_WORDS[segment], "cells": [rules[segment][limit] for limit in (*NUMBER, "notices")]}
        for segment in SEGMENTS
    ]


def effect_of(simulation: Any) -> list[dict[str, Any]]:
    """What a proposal would do, summed over branches: for each horizon the number now and then."""
    sums = {
        when: {
            days: sum(branch.get(str(days), 0) for branch in simulation.get(when, {}).values())
            for days in HORIZONS
        }
        for when in ("now", "then")
    }
    return [
        {
            "days": days,
            "now": sums["now"][days],
            "then": sums["then"][days],
            "more": sums["then"][days] - sums["now"][days],
        }
        for days in HORIZONS
    ]


class PoolRuleListView(ScopedListView):
    """The rules in force, what they will do tonight and in the next fourteen days, the last runs, and the proposals."""

    model = PoolRule

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now, user = db_now(), self.request.user
        today = local_day(now)
        rules = pool_rules(now)
        within = Customer.objects.visible_to(user).pool_due_within(today, 14)
        by_branch = (
            within.order_by()
            .values("branch__code", "branch__name_zh", "branch__name_en")
            .annotate(n=Count("pk"))
        )
        return super().get_context_data(
            table=table_of(rules),
            vip=rules[VIP],
            tonight=within.filter(pool_due_on__lt=today + timedelta(days=1)).count(),
            fortnight=sorted(by_branch, key=lambda row: row["branch__code"]),
            soon=within.for_list().order_by("pool_due_on", "pk")[:12],
            runs=PoolRun.objects.visible_to(user).order_by("-day", "step")[:8],
            terms=claim_terms(now),
            **kwargs,
        )


class PoolRuleDetailView(ScopedDetailView):
    """A proposed change beside the rules in force, with what it would do."""

    model = PoolRule

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, rules = kwargs["row"], pool_rules(kwargs["now"])
        changes = [
            {
                "segment": SEGMENT_WORDS[segment],
                "limit": LIMIT_WORDS[limit],
                "before": rules[segment][limit],
                "after": row.values[segment][limit],
            }
            for segment, limit in CELLS
            if rules[segment][limit] != row.values[segment][limit]
        ]
        return super().get_context_data(
            changes=changes,
            effect=effect_of(row.simulation),
            table=table_of(row.values),
            vip=row.values[VIP],
            **kwargs,
        )


class PoolRuleCreateView(ScopedFormView):
    """Propose other rules; what they would do is counted before anybody approves them."""

    model = PoolRule
    permission = "add"
    form_class = PoolRuleForm
    template_name = "crm/poolrule_form.html"
    title = gettext_lazy("Propose other pool rules")
    submit_label = gettext_lazy("Propose")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"initial": initial_of(pool_rules(db_now()))}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs["form"]
        lines = [
            {
                "label": SEGMENT_WORDS[segment],
                "fields": [form[f"{segment}_{limit}"] for limit in (*NUMBER, "notices")],
            }
            for segment in SEGMENTS
        ]
        alarms = [form[f"{VIP}_{limit}"] for limit in ("alert_manager", "alert_executive")]
        return super().get_context_data(lines=lines, alarms=alarms, **kwargs)

    def perform(self, form: Any) -> Any:
        return propose_pool_rules(by=self.request.user, now=db_now(), **form.cleaned_data)

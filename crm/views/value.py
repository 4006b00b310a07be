"""Pages of a customer's standing: why it is what it is, decisions by hand, retention plans, the portfolio."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from core.clock import db_now
from core.querysets import get_visible
from core.rules import ask, require
from core.views import ScopedDetailView, ScopedFormView, ScopedListView
from crm import portfolio
from crm.choices import OverrideKind, RiskBand, Stage, Tier
from crm.forms.value import SponsorForm, StageOverrideForm, StrategicForm, TierOverrideForm
from crm.models import Customer, Override, RetentionPlan
from crm.operations import add_retention_plan, propose_override, set_sponsor
from crm.value_filters import OVERRIDE_VIEWS, PLAN_VIEWS, OverrideFilter, RetentionPlanFilter
from crm.why import explain, history

OVERRIDE_ORDERINGS: dict[str, tuple[str, ...]] = {"-proposed_at": ("-proposed_at", "-id")}
PLAN_ORDERINGS: dict[str, tuple[str, ...]] = {"due_at": ("due_at", "id"), "-due_at": ("-due_at", "-id")}


def customer_why(request: HttpRequest, pk: int) -> HttpResponse:
    """How tier, risk, stage, strength and value came about: every component, the history, the rules in force."""
    customer = get_visible(Customer, request.user, pk)
    require(request.user, "crm.view_customerfacts", customer)
    context = {
        "customer": customer,
        "row": customer,
        "why": explain(customer),
        "history": history(customer),
        "may_value": ask(request.user, "crm.view_value_customer", customer),
        "overrides": Override.objects.visible_to(request.user).filter(customer=customer).for_list()[:10],
        "plans": RetentionPlan.objects.visible_to(request.user).filter(customer=customer).for_list()[:5],
        "may_propose": ask(request.user, "crm.propose_override_customer", customer),
        "may_weigh": ask(request.user, "crm.weigh_customer", customer),
        "may_sponsor": ask(request.user, "crm.set_sponsor_customer", customer),
        "may_plan": ask(request.user, "crm.add_retentionplan", customer),
        "now": db_now(),
    }
    return render(request, "crm/customer_why.html", context)


class _OverrideView(ScopedFormView):
    """A decision by hand over one customer, to be approved by somebody else."""

    model = Customer
    permission = "propose_override"
    template_name = "crm/simple_form.html"
    submit_label = _("Propose")
    kind: ClassVar[str] = OverrideKind.TIER

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, self.code(), self.row)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"row": self.row, "initial": {"version": self.row.version}}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.row, version=self.row.version, **kwargs)

    def perform(self, form: Any) -> Any:
        return propose_override(
            by=self.request.user, now=db_now(), customer=self.row, kind=self.kind, **form.cleaned_data
        )

    def get_success_url(self, row: Any) -> str:
        return row.customer.get_absolute_url()


class CustomerOverrideTierView(_OverrideView):
    """Another tier for a time."""

    form_class = TierOverrideForm
    title = _("Set the tier by hand")


class CustomerOverrideStageView(_OverrideView):
    """Another stage, locked for a time."""

    form_class = StageOverrideForm
    title = _("Set the stage by hand")
    kind = OverrideKind.STAGE


class CustomerWeighView(_OverrideView):
    """The strategic weight for a year at most."""

    permission = "weigh"
    form_class = StrategicForm
    title = _("Strategic weight")
    kind = OverrideKind.STRATEGIC


class CustomerSponsorView(_OverrideView):
    """The executive sponsor."""

    permission = "set_sponsor"
    form_class = SponsorForm
    title = _("Executive sponsor")
    submit_label = _("Save")

    def perform(self, form: Any) -> Any:
        return set_sponsor(by=self.request.user, now=db_now(), customer=self.row, **form.cleaned_data)

    def get_success_url(self, row: Any) -> str:
        return row.get_absolute_url()


class CustomerRetentionView(ScopedFormView):
    """Open a retention plan before the rules ask for one."""

    model = Customer
    template_name = "crm/simple_form.html"
    title = _("Open a retention plan")
    submit_label = _("Open the plan")

    def code(self) -> str:
        return "crm.add_retentionplan"

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, self.code(), self.row)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"row": self.row}

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        from core.forms import TransitionForm

        return TransitionForm(data, files, user=self.request.user, row=self.row)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.row, **kwargs)

    def perform(self, form: Any) -> Any:
        return add_retention_plan(by=self.request.user, now=db_now(), customer=self.row)


class OverrideListView(ScopedListView):
    """Decisions by hand: those that wait first in sight."""

    model = Override
    filterset_class = OverrideFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = OVERRIDE_ORDERINGS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(views=OVERRIDE_VIEWS, view=self.request.GET.get("view", ""), **kwargs)


class OverrideDetailView(ScopedDetailView):
    """One decision by hand: from what to what, why, until when, and who decided."""

    model = Override


class RetentionPlanListView(ScopedListView):
    """Retention plans, the most urgent first."""

    model = RetentionPlan
    filterset_class = RetentionPlanFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = PLAN_ORDERINGS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(views=PLAN_VIEWS, view=self.request.GET.get("view", ""), **kwargs)


class RetentionPlanDetailView(ScopedDetailView):
    """One recovery: cause, offer, visit, outcome."""

    model = RetentionPlan


def customer_portfolio(request: HttpRequest) -> HttpResponse:
    """Tier by stage and by risk of everything this person sees; each number opens its rows."""
    require(request.user, "crm.view_customerfacts")
    now = db_now()
    context = {
        "stages": list(Stage),
        "bands": list(RiskBand),
        "by_stage": portfolio.by_stage(request.user),
        "by_risk": portfolio.by_risk(request.user, now),
        "share": portfolio.vip_share(request.user, now),
        "breaches": portfolio.vip_breaches(request.user),
        "tiers": list(Tier),
    }
    return render(request, "crm/customer_portfolio.html", context)

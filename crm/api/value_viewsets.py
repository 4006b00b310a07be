"""The API of decisions by hand, retention plans and how a customer was judged."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.viewsets import ScopedViewSet
from core.clock import db_now
from core.rules import require
from crm.choices import OverrideKind
from crm.forms.value import (
    OVERRIDE_FORMS,
    PLAN_FORMS,
    SponsorForm,
    StageOverrideForm,
    StrategicForm,
    TierOverrideForm,
)
from crm.models import Override, RetentionPlan, ScoreRun, StandingChange
from crm.operations import propose_override, set_sponsor
from crm.value_filters import OverrideFilter, RetentionPlanFilter
from crm.views.value import OVERRIDE_ORDERINGS, PLAN_ORDERINGS

RUNS_SHOWN = 60


class OverrideSerializer(serializers.ModelSerializer[Any]):
    """A decision by hand."""

    customer_name = serializers.CharField(source="customer.name")

    class Meta:
        model = Override
        fields = (
            "id", "version", "customer", "customer_name", "kind", "value", "before", "reason", "until", "state",
            "proposed_by", "proposed_at", "decided_by", "decided_at", "ended_at",
        )  # fmt: skip


class RetentionPlanSerializer(serializers.ModelSerializer[Any]):
    """A retention plan."""

    customer_name = serializers.CharField(source="customer.name")

    class Meta:
        model = RetentionPlan
        fields = (
            "id", "version", "customer", "customer_name", "owner", "trigger", "opened_at", "due_at", "root_cause", "offer",
            "visitor", "visit_on", "visited_on", "submitted_by", "state", "closed_at",
        )  # fmt: skip


class ScoreRunSerializer(serializers.ModelSerializer[Any]):
    """A kept run with its parts, its input snapshot and the parameters in force."""

    class Meta:
        model = ScoreRun
        fields = ("kind", "period", "at", "score", "result", "rule", "parts", "seen", "rule_version")


class StandingChangeSerializer(serializers.ModelSerializer[Any]):
    """A change of tier or stage."""

    class Meta:
        model = StandingChange
        fields = ("kind", "before", "after", "rule", "hard", "at", "by", "rule_version")


class OverrideViewSet(ScopedViewSet):
    """Decisions by hand: made by `customers/{id}/override_tier`, decided here."""

    model = Override
    serializer_class = OverrideSerializer
    filterset_class = OverrideFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = OVERRIDE_ORDERINGS
    transition_forms: ClassVar[dict[str, Any]] = OVERRIDE_FORMS


class RetentionPlanViewSet(ScopedViewSet):
    """Retention plans of wavering customers."""

    model = RetentionPlan
    serializer_class = RetentionPlanSerializer
    filterset_class = RetentionPlanFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = PLAN_ORDERINGS
    transition_forms: ClassVar[dict[str, Any]] = PLAN_FORMS


class StandingActions(ScopedViewSet):
    """Steps on a customer's standing, and how it was judged."""

    @action(detail=True, methods=["post"])
    def override_tier(self, request: Request, pk: str | None = None) -> Response:
        """Propose another tier for some days."""
        return self._propose(request, OverrideKind.TIER, TierOverrideForm, "crm.propose_override_customer")

    @action(detail=True, methods=["post"])
    def override_stage(self, request: Request, pk: str | None = None) -> Response:
        """Propose another stage, locked for some days."""
        return self._propose(request, OverrideKind.STAGE, StageOverrideForm, "crm.propose_override_customer")

    @action(detail=True, methods=["post"])
    def weigh(self, request: Request, pk: str | None = None) -> Response:
        """Propose a strategic weight of 0, 50 or 100 points."""
        return self._propose(request, OverrideKind.STRATEGIC, StrategicForm, "crm.weigh_customer")

    def _propose(self, request: Request, kind: str, form_class: Any, code: str) -> Response:
        row = self.get_object()
        require(request.user, code, row)
        values = self.checked_form(form_class, request.data, row=row).cleaned_data
        made = propose_override(by=request.user, now=db_now(), customer=row, kind=kind, **values)
        return Response(OverrideSerializer(made).data, status=201)

    @action(detail=True, methods=["post"])
    def set_sponsor(self, request: Request, pk: str | None = None) -> Response:
        """Name the executive sponsor."""
        row = self.get_object()
        require(request.user, "crm.set_sponsor_customer", row)
        values = self.checked_form(SponsorForm, request.data, row=row).cleaned_data
        return self.answer_once(
            request, lambda: set_sponsor(by=request.user, now=db_now(), customer=row, **values)
        )

    @action(detail=True, methods=["get"])
    def assessment(self, request: Request, pk: str | None = None) -> Response:
        """Why the customer is what it is: parts, snapshot, parameters, kept runs and changes."""
        row = self.get_object()
        require(request.user, "crm.view_customerfacts", row)
        found = getattr(row, "assessment", None)
        runs = (
            ScoreRun.objects.visible_to(request.user).filter(customer=row).order_by("-at", "-pk")[:RUNS_SHOWN]
        )
        changes = StandingChange.objects.visible_to(request.user).filter(customer=row).for_list()[:RUNS_SHOWN]
        names = (
            "narrow", "is_prospect", "tier", "tier_score", "tier_rule", "tier_parts", "stage", "stage_rule", "risk_parts",
            "strength_parts", "seen", "rule_version", "assessed_at",
        )  # fmt: skip
        return Response(
            {
                "now": {name: getattr(found, name) for name in names} if found else None,
                "runs": ScoreRunSerializer([run for run in runs if run.kind != "value"], many=True).data,
                "changes": StandingChangeSerializer(changes, many=True).data,
            }
        )


ROUTES = [("overrides", OverrideViewSet), ("retention-plans", RetentionPlanViewSet)]

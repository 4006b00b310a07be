"""The API of the pool: what waits, claiming, the log of moves, claims across branches, and the rules."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.viewsets import ScopedViewSet
from core.clock import db_now
from core.errors import NotFound
from core.rules import ask, require
from crm import operations
from crm.assignment_classes import MEASURES, Load
from crm.choices import PoolStatus
from crm.forms.customers import AssignManyForm, assignable
from crm.forms.pool import (
    CROSS_CLAIM_FORMS,
    POOL_RULE_FORMS,
    ClaimForm,
    CrossClaimForm,
    ExtendForm,
    PoolRuleForm,
    ReturnForm,
)
from crm.models import CrossClaim, Customer, PoolEvent, PoolRule
from crm.operations.assignment import BulkPreview
from crm.pool_filters import PoolEventFilter, PoolFilter
from crm.views.pool import EVENT_ORDERINGS, POOL_ORDERINGS


class PoolSerializer(serializers.ModelSerializer[Any]):
    """A customer without an owner: no people, no numbers, no notes."""

    branch_code = serializers.CharField(source="branch.code")
    installed_pumps = serializers.IntegerField(allow_null=True)

    class Meta:
        model = Customer
        fields = (
            "id", "version", "code", "name", "kind", "industry", "province_code", "city_code", "branch", "branch_code",
            "tier", "last_contact_at", "installed_pumps", "pool_status", "pool_reason", "pool_entered_at",
        )  # fmt: skip


class PoolViewSet(ScopedViewSet):
    """The public pool of one's branches and of headquarters; claim with POST `/customers/{id}/claim/`."""

    model = Customer
    serializer_class = PoolSerializer
    filterset_class = PoolFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = POOL_ORDERINGS

    def code(self, verb: str) -> str:
        return "crm.view_pool"

    def get_queryset(self) -> Any:
        return Customer.objects.visible_to(None).pool_of(self.request.user)

    def list_rows(self) -> Any:
        return self.get_queryset().for_pool()

    def detail_rows(self) -> Any:
        return self.get_queryset().for_pool()

    def available_actions(self, row: Any) -> list[str]:
        free = row.pool_status == PoolStatus.POOL
        return ["claim"] if free and ask(self.request.user, "crm.claim_customer", row) else []


class PoolEventSerializer(serializers.ModelSerializer[Any]):
    """A move between owner, queue and pool."""

    customer_name = serializers.CharField(source="customer.name")

    class Meta:
        model = PoolEvent
        fields = (
            "id", "customer", "customer_name", "branch", "at", "move", "reason", "rule", "note", "actor", "from_owner",
            "to_owner",
        )  # fmt: skip


class PoolEventViewSet(ScopedViewSet):
    """The log of moves; filter `customer` for one customer's whole history."""

    model = PoolEvent
    serializer_class = PoolEventSerializer
    filterset_class = PoolEventFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = EVENT_ORDERINGS


class CrossClaimSerializer(serializers.ModelSerializer[Any]):
    """A claim across branches."""

    customer_name = serializers.CharField(source="customer.name")
    claimant_name = serializers.CharField(source="claimant.name")

    class Meta:
        model = CrossClaim
        fields = (
            "id", "version", "customer", "customer_name", "claimant", "claimant_name", "from_branch", "to_branch",
            "reason", "state", "from_consent_by", "from_consent_at", "to_consent_by", "to_consent_at", "created_at",
        )  # fmt: skip


class CrossClaimViewSet(ScopedViewSet):
    """Claims across branches with `consent`, `refuse` and `cancel`."""

    model = CrossClaim
    serializer_class = CrossClaimSerializer
    create_form_class = CrossClaimForm
    transition_forms: ClassVar[dict[str, Any]] = CROSS_CLAIM_FORMS

    def perform_create(self, form: Any) -> CrossClaim:
        return operations.ask_cross_claim(by=self.request.user, now=db_now(), **form.cleaned_data)


class PoolRuleSerializer(serializers.ModelSerializer[Any]):
    """A proposed table of rules with its counted effect."""

    class Meta:
        model = PoolRule
        fields = (
            "id", "version", "values", "reason", "state", "proposed_by", "settled_by", "valid_from", "simulation",
            "created_at",
        )  # fmt: skip


class PoolRuleViewSet(ScopedViewSet):
    """Changes of the rules with `approve` and `refuse`."""

    model = PoolRule
    serializer_class = PoolRuleSerializer
    create_form_class = PoolRuleForm
    transition_forms: ClassVar[dict[str, Any]] = POOL_RULE_FORMS

    def perform_create(self, form: Any) -> PoolRule:
        return operations.propose_pool_rules(by=self.request.user, now=db_now(), **form.cleaned_data)


def get_in_reach(user: Any, pk: Any) -> Customer:
    """A customer of the pools one may look into, owned meanwhile or not. Raises NotFound."""
    row = Customer.objects.visible_to(None).in_pool_reach(user).filter(pk=pk).first()
    if row is None:
        raise NotFound()
    return row


def load_as_data(load: Load, caps: Mapping[str, Any]) -> dict[str, Any]:
    """A load as numbers: what is carried, the caps with the person's lift, and the worst level."""
    return {
        **{measure: getattr(load, measure) for measure in MEASURES},
        "caps": {measure: load.cap(measure, caps) for measure in MEASURES},
        "level": load.worst(caps),
    }


def loads_as_data(people: Any, now: datetime) -> list[dict[str, Any]]:
    """The people with their loads."""
    rows, caps = list(people), operations.load_caps(now)
    loads = operations.loads_of([person.pk for person in rows], now)
    return [
        {"id": person.pk, "name": person.name, "unit": person.unit_id, **load_as_data(loads[person.pk], caps)}
        for person in rows
    ]


def preview_as_data(preview: BulkPreview) -> dict[str, Any]:
    """What a bulk assignment would do."""
    caps = operations.load_caps(db_now())
    return {
        "moving": [row.pk for row in preview.moving],
        "staying": [{"id": row.pk, "why": str(why)} for row, why in preview.staying],
        "before": load_as_data(preview.before, caps),
        "after": load_as_data(preview.after, caps),
        "blocked": preview.blocked,
    }


class PoolActions(ScopedViewSet):
    """Steps of customers that concern the pool and who carries how much."""

    def pool_rights(self, row: Customer) -> tuple[str, ...]:
        """The rights to ask for an owned customer."""
        return ("crm.return_to_pool_customer", "crm.extend_customer") if row.owner_id else ()

    @action(detail=True, methods=["post"])
    def claim(self, request: Request, pk: str | None = None) -> Response:
        """Take a customer out of the pool; 409 names who was quicker, 429 the day's claims, 400 a full load or a bar."""
        require(request.user, "crm.claim_customer")
        self.checked_form(ClaimForm, request.data)
        row = get_in_reach(request.user, pk)
        return self.answer_once(
            request, lambda: operations.claim_customer(by=request.user, now=db_now(), customer=row)
        )

    @action(detail=False, methods=["post"], url_path="assign-many", url_name="assign-many")
    def assign_many(self, request: Request) -> Response:
        """Give up to 200 customers to one person, all or none; with `preview` only say what would happen."""
        require(request.user, "crm.assign_customer")
        values = self.checked_form(AssignManyForm, request.data).cleaned_data
        if values.pop("preview"):
            return Response(preview_as_data(operations.preview_bulk(by=request.user, now=db_now(), **values)))
        moved = operations.assign_many(by=request.user, now=db_now(), **values)
        return Response({"moved": [row.pk for row in moved]})

    @action(detail=False, methods=["get"], url_path="owners", url_name="owners")
    def owners(self, request: Request) -> Response:
        """The people one may make owners, each with what they carry against the caps."""
        require(request.user, "crm.assign_customer")
        return Response(loads_as_data(assignable(request.user), db_now()))

    @action(detail=True, methods=["post"])
    def return_to_pool(self, request: Request, pk: str | None = None) -> Response:
        """Give a customer back, with the reason; one-to-one customers wait for the manager, small ones at the care desk."""
        return self._let_go(request, ReturnForm, operations.return_to_pool, "crm.return_to_pool_customer")

    @action(detail=True, methods=["post"])
    def extend(self, request: Request, pk: str | None = None) -> Response:
        """Let the owner keep the customer longer, once."""
        return self._let_go(request, ExtendForm, operations.extend_customer, "crm.extend_customer")

    def _let_go(self, request: Request, form_class: Any, step: Any, code: str) -> Response:
        row = self.get_object()
        require(request.user, code, row)
        values = self.checked_form(form_class, request.data).cleaned_data
        return self.answer_once(request, lambda: step(by=request.user, now=db_now(), customer=row, **values))


ROUTES = [
    ("pool", PoolViewSet),
    ("pool-events", PoolEventViewSet),
    ("cross-claims", CrossClaimViewSet),
    ("pool-rules", PoolRuleViewSet),
]

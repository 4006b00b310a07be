"""The API of handovers and of the lines of their dossiers."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.viewsets import ScopedViewSet
from core.clock import db_now
from core.rules import require
from crm.filters import HandoverFilter, HandoverItemFilter
from crm.forms.handovers import HANDOVER_FORMS, HandoverForm, ItemForm
from crm.models import Handover, HandoverItem
from crm.operations.handovers import Answer, answer_items, distribute_handover, open_handover
from crm.views.handovers import HANDOVER_ORDERINGS


class HandoverSerializer(serializers.ModelSerializer[Any]):
    """A handover; `percent` is how complete its dossier is."""

    owner_name = serializers.CharField(source="owner.name")
    receiver_name = serializers.CharField(source="receiver.name", default=None)
    branch_code = serializers.CharField(source="branch.code")
    percent = serializers.FloatField(read_only=True)

    class Meta:
        model = Handover
        fields = (
            "id", "version", "code", "owner", "owner_name", "receiver", "receiver_name", "branch", "branch_code",
            "trigger", "urgent", "note", "state", "due_at", "items_total", "items_done", "percent", "initiated_at",
            "refused_at", "refusal", "owner_signed_at", "receiver_signed_at", "informed_via", "informed_on",
            "approved_at", "completed_at", "check_due_at", "checked_at", "check_ok", "created_at",
        )  # fmt: skip


class HandoverDetailSerializer(HandoverSerializer):
    """With its customers and who is proposed to receive each."""

    customers = serializers.SerializerMethodField()

    class Meta(HandoverSerializer.Meta):
        fields = (*HandoverSerializer.Meta.fields, "customers")  # type: ignore[assignment]

    def get_customers(self, row: Handover) -> list[dict[str, Any]]:
        """The customers in the handover."""
        entries = row.entries.select_related("customer").order_by("pk")  # type: ignore[attr-defined]
        return [
            {
                "customer": entry.customer_id,
                "name": entry.customer.name,
                "proposed": entry.proposed_id,
                "visit_required": entry.visit_required,
            }
            for entry in entries
        ]


class HandoverItemSerializer(serializers.ModelSerializer[Any]):
    """A line of a dossier."""

    class Meta:
        model = HandoverItem
        fields = (
            "id", "version", "handover", "customer", "part", "kind", "object_kind", "object_id", "count", "note",
            "nothing", "happened_on", "has_gap", "done_at", "done_by",
        )  # fmt: skip


class HandoverViewSet(ScopedViewSet):
    """Handovers. POST opens one: without `customers` for all of the giver's, without `receiver` as a draft."""

    model = Handover
    serializer_class = HandoverSerializer
    detail_serializer_class = HandoverDetailSerializer
    filterset_class = HandoverFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = HANDOVER_ORDERINGS
    create_form_class = HandoverForm
    transition_forms: ClassVar[dict[str, Any]] = HANDOVER_FORMS

    def perform_create(self, form: Any) -> Handover:
        return open_handover(by=self.request.user, now=db_now(), **form.cleaned_data)

    @action(detail=True, methods=["post"])
    def distribute(self, request: Request, pk: str | None = None) -> Response:
        """Start a draft with the proposed receivers: one handover each. The answer is the first of them."""
        row = self.get_object()
        require(request.user, "crm.distribute_handover", row)
        return self.answer_once(
            request,
            lambda: distribute_handover(by=request.user, now=db_now(), handover=row, receivers={})[0],
        )


class HandoverItemViewSet(ScopedViewSet):
    """Lines of dossiers; `answer` settles one."""

    model = HandoverItem
    serializer_class = HandoverItemSerializer
    filterset_class = HandoverItemFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"id": ("id",)}

    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str | None = None) -> Response:
        """Write the line, tick "none", confirm it, or give the day of the joint visit."""
        row = self.get_object()
        require(request.user, "crm.change_handoveritem", row)
        said = self.checked_form(ItemForm, request.data).cleaned_data
        answers = [Answer(row, **said)]

        def run() -> HandoverItem:
            answer_items(by=request.user, now=db_now(), handover=row.handover, answers=answers)
            return row

        return self.answer_once(request, run)


ROUTES = [("handovers", HandoverViewSet), ("handover-items", HandoverItemViewSet)]

"""The API of merging: compare, merge, propose, take back, vouch for a credit code; merges and possible duplicates."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.viewsets import ScopedViewSet
from core.clock import db_now
from core.errors import NotFound, WrongState
from core.querysets import get_visible
from core.rules import require
from crm import operations
from crm.api.duplicate_viewsets import DuplicateActions
from crm.filters import DuplicatePairFilter, MergeFilter
from crm.forms.merging import MERGE_FORMS, PAIR_FORMS, MergeForm, ProposeMergeForm, VerifyForm
from crm.merge_preview import Preview, preview
from crm.models import Customer, CustomerMerge, DuplicatePair
from crm.operations.duplicates import customer_of_ref
from crm.operations.merging import last_merge

PERMANENT_REDIRECT = 308


class MergeSerializer(serializers.ModelSerializer[Any]):
    """One merge; `moved` counts the rows of each kind that moved, `stayed` those the survivor had already."""

    survivor_name = serializers.CharField(source="survivor.name")
    loser_name = serializers.CharField(source="loser.name")

    class Meta:
        model = CustomerMerge
        fields = (
            "id", "version", "survivor", "survivor_name", "loser", "loser_name", "state", "owner", "branch", "reason",
            "choices", "stayed", "decided_by", "decided_at", "undone_at", "created_at",
        )  # fmt: skip


class MergeDetailSerializer(MergeSerializer):
    """One merge with what moved."""

    moved = serializers.DictField(child=serializers.IntegerField())
    undo_until = serializers.DateTimeField(allow_null=True)

    class Meta(MergeSerializer.Meta):
        fields = (*MergeSerializer.Meta.fields, "moved", "undo_until")  # type: ignore[assignment]


class PairSerializer(serializers.ModelSerializer[Any]):
    """Two customers that may be one, and the rules that say so."""

    first_name = serializers.CharField(source="first.name")
    second_name = serializers.CharField(source="second.name")

    class Meta:
        model = DuplicatePair
        fields = (
            "id", "version", "first", "first_name", "second", "second_name", "rules", "likeness", "state", "found_at",
            "decided_by", "decided_at",
        )  # fmt: skip


class PreviewLineSerializer(serializers.Serializer[Any]):
    """A field that differs, both values in words, and whose is kept if nothing is said."""

    field = serializers.CharField()
    survivor = serializers.CharField()
    loser = serializers.CharField()
    default = serializers.CharField()


class PreviewSerializer(serializers.Serializer[Any]):
    """Two customers side by side."""

    survivor = serializers.IntegerField()
    loser = serializers.IntegerField()
    proposed_survivor = serializers.IntegerField()
    refusal = serializers.CharField()
    fields_differing = PreviewLineSerializer(many=True)
    fold = serializers.ListField(child=serializers.CharField())


def shown(one: Preview) -> dict[str, Any]:
    """A comparison as the API tells it."""
    return {
        "survivor": one.survivor.pk,
        "loser": one.loser.pk,
        "proposed_survivor": one.survivor.pk if one.proposed else one.loser.pk,
        "refusal": one.refusal,
        "fields_differing": [
            {"field": line.field.code, "survivor": line.ours, "loser": line.theirs, "default": line.default}
            for line in one.lines
        ],
        "fold": [twin.value for twin in one.twins if twin.likely],
    }


class MergeActions(DuplicateActions):
    """Merging, for the customers' viewset; a customer merged away answers 308 to who stands for it now."""

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, NotFound) and self.detail and "pk" in self.kwargs:
            rows = Customer.objects.visible_to(self.request.user)
            survivor = rows.filter(merged_from=self.kwargs["pk"]).first()
            if survivor is not None:
                return self._stands_for(survivor)
        return super().handle_exception(exc)

    def _stands_for(self, survivor: Customer) -> Response:
        """308 for who reads; who writes must first look at the survivor: 409 with its id."""
        if self.request.method not in ("GET", "HEAD"):
            refusal = WrongState(data={"merged_into": survivor.pk}, code="merged_away")
            return super().handle_exception(refusal)
        here = self.request.path.replace(f"/{self.kwargs['pk']}/", f"/{survivor.pk}/", 1)
        body = {"code": "merged_away", "merged_into": survivor.pk}
        return Response(body, status=PERMANENT_REDIRECT, headers={"Location": here})

    @extend_schema(parameters=[OpenApiParameter("other", int, required=True)], responses=PreviewSerializer)
    @action(detail=True, methods=["get"])
    def merge_preview(self, request: Request, pk: str | None = None) -> Response:
        """This customer and `other` side by side, as the merge page shows them."""
        row = self.get_object()
        require(request.user, "crm.merge_customer", row)
        other = request.query_params.get("other", "")
        loser = get_visible(Customer, request.user, int(other[:18]) if other.isdecimal() else 0)
        return Response(shown(preview(row, loser, now=db_now())))

    @extend_schema(responses=MergeDetailSerializer)
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: str | None = None) -> Response:
        """Merge `loser` into this customer; fields left out keep the default, `fold` lists people who are the same."""
        row = self.get_object()
        require(request.user, "crm.merge_customer", row)
        form = self.checked_form(MergeForm, request.data)
        data = form.cleaned_data
        merge = operations.merge_customers(
            by=request.user,
            now=db_now(),
            survivor=row,
            loser=data["loser"],
            version=data["version"],
            loser_version=data["loser_version"],
            **form.chosen(),
        )
        return Response(MergeDetailSerializer(merge).data)

    merge.form_class = MergeForm  # type: ignore[attr-defined]

    @extend_schema(responses=MergeSerializer)
    @action(detail=True, methods=["post"])
    def propose_merge(self, request: Request, pk: str | None = None) -> Response:
        """Ask those who may to merge this customer and `other` (or the one a look-up's `ref` names)."""
        row = self.get_object()
        require(request.user, "crm.propose_merge_customer", row)
        data = self.checked_form(ProposeMergeForm, request.data).cleaned_data
        other = data["other"] or customer_of_ref(data["ref"], by=request.user)
        merge = operations.propose_merge(
            by=request.user, now=db_now(), customer=row, other=other, reason=data["reason"]
        )
        return Response(MergeSerializer(merge).data)

    propose_merge.form_class = ProposeMergeForm  # type: ignore[attr-defined]

    @action(detail=True, methods=["post"])
    def undo_merge(self, request: Request, pk: str | None = None) -> Response:
        """Take the latest merge into this customer back."""
        row = self.get_object()
        require(request.user, "crm.undo_merge_customer", row)
        merge = last_merge(row)
        if merge is None:
            raise WrongState()
        return self.answer_once(request, lambda: merge.undo(by=request.user, now=db_now()).survivor)

    @action(detail=True, methods=["post"])
    def verify_identity(self, request: Request, pk: str | None = None) -> Response:
        """Vouch for the credit code by `evidence`, the numbers of licence scans among the customer's files."""
        row = self.get_object()
        require(request.user, "crm.verify_identity_customer", row)
        values = self.checked_form(VerifyForm, request.data, row=row).cleaned_data
        return self.answer_once(
            request,
            lambda: operations.verify_identity(by=request.user, now=db_now(), customer=row, **values),
        )

    verify_identity.form_class = VerifyForm  # type: ignore[attr-defined]


class CustomerMergeViewSet(ScopedViewSet):
    """Merges: `approve`, `refuse`, `withdraw` a proposal, `undo` what was done."""

    model = CustomerMerge
    serializer_class = MergeSerializer
    detail_serializer_class = MergeDetailSerializer
    filterset_class = MergeFilter
    transition_forms: ClassVar[dict[str, Any]] = MERGE_FORMS


class DuplicatePairViewSet(ScopedViewSet):
    """Possible duplicates: `dismiss`, `link` to the parent, `reopen`. Without `state` those to be looked at."""

    model = DuplicatePair
    serializer_class = PairSerializer
    filterset_class = DuplicatePairFilter
    transition_forms: ClassVar[dict[str, Any]] = PAIR_FORMS


ROUTES = [("customer-merges", CustomerMergeViewSet), ("duplicate-pairs", DuplicatePairViewSet)]

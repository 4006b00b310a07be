"""The API of tags and segments."""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.viewsets import ScopedViewSet
from core.clock import db_now
from core.forms import ScopedForm, ScopedMultipleChoiceField
from core.rules import require
from crm import operations
from crm.forms.segments import SegmentForm, SegmentRemoveForm, TagCustomerForm, TagForm, TagUpdateForm
from crm.models import Customer, Segment, Tag


class TagSerializer(serializers.ModelSerializer[Any]):
    """A word of the vocabulary."""

    class Meta:
        model = Tag
        fields = ("id", "version", "name", "note", "retired_at")


class TagViewSet(ScopedViewSet):
    """The vocabulary of tags; customers carry the words themselves (`customers/?tag=`)."""

    model = Tag
    serializer_class = TagSerializer
    create_form_class = TagForm
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"name": ("name", "id")}

    def perform_create(self, form: Any) -> Tag:
        return operations.add_tag(by=self.request.user, now=db_now(), **form.cleaned_data)

    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: str | None = None) -> Response:
        """Rename, explain or retire the word; customers that carry it follow."""
        row = self.get_object()
        require(request.user, "crm.change_tag", row)
        values = self.checked_form(TagUpdateForm, request.data).cleaned_data
        return self.answer_once(
            request, lambda: operations.change_tag(by=request.user, now=db_now(), tag=row, **values)
        )


class TagActions(ScopedViewSet):
    """What a customer carries."""

    @action(detail=True, methods=["post"])
    def tag(self, request: Request, pk: str | None = None) -> Response:
        """The whole set of words from now on: `tags` of the vocabulary, `new` for one more."""
        row = self.get_object()
        require(request.user, "crm.tag_customer", row)
        values = self.checked_form(TagCustomerForm, request.data, row=row).arguments()
        return self.answer_once(
            request, lambda: operations.tag_customer(by=request.user, now=db_now(), customer=row, **values)
        )


class SegmentSerializer(serializers.ModelSerializer[Any]):
    """A group of customers; `size` is what its owner saw when it was counted."""

    class Meta:
        model = Segment
        fields = (
            "id", "version", "name", "note", "query", "is_frozen", "audience", "owner", "branch", "size", "size_capped",
            "counted_at",
        )  # fmt: skip


class MembersForm(ScopedForm):
    """Customers that come into a noted group or leave it."""

    customers = ScopedMultipleChoiceField(Customer)


class SegmentViewSet(ScopedViewSet):
    """Groups of customers; their members are `customers/?segment=`, narrowed to what the reader sees."""

    model = Segment
    serializer_class = SegmentSerializer
    create_form_class = SegmentForm
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"name": ("name", "id")}

    def perform_create(self, form: Any) -> Segment:
        return operations.make_segment(by=self.request.user, now=db_now(), **form.cleaned_data)

    @action(detail=True, methods=["post"])
    def join(self, request: Request, pk: str | None = None) -> Response:
        """Put customers into a noted group."""
        return self._members(request, leave=False)

    @action(detail=True, methods=["post"])
    def leave(self, request: Request, pk: str | None = None) -> Response:
        """Take customers out of a noted group."""
        return self._members(request, leave=True)

    def _members(self, request: Request, *, leave: bool) -> Response:
        row = self.get_object()
        require(request.user, "crm.change_segment", row)
        customers = self.checked_form(MembersForm, request.data).cleaned_data["customers"]
        changed = operations.change_segment(
            by=request.user, now=db_now(), segment=row, customers=customers, leave=leave
        )
        return Response({**self.represent(row), "changed": changed})

    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: str | None = None) -> Response:
        """Forget the group; the customers stay as they are."""
        row = self.get_object()
        require(request.user, "crm.change_segment", row)
        self.checked_form(SegmentRemoveForm, request.data)
        operations.remove_segment(by=request.user, now=db_now(), segment=row)
        return Response(status=204)


ROUTES = [("tags", TagViewSet), ("segments", SegmentViewSet)]

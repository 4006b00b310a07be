"""The API of promises."""

from typing import Any, ClassVar

from rest_framework import serializers

from core.clock import db_now
from crm.api.of_customer import OfCustomerViewSet
from crm.forms.promises import PROMISE_FORMS, PromiseForm, PromiseUpdateForm
from crm.models import Customer, Promise
from crm.operations import give_promise
from crm.promise_filters import PromiseFilter
from crm.views.promises import PROMISE_ORDERINGS


class PromiseSerializer(serializers.ModelSerializer[Any]):
    """A promise to a customer."""

    customer_name = serializers.CharField(source="customer.name")
    owner_name = serializers.CharField(source="owner.name")

    class Meta:
        model = Promise
        fields = (
            "id", "version", "customer", "customer_name", "made_by", "owner", "owner_name", "text", "made_at", "due_at",
            "state", "activity", "told_at", "closed_at", "evidence", "moves",
        )  # fmt: skip


class PromiseViewSet(OfCustomerViewSet):
    """What we promised to customers, with `keep`, `fail`, `withdraw`, `redate` and `tell`."""

    model = Promise
    serializer_class = PromiseSerializer
    filterset_class = PromiseFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = PROMISE_ORDERINGS
    create_form_class = PromiseForm
    update_form_class = PromiseUpdateForm
    transition_forms: ClassVar[dict[str, Any]] = PROMISE_FORMS

    def add(self, customer: Customer, data: dict[str, Any]) -> Promise:
        return give_promise(by=self.request.user, now=db_now(), customer=customer, **data)


ROUTES = [("promises", PromiseViewSet)]

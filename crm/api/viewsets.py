"""The API of customers, contacts, sites, activities and follow-ups; imports and exports add their own."""

from typing import Any, ClassVar

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.viewsets import ScopedViewSet
from core.clock import db_now
from core.rules import ask, require
from crm import operations
from crm.api import import_viewsets
from crm.api.duplicate_viewsets import DuplicateActions
from crm.api.serializers import (
    ActivitySerializer,
    ContactSerializer,
    CustomerDetailSerializer,
    CustomerSerializer,
    FollowUpSerializer,
    SiteSerializer,
)
from crm.choices import EnteredVia
from crm.filters import ActivityFilter, ContactFilter, CustomerFilter, FollowUpFilter, SiteFilter
from crm.forms.activities import ActivityForm, ActivityUpdateForm
from crm.forms.contacts import ContactCreateForm, ContactForm, RevealForm, SiteCreateForm, SiteForm
from crm.forms.customers import AssignForm, CustomerCreateForm, CustomerForm
from crm.forms.follow_ups import FOLLOW_UP_FORMS, FollowUpForm, FollowUpUpdateForm
from crm.models import Activity, Contact, Customer, FollowUp, Site
from crm.views.customers import CUSTOMER_ORDERINGS


class OfCustomerViewSet(ScopedViewSet):
    """Something that belongs to a customer: who may add it is asked of that customer."""

    def perform_create(self, form: Any) -> Any:
        data = dict(form.cleaned_data)
        customer = data.pop("customer")
        require(self.request.user, self.code("add"), customer)
        return self.add(customer, data)

    def add(self, customer: Customer, data: dict[str, Any]) -> Any:
        """Carry the input out for this customer."""
        raise NotImplementedError


class CustomerViewSet(DuplicateActions):
    """Customers. Owner, tier, stage and contact dates change only by steps, never by PATCH."""

    model = Customer
    serializer_class = CustomerSerializer
    detail_serializer_class = CustomerDetailSerializer
    filterset_class = CustomerFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = CUSTOMER_ORDERINGS
    create_form_class = CustomerCreateForm
    update_form_class = CustomerForm

    def perform_create(self, form: Any) -> Customer:
        return operations.create_customer(by=self.request.user, now=db_now(), **form.arguments())

    def available_actions(self, row: Any) -> list[str]:
        verb = row.giving_right.removeprefix("crm.").removesuffix("_customer")
        return [verb] if ask(self.request.user, row.giving_right, row) else []

    @action(detail=True, methods=["post"])
    def assign(self, request: Request, pk: str | None = None) -> Response:
        """Name the owner of a customer that has none."""
        return self._give_to(request, "crm.assign_customer")

    @action(detail=True, methods=["post"])
    def transfer(self, request: Request, pk: str | None = None) -> Response:
        """Give an owned customer to another person, with a reason."""
        return self._give_to(request, "crm.transfer_customer")

    def _give_to(self, request: Request, code: str) -> Response:
        row = self.get_object()
        require(request.user, code, row)
        values = self.checked_form(AssignForm, request.data, row=row).cleaned_data
        return self.answer_once(
            request,
            lambda: operations.assign_customer(by=request.user, now=db_now(), customer=row, **values),
        )


class ContactViewSet(OfCustomerViewSet):
    """People at customers; numbers are masked."""

    model = Contact
    serializer_class = ContactSerializer
    filterset_class = ContactFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"-id": ("-id",), "id": ("id",)}
    create_form_class = ContactCreateForm
    update_form_class = ContactForm

    def add(self, customer: Customer, data: dict[str, Any]) -> Contact:
        return operations.add_contact(by=self.request.user, now=db_now(), customer=customer, **data)

    @action(detail=True, methods=["post"])
    def reveal(self, request: Request, pk: str | None = None) -> Response:
        """The full numbers, for a reason; each opening is kept in the audit and counted."""
        row = self.get_object()
        require(request.user, "crm.reveal_contact", row)
        reason = self.checked_form(RevealForm, request.data).cleaned_data["reason"]
        opened = operations.reveal_contact(by=request.user, now=db_now(), contact=row, reason=reason)
        shown = {name: getattr(opened, name) for name in ("mobile", "phone", "wechat", "email")}
        return Response({"id": opened.pk, **shown}, headers={"Cache-Control": "private, no-store"})


class SiteViewSet(OfCustomerViewSet):
    """Places of customers."""

    model = Site
    serializer_class = SiteSerializer
    filterset_class = SiteFilter
    create_form_class = SiteCreateForm
    update_form_class = SiteForm

    def add(self, customer: Customer, data: dict[str, Any]) -> Site:
        return operations.add_site(by=self.request.user, now=db_now(), customer=customer, **data)


class ActivityViewSet(OfCustomerViewSet):
    """Contact logs; POST writes the log, the next step and settles `follow_up` in one go."""

    model = Activity
    serializer_class = ActivitySerializer
    filterset_class = ActivityFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {
        "-occurred_at": ("-occurred_at", "-id"),
        "occurred_at": ("occurred_at", "id"),
    }
    create_form_class = ActivityForm
    update_form_class = ActivityUpdateForm

    def add(self, customer: Customer, data: dict[str, Any]) -> Activity:
        return operations.log_activity(
            by=self.request.user, now=db_now(), customer=customer, entered_via=EnteredVia.API, **data
        )


class FollowUpViewSet(OfCustomerViewSet):
    """Planned next steps with `complete`, `snooze` and `cancel`."""

    model = FollowUp
    serializer_class = FollowUpSerializer
    filterset_class = FollowUpFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {
        "due_at": ("due_at", "id"),
        "-due_at": ("-due_at", "-id"),
    }
    create_form_class = FollowUpForm
    update_form_class = FollowUpUpdateForm
    transition_forms: ClassVar[dict[str, Any]] = FOLLOW_UP_FORMS

    def add(self, customer: Customer, data: dict[str, Any]) -> FollowUp:
        return operations.plan_follow_up(by=self.request.user, now=db_now(), customer=customer, **data)


ROUTES = [
    ("customers", CustomerViewSet),
    ("contacts", ContactViewSet),
    ("sites", SiteViewSet),
    ("activities", ActivityViewSet),
    ("follow-ups", FollowUpViewSet),
    *import_viewsets.ROUTES,
]

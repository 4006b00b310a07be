"""Pages of customers: the list, the pool, taking one up, changing it, naming its owner."""

from typing import Any

from django.utils.translation import gettext_lazy

from core.clock import db_now
from core.kept import KeptRows
from core.rules import require
from core.views import (
    ScopedCreateView,
    ScopedFormView,
    ScopedListView,
    ScopedUpdateView,
    opening_of,
)
from crm.filters import CUSTOMER_VIEWS, CustomerFilter
from crm.forms.customers import AssignForm, CustomerCreateForm, CustomerForm
from crm.models import Customer, Segment
from crm.operations import assign_customer, change_customer, create_customer

CUSTOMER_ORDERINGS = {
    "next_follow_at": ("next_follow_at", "id"),
    "-last_contact_at": ("-last_contact_at", "-id"),
    "last_contact_at": ("last_contact_at", "id"),
    "-id": ("-id",),
}


TABLE = KeptRows(lambda user: Customer.objects.visible_to(user).for_table())


OPENING = opening_of(TABLE.rows, CUSTOMER_ORDERINGS)


class CustomerListView(ScopedListView):
    """All customers the user sees; the chips above narrow to one's own, the late ones, the incomplete ones."""

    model = Customer
    list_code = "crm.customer"
    filterset_class = CustomerFilter
    orderings = CUSTOMER_ORDERINGS

    def opening(self) -> Any:
        return None if self.request.GET else OPENING

    def list_rows(self) -> Any:
        return TABLE.rows(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET
        number, groups = asked.get("segment", ""), Segment.objects.visible_to(self.request.user)
        segment = groups.filter(pk=number).first() if number.isdecimal() else None
        return super().get_context_data(
            views=CUSTOMER_VIEWS, view=asked.get("view", ""), segment=segment, **kwargs
        )


class CustomerCreateView(ScopedCreateView):
    """A new customer with its first contact."""

    model = Customer
    form_class = CustomerCreateForm
    template_name = "crm/customer_form.html"
    title = gettext_lazy("New customer")
    submit_label = gettext_lazy("Create")

    def perform(self, form: Any) -> Any:
        return create_customer(by=self.request.user, now=db_now(), **form.arguments())


class CustomerUpdateView(ScopedUpdateView):
    """The customer's own columns."""

    model = Customer
    form_class = CustomerForm
    template_name = "crm/customer_form.html"
    title = gettext_lazy("Edit customer")

    def perform(self, form: Any) -> Any:
        version = self.request.POST.get("version", "")
        return change_customer(by=self.request.user, now=db_now(), form=form, version=version)


class CustomerAssignView(ScopedFormView):
    """Name the owner of a customer: out of the queue or pool, or from one person to another."""

    model = Customer
    permission = "assign"
    form_class = AssignForm
    template_name = "crm/simple_form.html"
    title = gettext_lazy("Assign")
    submit_label = gettext_lazy("Assign")

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, self.row.giving_right, self.row)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"row": self.row, "initial": {"version": self.row.version}}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.row, version=self.row.version, **kwargs)

    def perform(self, form: Any) -> Any:
        return assign_customer(by=self.request.user, now=db_now(), customer=self.row, **form.cleaned_data)

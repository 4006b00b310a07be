"""Pages about what a customer is to us: filling what lacks, its group, its status, its credit."""

from typing import Any

from django.utils.translation import gettext_lazy

from core.clock import db_now
from core.errors import NotFound
from core.rules import require
from core.views import ScopedDetailView, ScopedFormView
from crm.forms.customers import FILLS, CreditForm, CustomerFillForm, StatusForm
from crm.groups import group_of
from crm.models import Customer
from crm.operations import set_credit, set_status
from crm.views.customers import CustomerUpdateView


class CustomerFillView(CustomerUpdateView):
    """A short form over the columns of one part of the completeness."""

    form_class = CustomerFillForm
    template_name = "crm/simple_form.html"
    title = gettext_lazy("Fill in what lacks")
    submit_label = gettext_lazy("Save")

    def check(self) -> None:
        if self.kwargs["part"] not in FILLS:
            raise NotFound()
        super().check()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "part": self.kwargs["part"]}


class CustomerStepView(ScopedFormView):
    """A form about the customer in the address."""

    model = Customer
    template_name = "crm/simple_form.html"

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, self.code(), self.row)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.row, version=self.row.version, **kwargs)


class CustomerStatusView(CustomerStepView):
    """Mark the customer dormant, lost, blacklisted or active again."""

    permission = "set_status"
    form_class = StatusForm
    title = gettext_lazy("Change the status")
    submit_label = gettext_lazy("Change")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"row": self.row, "initial": {"version": self.row.version}}

    def perform(self, form: Any) -> Any:
        return set_status(by=self.request.user, now=db_now(), customer=self.row, **form.cleaned_data)


class CustomerCreditView(CustomerStepView):
    """Finance sets what the customer may owe."""

    permission = "set_credit"
    form_class = CreditForm
    title = gettext_lazy("Credit terms")

    def get_form_kwargs(self) -> dict[str, Any]:
        columns = ("version", "credit_limit", "credit_days", "credit_hold")
        return {"initial": {name: getattr(self.row, name) for name in columns}}

    def perform(self, form: Any) -> Any:
        return set_credit(by=self.request.user, now=db_now(), customer=self.row, **form.cleaned_data)


class CustomerGroupView(ScopedDetailView):
    """The group a customer belongs to: the tree of its companies with what each and all of them mean to us."""

    model = Customer
    template_name = "crm/customer_group.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(group=group_of(kwargs["row"], self.request.user), **kwargs)

"""Care for a customer: what it is promised, by rhythm and by word."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from core.clock import db_now
from core.querysets import get_visible
from core.rules import require
from core.views import ScopedFormView
from crm import operations
from crm.cadence import cadence_days, care_class
from crm.choices import CareClass
from crm.forms.care import CareDateForm, CareDateRemoveForm, RhythmForm
from crm.models import CareDate, Customer, Promise
from crm.views.contacts import OfCustomerCreateView

SHOWN = 5


def customer_care(request: HttpRequest, pk: int) -> HttpResponse:
    """The card of the customer page: open promises, how many were kept, the rhythm of contact, days to remember."""
    customer = get_visible(Customer, request.user, pk)
    require(request.user, "crm.view_customer", customer)
    now = db_now()
    promises = Promise.objects.visible_to(request.user).filter(customer=customer)
    owed: list[Any] = list(promises.open().for_list()[:SHOWN])
    promised = care_class(customer)
    context = {
        "customer": customer,
        "owed": owed,
        "kept": promises.kept(now),
        "days": cadence_days(customer, now),
        "care_class": CareClass(promised).label if promised else "",
        "dates": CareDate.objects.visible_to(request.user).filter(customer=customer).order_by("month", "day"),
        "now": now,
    }
    return render(request, "crm/customer_care.html", context)


class RhythmView(ScopedFormView):
    """Agree how often this customer hears from us."""

    model = Customer
    permission = "change_rhythm"
    form_class = RhythmForm
    template_name = "crm/simple_form.html"
    title = gettext_lazy("Rhythm of contact")

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, self.code(), self.row)

    def get_initial(self) -> dict[str, Any]:
        return {"every_days": self.row.contact_every_days, "version": self.row.version}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.row, **kwargs)

    def perform(self, form: Any) -> Any:
        return operations.set_rhythm(
            by=self.request.user, now=db_now(), customer=self.row, **form.cleaned_data
        )


class CareDateCreateView(OfCustomerCreateView):
    """A day to remember."""

    model = CareDate
    form_class = CareDateForm
    title = gettext_lazy("A day to remember")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def perform(self, form: Any) -> Any:
        data = dict(form.cleaned_data)
        return operations.add_care_date(by=self.request.user, now=db_now(), customer=self.customer, **data)


class CareDateDeleteView(ScopedFormView):
    """Forget a day."""

    model = CareDate
    permission = "delete"
    form_class = CareDateRemoveForm
    template_name = "crm/simple_form.html"
    title = gettext_lazy("Forget this day?")
    submit_label = gettext_lazy("Forget")

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, self.code(), self.row)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.row, **kwargs)

    def perform(self, form: Any) -> Any:
        operations.remove_care_date(by=self.request.user, now=db_now(), care_date=self.row)
        return self.row.customer

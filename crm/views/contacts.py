"""Pages of the people and places of a customer."""

from typing import Any, ClassVar

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from core.clock import db_now
from core.kept import Kept, KeptRows
from core.keyset import first_collected, first_near, first_of
from core.querysets import get_visible
from core.rules import require
from core.views import (
    ScopedCreateView,
    ScopedFormView,
    ScopedListView,
    ScopedUpdateView,
)
from crm.filters import ContactFilter
from crm.forms.contacts import ContactForm, RevealForm, SiteForm
from crm.models import Affiliation, Contact, Customer, Site
from crm.operations import add_contact, add_site, change_contact, reveal_contact
from crm.querysets import few_customers

NEWEST = ("-id",)


def _table(user: Any) -> Any:
    """The people the user sees, for a walk from the newest on."""
    return Contact.objects.visible_to(user, shape="met").for_list()


def _first_met(user: Any) -> Any:
    first = first_of if few_customers(user) is None else first_near
    return first(_table(user), NEWEST, ScopedListView.page_size)


def _first_collected(user: Any) -> Any:
    if few_customers(user) is None:
        return _table(user).none()
    collected = Contact.objects.visible_to(user, shape="collected")
    return first_collected(_table(user), collected, NEWEST, ScopedListView.page_size)


class _Opening:
    """The first page: as a rule met among the newest people of all, else collected from the reader's customers."""

    met, collected = Kept(_first_met), Kept(_first_collected)

    def rows(self, user: Any) -> list[Contact]:
        """The rows of the page and one more."""
        found = self.met.rows(user)
        return found if len(found) > ScopedListView.page_size else self.collected.rows(user) or found


TABLE, OPENING = KeptRows(_table), _Opening()


class OfFewCustomers:
    """Lists of people for readers of few customers: a page is met next to its beginning, or collected. What a search finds is
    found by what was typed, in whatever way is shortest."""

    request: Any

    def list_rows(self) -> Any:
        searched = self.request.GET.get("search")
        return super().list_rows() if searched else TABLE.rows(self.request.user)  # type: ignore[misc]

    def few_rows(self) -> Any:
        user = self.request.user
        if self.request.GET.get("search") or few_customers(user) is None:
            return None
        return Contact.objects.visible_to(user, shape="collected")


class ContactListView(OfFewCustomers, ScopedListView):
    """People at the customers the user sees."""

    model = Contact
    list_code = "crm.contact"
    filterset_class = ContactFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"-id": ("-id",)}

    def opening(self) -> Any:
        return None if self.request.GET else OPENING

    def few_rows(self) -> Any:
        return super().few_rows() if self.request.GET else None


class OfCustomerMixin:
    """A form about something of the customer in the address."""

    request: HttpRequest
    kwargs: dict[str, Any]

    def load_customer(self) -> Customer:
        """The customer as this user sees it, or 404."""
        customer = get_visible(Customer, self.request.user, self.kwargs["customer"])
        return customer


class OfCustomerCreateView(OfCustomerMixin, ScopedCreateView):
    """A new row that hangs on the customer in the address."""

    template_name = "crm/simple_form.html"

    def check(self) -> None:
        self.customer = self.load_customer()
        require(self.request.user, self.code(), self.customer)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.customer, **kwargs)


class ContactCreateView(OfCustomerCreateView):
    """A new person at a customer."""

    model = Contact
    form_class = ContactForm
    title = gettext_lazy("New contact")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"customer": self.customer, "initial": self.request.GET.dict()}

    def perform(self, form: Any) -> Any:
        data = dict(form.cleaned_data)
        return add_contact(by=self.request.user, now=db_now(), customer=self.customer, **data)


class ContactUpdateView(ScopedUpdateView):
    """A person's columns; numbers left masked stay as they are."""

    model = Contact
    form_class = ContactForm
    template_name = "crm/simple_form.html"
    title = gettext_lazy("Edit contact")

    def perform(self, form: Any) -> Any:
        version = self.request.POST.get("version", "")
        return change_contact(by=self.request.user, now=db_now(), form=form, version=version)


class ContactRevealView(ScopedFormView):
    """Show a person's full numbers after a reason was picked; every opening is kept in the audit."""

    model = Contact
    permission = "reveal"
    form_class = RevealForm
    template_name = "crm/contact_reveal.html"
    title = gettext_lazy("Show full numbers")
    submit_label = gettext_lazy("Show")

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, self.code(), self.row)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.row, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.check()
        form: Any = self.get_form(request.POST)
        if not form.is_valid():
            return self.render_form(form, 400)
        contact = reveal_contact(by=request.user, now=db_now(), contact=self.row, **form.cleaned_data)
        response = self.render_to_response(self.get_context_data(form=form, title=self.title, opened=contact))
        response["Cache-Control"] = "private, no-store"
        return response


class SiteCreateView(OfCustomerCreateView):
    """A new place of a customer."""

    model = Site
    form_class = SiteForm
    title = gettext_lazy("New site")

    def perform(self, form: Any) -> Any:
        return add_site(by=self.request.user, now=db_now(), customer=self.customer, **form.cleaned_data)


class SiteUpdateView(ScopedUpdateView):
    """A place's columns."""

    model = Site
    form_class = SiteForm
    template_name = "crm/simple_form.html"
    title = gettext_lazy("Edit site")


def contacts_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """People and places of a customer: the tab of its page."""
    customer = get_visible(Customer, request.user, pk)
    require(request.user, "crm.view_contact", customer)
    people = Contact.objects.visible_to(request.user).filter(customer=customer)
    context = {
        "customer": customer,
        "people": people.order_by(F("left_at").desc(nulls_first=True), "-is_primary", "-influence", "pk"),
        "serving": Affiliation.objects.visible_to(request.user).filter(customer=customer).for_list(),
        "sites": Site.objects.visible_to(request.user).filter(customer=customer).order_by("name"),
        "now": db_now(),
    }
    return render(request, "crm/contacts_panel.html", context)

"""Pages of one person: their own page, and the steps of a working life; the relationship map of a customer."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.choices import Role
from accounts.models import User
from core.clock import db_now
from core.forms import ScopedForm, TransitionForm
from core.params import param
from core.rules import require
from core.views import ScopedDetailView, ScopedFormView, ScopedUpdateView
from crm.consents import notice_of, standings
from crm.forms.contacts import AffiliationForm, LeaveForm, MoveForm, PlaceForm, TieForm
from crm.models import Affiliation, Contact, Customer
from crm.operations import (
    add_affiliation,
    change_contact,
    end_affiliation,
    leave_contact,
    move_contact,
    set_tie,
    verify_contact,
)
from crm.panorama import person_time_line
from crm.relations import known_by, relation_map, user_gap

FOUND = 8


class ContactDetailView(ScopedDetailView):
    """One person: role and attitude, numbers (masked), who of us knows them, whom they serve, their own time line."""

    model = Contact

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person, user, now = kwargs["row"], self.request.user, kwargs["now"]
        return super().get_context_data(
            ties=known_by(person, now),
            bonds=Affiliation.objects.visible_to(user).filter(contact=person).for_list().order_by("-pk"),
            reports=Contact.objects.visible_to(user).here().filter(reports_to=person).order_by("-influence"),
            stale=Contact.objects.visible_to(user).unverified(now).filter(pk=person.pk).exists(),
            time_line=person_time_line(person, user, before=self.request.GET.get("before", "")),
            standings=standings(person, now=now),
            notice=notice_of(person),
            log_query=f"customer={person.customer_id}",
            **kwargs,
        )


class PersonStepView(ScopedFormView):
    """A form about the person in the address; success leads back to the person."""

    model = Contact
    template_name = "crm/simple_form.html"

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, self.code(), self.row)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"initial": self.get_initial()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.row, **kwargs)

    def get_success_url(self, row: Any) -> str:
        return self.row.get_absolute_url()

    def today(self) -> str:
        """The local day, for date fields."""
        return timezone.localdate(db_now()).isoformat()


class ContactVerifyView(PersonStepView):
    """Confirm that the person is still there and reachable."""

    permission = "verify"
    title = gettext_lazy("Still there and reachable?")
    submit_label = gettext_lazy("Yes, checked today")

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        return TransitionForm(data, user=self.request.user, initial={"version": self.row.version})

    def perform(self, form: Any) -> Any:
        return verify_contact(
            by=self.request.user, now=db_now(), contact=self.row, version=form.cleaned_data["version"]
        )


class ContactLeaveView(PersonStepView):
    """Note that the person has left, and who took over."""

    permission = "leave"
    form_class = LeaveForm
    title = gettext_lazy("Has left")
    submit_label = gettext_lazy("Save")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"row": self.row, "initial": {"version": self.row.version, "left_on": self.today()}}

    def perform(self, form: Any) -> Any:
        return leave_contact(by=self.request.user, now=db_now(), contact=self.row, **form.cleaned_data)


class ContactMoveView(PersonStepView):
    """Take the person along to the customer where they work now."""

    permission = "move"
    form_class = MoveForm
    title = gettext_lazy("Works for another customer now")
    submit_label = gettext_lazy("Move")

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.row.version, "moved_on": self.today()}

    def perform(self, form: Any) -> Any:
        return move_contact(by=self.request.user, now=db_now(), contact=self.row, **form.cleaned_data)


class ContactServeView(PersonStepView):
    """Note another customer the person also works for."""

    permission = "change"
    form_class = AffiliationForm
    title = gettext_lazy("Also works for another customer")

    def perform(self, form: Any) -> Any:
        return add_affiliation(by=self.request.user, now=db_now(), contact=self.row, **form.cleaned_data)


class ContactTieView(PersonStepView):
    """Put on the map who of us knows the person."""

    permission = "change"
    form_class = TieForm
    title = gettext_lazy("Who of us knows this person?")

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        form: Any = super().get_form(data, files)
        people = User.objects.visible_to(self.request.user).active()
        form.fields["user"].queryset = people.holding(*Role, now=db_now()).order_by("unit__code", "username")
        return form

    def get_initial(self) -> dict[str, Any]:
        return {"user": self.request.user.pk, "strength": 2}

    def perform(self, form: Any) -> Any:
        set_tie(by=self.request.user, now=db_now(), contact=self.row, **form.cleaned_data)
        return self.row


class AffiliationEndView(ScopedFormView):
    """Note that the person serves that customer no longer."""

    model = Affiliation
    permission = "change"
    template_name = "crm/simple_form.html"
    title = gettext_lazy("Does not work for them any more?")
    submit_label = gettext_lazy("End it today")

    def code(self) -> str:
        return "crm.change_contact"

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, self.code(), self.row.contact)

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        return ScopedForm(data, user=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.row, **kwargs)

    def perform(self, form: Any) -> Any:
        return end_affiliation(by=self.request.user, now=db_now(), affiliation=self.row)


class ContactPlaceView(ScopedUpdateView):
    """Where the person stands on the map: superior, role, attitude, influence."""

    model = Contact
    form_class = PlaceForm
    template_name = "crm/simple_form.html"
    title = gettext_lazy("Place on the map")

    def perform(self, form: Any) -> Any:
        version = self.request.POST.get("version", "")
        return change_contact(by=self.request.user, now=db_now(), form=form, version=version)

    def get_success_url(self, row: Any) -> str:
        return f"{row.customer.get_absolute_url()}map/"


class CustomerMapView(ScopedDetailView):
    """The relationship map: reporting lines, roles, attitudes, missing roles as holes, and who of us knows whom."""

    model = Customer
    template_name = "crm/customer_map.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        customer, now = kwargs["row"], kwargs["now"]
        drawn = relation_map(customer, self.request.user, now=now)
        days = param("crm.users_unmet_days", at=now)
        gap = user_gap(customer, [node.contact for node in drawn.nodes], now, days)
        return super().get_context_data(map=drawn, gap=gap, **kwargs)


def customer_find(request: HttpRequest) -> HttpResponse:
    """Customers by name, pinyin, code or a contact's number, as buttons for a field that takes one."""
    require(request.user, "crm.view_customer")
    typed = request.GET.get("search", "").strip()
    rows = Customer.objects.visible_to(request.user)
    rows = rows.matching(typed) if typed else rows.none()
    without = request.GET.get("without", "")
    rows = rows.exclude(pk=int(without)) if without.isdecimal() else rows
    found = rows.only("pk", "name", "code", "province_code", "city_code").order_by("name", "pk")[:FOUND]
    return render(request, "crm/customer_find.html", {"rows": found, "typed": typed})

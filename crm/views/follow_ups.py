"""Pages of next steps: planning one, the lists of what is due."""

from typing import Any

from django.utils.translation import gettext_lazy

from core.clock import db_now
from core.errors import NotFound
from core.rules import require
from core.views import (
    ScopedCreateView,
    ScopedDetailView,
    ScopedFormView,
    ScopedListView,
    opening_of,
)
from crm.filters import FOLLOW_UP_VIEWS, FollowUpFilter
from crm.forms.follow_ups import FinishForm, FollowUpForm
from crm.models import Contact, Customer, FollowUp
from crm.operations import finish_follow_up, plan_follow_up
from crm.planning import suggested_day
from crm.views.activities import chip_choices

FOLLOW_UP_ORDERINGS = {"due_at": ("due_at", "id"), "-due_at": ("-due_at", "-id")}
OPENING = opening_of(lambda user: FollowUp.objects.visible_to(user).for_list().open(), FOLLOW_UP_ORDERINGS)


class FollowUpListView(ScopedListView):
    """Next steps: one's own, the team's, the late ones. Without a choice only open ones are shown."""

    model = FollowUp
    list_code = "crm.followup"
    filterset_class = FollowUpFilter
    orderings = FOLLOW_UP_ORDERINGS

    def opening(self) -> Any:
        return None if self.request.GET else OPENING

    def list_rows(self) -> Any:
        rows = super().list_rows()
        return rows if self.request.GET.get("state") else rows.open()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET
        return super().get_context_data(
            views=FOLLOW_UP_VIEWS,
            view=asked.get("view", ""),
            grouped=not asked.get("state") and asked.get("ordering", "due_at") == "due_at",
            may_lead=self.request.user.has_perm("crm.view_team_followup"),  # type: ignore[union-attr]
            **kwargs,
        )


class FollowUpDetailView(ScopedDetailView):
    """One next step with its reminders and what became of it."""

    model = FollowUp

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = kwargs["row"]
        reminders = row.reminders.select_related("recipient").order_by("level_at", "pk")
        return super().get_context_data(reminders=reminders, person=born_on(row, self.request.user), **kwargs)


def born_on(row: FollowUp, user: Any) -> Contact | None:
    """Whom a birthday greeting is for, if the reader may see them."""
    kind, _sign, rest = row.occasion.partition("-")
    pk = rest.partition(":")[0]
    found = kind == "birthday" and pk.isdecimal()
    return Contact.objects.visible_to(user).filter(pk=pk, customer=row.customer_id).first() if found else None


class FollowUpAddView(ScopedCreateView):
    """Plan a next step without writing a log."""

    model = FollowUp
    form_class = FollowUpForm
    template_name = "crm/followup_form.html"
    title = gettext_lazy("Plan a follow-up")
    submit_label = gettext_lazy("Plan")

    def check(self) -> None:
        require(self.request.user, self.code())
        wanted = self.request.POST.get("customer") or self.request.GET.get("customer", "")
        rows = Customer.objects.visible_to(self.request.user)
        customer = rows.filter(pk=wanted).first() if wanted.isdecimal() else None
        if customer is None:
            raise NotFound()
        self.customer: Customer = customer
        require(self.request.user, self.code(), customer)

    def get_initial(self) -> dict[str, Any]:
        return {
            "customer": self.customer.pk,
            "due_on": suggested_day(self.customer.tier, db_now()).day,
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"for_customer": self.customer, **super().get_form_kwargs()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.customer, date_choices=chip_choices(db_now()), **kwargs)

    def perform(self, form: Any) -> Any:
        return plan_follow_up(by=self.request.user, now=db_now(), **form.cleaned_data)

    def get_success_url(self, row: Any) -> str:
        return row.customer.get_absolute_url()


class FollowUpFinishView(ScopedFormView):
    """One touch: done, and the day of the next step if there is one."""

    model = FollowUp
    permission = "complete"
    form_class = FinishForm
    template_name = "crm/followup_finish.html"
    title = gettext_lazy("Done")
    submit_label = gettext_lazy("Done")

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, self.code(), self.row)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"initial": {"version": self.row.version}}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.row, date_choices=chip_choices(db_now()), **kwargs)

    def perform(self, form: Any) -> Any:
        return finish_follow_up(by=self.request.user, now=db_now(), follow_up=self.row, **form.cleaned_data)

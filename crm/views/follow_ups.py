"""Pages of next steps: planning one, the lists of what is due."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy

from core.clock import db_now
from core.errors import NotFound
from core.rules import require
from core.views import ScopedCreateView, ScopedDetailView, ScopedListView
from crm.filters import FOLLOW_UP_VIEWS, FollowUpFilter
from crm.forms.follow_ups import FollowUpForm
from crm.models import Customer, FollowUp
from crm.operations import plan_follow_up
from crm.planning import suggested_day
from crm.views.activities import chip_choices


class FollowUpListView(ScopedListView):
    """Next steps: one's own, the team's, the late ones. Without a choice only open ones are shown."""

    model = FollowUp
    list_code = "crm.followup"
    filterset_class = FollowUpFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {
        "due_at": ("due_at", "id"),
        "-due_at": ("-due_at", "-id"),
    }

    def list_rows(self) -> Any:
        rows = super().list_rows()
        return rows if self.request.GET.get("state") else rows.open()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            views=FOLLOW_UP_VIEWS, view=self.request.GET.get("view", ""), **kwargs
        )


class FollowUpDetailView(ScopedDetailView):
    """One next step with its reminders and what became of it."""

    model = FollowUp

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reminders = kwargs["row"].reminders.select_related("recipient").order_by("level_at", "pk")
        return super().get_context_data(reminders=reminders, **kwargs)


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

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.customer, date_choices=chip_choices(db_now()), **kwargs)

    def perform(self, form: Any) -> Any:
        return plan_follow_up(by=self.request.user, now=db_now(), **form.cleaned_data)

    def get_success_url(self, row: Any) -> str:
        return row.customer.get_absolute_url()

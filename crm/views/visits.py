"""Checking in at a customer's, and asking the customer about a visit from the page of its log."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core.clock import db_now
from core.errors import DomainError
from core.querysets import get_visible
from core.rules import require
from core.views import ScopedFormView
from crm.forms.activities import CheckInForm
from crm.models import Activity, CheckIn, Customer, VisitConfirmation
from crm.operations import ask_about_visit, check_in, distance_of, free_check_in, visit_token

VISIT_CHANNEL = "visit_met"


def visit_link(request: HttpRequest, row: VisitConfirmation) -> str:
    """The whole address for the customer."""
    return request.build_absolute_uri(reverse("public_visit", args=[visit_token(row)]))


@require_POST
def confirm_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the link; the card then shows it, to be sent by whatever way the customer reads."""
    activity = get_visible(Activity, request.user, pk)
    require(request.user, "crm.confirm_visit_activity", activity)
    context: dict[str, Any] = {"row": activity, "may_ask": True}
    try:
        made = ask_about_visit(by=request.user, now=db_now(), activity=activity)
    except DomainError as refusal:
        return render(
            request, "crm/visit_ask.html", {**context, "refusal": refusal.message}, status=refusal.status
        )
    return render(
        request, "crm/visit_ask.html", {**context, "asked": made, "link": visit_link(request, made)}
    )


class CheckInView(ScopedFormView):
    """签到: one tap at the customer's; the log of the visit, which follows, takes the place over."""

    model = Customer
    form_class = CheckInForm
    template_name = "crm/check_in.html"
    title = gettext_lazy("Check in")
    submit_label = gettext_lazy("Check in here")

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, "crm.add_activity", self.row)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = free_check_in(self.request.user, self.row, db_now())
        return super().get_context_data(customer=self.row, today=today, **kwargs)

    def perform(self, form: Any) -> Any:
        row = check_in(by=self.request.user, now=db_now(), customer=self.row, **form.cleaned_data)
        messages.success(self.request, check_in_words(row))
        return self.row

    def get_success_url(self, row: Any) -> str:
        return f"{reverse('crm:activity_add')}?customer={row.pk}&channel={VISIT_CHANNEL}"


def check_in_words(row: CheckIn) -> str:
    """Where that was, as far as we know the places of the customer."""
    far = distance_of(row)
    if far is None:
        return _("Checked in. No site of this customer has a place on the map yet.")
    return _("Checked in, %(km)s km from the nearest site.") % {"km": f"{far:.1f}"}

"""Pages of the promise ledger: what is owed to whom, and the proposal while a log is written."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from core.clock import db_now
from core.errors import NotFound
from core.rules import require
from core.views import ScopedCreateView, ScopedDetailView, ScopedListView
from crm.forms.promises import PromiseForm
from crm.models import Customer, Promise
from crm.operations import give_promise
from crm.planning import suggested_day
from crm.promise_filters import PROMISE_VIEWS, PromiseFilter
from crm.promise_text import find_promise
from crm.views.activities import chip_choices

PROMISE_ORDERINGS: dict[str, tuple[str, ...]] = {
    "due_at": ("due_at", "id"),
    "-due_at": ("-due_at", "-id"),
}


class PromiseListView(ScopedListView):
    """The ledger 承诺台账: open ones first by day; how many were kept stands above."""

    model = Promise
    filterset_class = PromiseFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = PROMISE_ORDERINGS

    def list_rows(self) -> Any:
        rows = super().list_rows()
        chosen = self.request.GET.get("state") or self.request.GET.get("view") in ("judged", "broken", "all")
        return rows if chosen else rows.open()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Promise.objects.visible_to(self.request.user)
        mine = self.request.GET.get("view", "mine") == "mine"
        judged = rows.filter(owner=self.request.user) if mine else rows
        return super().get_context_data(
            views=PROMISE_VIEWS,
            view=self.request.GET.get("view", ""),
            kept=judged.kept(kwargs["now"]),
            kept_mine=mine,
            **kwargs,
        )


class PromiseDetailView(ScopedDetailView):
    """One promise, the log it was given in, and what became of it."""

    model = Promise


class PromiseAddView(ScopedCreateView):
    """Write a promise down without a log."""

    model = Promise
    form_class = PromiseForm
    template_name = "crm/promise_form.html"
    title = gettext_lazy("New promise")
    submit_label = pgettext_lazy("ledger", "Promise")

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
        day = suggested_day(self.customer.tier, db_now()).day
        return {"customer": self.customer.pk, "due_on": day}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.customer, date_choices=chip_choices(db_now()), **kwargs)

    def perform(self, form: Any) -> Any:
        return give_promise(by=self.request.user, now=db_now(), **form.cleaned_data)

    def get_success_url(self, row: Any) -> str:
        return row.customer.get_absolute_url()


@require_POST
def promise_propose(request: HttpRequest) -> HttpResponse:
    """The promise that the words of a log seem to contain, to be accepted with one touch; writes nothing.

    By POST, so that the words stand in no address and no access log.
    """
    require(request.user, "crm.add_promise")
    found = find_promise(request.POST.get("summary", "")[:5000], timezone.localdate(db_now()))
    typed = request.POST.get("promise", "")
    chosen = parse_date(request.POST.get("promised_on", "")) if typed else None
    day = chosen or (found.day if found else None)
    context = {"proposal": found, "accepted": bool(typed), "typed": typed, "day": day}
    return render(request, "crm/promise_slot.html", context)

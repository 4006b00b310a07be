"""The customer page (360): header, time line, relationship map and warnings in one reply; other apps' tabs load lazily."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.clock import db_now
from core.errors import NotFound
from core.kept import Kept
from core.querysets import get_visible
from core.rules import require
from core.timeline import GROUPS
from core.views import ScopedDetailView
from crm.choices import DecisionRole, Gap
from crm.completeness import WEIGHTS, target_of
from crm.forms.customers import FILLS
from crm.models import Customer
from crm.panorama import open_steps, panorama, time_line
from crm.views.activities import due_today, log_context
from crm.views.merging import MergedAwayMixin


class Tab(NamedTuple):
    """A tab: the page that serves its panel, who may open it, and the fact that counts it."""

    code: str
    label: str | Promise
    url_name: str
    permission: str
    fact: str = ""


TABS = (
    Tab("contacts", _("Contacts"), "crm:customer_contacts", "crm.view_contact"),
    Tab("projects", _("Projects"), "projects:customer_panel", "projects.view_project", "open_projects"),
    Tab("service", _("Pumps and tickets"), "service:customer_panel", "service.view_ticket", "tickets_total"),
    Tab(
        "complaints",
        _("Complaints"),
        "complaints:customer_panel",
        "complaints.view_complaint",
        "complaints_total",
    ),
    Tab("surveys", _("Satisfaction"), "surveys:customer_panel", "surveys.view_invitation", "answers_total"),
    Tab("files", _("Files"), "core:files", ""),
    Tab("thread", pgettext_lazy("tab", "Thread"), "core:thread", ""),
)


def panel_url(tab: Tab, customer: Customer) -> str:
    """The address of a tab's panel, empty while nobody serves it."""
    arguments = ["crm.customer", customer.pk] if tab.url_name.startswith("core:") else [customer.pk]
    try:
        return reverse(tab.url_name, args=arguments)
    except NoReverseMatch:
        return ""


def tabs_for(customer: Customer, user: Any, current: str) -> list[dict[str, Any]]:
    """The tabs this reader may open; counts come from the customer's facts."""
    here = customer.get_absolute_url()
    facts = getattr(customer, "facts", None)
    shown = [{"label": _("Overview"), "url": here, "current": not current, "code": ""}]
    for tab in TABS:
        url = panel_url(tab, customer)
        if url and (not tab.permission or user.has_perm(tab.permission)):
            shown.append(
                {
                    "label": tab.label,
                    "url": f"{here}?tab={tab.code}",
                    "panel": url,
                    "count": getattr(facts, tab.fact, None) if tab.fact else None,
                    "current": tab.code == current,
                    "code": tab.code,
                }
            )
    return shown


DETAIL = Kept(
    lambda user, pk: Customer.objects.visible_to(user).for_detail().filter(pk=pk).order_by(),
    int,
    planned=True,
)


class CustomerDetailView(MergedAwayMixin, ScopedDetailView):
    """The 360 page."""

    model = Customer

    def get_object(self) -> Any:
        customer = DETAIL.first(self.request.user, self.kwargs["pk"])
        if customer is None:
            raise NotFound()
        return customer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        customer, user, now = kwargs["row"], self.request.user, kwargs["now"]
        wanted = self.request.GET.get("tab", "")
        tabs = tabs_for(customer, user, wanted)
        current = next((tab for tab in tabs if tab["current"] and tab["code"]), None)
        group = self.request.GET.get("group", "")
        group = group if group in GROUPS else ""
        gathered = None if current else panorama(customer, user, now=now, group=group)
        planned = gathered.follow_ups if gathered else open_steps(customer, user)
        return super().get_context_data(
            planned=planned,
            leading=due_today(planned, user, now),
            tabs=tabs,
            current_tab=current,
            groups=GROUPS,
            group=group,
            all=gathered,
            facts=getattr(customer, "facts", None),
            gaps=gap_links(customer, gathered.holes) if gathered else [],
            target=target_of(customer.tier),
            log_query=f"customer={customer.pk}",
            **log_context(customer, user, now),
            **{name: value for name, value in kwargs.items() if name != "now"},
        )


GAPS_SHOWN = 5


class GapLink(NamedTuple):
    """What lacks, the points it would bring, and the short form that fills it."""

    label: str | Promise
    weight: int
    url: str


def gap_links(customer: Customer, holes: Sequence[DecisionRole]) -> list[GapLink]:
    """The heaviest gaps of the description, each one tap from being filled."""
    return [
        GapLink(Gap(code).label, WEIGHTS[code], _filling(code, customer, holes))
        for code in customer.completeness_gaps
        if code in WEIGHTS
    ][:GAPS_SHOWN]


def _filling(code: str, customer: Customer, holes: Sequence[DecisionRole]) -> str:
    if code in FILLS:
        return reverse("crm:customer_fill", args=[customer.pk, code])
    if code == Gap.FOLLOW_UP:
        return f"{reverse('crm:followup_create')}?customer={customer.pk}"
    if code == Gap.INSTALLED:
        return reverse("crm:site_create", args=[customer.pk])
    role = holes[0].value if holes and code == Gap.CHAIN else ""
    return f"{reverse('crm:contact_create', args=[customer.pk])}?decision_role={role}"


def customer_timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """The time line alone: one group, or the part before a line."""
    customer = get_visible(Customer, request.user, pk)
    require(request.user, "crm.view_customer", customer)
    group, before = request.GET.get("group", ""), request.GET.get("before", "")
    group = group if group in GROUPS else ""
    context = {
        "customer": customer,
        "groups": GROUPS,
        "group": group,
        "before": before,
        "time_line": time_line(customer, request.user, group=group, before=before),
        "now": db_now(),
    }
    return render(request, "crm/timeline.html", context)

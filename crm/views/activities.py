"""Pages of contact logs: writing one down, correcting it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.clock import db_now
from core.errors import NotFound
from core.rules import require
from core.views import ScopedCreateView, ScopedDetailView, ScopedListView, ScopedUpdateView
from crm.authenticity import is_thin
from crm.authenticity_words import explain, silent_sentences
from crm.cadence import cadence_days
from crm.choices import CHANNELS, EnteredVia
from crm.filters import ACTIVITY_VIEWS, ActivityFilter
from crm.forms.activities import ActivityForm, ActivityUpdateForm
from crm.models import Activity, Contact, Customer, FollowUp, VisitConfirmation
from crm.operations import correct_activity, distance_of, free_check_in, log_activity, silent_checks
from crm.operations.visits import ASKED_ABOUT
from crm.planning import date_chips, end_of_day, suggested_day
from crm.views.log_reviews import review_card

PICKED = 12


CHIP_LABELS = {
    "tomorrow": gettext_lazy("Tomorrow"),
    "in_3_days": gettext_lazy("In 3 days"),
    "next_monday": gettext_lazy("Next Monday"),
    "two_weeks": gettext_lazy("In two weeks"),
}


def chip_choices(now: Any) -> list[dict[str, Any]]:
    """The date chips with their words and weekdays."""
    return [
        {"date": chip.day, "label": CHIP_LABELS[chip.code], "note": date_format(chip.day, "D")}
        for chip in date_chips(now)
    ]


def log_context(customer: Customer, user: Any, now: Any) -> dict[str, Any]:
    """What the log form and the quick box share: chips and the defaults."""
    return {
        "customer": customer,
        "channels": CHANNELS,
        "date_choices": chip_choices(now),
        "suggested": suggested_day(customer.tier, now).day,
        "now": now,
    }


def due_today(planned: Iterable[FollowUp], user: Any, now: datetime) -> FollowUp | None:
    """The user's own earliest follow-up due by tonight: the one that a contact logged now most likely settles."""
    limit = end_of_day(now)
    mine = [row for row in planned if row.owner_id == user.pk and row.due_at <= limit]
    return min(mine, key=lambda row: row.due_at, default=None)


def tell_score(request: HttpRequest, activity: Activity) -> None:
    """Say at once how far the log can be believed, and what lowers it; silent when nothing does."""
    doubts = [explain(one) for one in activity.signals if one["points"] < 0]
    if doubts and request.user.has_perm("crm.view_score_activity", activity):
        said = {"score": activity.score, "reasons": " ".join(map(str, doubts))}
        messages.info(request, _("Authenticity %(score)s of 100. %(reasons)s") % said)


class ActivityListView(ScopedListView):
    """Contact logs of all customers one sees, newest first; the score stands where the reader may know it."""

    model = Activity
    filterset_class = ActivityFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {
        "-occurred_at": ("-occurred_at", "-id"),
        "occurred_at": ("occurred_at", "id"),
    }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = [row.pk for row in kwargs["rows"]]
        user = self.request.user
        judged = Activity.objects.visible_to(user).filter(pk__in=shown).score_visible_to(user)
        return super().get_context_data(
            judged=set(judged.values_list("pk", flat=True)),
            views=ACTIVITY_VIEWS,
            view=self.request.GET.get("view", ""),
            **kwargs,
        )


class ActivityDetailView(ScopedDetailView):
    """One log: what was said, what follows, the thread, and to those who may know it the score with its reasons."""

    model = Activity

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, user = kwargs["row"], self.request.user
        judged = row.score is not None and user.has_perm("crm.view_score_activity", row)
        own = row.author_id == user.pk
        place = getattr(row, "check_in", None) if judged else None
        return super().get_context_data(
            judged=judged,
            place=place,
            far=distance_of(place) if place is not None else None,
            reasons=[(explain(one, own=own), one["points"]) for one in row.signals] if judged else [],
            silent=silent_sentences(silent_checks(row, db_now())) if judged else [],
            may_be_asked=row.type in ASKED_ABOUT,
            asked=VisitConfirmation.objects.visible_to(user).filter(activity=row).first() if judged else None,
            may_ask=user.has_perm("crm.confirm_visit_activity", row) and not own,
            **review_card(row, user),
            planned=row.planned.visible_to(user),
            may_change=user.has_perm("crm.change_activity", row),
            **kwargs,
        )


class ActivityAddView(ScopedCreateView):
    """写跟进: one form, one save — the contact, what was said, the next step.

    Without a customer it first asks which one: own and recent ones, or any found by text.
    """

    model = Activity
    form_class = ActivityForm
    template_name = "crm/activity_form.html"
    title = gettext_lazy("Log contact")
    customer: Customer | None = None

    def check(self) -> None:
        require(self.request.user, self.code())
        wanted = self.request.POST.get("customer") or self.request.GET.get("customer")
        if wanted:
            rows = Customer.objects.visible_to(self.request.user).for_detail()
            self.customer = rows.filter(pk=wanted).first() if wanted.isdecimal() else None
            if self.customer is None:
                raise NotFound()
            require(self.request.user, self.code(), self.customer)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.check()
        if self.customer is None:
            return self.pick_customer(request)
        return self.render_form(self.get_form(), 200)

    def pick_customer(self, request: HttpRequest) -> HttpResponse:
        """Which customer was it? Own ones by next step; any visible one once something is typed."""
        typed = request.GET.get("search", "").strip()
        rows = Customer.objects.visible_to(request.user).for_list()
        rows = rows.matching(typed) if typed else rows.owned_by(request.user)
        context = {
            "rows": rows.order_by("next_follow_at", "pk")[:PICKED],
            "typed": typed,
            "title": self.title,
            "now": db_now(),
        }
        htmx = getattr(request, "htmx", None)
        partial = htmx and not htmx.boosted and not htmx.history_restore_request
        return render(request, f"crm/activity_pick.html{'#pick' if partial else ''}", context)

    def get_form_kwargs(self) -> dict[str, Any]:
        assert self.customer is not None
        return {"for_customer": self.customer, **super().get_form_kwargs()}

    def get_initial(self) -> dict[str, Any]:
        customer = self.customer
        assert customer is not None
        people = Contact.objects.visible_to(self.request.user).here().filter(customer=customer)
        last = people.order_by("-is_primary", "pk").first()
        spoken = people.exclude(last_contact_at=None).order_by("-last_contact_at", "pk").first()
        planned = FollowUp.objects.visible_to(self.request.user).open().filter(customer=customer)
        leading = due_today(planned, self.request.user, db_now())
        wanted = self.request.GET.get("follow_up") or (leading.pk if leading else None)
        return {
            "follow_up": wanted,
            "customer": customer.pk,
            "contacts": [person.pk for person in (spoken or last,) if person is not None],
            "channel": self.request.GET.get("channel") or CHANNELS[0].code,
            "next_on": suggested_day(customer.tier, db_now()).day,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assert self.customer is not None
        form = kwargs["form"]
        planned = form["follow_up"].value()
        leading = FollowUp.objects.visible_to(self.request.user).filter(pk=planned) if planned else ()
        return super().get_context_data(
            **log_context(self.customer, self.request.user, db_now()),
            checked_in=free_check_in(self.request.user, self.customer, db_now()),
            cadence=cadence_days(self.customer, db_now()),
            leading=next(iter(leading), None),
            **kwargs,
        )

    def perform(self, form: Any) -> Any:
        agent = self.request.headers.get("User-Agent", "")
        activity = log_activity(
            by=self.request.user,
            now=db_now(),
            entered_via=EnteredVia.MOBILE if "Mobi" in agent else EnteredVia.WEB,
            **form.cleaned_data,
        )
        messages.success(self.request, _("Saved. The next step stands on your day."))
        if is_thin(activity.summary):
            messages.warning(self.request, _("A short note helps nobody later: add who said what."))
        tell_score(self.request, activity)
        return activity

    def get_success_url(self, row: Any) -> str:
        target = self.request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(
            target, {self.request.get_host()}, require_https=self.request.is_secure()
        )
        return target if safe else row.customer.get_absolute_url()


class ActivityUpdateView(ScopedUpdateView):
    """Correct the words of one's own log, for a day."""

    model = Activity
    form_class = ActivityUpdateForm
    template_name = "crm/simple_form.html"
    title = gettext_lazy("Correct the log")

    def perform(self, form: Any) -> Any:
        version = self.request.POST.get("version", "")
        activity = correct_activity(by=self.request.user, now=db_now(), form=form, version=version)
        tell_score(self.request, activity)
        return activity

"""The calendar: month, week or agenda of one person or the team, and one's own address for calendar programs."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from core.clock import db_now
from core.errors import RuleBroken
from core.rules import require
from core.views import ScopedView
from crm.agenda import agenda, late_before
from crm.calendar_days import AGENDA, MONTH, WEEK, span_of
from crm.forms.calendar import CalendarForm
from crm.models import CalendarFeed, FollowUp
from crm.operations import close_calendar_feed, feed_of, feed_token, open_calendar_feed

IN_A_CELL = 4
TEAM_RIGHT = "crm.view_team_followup"


def whose_calendar(user: Any, whose: str, person: Any) -> Any:
    """The person the calendar is about, None for the whole team. Refuses the team's to whoever leads none."""
    if whose != "team":
        return user
    require(user, TEAM_RIGHT)
    return person


def colleagues(user: Any) -> QuerySet[User]:
    """Whose calendar may be chosen: the people of one's branches, or everybody where one sees all branches."""
    people = User.objects.visible_to(user).active().order_by("username")
    return people.filter(unit__in=user.authority().branch_ids) if user.authority().has_role("BM") else people


class CalendarView(ScopedView):
    """Server-rendered; the address says view, day and whose, so back and bookmarks work."""

    model = FollowUp
    permission = "view"
    template_name = "crm/calendar.html"
    partial = "calendar"

    def get(self, request: HttpRequest) -> HttpResponse:
        require(request.user, self.code())
        now = db_now()
        form = CalendarForm(request.GET, user=request.user)
        if not form.is_valid():
            raise RuleBroken(errors={name: list(found) for name, found in form.errors.items()})
        asked, today = form.cleaned_data, timezone.localdate(now)
        span = span_of(asked["view"] or MONTH, asked["day"] or today)
        owner = whose_calendar(request.user, asked["whose"], asked["person"])
        found = agenda(request.user, span.first, span.end, now=now, owner=owner)
        late = []
        if span.view == AGENDA and span.day == today and owner is not None:
            late = late_before(request.user, today, now=now, owner=owner)
        by_day = found.by_day()
        context = {
            "span": span,
            "last": span.end - timedelta(days=1),
            "today": today,
            "now": now,
            "weeks": [[_cell(day, by_day, span, today) for day in week] for week in span.weeks()],
            "days": [_cell(day, by_day, span, today) for day in span.days()],
            "chosen": by_day.get(span.day, []),
            "late": late,
            "cut": found.cut,
            "team": asked["whose"] == "team",
            "person": asked["person"],
            "may_lead": request.user.has_perm(TEAM_RIGHT),  # type: ignore[union-attr]
            "people": colleagues(request.user) if asked["whose"] == "team" else (),
            "is_month": span.view == MONTH,
            "is_week": span.view == WEEK,
        }
        return self.render_to_response(self.get_context_data(**context))


def _cell(day: Any, by_day: Any, span: Any, today: Any) -> dict[str, Any]:
    """One day of the page: its entries, those a cell has room for, and how many more there are."""
    entries = by_day.get(day, [])
    room = entries if len(entries) <= IN_A_CELL else entries[: IN_A_CELL - 1]
    return {
        "day": day,
        "entries": entries,
        "shown": room,
        "more": len(entries) - len(room),
        "late": any(entry.is_late for entry in entries),
        "outside": span.is_outside(day),
        "is_today": day == today,
        "is_chosen": day == span.day,
        "weekend": day.weekday() >= 5,
    }


@never_cache
@require_http_methods(["GET", "POST"])
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """One's own address for calendar programs: shown, made anew, withdrawn."""
    require(request.user, "crm.view_calendarfeed")
    if request.method == "POST":
        if request.POST.get("step") == "close":
            close_calendar_feed(by=request.user, now=db_now())
            messages.success(request, _("The calendar address no longer answers."))
        else:
            open_calendar_feed(by=request.user, now=db_now())
            messages.success(request, _("Your calendar has a new address."))
        return HttpResponseRedirect(reverse("crm:calendar_feed"))
    feed = feed_of(request.user)
    address = feed_address(request, feed)
    context = {
        "feed": feed,
        "address": address,
        "webcal": address.replace("https:", "webcal:").replace("http:", "webcal:"),
    }
    return render(request, "crm/calendar_feed.html", context)


def feed_address(request: HttpRequest, feed: CalendarFeed | None) -> str:
    """The whole address of an open feed, "" without one."""
    token = feed_token(feed) if feed else ""
    return request.build_absolute_uri(reverse("public_calendar", args=[token])) if token else ""

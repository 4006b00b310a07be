"""The manager's page: each colleague's load of follow-ups, promises and neglected customers, and the nudge 催办."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.models import User
from core.clock import db_now
from core.querysets import get_visible
from core.rules import require
from core.views import ScopedView
from crm.choices import CARE_KINDS
from crm.models import Customer, FollowUp, Promise
from crm.operations import nudge_person
from crm.planning import REMINDER_OFFSETS, due_before, end_of_day, end_of_week

WEEK_LATE = REMINDER_OFFSETS[-1]


class FollowUpTeamView(ScopedView):
    """One line a person, most overdue first; every number opens its rows."""

    model = FollowUp
    permission = "view_team"
    template_name = "crm/followup_team.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        require(request.user, self.code())
        now = db_now()
        lines = team_lines(request.user, now)
        people = User.objects.visible_to(request.user).filter(pk__in=lines).select_related("unit")
        team = [{"person": one, **lines[one.pk]} for one in people.order_by("unit__code", "username")]
        team.sort(key=lambda line: (-line["overdue"], -line["open"]))
        late_before = due_before(WEEK_LATE, now).isoformat()
        context = {
            "team": team,
            "now": now,
            "late_before": late_before,
            "nudging": request.user.has_perm("crm.nudge_followup"),
        }  # type: ignore[union-attr]
        return self.render_to_response(self.get_context_data(**context))


def team_lines(user: Any, now: Any) -> dict[int, dict[str, Any]]:
    """The numbers of each person whose follow-ups the user sees: three questions to the database in all."""
    tonight, sunday = end_of_day(now), end_of_week(now)
    lines: dict[int, dict[str, Any]] = defaultdict(
        lambda: dict.fromkeys(
            ("open", "overdue", "week_late", "today", "week", "care", "promises", "neglected"), 0
        )
    )
    open_ones = FollowUp.objects.visible_to(user).open().filter(customer__historical=False)
    counted = (
        open_ones.order_by()
        .values("owner")
        .annotate(
            open=Count("pk"),
            overdue=Count("pk", filter=Q(due_at__lt=now)),
            week_late=Count("pk", filter=Q(due_at__lt=due_before(WEEK_LATE, now))),
            today=Count("pk", filter=Q(due_at__gte=now, due_at__lte=tonight)),
            week=Count("pk", filter=Q(due_at__gt=tonight, due_at__lte=sunday)),
            care=Count("pk", filter=Q(due_at__lt=now, kind__in=CARE_KINDS)),
        )
    )
    for line in counted:
        lines[line.pop("owner")].update(line)
    owed = Promise.objects.visible_to(user).overdue(now).order_by().values("owner")
    for line in owed.annotate(n=Count("pk")):
        lines[line["owner"]]["promises"] = line["n"]
    waiting = Customer.objects.visible_to(user).neglected(now).exclude(owner=None).order_by().values("owner")
    for line in waiting.annotate(n=Count("pk")):
        lines[line["owner"]]["neglected"] = line["n"]
    return dict(lines)


@require_POST
def nudge(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask one colleague about everything overdue."""
    require(request.user, "crm.nudge_followup")
    person = get_visible(User, request.user, pk)
    asked = nudge_person(by=request.user, now=db_now(), owner=person)
    sentence = ngettext("Asked about %(n)d follow-up.", "Asked about %(n)d follow-ups.", asked)
    messages.success(request, sentence % {"n": asked})
    return HttpResponseRedirect(reverse("crm:followup_team"))

"""Addresses of promises and care."""

from django.urls import path

from core.views import transition_paths
from crm.forms.promises import PROMISE_FORMS, PROMISE_LABELS
from crm.models import Promise
from crm.views import calendar, care, follow_ups, neglect, promises, team

urlpatterns = [
    path("customers/neglected/", neglect.NeglectedListView.as_view(), name="customer_neglected"),
    path("customers/<int:pk>/care/", care.customer_care, name="customer_care"),
    path("customers/<int:pk>/rhythm/", care.RhythmView.as_view(), name="customer_rhythm"),
    path(
        "customers/<int:customer>/care-dates/add/", care.CareDateCreateView.as_view(), name="caredate_create"
    ),
    path("care-dates/<int:pk>/delete/", care.CareDateDeleteView.as_view(), name="caredate_delete"),
    path("calendar/", calendar.CalendarView.as_view(), name="calendar"),
    path("calendar/feed/", calendar.calendar_feed, name="calendar_feed"),
    path("follow-ups/team/", team.FollowUpTeamView.as_view(), name="followup_team"),
    path("follow-ups/team/<int:pk>/nudge/", team.nudge, name="followup_nudge_person"),
    path("follow-ups/<int:pk>/finish/", follow_ups.FollowUpFinishView.as_view(), name="followup_finish"),
    path("promises/", promises.PromiseListView.as_view(), name="promise_list"),
    path("promises/add/", promises.PromiseAddView.as_view(), name="promise_create"),
    path("promises/propose/", promises.promise_propose, name="promise_propose"),
    path("promises/<int:pk>/", promises.PromiseDetailView.as_view(), name="promise_detail"),
    *transition_paths(Promise, "promises", PROMISE_FORMS, PROMISE_LABELS),
]

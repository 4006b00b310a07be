"""Addresses of the review desk."""

from django.urls import path

from core.views import transition_paths
from crm.forms.log_reviews import REVIEW_FORMS, REVIEW_LABELS
from crm.models import LogReview
from crm.views import log_reviews

OWN = ("logreview_decide", "logreview_decide_appeal")

urlpatterns = [
    path("log-reviews/", log_reviews.LogReviewListView.as_view(), name="logreview_list"),
    path("log-reviews/<int:pk>/", log_reviews.LogReviewDetailView.as_view(), name="logreview_detail"),
    path("log-reviews/<int:pk>/decide/", log_reviews.LogReviewDecideView.as_view(), name="logreview_decide"),
    path(
        "log-reviews/<int:pk>/decide_appeal/",
        log_reviews.LogReviewDecideAppealView.as_view(),
        name="logreview_decide_appeal",
    ),
    *[
        one
        for one in transition_paths(LogReview, "log-reviews", REVIEW_FORMS, REVIEW_LABELS)
        if one.name not in OWN
    ],
    path("log-draws/", log_reviews.LogDrawListView.as_view(), name="logdraw_list"),
    path(
        "activities/<int:pk>/review_authenticity/",
        log_reviews.ActivityReviewView.as_view(),
        name="activity_review_authenticity",
    ),
    path("activities/<int:pk>/appeal/", log_reviews.activity_appeal, name="activity_appeal"),
]

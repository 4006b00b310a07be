"""Addresses of tags and segments."""

from django.urls import path

from crm.views import segments

urlpatterns = [
    path("tags/", segments.TagListView.as_view(), name="tag_list"),
    path("tags/add/", segments.TagCreateView.as_view(), name="tag_create"),
    path("tags/<int:pk>/edit/", segments.TagUpdateView.as_view(), name="tag_update"),
    path("customers/<int:pk>/tag/", segments.CustomerTagView.as_view(), name="customer_tag"),
    path("segments/", segments.SegmentListView.as_view(), name="segment_list"),
    path("segments/add/", segments.SegmentCreateView.as_view(), name="segment_create"),
    path("segments/<int:pk>/remove/", segments.SegmentRemoveView.as_view(), name="segment_remove"),
]

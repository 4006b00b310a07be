"""Pages of tags and segments: the company's words for customers, and groups others can use."""

from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.clock import db_now
from core.rules import require
from core.views import ScopedCreateView, ScopedFormView, ScopedListView, ScopedUpdateView
from crm import operations
from crm.forms.segments import SegmentForm, SegmentRemoveForm, TagCustomerForm, TagForm, TagUpdateForm
from crm.models import Customer, Segment, Tag


class TagListView(ScopedListView):
    """The vocabulary: each word opens the customers that carry it."""

    model = Tag
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"name": ("name", "id")}


class TagCreateView(ScopedCreateView):
    """A new word."""

    model = Tag
    form_class = TagForm
    template_name = "crm/tag_form.html"
    title = gettext_lazy("New tag")

    def perform(self, form: Any) -> Any:
        return operations.add_tag(by=self.request.user, now=db_now(), **form.cleaned_data)

    def get_success_url(self, row: Any) -> str:
        return reverse("crm:tag_list")


class TagUpdateView(ScopedUpdateView):
    """Rename, explain or retire a word."""

    model = Tag
    form_class = TagUpdateForm
    template_name = "crm/tag_form.html"
    title = gettext_lazy("Change the tag")

    def perform(self, form: Any) -> Any:
        return operations.change_tag(by=self.request.user, now=db_now(), tag=self.row, **form.cleaned_data)

    def get_success_url(self, row: Any) -> str:
        return reverse("crm:tag_list")


class CustomerTagView(ScopedFormView):
    """The words one customer carries."""

    model = Customer
    permission = "tag"
    form_class = TagCustomerForm
    template_name = "crm/simple_form.html"
    title = gettext_lazy("Tags")

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, self.code(), self.row)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"row": self.row, "initial": {"tags": self.row.tags, "version": self.row.version}}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.row, **kwargs)

    def perform(self, form: Any) -> Any:
        return operations.tag_customer(
            by=self.request.user, now=db_now(), customer=self.row, **form.arguments()
        )


class SegmentListView(ScopedListView):
    """Groups of customers one may use; each opens its list, narrowed to the reader's own rows."""

    model = Segment
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"name": ("name", "id")}


class SegmentCreateView(ScopedCreateView):
    """Keep the customers a filter finds as a group; the filter comes from the list."""

    model = Segment
    form_class = SegmentForm
    template_name = "crm/segment_form.html"
    title = gettext_lazy("New segment")

    def perform(self, form: Any) -> Any:
        return operations.make_segment(by=self.request.user, now=db_now(), **form.cleaned_data)


class SegmentRemoveView(ScopedFormView):
    """Forget a group of one's own."""

    model = Segment
    permission = "change"
    form_class = SegmentRemoveForm
    template_name = "crm/segment_form.html"
    title = gettext_lazy("Forget this segment?")
    submit_label = gettext_lazy("Forget")

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, self.code(), self.row)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.row, **kwargs)

    def perform(self, form: Any) -> Any:
        operations.remove_segment(by=self.request.user, now=db_now(), segment=self.row)
        return self.row

    def get_success_url(self, row: Any) -> str:
        return reverse("crm:segment_list")

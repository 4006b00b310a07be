"""Pages of merging: choose the other, compare side by side, decide about proposals, the list of possible duplicates."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy

from core.clock import db_now
from core.errors import NotFound
from core.kinds import model_for
from core.querysets import get_visible
from core.rules import ask, require
from core.views import ScopedDetailView, ScopedFormView, ScopedListView, TransitionView
from crm.filters import DuplicatePairFilter, MergeFilter
from crm.forms.merging import ApproveMergeForm, MergeForm, ProposeMergeForm, VerifyForm
from crm.merge_preview import preview
from crm.models import Customer, CustomerMerge, DuplicatePair
from crm.operations import merge_customers, propose_merge, verify_identity
from crm.operations.duplicates import customer_of_ref
from crm.operations.merging import likely_duplicates

FOUND = 8


class MergedAwayMixin:
    """A page of one customer: of one merged away it leads on to the customer that stands for it now."""

    request: HttpRequest
    kwargs: dict[str, Any]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        except NotFound:
            survivor = Customer.objects.visible_to(request.user).filter(merged_from=kwargs["pk"]).first()
            if survivor is None or request.method not in ("GET", "HEAD"):
                raise
            return HttpResponseRedirect(survivor.get_absolute_url())


class CustomerMergeView(ScopedFormView):
    """Merge another customer into this one: first choose it, then compare and decide field by field."""

    model = Customer
    permission = "merge"
    form_class = MergeForm
    template_name = "crm/customer_merge.html"
    title = gettext_lazy("Merge customers")

    def check(self) -> None:
        self.row = self.get_object()
        self.other: Customer | None = None
        if not ask(self.request.user, "crm.propose_merge_customer", self.row):
            require(self.request.user, "crm.merge_customer", self.row)
        wanted = self.request.POST.get("loser") or self.request.GET.get("other", "")
        if wanted.isdecimal() and int(wanted[:18]) != self.row.pk:
            self.other = get_visible(Customer, self.request.user, int(wanted[:18]))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, typed = self.request.user, self.request.GET.get("search", "")
        context = super().get_context_data(row=self.row, row_pk=str(self.row.pk), typed=typed, **kwargs)
        if self.other is not None:
            context["all"] = preview(self.row, self.other, now=db_now())
            context["may_merge"] = all(ask(user, "crm.merge_customer", row) for row in (self.row, self.other))
            context["propose"] = kwargs.get("propose") or ProposeMergeForm(
                user=user, initial={"other": self.other.pk}
            )
            return context
        rows = Customer.objects.visible_to(user).exclude(pk=self.row.pk)
        context["found"] = rows.matching(typed).for_list()[:FOUND] if typed.strip() else []
        context["likely"] = [
            hit for hit in likely_duplicates(self.row) if rows.filter(pk=hit.customer.pk).exists()
        ]
        return context

    def perform(self, form: Any) -> Any:
        data = form.cleaned_data
        merge = merge_customers(
            by=self.request.user,
            now=db_now(),
            survivor=self.row,
            loser=data["loser"],
            version=data["version"],
            loser_version=data["loser_version"],
            **form.chosen(),
        )
        return merge.survivor


class CustomerProposeMergeView(ScopedFormView):
    """Ask the branch manager or the CRM office to merge two customers."""

    model = Customer
    permission = "propose_merge"
    form_class = ProposeMergeForm
    template_name = "crm/simple_form.html"
    title = gettext_lazy("Propose a merge")
    submit_label = gettext_lazy("Propose")

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, self.code(), self.row)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.row, **kwargs)

    def perform(self, form: Any) -> Any:
        data = form.cleaned_data
        other = data["other"] or customer_of_ref(data["ref"], by=self.request.user)
        return propose_merge(
            by=self.request.user, now=db_now(), customer=self.row, other=other, reason=data["reason"]
        )


class CustomerVerifyIdentityView(ScopedFormView):
    """Vouch for the credit code by the scan of the licence."""

    model = Customer
    permission = "verify_identity"
    form_class = VerifyForm
    template_name = "crm/simple_form.html"
    title = gettext_lazy("Compare the credit code with the licence")
    submit_label = gettext_lazy("It is the same")

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, self.code(), self.row)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"row": self.row, "initial": {"version": self.row.version}}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.row, **kwargs)

    def perform(self, form: Any) -> Any:
        return verify_identity(by=self.request.user, now=db_now(), customer=self.row, **form.cleaned_data)


class CustomerMergeListView(ScopedListView):
    """Proposed, done and undone merges, the newest first."""

    model = CustomerMerge
    filterset_class = MergeFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"-id": ("-id",)}


class CustomerMergeDetailView(ScopedDetailView):
    """One merge: while proposed the comparison to decide on, afterwards what moved."""

    model = CustomerMerge

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, user = kwargs["row"], self.request.user
        context = super().get_context_data(**kwargs)
        context["buttons"] = [step for step in context.get("transitions", ()) if step.verb != "approve"]
        context["moved"] = [(model_for(kind)._meta.verbose_name_plural, n) for kind, n in row.moved.items()]
        two = (row.survivor_id, row.loser_id)
        rows = {one.pk: one for one in Customer.objects.visible_to(user).filter(pk__in=two).for_detail()}
        if len(rows) == 2 and ask(user, "crm.approve_customermerge", row):
            swap = self.request.GET.get("swap") == "1"
            survivor, loser = (rows[pk] for pk in (reversed(two) if swap else two))
            context |= {"all": preview(survivor, loser, now=kwargs["now"]), "swap": swap}
        return context


class CustomerMergeApproveView(TransitionView):
    """Decide on a proposal with the choices of its comparison."""

    model = CustomerMerge
    verb = "approve"
    form_class = ApproveMergeForm
    title = gettext_lazy("Merge")
    submit_label = gettext_lazy("Merge")

    def get_success_url(self, row: Any) -> str:
        return str(row.survivor.get_absolute_url())

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.check()
        return HttpResponseRedirect(self.row.get_absolute_url())


class DuplicatePairListView(ScopedListView):
    """Pairs the nightly search holds for one company, the most alike first."""

    model = DuplicatePair
    filterset_class = DuplicatePairFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"-id": ("-id",)}

"""The duplicate check beside forms, and a colleague's question about a customer they cannot see."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.models import User
from core.clock import db_now
from core.errors import NotAllowed, RuleBroken
from core.rules import require
from core.views import ScopedFormView
from crm.forms.duplicates import AskForm, TypedPartyForm
from crm.models import Customer
from crm.operations import answer_asker, ask_about_customer
from crm.operations.duplicates import askers_of

MAY_LOOK = ("crm.add_customer", "crm.change_customer", "crm.add_contact", "crm.change_contact")


def require_look_up(user: Any) -> None:
    """Looking for duplicates is for whoever may write down or change a customer or contact."""
    if not any(user.has_perm(code) for code in MAY_LOOK):
        raise NotAllowed()


@require_POST
def duplicates(request: HttpRequest) -> HttpResponse:
    """Whom the party typed so far may be the same as: the fragment beside the form."""
    require_look_up(request.user)
    form: Any = TypedPartyForm(_typed(request), user=request.user)
    known = form.known() if form.is_valid() else []
    return render(request, "crm/duplicates.html", {"known": known})


def _typed(request: HttpRequest) -> dict[str, Any]:
    """The form's values under the names of the check; a contact form calls its person `name` and `mobile`."""
    values = request.POST.dict()
    edited = values.get("about_id", "")
    if values.get("about") != "contact":
        return {**values, "customer": edited}
    kept = {name: values.get(name, "") for name in ("phone", "email", "at")}
    return {
        **kept,
        "contact_name": values.get("name", ""),
        "contact_mobile": values.get("mobile", ""),
        "contact": edited,
    }


@require_POST
def customer_ask(request: HttpRequest) -> HttpResponse:
    """Carry the question to the owner or branch; answers with the button's new face."""
    require_look_up(request.user)
    form = AskForm(request.POST, user=request.user)
    if not form.is_valid():
        raise RuleBroken(errors={"ref": [_("Look the customer up again.")]})
    ask_about_customer(by=request.user, now=db_now(), ref=form.cleaned_data["ref"])
    return render(request, "crm/duplicates.html#asked", {})


class CustomerAnswerAskView(ScopedFormView):
    """Colleagues who asked to see this customer: let them, or say no."""

    model = Customer
    permission = "change"
    template_name = "crm/customer_answer_ask.html"
    title = gettext_lazy("Colleagues who ask")

    def check(self) -> None:
        self.row = self.get_object()
        require(self.request.user, "crm.change_customer", self.row)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.check()
        askers = (
            User.objects.visible_to(request.user).filter(pk__in=askers_of(self.row)).select_related("unit")
        )
        return self.render_to_response(self.get_context_data(row=self.row, askers=askers, title=self.title))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.check()
        pk = request.POST.get("asker", "")
        asker = User.objects.visible_to(request.user).filter(pk=int(pk)).first() if pk.isdecimal() else None
        if asker is None:
            raise RuleBroken(errors={"asker": [_("This question has been answered.")]})
        share = request.POST.get("share") == "1"
        answer_asker(by=request.user, now=db_now(), customer=self.row, asker=asker, share=share)
        return HttpResponseRedirect(reverse("crm:customer_detail", args=[self.row.pk]))
